"""The table of interactions: one row for each URL and method, and the way from a request to its row.

Everything is derived from this table: what Flask serves, how an entry of a bundle runs, what /metadata and the OpenAPI
document state, and which rows the conformance page lists. https://hl7.org/fhir/R4/http.html#summary
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from cart_fhir.errors import BadRequest, MethodNotAllowed, NotFound
from cart_fhir.server.capabilities import metadata
from cart_fhir.server.http import Request, Response
from cart_fhir.server.interactions.bundle import bundle
from cart_fhir.server.interactions.create import create
from cart_fhir.server.interactions.delete import conditional_delete, delete
from cart_fhir.server.interactions.history import history
from cart_fhir.server.interactions.patch import conditional_patch, patch
from cart_fhir.server.interactions.read import read
from cart_fhir.server.interactions.search import search_compartment, search_system, search_type
from cart_fhir.server.interactions.update import conditional_update, update
from cart_fhir.server.interactions.vread import vread
from cart_fhir.server.openapi import openapi
from cart_fhir.server.operations import operate
from cart_fhir.server.service import Service
from cart_fhir.server.tracing import traced

Handler = Callable[[Service, Request], Response]
Level = Literal["system", "type", "instance"]


@dataclass(frozen=True, slots=True)
class Route:
    """One row. `code` is the interaction's code in a CapabilityStatement, empty where it has none."""

    interaction: str
    method: str
    path: str
    handler: Handler
    level: Level
    code: str = ""


TABLE = (
    Route("capabilities", "GET", "metadata", metadata, "system"),
    Route("openapi", "GET", "openapi.json", openapi, "system"),
    Route("bundle", "POST", "", bundle, "system", "transaction"),
    Route("search-system", "GET", "", search_system, "system", "search-system"),
    Route("search-system", "POST", "_search", search_system, "system", "search-system"),
    Route("history-system", "GET", "_history", history, "system", "history-system"),
    Route("operation", "GET", "{operation}", operate, "system"),
    Route("operation", "POST", "{operation}", operate, "system"),
    Route("search-type", "GET", "{type}", search_type, "type", "search-type"),
    Route("search-type", "POST", "{type}/_search", search_type, "type", "search-type"),
    Route("create", "POST", "{type}", create, "type", "create"),
    Route("conditional-update", "PUT", "{type}", conditional_update, "type", "update"),
    Route("conditional-patch", "PATCH", "{type}", conditional_patch, "type", "patch"),
    Route("conditional-delete", "DELETE", "{type}", conditional_delete, "type", "delete"),
    Route("history-type", "GET", "{type}/_history", history, "type", "history-type"),
    Route("operation", "GET", "{type}/{operation}", operate, "type"),
    Route("operation", "POST", "{type}/{operation}", operate, "type"),
    Route("read", "GET", "{type}/{id}", read, "instance", "read"),
    Route("update", "PUT", "{type}/{id}", update, "instance", "update"),
    Route("patch", "PATCH", "{type}/{id}", patch, "instance", "patch"),
    Route("delete", "DELETE", "{type}/{id}", delete, "instance", "delete"),
    Route("history-instance", "GET", "{type}/{id}/_history", history, "instance", "history-instance"),
    Route("vread", "GET", "{type}/{id}/_history/{version}", vread, "instance", "vread"),
    Route("search-compartment", "GET", "{compartment}/{id}/{type}", search_compartment, "instance"),
    Route("search-compartment", "POST", "{compartment}/{id}/{type}/_search", search_compartment, "instance"),
    Route("search-compartment", "GET", "{compartment}/{id}/*", search_compartment, "instance"),
    Route("operation", "GET", "{type}/{id}/{operation}", operate, "instance"),
    Route("operation", "POST", "{type}/{id}/{operation}", operate, "instance"),
)

