"""$lookup, $subsumes and $validate-code on code systems.

https://hl7.org/fhir/R4/codesystem-operations.html; of LOINC, SNOMED CT and others that are not here nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from cart_fhir.definitions.code_system import CodeSystem, Concept
from cart_fhir.errors import BadRequest, NotFound, Unprocessable
from cart_fhir.server.http import Json, Request, Response
from cart_fhir.server.operations import CORE, Operation
from cart_fhir.server.operations.arguments import arguments, definition
from cart_fhir.server.operations.codes import Wanted, checked, in_language, wanted_codes
from cart_fhir.server.service import Service

_LOOKUP = ("code", "system", "version", "coding", "displayLanguage", "property")
_SUBSUMES = ("codeA", "codeB", "system", "version", "codingA", "codingB")
_VALIDATE = ("url", "codeSystem", "code", "version", "display", "coding", "codeableConcept", "abstract",
             "displayLanguage")  # fmt: skip


def lookup(service: Service, request: Request) -> Response:
    """200 with name, version, display, designations and properties of a code; 404 when it is not known here."""
    given = arguments(service, request, known=_LOOKUP)
    wanted = wanted_codes(given, version="version")[0]
    if not wanted.system:
        raise BadRequest("There is no system.", advice="Give system with code, or a coding with both.")
    terminology = service.shared.terminology
    name = f"{wanted.system}|{wanted.version}" if wanted.version else wanted.system
    held = terminology.code_system(name)
    concept = (
        None if wanted.version and held is None else terminology.lookup(name if held else wanted.system, wanted.code)
    )
    if concept is None:
        raise NotFound(f"The code '{wanted.code}' of {name} is not known here.")
    rows: list[Json] = [{"name": "name", "valueString": held.name if held else wanted.system}]
    if concept.version:
        rows.append({"name": "version", "valueString": concept.version})
    display = in_language(concept, given.text("displayLanguage")) or concept.code
    rows.append({"name": "display", "valueString": display})
    asked = given.texts("property")
    rows += _designations(concept, asked)
    rows += [
        {"name": "property", "part": [{"name": "code", "valueCode": code}, {"name": "value", **_typed(value)}]}
        for code, value in _properties(concept, held)
        if not asked or code in asked
    ]
    return Response(200, {"resourceType": "Parameters", "parameter": rows})


def _designations(concept: Concept, asked: list[str]) -> Iterator[Json]:
    """The names of a code; where properties are asked for, only with `designation` or `lang.x` among them."""
    for one in concept.designations:
        if asked and "designation" not in asked and f"lang.{one.get('language')}" not in asked:
            continue
        kinds = {"language": "valueCode", "use": "valueCoding", "value": "valueString"}
        yield {
            "name": "designation",
            "part": [{"name": name, kind: one[name]} for name, kind in kinds.items() if name in one],
        }


def _properties(concept: Concept, held: CodeSystem | None) -> Iterator[tuple[str, Any]]:
    if concept.definition:
        yield "definition", concept.definition
    for parent in concept.parents:
        yield "parent", _Code(parent)
    if held is not None:
        for key in held.children.get(held.key(concept.code), ()):
            yield "child", _Code(held.concepts[key].code)
    for code, values in concept.properties.items():
        if code not in ("parent", "child"):
            for value in values:
                yield code, value


class _Code(str):
    """A text that is a code."""

    __slots__ = ()


def _typed(value: Any) -> Json:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int):
        return {"valueInteger": value}
    if isinstance(value, Decimal):
        return {"valueDecimal": value}
    if isinstance(value, dict):
        return {"valueCoding": value}
    return {"valueCode": str(value)} if isinstance(value, _Code) else {"valueString": str(value)}


def subsumes(service: Service, request: Request) -> Response:
    """200 with `outcome`: how code A relates to code B; 422 when the code system does not hold them."""
    given = arguments(service, request, known=_SUBSUMES)
    one, other = given.value("codingA") or {}, given.value("codingB") or {}
    systems = {str(found["system"]) for found in (one, other) if found.get("system")}
    system = given.text("system") or (_own_url(service, request) if request.id else "") or min(systems, default="")
    a, b = given.text("codeA") or str(one.get("code", "")), given.text("codeB") or str(other.get("code", ""))
    if not (system and a and b):
        raise BadRequest("Two codes and their system are needed.", advice="Give system, codeA and codeB.")
    if systems - {system}:
        raise BadRequest("The two codes are of different code systems, so neither can subsume the other.")
    version = given.text("version")
    outcome = service.shared.terminology.subsumes(f"{system}|{version}" if version else system, a, b)
    if outcome is None:
        raise Unprocessable(f"{system} is not here with both codes, so the question cannot be answered.")
    return Response(200, {"resourceType": "Parameters", "parameter": [{"name": "outcome", "valueCode": outcome}]})


def validate_code(service: Service, request: Request) -> Response:
    """200 with `result`, `display` and `message`: is the code one of the code system?"""
    given = arguments(service, request, known=_VALIDATE)
    terminology = service.shared.terminology
    brought = definition(service, given, "codeSystem", "CodeSystem")
    url = str(brought.get("url", "")) if brought else given.text("url") or _own_url(service, request)
    codes = [_of_system(one, url) for one in wanted_codes(given, "url", "version")]
    held = CodeSystem({"url": "", **brought}) if brought else None

    def concept(wanted: Wanted) -> Concept | None:
        return held.get(wanted.code) if held else terminology.lookup(url, wanted.code)

    def known(wanted: Wanted) -> bool | None:
        if wanted.system != url:
            return False
        system = held or terminology.code_system(url)
        if concept(wanted) is not None:
            return True
        return None if system is None or not system.is_complete else False

    if not url and not brought:
        raise BadRequest("No code system is named.", advice="Give url or codeSystem, or call it on CodeSystem/[id].")
    return checked(service, codes, known, concept, url or "it", lambda: "not all of it is here", given)


def _of_system(wanted: Wanted, url: str) -> Wanted:
    return wanted if wanted.system else Wanted(url, wanted.code, wanted.display, wanted.version)


def _own_url(service: Service, request: Request) -> str:
    """The URL of the code system that the operation is called on."""
    if not request.id:
        return ""
    return str(service.reader("CodeSystem").read("CodeSystem", request.id).resource.get("url", ""))


_HERE = frozenset({"CodeSystem"})
OPERATIONS = (
    Operation(
        "validate-code",
        validate_code,
        f"{CORE}CodeSystem-validate-code",
        "Is a code in a code system?",
        type=_HERE,
        instance=_HERE,
    ),
    Operation("lookup", lookup, f"{CORE}CodeSystem-lookup", "What a code means.", type=_HERE),
    Operation("subsumes", subsumes, f"{CORE}CodeSystem-subsumes", "How two codes relate.", type=_HERE, instance=_HERE),
)
