"""OpenAPI: GET [base]/openapi.json, derived from the routing table, the operations and the search parameters.

Generic clients and fuzzers read it; what it lists is what /metadata states. https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cart_fhir import __version__
from cart_fhir.formats import json
from cart_fhir.server.http import Json, Request, Response
from cart_fhir.server.negotiate import FORM, JSON_PATCH, MEDIA, XML_PATCH
from cart_fhir.server.service import Service

if TYPE_CHECKING:
    from cart_fhir.server.routes import Route

_SCHEMAS: dict[str, Json] = {
    "type": {"type": "string", "pattern": "^[A-Z][A-Za-z]{1,63}$"},
    "compartment": {"type": "string", "pattern": "^[A-Z][A-Za-z]{1,63}$"},
    "id": {"type": "string", "pattern": r"^[A-Za-z0-9\-.]{1,64}$"},
    "version": {"type": "string", "pattern": r"^[A-Za-z0-9\-.]{1,64}$"},
    "operation": {"type": "string", "pattern": r"^\$[A-Za-z0-9\-.]{1,64}$"},
}
# The statuses of success other than 200 alone; the first is the usual one
_STATUS = {
    "create": ("201", "200"),
    "update": ("200", "201"),
    "conditional-update": ("200", "201"),
    "delete": ("204", "200"),
    "conditional-delete": ("204", "200"),
}


def openapi(service: Service, request: Request) -> Response:
    """200 with the OpenAPI 3.1 document of this server."""
    text = json.dumps(document(service, request.base))
    return Response(200, content=text, content_type="application/json; charset=utf-8")


def document(service: Service, base: str) -> Json:
    """The document: one path for each URL of the table."""
    paths: dict[str, Json] = {}
    for route in _table():
        path = "/" + route.path
        item = paths.setdefault(path, {"parameters": _path_parameters(service, route)})
        item[route.method.lower()] = _operation(service, route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "cart_fhir", "version": __version__, "description": "FHIR R4 server; see /metadata."},
        "servers": [{"url": base}],
        "paths": {path: {key: value for key, value in item.items() if value} for path, item in paths.items()},
        "components": {"schemas": {"Resource": _RESOURCE}},
    }


_RESOURCE: Json = {
    "type": "object",
    "required": ["resourceType"],
    "properties": {"resourceType": {"type": "string"}},
}


def _path_parameters(service: Service, route: Route) -> list[Json]:
    made = []
    for name in re.findall(r"\{(\w+)\}", route.path):
        schema = dict(_SCHEMAS[name])
        if name == "operation":
            schema = {"type": "string", "enum": sorted({f"${one.code}" for one in service.shared.operations})}
        elif name == "type":
            schema = {"type": "string", "enum": sorted(service.shared.types)}
        made.append({"name": name, "in": "path", "required": True, "schema": schema})
    return made


def _operation(service: Service, route: Route) -> Json:
    about = (route.handler.__doc__ or "").split("\n")[0]
    name = route.path.replace("/", "-").replace("{", "").replace("}", "").strip("-")
    made: Json = {
        "operationId": f"{route.interaction}-{route.method.lower()}-{name}".rstrip("-"),
        "summary": route.interaction,
        "description": about,
        "responses": _responses(route),
    }
    query = _query_parameters(route)
    if query:
        made["parameters"] = query
    if route.method in ("POST", "PUT", "PATCH"):
        made["requestBody"] = {"content": _body(route)}
    return made


def _responses(route: Route) -> Json:
    resource = {"$ref": "#/components/schemas/Resource"}
    content = {media: {"schema": resource} for media in MEDIA.values()}
    if route.interaction == "openapi":
        content["application/json"] = {"schema": {"type": "object"}}
    good: Json = {"description": "Done", "content": content}
    empty: Json = {"description": "Done, with nothing to say"}
    found = {status: empty if status == "204" else good for status in _STATUS.get(route.interaction, ("200",))}
    return {**found, "default": {"description": "An OperationOutcome that says why", "content": content}}


def _query_parameters(route: Route) -> list[Json]:
    names: dict[str, Json] = {"_format": {"enum": ["json", "xml"]}, "_pretty": {"enum": ["true", "false"]}}
    if route.interaction.startswith(("read", "vread", "search", "history")):
        names["_summary"] = {"enum": ["true", "text", "data", "false"]}
    if route.interaction.startswith(("search", "history")):
        names["_count"] = {"pattern": "^[0-9]{1,9}$"}
    return [{"name": name, "in": "query", "schema": {"type": "string", **form}} for name, form in names.items()]


def _body(route: Route) -> Json:
    if route.path.endswith("_search"):
        return {FORM: {"schema": {"type": "object"}}}
    resource = {"schema": {"$ref": "#/components/schemas/Resource"}}
    made: Json = dict.fromkeys(MEDIA.values(), resource)
    if route.method == "PATCH":
        made[JSON_PATCH] = {"schema": {"type": "array", "items": {"type": "object"}}}
        made[XML_PATCH] = {"schema": {"type": "string"}}
    return made


def _table() -> tuple[Route, ...]:
    from cart_fhir.server.routes import TABLE  # the table names this module's interaction

    return TABLE
