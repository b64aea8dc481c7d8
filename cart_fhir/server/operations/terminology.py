"""$expand, $validate-code, $lookup, $subsumes, $translate over the terminology of R4 and the guide.

https://hl7.org/fhir/R4/terminology-service.html. Nothing is asked of a terminology server: what cannot be known from
the definitions at hand is refused with the reason, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator

from cart_fhir.definitions.code_system import Concept
from cart_fhir.errors import BadRequest, NotFound, Unprocessable
from cart_fhir.server.http import Json, Request, Response
from cart_fhir.server.operations import CORE, Operation
from cart_fhir.server.operations.arguments import Arguments, arguments
from cart_fhir.server.service import Service

_MOST = 1000


def expand(service: Service, request: Request) -> Response:
    """200 with the ValueSet and its expansion; `url`, `filter`, `offset`, `count`, `includeDesignations`."""
    given = arguments(service, request, "valueSet")
    url = _value_set(service, request, given)
    concepts = service.shared.terminology.expand(url)
    if concepts is None:
        raise Unprocessable(
            f"{url} cannot be expanded here: {service.shared.terminology.why(url)}.",
            advice="Ask a terminology server that holds the code system.",
        )
    words = given.text("filter").casefold().split()
    found = [one for one in concepts if all(word in f"{one.display} {one.code}".casefold() for word in words)]
    offset, count = _number(given, "offset", 0), _number(given, "count", _MOST)
    contains = [_contained(one, given.flag("includeDesignations") or False) for one in found[offset : offset + count]]
    expansion: Json = {"timestamp": _stamp(service), "total": len(found), "offset": offset}
    value_set = service.registry.value_set(url) or {"resourceType": "ValueSet", "url": url, "status": "active"}
    return Response(200, {**value_set, "expansion": expansion | ({"contains": contains} if contains else {})})


def validate_code(service: Service, request: Request) -> Response:
    """200 with `result`, `display` and `message`: is the code in the value set, or in the code system?"""
    given = arguments(service, request)
    rows = list(_codings(given))
    if not rows:
        raise BadRequest("There is no code to check.", advice="Give code and system, coding, or codeableConcept.")
    terminology = service.shared.terminology
    url = _value_set(service, request, given) if request.type == "ValueSet" else ""
    said: list[str] = []
    for coding in rows:
        system, code = (
            coding.get("system") or given.text("url" if not url else "system") or None,
            coding.get("code", ""),
        )
        known = terminology.member(url, system, code) if url else terminology.lookup(system or "", code) is not None
        display = terminology.display(system or "", code) if system else None
        if known:
            wrong = (
                coding.get("display") and display and coding["display"] not in terminology.displays(system or "", code)
            )
            message = f"The display '{coding['display']}' is not one of this code." if wrong else ""
            return _result(not wrong, display or "", message)
        said.append(
            f"Whether {system}#{code} is in {url} cannot be known here: {terminology.why(url)}."
            if known is None
            else f"The code '{code}' of {system or 'no system'} is not in {url or 'the code system'}."
        )
    return _result(False, "", " ".join(said))


def lookup(service: Service, request: Request) -> Response:
    """200 with name, display and properties of a code; 404 when it is not known here."""
    given = arguments(service, request)
    coding = next(_codings(given), {})
    system, code = str(coding.get("system", "")), str(coding.get("code", ""))
    concept = service.shared.terminology.lookup(system, code)
    if concept is None:
        raise NotFound(f"The code '{code}' of {system or 'no system'} is not known here.")
    held = service.shared.terminology.code_system(system)
    rows: list[Json] = [{"name": "name", "valueString": held.name if held else system}]
    if concept.version:
        rows.append({"name": "version", "valueString": concept.version})
    rows.append({"name": "display", "valueString": concept.display or concept.code})
    if concept.definition:
        rows.append(_property("definition", concept.definition))
    rows += [_property("parent", parent) for parent in concept.parents]
    rows += [{"name": "designation", "part": [{"name": "value", "valueString": name}]} for name in concept.names]
    return Response(200, {"resourceType": "Parameters", "parameter": rows})


def subsumes(service: Service, request: Request) -> Response:
    """200 with `outcome`: how codeA relates to codeB; 422 when the code system does not hold them."""
    given = arguments(service, request)
    one, other = given.value("codingA") or {}, given.value("codingB") or {}
    system = given.text("system") or str(one.get("system", ""))
    a, b = given.text("codeA") or str(one.get("code", "")), given.text("codeB") or str(other.get("code", ""))
    if not (system and a and b):
        raise BadRequest("Two codes and their system are needed.", advice="Give system, codeA and codeB.")
    outcome = service.shared.terminology.subsumes(system, a, b)
    if outcome is None:
        raise Unprocessable(f"{system} is not here with both codes, so the question cannot be answered.")
    return Response(200, {"resourceType": "Parameters", "parameter": [{"name": "outcome", "valueCode": outcome}]})


def translate(service: Service, request: Request) -> Response:
    """200 with `result` and the matches of the concept maps at hand; `url` names one map, else all are asked."""
    given = arguments(service, request)
    rows = list(_codings(given))
    if not rows:
        raise BadRequest("There is no code to translate.", advice="Give code and system, coding, or codeableConcept.")
    wanted, target = given.text("url"), given.text("targetsystem")
    maps = [
        one for one in service.registry.concept_maps() if wanted in ("", one.get("url")) or request.id == one.get("id")
    ]
    if request.id:
        maps = [one for one in maps if one.get("id") == request.id]
    if wanted and not maps:
        raise NotFound(f"The concept map {wanted} is not known here.")
    matches = [match for one in maps for coding in rows for match in _matches(one, coding, target)]
    good = any(match["part"][0]["valueCode"] not in ("unmatched", "disjoint") for match in matches)
    parameters: list[Json] = [{"name": "result", "valueBoolean": good}]
    if not matches:
        parameters.append({"name": "message", "valueString": "No concept map here has this code."})
    return Response(200, {"resourceType": "Parameters", "parameter": parameters + matches})


def _matches(concept_map: Json, coding: Json, target: str) -> Iterator[Json]:
    for group in concept_map.get("group", ()):
        if coding.get("system") and group.get("source") != coding["system"]:
            continue
        if target and group.get("target") != target:
            continue
        for element in group.get("element", ()):
            if element.get("code") != coding.get("code"):
                continue
            for found in element.get("target", ()):
                concept = {"system": group.get("target"), "code": found.get("code"), "display": found.get("display")}
                yield {
                    "name": "match",
                    "part": [
                        {"name": "equivalence", "valueCode": found.get("equivalence", "equivalent")},
                        {"name": "concept", "valueCoding": {key: value for key, value in concept.items() if value}},
                        {"name": "source", "valueUri": concept_map.get("url", "")},
                    ],
                }


def _value_set(service: Service, request: Request, given: Arguments) -> str:
    """The canonical of the value set that the URL or the arguments name; 404 when it is not here."""
    if given.value("valueSet") is not None:
        raise BadRequest("A value set in the request is not taken; name one of those here.", advice="Give url.")
    url = given.text("url")
    if request.id:
        url = str(service.reader("ValueSet").read("ValueSet", request.id).resource.get("url", ""))
    if not url:
        raise BadRequest("No value set is named.", advice="Give url, or call it on ValueSet/[id].")
    if service.registry.value_set(url) is None:
        raise NotFound(f"The value set {url} is not known here.")
    return url


def _codings(given: Arguments) -> Iterator[Json]:
    coding, concept = given.value("coding"), given.value("codeableConcept")
    if given.text("code"):
        named = {name: given.text(name) for name in ("system", "code", "display") if given.text(name)}
        yield named
    if coding:
        yield coding
    yield from (concept or {}).get("coding", ())


def _contained(concept: Concept, designations: bool) -> Json:
    made: Json = {"system": concept.system, "code": concept.code}
    if concept.display:
        made["display"] = concept.display
    if concept.is_abstract:
        made["abstract"] = True
    if concept.is_inactive:
        made["inactive"] = True
    if designations and concept.names:
        made["designation"] = [{"value": name} for name in concept.names]
    return made


def _property(code: str, value: str) -> Json:
    return {"name": "property", "part": [{"name": "code", "valueCode": code}, {"name": "value", "valueString": value}]}


def _result(good: bool, display: str, message: str) -> Response:
    rows: list[Json] = [{"name": "result", "valueBoolean": good}]
    if message:
        rows.append({"name": "message", "valueString": message})
    if display:
        rows.append({"name": "display", "valueString": display})
    return Response(200, {"resourceType": "Parameters", "parameter": rows})


def _number(given: Arguments, name: str, default: int) -> int:
    text = given.text(name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadRequest(f"{name}='{text}' is no whole number.")
    return int(text)


def _stamp(service: Service) -> str:
    """The date of the definitions: the same question has the same answer until they change."""
    guides = service.registry.all("ImplementationGuide")
    return next(
        (f"{guide['date'][:10]}T00:00:00Z" for guide in guides if len(guide.get("date", "")) >= 10),
        "2026-01-01T00:00:00Z",
    )


OPERATIONS = (
    Operation(
        "expand",
        expand,
        f"{CORE}ValueSet-expand",
        "The codes of a value set.",
        type=frozenset({"ValueSet"}),
        instance=frozenset({"ValueSet"}),
    ),
    Operation(
        "validate-code",
        validate_code,
        f"{CORE}ValueSet-validate-code",
        "Is a code in a value set?",
        type=frozenset({"ValueSet"}),
        instance=frozenset({"ValueSet"}),
    ),
    Operation(
        "validate-code",
        validate_code,
        f"{CORE}CodeSystem-validate-code",
        "Is a code in a code system?",
        type=frozenset({"CodeSystem"}),
    ),
    Operation("lookup", lookup, f"{CORE}CodeSystem-lookup", "What a code means.", type=frozenset({"CodeSystem"})),
    Operation(
        "subsumes", subsumes, f"{CORE}CodeSystem-subsumes", "How two codes relate.", type=frozenset({"CodeSystem"})
    ),
    Operation(
        "translate",
        translate,
        f"{CORE}ConceptMap-translate",
        "A code in another code system.",
        type=frozenset({"ConceptMap"}),
        instance=frozenset({"ConceptMap"}),
    ),
)
