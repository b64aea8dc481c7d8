"""history: every version of a resource, of a type, or of everything, newest first.

https://hl7.org/fhir/R4/http.html#history
"""

from __future__ import annotations

from dataclasses import replace

from cart_fhir.server.bundles import history as bundle
from cart_fhir.server.http import Request, Response
from cart_fhir.server.params import PAGE, PARTS, count, instants, link, parts, require_known
from cart_fhir.server.service import Service
from cart_fhir.server.subset import shown

_KNOWN = ("_since", "_at", "_count", PAGE, *PARTS)


def history(service: Service, request: Request) -> Response:
    """200 with one page of versions; `_since`, `_at` and `_count` as the specification says; 404 for an unused id."""
    if request.type:
        service.require_type(request.type)
    require_known(service, request, _KNOWN)
    since, at = instants(request, "_since"), instants(request, "_at")
    summary, elements = parts(service, request)
    page = service.reader(request.type).history(
        request.type or None,
        request.id or None,
        since=since[0] if since else None,
        at=at,
        count=0 if summary == "count" else count(service, request),
        page=request.parameter(PAGE),
    )
    path = "/".join(part for part in (request.type, request.id, "_history") if part)
    applied = tuple((key, value) for key, value in request.query if key in _KNOWN)
    links = [("self", link(request, path, applied))]
    if page.next:
        links.append(("next", link(request, path, applied, page.next)))
    versions = [shown(one, service.registry, summary, elements) for one in page.matches]
    return bundle(request.base, replace(page, matches=versions), links)
