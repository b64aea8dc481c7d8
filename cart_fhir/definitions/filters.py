"""ValueSet compose filters over a code system that is here: which of its concepts pass.

https://hl7.org/fhir/R4/valueset-filter-operator.html. Regular expressions run in linear time (RE2) and match the whole
value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cart_fhir.definitions import syntactic, ucum
from cart_fhir.definitions.code_system import CodeSystem, Concept

Json = dict[str, Any]
Test = Callable[[Concept], bool]
_CODE = ("concept", "code")


class NotFilterable(Exception):
    """The filter's meaning is not known here; the message says which."""


def passing(filters: list[Json], system: CodeSystem) -> Test:
    """A test that a concept passes all the filters; NotFilterable when one of them isn't understood."""
    tests = [_test(item, system) for item in filters]
    return lambda concept: all(test(concept) for test in tests)


def passing_form(filters: list[Json], system: str) -> Callable[[str], bool | None]:
    """A test of codes of a system that is known by its form: that they are of the form and pass all the filters."""
    tests = [_form_test(item, system) for item in filters]

    def test(code: str) -> bool | None:
        known = syntactic.check(system, code)
        return known if known is False or all(one(code) for one in tests) else False

    return test


def _form_test(item: Json, system: str) -> Callable[[str], bool]:
    operator, prop, value = str(item.get("op")), str(item.get("property")), str(item.get("value"))
    if operator == "regex" and prop in _CODE:
        pattern = _pattern(value)
        return lambda code: pattern.fullmatch(code) is not None
    # https://hl7.org/fhir/R4/ucum.html: the property "canonical" is the unit in base units.
    if operator == "=" and prop == "canonical" and system == ucum.SYSTEM:
        return lambda code: ucum.is_comparable(code, value)
    raise NotFilterable(f"the filter {prop} {operator} {value}")


def _test(item: Json, system: CodeSystem) -> Test:
    operator, prop, value = str(item.get("op")), str(item.get("property")), str(item.get("value"))
    if operator in _BY_PLACE:
        if prop not in _CODE and prop != "parent":
            raise NotFilterable(f"the filter {prop} {operator} {value}")
        return _by_place(operator, value, system)
    make = _BY_VALUE.get(operator)
    if make is None:
        raise NotFilterable(f"the filter operator {operator}")
    read = _reader(prop, system)
    return make(read, value)


def _by_place(operator: str, value: str, system: CodeSystem) -> Test:
    keys = _BY_PLACE[operator](system, value)
    if operator == "is-not-a":
        return lambda concept: system.key(concept.code) not in keys
    return lambda concept: system.key(concept.code) in keys


_BY_PLACE: dict[str, Callable[[CodeSystem, str], set[str]]] = {
    "is-a": lambda system, value: system.below(value) | {system.key(value)},
    "is-not-a": lambda system, value: system.below(value) | {system.key(value)},
    "descendent-of": lambda system, value: system.below(value),
    "generalizes": lambda system, value: system.above(value) | {system.key(value)},
}


def _reader(prop: str, system: CodeSystem) -> Callable[[Concept], list[str]]:
    """What a concept says of a property, as text; its code, display and place are properties too."""
    if prop in _CODE:
        return lambda concept: [system.key(concept.code)]
    if prop == "display":
        return lambda concept: [concept.display] if concept.display else []
    if prop == "parent":
        return lambda concept: list(concept.parents)
    if prop == "child":
        return lambda concept: system.children.get(system.key(concept.code), [])
    return lambda concept: [_text(value) for value in concept.properties.get(prop, ())]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return str(value.get("code", ""))
    return str(value)


def _equal(read: Callable[[Concept], list[str]], value: str) -> Test:
    return lambda concept: value in read(concept)


def _among(read: Callable[[Concept], list[str]], value: str) -> Test:
    wanted = {part.strip() for part in value.split(",")}
    return lambda concept: not wanted.isdisjoint(read(concept))


def _not_among(read: Callable[[Concept], list[str]], value: str) -> Test:
    among = _among(read, value)
    return lambda concept: not among(concept)


def _matching(read: Callable[[Concept], list[str]], value: str) -> Test:
    pattern = _pattern(value)
    return lambda concept: any(pattern.fullmatch(text) is not None for text in read(concept))


def _pattern(value: str) -> Any:
    from cart_fhir.errors import BadSyntax
    from cart_fhir.fhirpath.regex import compiled

    try:
        return compiled(value)
    except BadSyntax as error:
        raise NotFilterable(f"the regular expression {value[:80]}") from error


def _existing(read: Callable[[Concept], list[str]], value: str) -> Test:
    return lambda concept: bool(read(concept)) == (value == "true")


_BY_VALUE: dict[str, Callable[[Callable[[Concept], list[str]], str], Test]] = {
    "=": _equal,
    "in": _among,
    "not-in": _not_among,
    "regex": _matching,
    "exists": _existing,
}
