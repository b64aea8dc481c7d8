"""Terminology answers as FHIR resources: what $expand, $lookup, $validate-code, $subsumes and $translate return.

https://hl7.org/fhir/R4/terminology-service.html; plain functions, which a server mounts and a script may call.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cart_fhir.definitions.code_system import Concept
from cart_fhir.errors import NotFound, Unprocessable

if TYPE_CHECKING:
    from cart_fhir.definitions.concept_map import Match
    from cart_fhir.definitions.terminology import Terminology

Json = dict[str, Any]


def expansion(terminology: Terminology, url: str, *, text: str = "", offset: int = 0, count: int | None = None) -> Json:
    """A ValueSet with its expansion: the concepts with `text` in code or display, `count` of them from `offset`.

    Raises NotFound when the value set is not here, Unprocessable when it can't be listed.
    """
    resource = terminology.value_set(url)
    if resource is None:
        raise NotFound(f"The value set '{url}' is not known here.")
    concepts = terminology.expand(url)
    if concepts is None:
        raise Unprocessable(f"The value set '{url}' can't be expanded here: {terminology.why(url)}.")
    wanted = text.casefold()
    found = [one for one in concepts if wanted in one.code.casefold() or wanted in one.display.casefold()]
    end = None if count is None else offset + count
    made: Json = {
        key: resource[key] for key in ("resourceType", "id", "url", "version", "name", "status") if key in resource
    }
    made["expansion"] = {
        "total": len(found),
        "offset": offset,
        "contains": [_contains(concept) for concept in found[offset:end]],
    }
    return made


def lookup(terminology: Terminology, system: str, code: str) -> Json:
    """Parameters of $lookup: name, display, names and properties. Raises NotFound when the code is not known here."""
    concept = terminology.lookup(system, code)
    if concept is None:
        raise NotFound(f"The code '{code}' of '{system}' is not known here.")
    known = terminology.code_system(system)
    parts = [_named("name", known.name if known else system)]
    if concept.version:
        parts.append(_named("version", concept.version))
    parts.append(_named("display", concept.display or concept.code))
    parts += [_parts("designation", [_named("value", name)]) for name in concept.names]
    pairs = [(name, value) for name, values in concept.properties.items() for value in values]
    pairs += [("parent", parent) for parent in concept.parents]
    if known:
        pairs += [("child", known.concepts[key].code) for key in known.children.get(known.key(code), ())]
    parts += [_parts("property", [_code("code", name), _value("value", value)]) for name, value in dict.fromkeys(pairs)]
    return _parameters(parts)


def validate_code(terminology: Terminology, url: str, system: str | None, code: str, display: str = "") -> Json:
    """Parameters of $validate-code on a value set. Raises Unprocessable when the answer can't be known here."""
    answer = terminology.member(url, system, code)
    if answer is None:
        raise Unprocessable(f"Whether '{code}' is in '{url}' can't be known here: {terminology.why(url)}.")
    parts = [{"name": "result", "valueBoolean": answer}]
    names = terminology.displays(system, code) if system else ()
    if not answer:
        parts.append(_named("message", f"The code '{code}' of '{system or 'any system'}' is not in '{url}'."))
    elif display and names and display.casefold() not in {name.casefold() for name in names}:
        parts[0] = {"name": "result", "valueBoolean": False}
        parts.append(_named("message", f"The display '{display}' is none of the code's: {', '.join(names)}."))
    if names:
        parts.append(_named("display", names[0]))
    return _parameters(parts)


def subsumes(terminology: Terminology, system: str, a: str, b: str) -> Json:
    """Parameters of $subsumes. Raises NotFound when the system or a code is not here."""
    outcome = terminology.subsumes(system, a, b)
    if outcome is None:
        raise NotFound(f"'{system}' with the codes '{a}' and '{b}' is not known here.")
    return _parameters([_code("outcome", outcome)])


def translations(matches: Iterable[Match]) -> Json:
    """Parameters of $translate, from what `concept_map.translate` found."""
    found = list(matches)
    parts: list[Json] = [{"name": "result", "valueBoolean": any(match.is_match for match in found)}]
    if not found:
        parts.append(_named("message", "No map that is known here has this code."))
    for match in found:
        inner = [_code("equivalence", match.equivalence)]
        if match.code:
            coding = {"system": match.system, "code": match.code, "display": match.display}
            inner.append({"name": "concept", "valueCoding": {key: value for key, value in coding.items() if value}})
        inner.append({"name": "source", "valueUri": match.map_url})
        parts.append(_parts("match", inner))
    return _parameters(parts)


def _contains(concept: Concept) -> Json:
    made: Json = {"system": concept.system, "code": concept.code}
    if concept.display:
        made["display"] = concept.display
    if concept.is_abstract:
        made["abstract"] = True
    if concept.is_inactive:
        made["inactive"] = True
    return made


def _parameters(parts: list[Json]) -> Json:
    return {"resourceType": "Parameters", "parameter": parts}


def _named(name: str, text: str) -> Json:
    return {"name": name, "valueString": text}


def _code(name: str, code: str) -> Json:
    return {"name": name, "valueCode": code}


def _parts(name: str, parts: list[Json]) -> Json:
    return {"name": name, "part": parts}


def _value(name: str, value: Any) -> Json:
    """A parameter of the value's own type."""
    if isinstance(value, bool):
        return {"name": name, "valueBoolean": value}
    if isinstance(value, int):
        return {"name": name, "valueInteger": value}
    if isinstance(value, Decimal):
        return {"name": name, "valueDecimal": value}
    return {"name": name, "valueString": str(value)}