_FORMS = {
    "{type}": re.compile(r"[A-Z][A-Za-z]{1,63}"),
    "{compartment}": re.compile(r"[A-Z][A-Za-z]{1,63}"),
    "{id}": re.compile(r"[A-Za-z0-9\-.]{1,64}"),
    "{version}": re.compile(r"[A-Za-z0-9\-.]{1,64}"),
    "{operation}": re.compile(r"\$[A-Za-z0-9\-.]{1,64}"),
}


def _by_length() -> dict[int, list[tuple[tuple[str, ...], dict[str, Route]]]]:
    made: dict[int, dict[tuple[str, ...], dict[str, Route]]] = {}
    for route in TABLE:
        parts = tuple(route.path.split("/")) if route.path else ()
        made.setdefault(len(parts), {}).setdefault(parts, {})[route.method] = route
    return {length: list(rows.items()) for length, rows in made.items()}


_ROUTES = _by_length()


def match(request: Request) -> tuple[Route, Request]:
    """The row of a request, and the request with what its path says; 404, 405 or 400 when there is none."""
    segments = _segments(request.path)
    for pattern, methods in _ROUTES.get(len(segments), ()):
        if all(map(_fits, pattern, segments)):
            route = methods.get("GET" if request.method == "HEAD" else request.method)
            if route is None:
                raise NoSuchMethod(
                    f"{request.method} is not possible on this URL; possible: {', '.join(_names(methods))}.",
                    _names(methods),
                )
            values = {part: segment for part, segment in zip(pattern, segments, strict=True) if part in _FORMS}
            return route, replace(
                request,
                type=values.get("{type}", request.type),
                id=values.get("{id}", request.id),
                version=values.get("{version}", ""),
                operation=values.get("{operation}", ""),
                compartment=values.get("{compartment}", ""),
            )
    if len(segments) >= 2 and _FORMS["{type}"].fullmatch(segments[0]) and not segments[1].startswith(("$", "_")):
        if not _FORMS["{id}"].fullmatch(segments[1]):
            raise BadRequest("The id in the URL is no FHIR id.", advice="An id has 1-64 letters, digits, '-' or '.'.")
    raise NotFound("There is no such URL here.", advice="GET [base]/metadata tells what there is.")


def methods_of(path: str) -> tuple[str, ...]:
    """The methods that a path can be called with; none for a path that is not in the table."""
    segments = _segments(path)
    for pattern, methods in _ROUTES.get(len(segments), ()):
        if all(map(_fits, pattern, segments)):
            return _names(methods)
    return ()


def _names(methods: Iterable[str]) -> tuple[str, ...]:
    found = set(methods)
    return tuple(sorted(found | {"HEAD"} if "GET" in found else found))


def _segments(path: str) -> tuple[str, ...]:
    return tuple(path.strip("/").split("/")) if path.strip("/") else ()


def _fits(part: str, segment: str) -> bool:
    form = _FORMS.get(part)
    return part == segment if form is None else form.fullmatch(segment) is not None


class NoSuchMethod(MethodNotAllowed):
    """405 that knows which methods there are (for the Allow header)."""

    def __init__(self, message: str, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.allowed = allowed


def dispatch(service: Service, request: Request) -> Response:
    """Run one request: hooks, the interaction, hooks; errors are raised, and told by whoever called."""
    route, request = match(request)
    tracer = service.shared.tracer
    if tracer is None:
        return _run(service, route, request)
    return traced(tracer, route.interaction, request, lambda: _run(service, route, request))


def _run(service: Service, route: Route, request: Request) -> Response:
    started = time.perf_counter()
    status = 500
    try:
        request = service.shared.hooks.enter(route.interaction, request)
        response = route.handler(service.asking(request), request)
        service.shared.hooks.leave(route.interaction, request, response)
        status = response.status
    except Exception as error:
        status = getattr(error, "status", 500)
        raise
    finally:
        service.shared.metrics.observe(route.interaction, status, time.perf_counter() - started)
    return response
