"""Query strings: which parameters steer the answer and which search, strictly or leniently.

https://hl7.org/fhir/R4/search.html#errors, https://hl7.org/fhir/R4/http.html#history
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from cart_fhir.errors import BadRequest, NotSupported, UnsupportedMedia
from cart_fhir.issues import Issue
from cart_fhir.search import parse
from cart_fhir.search.dates import interval, moment
from cart_fhir.search.elements import unknown_element
from cart_fhir.search.parse import SUMMARIES
from cart_fhir.search.query import Query
from cart_fhir.server.http import Request
from cart_fhir.server.negotiate import FORM, body_media, unpack
from cart_fhir.server.service import Service

CONTROL = frozenset({"_format", "_pretty"})
PARTS = frozenset({"_summary", "_elements"})
"""Parameters that choose parts of a resource."""
PAGE = "_page"
_MOST_PARAMETERS = 1000
_HARMLESS = frozenset({"_totalMethod"})
"""Parameters of other servers that say how a total is counted, not what is found; fhirpy's `count()` sends one."""


def strict(service: Service, request: Request) -> bool:
    """Are unknown search parameters refused? What the client prefers, else what the operator decided."""
    asked = request.prefer("handling")
    return (asked or service.settings.search_handling) != "lenient"


def search_query(
    service: Service, request: Request, type: str | None, compartment: tuple[str, str] | None = None
) -> Query:
    """The query that a request's parameters ask for, with the page size limited to what the operator allows."""
    pairs = all_pairs(service, request)
    query = parse(
        type,
        [pair for pair in pairs if pair[0] not in _HARMLESS],
        service.registry,
        strict=strict(service, request),
        codes=service.shared.codes,
        base_url=request.base,
        compartment=compartment,
        caller=request.caller,
        full_text=service.full_text(type or ""),
    )
    query = replace(query, issues=query.issues + tuple(_passed_over(name) for name, _ in pairs if name in _HARMLESS))
    if query.count == 0:
        # asking for no matches is asking for their number, as _summary=count is
        return replace(query, total="accurate")
    count = service.settings.page_size if query.count is None else min(query.count, service.settings.max_page_size)
    return replace(query, count=count)


def _passed_over(name: str) -> Issue:
    text = f"The parameter '{name}' changes nothing here."
    return Issue("warning", "not-supported", "search-parameter-ignored", text)


def all_pairs(service: Service, request: Request) -> list[tuple[str, str]]:
    """The parameters of the URL and, for POST, those of the form in the body."""
    pairs = list(request.query)
    if request.method == "POST" and request.path.endswith("_search"):
        _require_form(request)
    if request.method == "POST" and body_media(request) == FORM:
        try:
            form = unpack(request, service.settings.max_body).decode("utf-8")
            pairs += parse_qsl(form, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS, errors="strict")
        except ValueError as error:
            raise BadRequest("The form in the body cannot be read.", advice="Send UTF-8 name=value pairs.") from error
    if len(pairs) > _MOST_PARAMETERS:
        raise BadRequest(f"More than {_MOST_PARAMETERS} parameters.", advice="Search in several requests.")
    # the same criterion twice asks for no more than once
    return list(dict.fromkeys(pairs))


def _require_form(request: Request) -> None:
    """415 for a search by POST whose body is no form: parameters must not be overlooked."""
    if request.resource is not None or (request.body.strip() and body_media(request) != FORM):
        raise UnsupportedMedia("The body of a search is a form.", advice=f"Send {FORM}.")


def link(request: Request, path: str, pairs: tuple[tuple[str, str], ...], page: str = "") -> str:
    """The URL of a search or history that ran with these parameters, `page` being the token of one of its pages."""
    steering = [(key, value) for key, value in request.query if key in CONTROL]
    ran = [(key, value) for key, value in pairs if key != PAGE]
    query = urlencode(ran + steering + ([(PAGE, page)] if page else []), safe=":,|/$")
    return f"{request.base}/{path}?{query}" if query else f"{request.base}/{path}".rstrip("/")


def require_known(service: Service, request: Request, known: Collection[str]) -> None:
    """400 under strict handling for a parameter that is not among those known: it may have meant fewer results."""
    unknown = sorted({key for key, _ in request.query} - set(known) - CONTROL)
    if unknown and strict(service, request):
        raise NotSupported(f"'{unknown[0]}' is no parameter here. There are: {', '.join(sorted(known))}.")


def parts(service: Service, request: Request) -> tuple[str, tuple[str, ...]]:
    """`_summary` and `_elements` of a read or a history; 400 for what is none of them."""
    summary, elements = request.parameter("_summary"), tuple(request.parameters("_elements"))
    if summary and summary not in SUMMARIES:
        raise BadRequest(f"_summary must be one of {', '.join(SUMMARIES)}, not '{summary}'.")
    if summary == "count" and request.id and not request.path.endswith("_history"):
        raise BadRequest("_summary=count counts the results of a search; here is one resource.")
    unknown = unknown_element(service.registry, (request.type,) if request.type else (), elements)
    if unknown and strict(service, request):
        raise NotSupported(f"_elements names '{unknown}', which is no element of {request.type or 'any type'}.")
    return summary, elements


def count(service: Service, request: Request) -> int:
    """`_count` of a history, limited to what the operator allows."""
    text = request.parameter("_count")
    if not text:
        return service.settings.page_size
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadRequest(f"_count='{text}' is no number.", advice="Write e.g. _count=50.")
    return min(int(text), service.settings.max_page_size)


def instants(request: Request, name: str) -> tuple[datetime, datetime] | None:
    """The interval that a date parameter such as `_since` names, or None when it is not given."""
    text = request.parameter(name)
    if not text:
        return None
    # a plus in a query string that was not escaped arrives as a space
    found = interval(text.replace(" ", "+"))
    if found is None:
        raise BadRequest(f"{name}='{text}' is no date.", advice="Write e.g. 2026-03-01T00:00:00Z.")
    return moment(found[0]), moment(found[1])
