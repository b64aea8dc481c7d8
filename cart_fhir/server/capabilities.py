"""capabilities: GET [base]/metadata, derived from the routing table, the operations and the definitions.

What is stated here is what runs: a row of the table is an interaction, a search parameter of the registry is listed
with the kinds that the search implements, a profile of the guide is a supportedProfile.
https://hl7.org/fhir/R4/capabilitystatement.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from cart_fhir import __version__
from cart_fhir.errors import BadRequest
from cart_fhir.formats import json
from cart_fhir.search.fulltext import CODES as FULL_TEXT
from cart_fhir.search.parameters import SPECIAL, parameters
from cart_fhir.server.http import Json, Request, Response, versions_of
from cart_fhir.server.negotiate import PATCHES
from cart_fhir.server.service import Service

if TYPE_CHECKING:
    from cart_fhir.server.routes import Route

MODES = ("full", "normative", "terminology")


def metadata(service: Service, request: Request) -> Response:
    """200 with the CapabilityStatement; 304 when the client has it already (its ETag is made from what it says)."""
    if request.parameter("mode") not in ("", *MODES):
        raise BadRequest(f"mode='{request.parameter('mode')}' is not one of {', '.join(MODES)}.")
    make = terminology if request.parameter("mode") == "terminology" else capability_statement
    text = json.dumps(_with_base(service, make, request.base))
    tag = f'W/"{hashlib.sha256(text).hexdigest()[:16]}"'
    if tag[3:-1] in versions_of(request.header("if-none-match")):
        return Response(304, headers={"ETag": tag})
    return Response(200, text=text, headers={"ETag": tag})


def _with_base(service: Service, make: Callable[[Service], Json], base: str) -> Json:
    """A statement, worked out once for each state of definitions and operations, with the URL that this client uses."""
    known = service.shared.statements
    key = (make.__name__, service.registry.revision, len(service.shared.added))
    if key not in known:
        known[key] = make(service)
    statement = known[key]
    return {**statement, "implementation": {**statement["implementation"], "url": base}}


def capability_statement(service: Service) -> Json:
    """The statement of a mounted server."""
    sources = _reference_parameters(service)
    system = sorted({route.code for route in _table() if route.level == "system" and route.code})
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": _date(service),
        "publisher": "cart_fhir",
        "kind": "instance",
        "software": {"name": "cart_fhir", "version": __version__},
        "implementation": {"description": "CAR-T cell therapy in autoimmune disease on FHIR R4"},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "application/fhir+xml"],
        "patchFormat": list(PATCHES),
        "implementationGuide": [_canonical(guide) for guide in service.registry.all("ImplementationGuide")],
        "rest": [
            {
                "mode": "server",
                "security": {"cors": bool(service.settings.cors_origins), "description": _SECURITY},
                "resource": [_resource(service, type, sources) for type in sorted(service.shared.types)],
                "interaction": [{"code": code} for code in [*system, "batch"]],
                "searchParam": _parameters(service, "Resource"),
                "operation": _operations(service, ""),
                "compartment": [one["url"] for one in service.registry.all("CompartmentDefinition", core=True)],
            }
        ],
    }


_SECURITY = (
    "Closed by default: the server listens on the loopback address only; who may call it from elsewhere is decided by "
    "the host application (a before-hook) or a proxy in front of it."
)


def _resource(service: Service, type: str, sources: dict[str, list[str]]) -> Json:
    read_only = service.read_only(type)
    codes = {route.code for route in _table() if route.level != "system" and route.code}
    if read_only:
        codes &= {"read", "vread", "search-type", "history-instance", "history-type"}
    made: Json = {
        "type": type,
        "profile": f"http://hl7.org/fhir/StructureDefinition/{type}",
        "supportedProfile": [_canonical(profile) for profile in service.registry.profiles() if profile["type"] == type],
        "interaction": [{"code": code} for code in sorted(codes)],
        "versioning": "versioned" if read_only else "versioned-update",
        "readHistory": True,
        "updateCreate": not read_only and service.settings.update_as_create,
        "conditionalCreate": not read_only,
        "conditionalRead": "full-support",
        "conditionalUpdate": not read_only,
        "conditionalDelete": "not-supported" if read_only else service.settings.conditional_delete,
        "referencePolicy": ["literal", "logical", "local"],
        "searchInclude": _includes(service, type),
        "searchRevInclude": sources.get(type, []),
        "searchParam": _parameters(service, type),
        "operation": _operations(service, type),
    }
    return {key: value for key, value in made.items() if value != []}


_WITHOUT_DEFINITION = [
    {"name": "_filter", "type": "special", "documentation": "https://hl7.org/fhir/R4/search_filter.html"},
    {"name": "_list", "type": "special", "documentation": "The items of a List by its id; no functional lists."},
]
"""Search parameters for which R4 has no SearchParameter resource."""


def _parameters(service: Service, type: str) -> list[Json]:
    return _WITHOUT_DEFINITION + [
        {"name": found["code"], "definition": found["url"], "type": found["type"]}
        for found in _searchable(service, type)
    ]


def _searchable(service: Service, type: str) -> list[Json]:
    """The search parameters of a type that the search has compiled, or answers from the store's own columns."""
    compiled = parameters(service.registry).of(type)
    found = {one["code"]: one for one in service.registry.search_parameters(type)}
    words = FULL_TEXT if service.full_text(type) else ()
    return [one for code, one in sorted(found.items()) if code in compiled or code in SPECIAL or code in words]


def _includes(service: Service, type: str) -> list[str]:
    codes = [found["code"] for found in _searchable(service, type) if found["type"] == "reference"]
    return ["*", *(f"{type}:{code}" for code in codes)] if codes else []


def _reference_parameters(service: Service) -> dict[str, list[str]]:
    """Type -> the `Source:parameter` of every reference parameter that may lead to it."""
    made: dict[str, list[str]] = {}
    for source in sorted(service.shared.types):
        for found in _searchable(service, source):
            if found["type"] == "reference":
                for target in found.get("target", ()):
                    made.setdefault(target, []).append(f"{source}:{found['code']}")
    return made


def _operations(service: Service, type: str) -> list[Json]:
    found = []
    for operation in service.shared.operations:
        offered = operation.type | operation.instance
        if operation.system if not type else ({"*", type} & offered):
            found.append({"name": operation.code, "definition": operation.definition, "documentation": operation.about})
    return found


def terminology(service: Service) -> Json:
    """The TerminologyCapabilities (`mode=terminology`): the guide's code systems and what can be done with them."""
    systems = [
        {"uri": found["url"], "version": [{"code": found["version"]}] if found.get("version") else []}
        for found in service.registry.all("CodeSystem")
    ]
    return {
        "resourceType": "TerminologyCapabilities",
        "status": "active",
        "date": _date(service),
        "kind": "instance",
        "software": {"name": "cart_fhir", "version": __version__},
        "implementation": {"description": "CAR-T cell therapy in autoimmune disease on FHIR R4"},
        "codeSystem": [{key: value for key, value in system.items() if value} for system in systems],
        "expansion": {"hierarchical": False, "paging": True},
        "codeSearch": "explicit",
    }


def _date(service: Service) -> str:
    """The date of the guide: the statement changes when the definitions do, not when the server starts."""
    return next(
        (guide["date"] for guide in service.registry.all("ImplementationGuide") if "date" in guide), "2026-01-01"
    )


def _canonical(definition: Json) -> str:
    version = definition.get("version")
    return f"{definition['url']}|{version}" if version else str(definition["url"])


def _table() -> tuple[Route, ...]:
    from cart_fhir.server.routes import TABLE  # the table names this module's interaction

    return TABLE
