"""$expand and $validate-code on value sets: those of R4 and the guide, and one that comes with the question.

https://hl7.org/fhir/R4/valueset-operations.html. Nothing is asked of a terminology server: what cannot be known from
the definitions at hand is refused with the reason, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from cart_fhir.definitions.code_system import Concept
from cart_fhir.definitions.value_set import ValueSet
from cart_fhir.errors import BadRequest, NotFound, Unprocessable
from cart_fhir.server.bundles import instant
from cart_fhir.server.http import Json, Request, Response
from cart_fhir.server.operations import CORE, Operation
from cart_fhir.server.operations.arguments import Arguments, arguments, definition, number
from cart_fhir.server.operations.codes import Wanted, checked, in_language, wanted_codes
from cart_fhir.server.service import Service

_MOST = 1000
_NAMED = ("url", "valueSet", "valueSetVersion")
_EXPAND = (
    "filter",
    "offset",
    "count",
    "includeDesignations",
    "designation",
    "includeDefinition",
    "activeOnly",
    "excludeNested",
    "excludeNotForUI",
    "excludePostCoordinated",
    "displayLanguage",
)
_VALIDATE = ("code", "system", "systemVersion", "display", "coding", "codeableConcept", "abstract", "displayLanguage",
             "inferSystem")  # fmt: skip


def expand(service: Service, request: Request) -> Response:
    """200 with the ValueSet and its expansion, a page of at most 1,000 codes; it says by which parameters."""
    given = arguments(service, request, "valueSet", known=(*_NAMED, *_EXPAND))
    value_set, made = _value_set(service, request, given)
    concepts = made.listed()
    if concepts is None:
        raise Unprocessable(
            f"{_name(value_set)} cannot be expanded here: {_gaps(made)}.",
            advice="Ask a terminology server that holds the code system.",
        )
    found = _chosen(concepts, given)
    offset, count = number(given, "offset", 0), number(given, "count", _MOST)
    contains = [_contained(one, given) for one in found[offset : offset + min(count, _MOST)]]
    expansion: Json = {
        "timestamp": instant(datetime.now(UTC)),
        "total": len(found),
        "offset": offset,
        "parameter": _parameters(service, given, concepts),
        "contains": contains,
    }
    definition = value_set if given.flag("includeDefinition") else _without_definition(value_set)
    return Response(200, {**definition, "expansion": {key: value for key, value in expansion.items() if value != []}})


def _chosen(concepts: Iterable[Concept], given: Arguments) -> list[Concept]:
    words = given.text("filter").casefold().split()
    active, selectable = given.flag("activeOnly"), given.flag("excludeNotForUI")

    def fits(one: Concept) -> bool:
        text = " ".join((one.display, one.code, *one.names)).casefold()
        return (
            all(word in text for word in words)
            and not (active and one.is_inactive)
            and not (selectable and one.is_abstract)
        )

    return [one for one in concepts if fits(one)]


def _parameters(service: Service, given: Arguments, concepts: list[Concept]) -> list[Json]:
    """What the expansion was made with: the parameters that had an effect, and the versions of the code systems."""
    rows: list[Json] = []
    for name in _EXPAND:
        for value in given.values.get(name, ()):
            kind = "valueInteger" if name in ("offset", "count") else "valueString"
            if isinstance(value, bool) or value in ("true", "false"):
                rows.append({"name": name, "valueBoolean": value in (True, "true")})
            else:
                rows.append({"name": name, kind: int(str(value)) if kind == "valueInteger" else str(value)})
    for system in sorted({one.system for one in concepts}):
        held = service.shared.terminology.code_system(system)
        if held is not None and held.version:
            rows.append({"name": "version", "valueUri": f"{system}|{held.version}"})
    return rows


def _contained(concept: Concept, given: Arguments) -> Json:
    made: Json = {"system": concept.system, "code": concept.code}
    display = in_language(concept, given.text("displayLanguage"))
    if display:
        made["display"] = display
    if concept.is_abstract:
        made["abstract"] = True
    if concept.is_inactive:
        made["inactive"] = True
    languages = [text.removeprefix("urn:ietf:bcp:47|") for text in given.texts("designation")]
    designations = [one for one in concept.designations if not languages or one.get("language") in languages]
    if designations and (given.flag("includeDesignations") or languages):
        made["designation"] = designations
    return made


def _without_definition(value_set: Json) -> Json:
    return {key: value for key, value in value_set.items() if key not in ("compose", "text", "contained")}


def validate_code(service: Service, request: Request) -> Response:
    """200 with `result`, `display` and `message`: is the code, or one of the concept's, in the value set?"""
    given = arguments(service, request, known=(*_NAMED, *_VALIDATE))
    codes = wanted_codes(given)
    value_set, made = _value_set(service, request, given)
    if given.flag("inferSystem") is False and any(not one.system for one in codes):
        raise BadRequest("There is a code without its system.", advice="Give system, or inferSystem=true.")

    def known(wanted: Wanted) -> bool | None:
        return made.has(wanted.system or None, wanted.code)

    def concept(wanted: Wanted) -> Concept | None:
        listed = (
            one for one in made.concepts() if one.code == wanted.code and one.system == (wanted.system or one.system)
        )
        return next(listed, None)

    return checked(service, codes, known, concept, _name(value_set), lambda: _gaps(made), given)


def _value_set(service: Service, request: Request, given: Arguments) -> tuple[Json, ValueSet]:
    """The value set that the URL or the arguments name, or bring, made ready; 404 when it is not here."""
    terminology = service.shared.terminology
    if brought := definition(service, given, "valueSet", "ValueSet"):
        return brought, terminology.ready(brought)
    url = given.text("url")
    if request.id:
        url = str(service.reader("ValueSet").read("ValueSet", request.id).resource.get("url", ""))
    if not url:
        raise BadRequest("No value set is named.", advice="Give url or valueSet, or call it on ValueSet/[id].")
    if version := given.text("valueSetVersion"):
        url = f"{url.partition('|')[0]}|{version}"
    found = terminology.value_set(url)
    if found is None:
        raise NotFound(f"The value set {url} is not known here.")
    return {"resourceType": "ValueSet", "status": "active", **found}, terminology.prepared(url)


def _name(value_set: Json) -> str:
    return str(value_set.get("url") or "the value set of the request")


def _gaps(made: ValueSet) -> str:
    return "; ".join(dict.fromkeys(made.gaps()))


_HERE = frozenset({"ValueSet"})
OPERATIONS = (
    Operation("expand", expand, f"{CORE}ValueSet-expand", "The codes of a value set.", type=_HERE, instance=_HERE),
    Operation(
        "validate-code",
        validate_code,
        f"{CORE}ValueSet-validate-code",
        "Is a code in a value set?",
        type=_HERE,
        instance=_HERE,
    ),
)
