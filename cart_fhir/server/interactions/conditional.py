"""What conditional interactions share: the resources that criteria find, of which there may be one.

https://hl7.org/fhir/R4/http.html#ccreate: no match, one match and several matches are three different outcomes.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from cart_fhir.errors import BadRequest, PreconditionFailed
from cart_fhir.search import parse
from cart_fhir.server.http import Request
from cart_fhir.server.params import CONTROL
from cart_fhir.server.service import Service
from cart_fhir.store.base import Stored


def criteria_of(request: Request) -> str:
    """The criteria in a request's query string; 400 when there are none, since that would mean every resource."""
    pairs = [(key, value) for key, value in request.query if key not in CONTROL]
    if not pairs:
        raise BadRequest(
            f"{request.method} on a type needs search criteria.",
            advice=f"Write {request.type}/[id] or {request.type}?...",
        )
    return urlencode(pairs)


def matching(service: Service, type: str, criteria: str, *, limit: int = 2) -> list[Stored]:
    """The resources that criteria (`identifier=system|value&...`) find: at most `limit`, all of them when it is 0.

    Criteria are always strict: a parameter that is not understood is an error, never left out.
    """
    pairs = parse_qsl(criteria.removeprefix("?").removeprefix(f"{type}?"), keep_blank_values=True)
    if not pairs:
        raise BadRequest(f"'{criteria}' holds no search criteria.", advice="Write e.g. identifier=system|value.")
    query = parse(type, pairs, service.registry, codes=service.shared.codes, full_text=service.full_text(type))
    if query.includes or query.summary or query.elements or query.count is not None or not query.conditions:
        raise BadRequest(f"'{criteria}' is not made of search criteria alone.", advice="Leave out _count, _include ...")
    found: list[Stored] = []
    page = service.reader(type).search(replace(query, count=limit or 500))
    found += page.matches
    while page.next and not limit:
        page = service.reader(type).search(replace(query, count=500, page=page.next))
        found += page.matches
    return found


def one(service: Service, type: str, criteria: str) -> Stored | None:
    """The one match, None when nothing matches, 412 when several do."""
    found = matching(service, type, criteria)
    if len(found) > 1:
        raise PreconditionFailed(
            f"More than one {type} matches '{criteria}'.", advice="Use criteria that name one, such as an identifier."
        )
    return found[0] if found else None
