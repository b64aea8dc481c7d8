"""$translate: a code in another code system, by the concept maps of R4 and the guide, or one that comes with it.

https://hl7.org/fhir/R4/conceptmap-operation-translate.html
"""

from __future__ import annotations

from cart_fhir.definitions.canonical import split
from cart_fhir.definitions.concept_map import Match
from cart_fhir.definitions.concept_map import translate as translations
from cart_fhir.errors import BadRequest, NotFound
from cart_fhir.server.http import Json, Request, Response
from cart_fhir.server.operations import CORE, Operation
from cart_fhir.server.operations.arguments import Arguments, arguments, definition
from cart_fhir.server.operations.codes import wanted_codes
from cart_fhir.server.service import Service

_KNOWN = ("url", "conceptMap", "conceptMapVersion", "code", "system", "version", "source", "coding",
          "codeableConcept", "target", "targetsystem", "reverse")  # fmt: skip


def translate(service: Service, request: Request) -> Response:
    """200 with `result` and the matches; `url`, `conceptMap` or the URL name one map, else all are asked."""
    given = arguments(service, request, known=_KNOWN)
    codes = wanted_codes(given, version="version")
    if any(not one.system for one in codes):
        raise BadRequest("There is a code without its system.", advice="Give system with code.")
    maps = _maps(service, request, given)
    target, system = given.text("target"), given.text("targetsystem")
    if target and target == given.text("source"):
        raise BadRequest("source and target are the same value set.")
    matches = [
        match
        for code in codes
        for match in translations(
            service.registry,
            code.system,
            code.code,
            maps=maps,
            target=split(target)[0],
            reverse=given.flag("reverse") or False,
        )
        if system in ("", match.system)
    ]
    return Response(200, _answer(list(dict.fromkeys(matches))))


def _maps(service: Service, request: Request, given: Arguments) -> list[Json]:
    """The maps to be asked; 404 when the one named is not here."""
    if brought := definition(service, given, "conceptMap", "ConceptMap"):
        return [brought]
    if request.id:
        return [service.reader("ConceptMap").read("ConceptMap", request.id).resource]
    url, version, source = given.text("url"), given.text("conceptMapVersion"), split(given.text("source"))[0]
    if url:
        found = service.registry.find("ConceptMap", f"{url}|{version}" if version else url)
        if found is None:
            raise NotFound(f"The concept map {url}{'|' + version if version else ''} is not known here.")
        return [found]
    return [
        one
        for one in service.registry.concept_maps()
        if not source or source in (split(str(one.get(key, "")))[0] for key in ("sourceUri", "sourceCanonical"))
    ]


def _answer(matches: list[Match]) -> Json:
    rows: list[Json] = [{"name": "result", "valueBoolean": any(match.is_match for match in matches)}]
    if not matches:
        rows.append({"name": "message", "valueString": "No concept map here has this code."})
    for match in matches:
        parts: list[Json] = [{"name": "equivalence", "valueCode": match.equivalence}]
        if match.code:
            coding = {"system": match.system, "code": match.code, "display": match.display}
            parts.append({"name": "concept", "valueCoding": {key: value for key, value in coding.items() if value}})
        if match.map_url:
            parts.append({"name": "source", "valueUri": match.map_url})
        rows.append({"name": "match", "part": parts})
    return {"resourceType": "Parameters", "parameter": rows}


_HERE = frozenset({"ConceptMap"})
OPERATION = Operation(
    "translate",
    translate,
    f"{CORE}ConceptMap-translate",
    "A code in another code system.",
    type=_HERE,
    instance=_HERE,
)
