"""search: GET [base]/[type]?..., POST [base]/[type]/_search, the same over every type and inside a compartment.

https://hl7.org/fhir/R4/http.html#search, https://hl7.org/fhir/R4/compartmentdefinition.html
"""

from __future__ import annotations

from dataclasses import replace

from cart_fhir.search.query import Query
from cart_fhir.server.bundles import searchset
from cart_fhir.server.http import Request, Response
from cart_fhir.server.params import link, search_query
from cart_fhir.server.service import Service
from cart_fhir.server.subset import shown
from cart_fhir.store.base import Page, Stored


def search_type(service: Service, request: Request) -> Response:
    """200 with one page of the matches; 400 for a parameter that is not supported, unless handling is lenient."""
    service.require_type(request.type)
    return run(service, request, search_query(service, request, request.type), request.type)


def search_system(service: Service, request: Request) -> Response:
    """The same over every type, or those of `_type`; definitions are searched by their own types."""
    return run(service, request, search_query(service, request, None), "")


def search_compartment(service: Service, request: Request) -> Response:
    """Resources of one type (or `*`, all) in the compartment of a Patient, Encounter, Practitioner ..."""
    if request.type:
        service.require_type(request.type)
    service.require_type(request.compartment)
    query = search_query(service, request, request.type or None, (request.compartment, request.id))
    path = f"{request.compartment}/{request.id}/{request.type or '*'}"
    return run(service, request, query, path)


def run(service: Service, request: Request, query: Query, path: str) -> Response:
    """Run a query and answer with the page as the query says it is to be shown."""
    page = service.reader(request.type).search(query)
    links = [("self", link(request, path, query.applied))]
    if query.page:
        links.append(("first", link(request, path, query.applied)))
    if page.next:
        links.append(("next", link(request, path, query.applied, page.next)))
    return searchset(request.base, _shown(service, page, query), links, query.issues + page.issues)


def _shown(service: Service, page: Page, query: Query) -> Page:
    if query.summary in ("", "false", "count") and not query.elements:
        return page

    def show(stored: Stored, included: bool = False) -> Stored:
        return shown(stored, service.registry, query.summary, query.elements, included=included)

    return replace(
        page, matches=[show(one) for one in page.matches], included=[show(one, True) for one in page.included]
    )
