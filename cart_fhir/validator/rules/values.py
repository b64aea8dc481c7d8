"""Fixed values, patterns, bounds and lengths: what an ElementDefinition says of the value itself.

https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_ and following.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from cart_fhir.definitions import ucum
from cart_fhir.validator.context import Context
from cart_fhir.validator.findings import Found, one
from cart_fhir.validator.rules.primitives import shown
from cart_fhir.validator.schema import Element
from cart_fhir.validator.shapes import Rule

Number = int | Decimal


def same(value: Any, wanted: Any) -> bool:
    """Equal as FHIR values: true is not 1, 1.0 is 1, the order of properties does not matter."""
    if isinstance(wanted, dict):
        return (
            isinstance(value, dict) and value.keys() == wanted.keys() and all(same(value[k], wanted[k]) for k in wanted)
        )
    if isinstance(wanted, list):
        return isinstance(value, list) and len(value) == len(wanted) and all(map(same, value, wanted))
    if isinstance(wanted, bool) or isinstance(value, bool):
        return value is wanted
    return bool(value == wanted)


def contains(value: Any, wanted: Any) -> bool:
    """True when `value` has all that the pattern has: properties of objects, some item for each item of an array."""
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(key in value and contains(value[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list):
        return isinstance(value, list) and all(any(contains(item, each) for item in value) for each in wanted)
    return same(value, wanted)


def containing(wanted: Any) -> Callable[[Any], bool]:
    """`contains` made ready for one pattern: codes in a concept and plain strings without walking the pattern."""
    if isinstance(wanted, str):
        return lambda value: bool(value == wanted)
    if isinstance(wanted, dict) and wanted and all(isinstance(each, str) for each in wanted.values()):
        parts = tuple(wanted.items())

        def has_all(value: Any) -> bool:
            if type(value) is not dict:
                return False
            return all(value.get(key) == part for key, part in parts)

        return has_all
    codings = wanted.get("coding") if isinstance(wanted, dict) and len(wanted) == 1 else None
    if isinstance(codings, list) and len(codings) == 1:
        coding = containing(codings[0])

        def has_coding(value: Any) -> bool:
            codings = value.get("coding") if type(value) is dict else None
            if type(codings) is not list:
                return False
            return any(map(coding, codings))

        return has_coding
    return lambda value: contains(value, wanted)


def fixed(element: Element) -> Rule | None:
    """The value must be exactly `fixed[x]`."""
    wanted = element.fixed
    if wanted is None:
        return None
    if isinstance(wanted, dict):
        return lambda value, context: (
            None if value == wanted and same(value, wanted) else _differs(value, wanted, element)
        )

    def check(value: Any, context: Context) -> Found:
        if (value == wanted and type(value) is type(wanted)) or same(value, wanted):
            return None
        return _not_fixed(f"is {shown(value)} but is fixed to {shown(wanted)}", element)

    return check


def _not_fixed(text: str, element: Element, *steps: str) -> Found:
    return one("fixed", f"The value {text}.", *steps, profile=element.profile, definition=element.id)


def _differs(value: Any, wanted: Any, element: Element, *steps: str) -> Found:
    """Where an object differs from the fixed one: findings at the innermost place."""
    if not isinstance(wanted, dict) or not isinstance(value, dict):
        if isinstance(wanted, list) and isinstance(value, list) and len(wanted) == len(value):
            found = []
            for index, (each, other) in enumerate(zip(value, wanted, strict=True)):
                at = (f"{steps[0]}[{index}]", *steps[1:]) if steps else (f"[{index}]",)
                found += _differs(each, other, element, *at) or []
            return found or None
        if isinstance(wanted, list) and isinstance(value, list):
            text = f"has {len(value)} '{steps[0]}', but {len(wanted)} are fixed: {shown(wanted)}"
            return _not_fixed(text, element, *steps[1:])
        return (
            None
            if same(value, wanted)
            else _not_fixed(f"is {shown(value)} but is fixed to {shown(wanted)}", element, *steps)
        )
    found = []
    for key in value:
        if key not in wanted:
            found += _not_fixed(f"has '{key}', which the fixed value does not have", element, key, *steps) or []
        else:
            found += _differs(value[key], wanted[key], element, key, *steps) or []
    for key in wanted:
        if key not in value:
            text = f"lacks '{key}', fixed to {shown(wanted[key])}"
            found += _not_fixed(text, element, *_where(key, wanted[key]), *steps) or []
    return found or None


def _where(key: str, wanted: Any) -> tuple[str, ...]:
    """The place of what is missing: its own, as the reference validator says it; of a list, where the list would be."""
    return () if isinstance(wanted, list) else (key,)


def pattern(element: Element) -> Rule | None:
    """The value must have at least what `pattern[x]` has."""
    wanted = element.pattern
    if wanted is None:
        return None
    holds = containing(wanted)

    def check(value: Any, context: Context) -> Found:
        if holds(value):
            return None
        return _unlike(value, wanted, element)

    return check


def _unlike(value: Any, wanted: Any, element: Element, *steps: str) -> Found:
    """Where a value lacks what the pattern has, at the place where the reference validator says it."""
    if isinstance(wanted, dict) and isinstance(value, dict):
        found = []
        for key, each in wanted.items():
            if key not in value:
                text = f"The pattern requires '{key}' = {shown(each)}, but it is missing."
                where = (*_where(key, each), *steps)
                found += one("pattern", text, *where, profile=element.profile, definition=element.id)
            elif not contains(value[key], each):
                found += _unlike(value[key], each, element, key, *steps) or []
        return found or None
    if isinstance(wanted, list) and isinstance(value, list):
        text = f"No item matches what the pattern requires: {shown(wanted)}; found {shown(value)}."
        return one("pattern", text, *steps[1:], profile=element.profile, definition=element.id)
    text = f"The value {shown(value)} does not match the pattern {shown(wanted)}."
    return one("pattern", text, *steps, profile=element.profile, definition=element.id)


_CANONICAL_URL = re.compile(r"(?!Extension)[A-Z][A-Za-z]+\.url").fullmatch


def canonical_url(element: Element) -> Rule | None:
    """The `url` of a definition, by which others refer to it, is absolute."""
    if "uri" not in element.codes or not _CANONICAL_URL(element.base_path):
        return None

    def check(value: Any, context: Context) -> Found:
        if not isinstance(value, str) or ":" in value or not value:
            return None
        return one("format", f"The url of a definition must be absolute, but is {shown(value)}.")

    return check


def max_length(element: Element) -> Rule | None:
    """A string must not be longer than `maxLength`."""
    most = element.max_length
    if not most:
        return None

    def check(value: Any, context: Context) -> Found:
        if not isinstance(value, str) or len(value) <= most:
            return None
        text = f"The value has {len(value)} characters, at most {most} are allowed."
        return one("max-length", text, profile=element.profile, definition=element.id)

    return check


def least(element: Element) -> Rule | None:
    """The value must not be below `minValue[x]`."""
    return _bound(element, element.min_value, above=False)


def most(element: Element) -> Rule | None:
    """The value must not be above `maxValue[x]`."""
    return _bound(element, element.max_value, above=True)


def _bound(element: Element, named: Any, *, above: bool) -> Rule | None:
    if named is None:
        return None
    kind, limit = named
    rule, word, name = ("max-value", "greater", "maximum") if above else ("min-value", "less", "minimum")

    def check(value: Any, context: Context) -> Found:
        measured = isinstance(value, dict)
        if measured and not _in_one_system(value, limit):
            text = f"The {name} value {_size(limit)} says nothing of {_size(value)}: no system that both use."
            return one("bound-not-checked", text, profile=element.profile, definition=element.id)
        order = compare(value, limit, kind)
        if order is None and measured and "value" in value and "value" in limit:
            text = f"The value {_size(value)} has a unit that does not convert to that of the {name}, {_size(limit)}."
            return one(rule, text, profile=element.profile, definition=element.id)
        if order is None:
            text = f"The {name} value {_size(limit)} could not be compared with {_size(value)}."
            return one("bound-not-checked", text, profile=element.profile, definition=element.id)
        if order == 0 or (order < 0) == above:
            return None
        text = f"The value {_size(value)} is {word} than the {name} allowed, {_size(limit)}."
        return one(rule, text, profile=element.profile, definition=element.id)

    return check


def _in_one_system(value: dict[str, Any], limit: dict[str, Any]) -> bool:
    """Whether the units of two quantities are codes of the same system; without one, a unit is but a word."""
    return "system" in limit and value.get("system") == limit["system"]


def _size(value: Any) -> str:
    if isinstance(value, dict):
        return f"{value.get('value', '?')} {value.get('unit') or value.get('code') or ''}".strip()
    return str(value)


def compare(value: Any, limit: Any, kind: str) -> int | None:
    """-1, 0 or 1; None when the two cannot be compared."""
    if kind in ("Quantity", "Age", "Duration", "Distance", "Count", "Money") and isinstance(value, dict):
        return _compare_quantity(value, limit)
    if isinstance(value, (dict, bool)):
        return None
    if kind in ("Decimal", "Integer", "PositiveInt", "UnsignedInt"):
        try:
            left, right = Decimal(str(value)), Decimal(str(limit))
        except ArithmeticError:
            return None
        return (left > right) - (left < right)
    if isinstance(value, str) and isinstance(limit, str):
        width = min(len(value), len(limit))
        return (value[:width] > limit[:width]) - (value[:width] < limit[:width])
    return None


def _compare_quantity(value: dict[str, Any], limit: dict[str, Any]) -> int | None:
    amount, bound = value.get("value"), limit.get("value")
    if not isinstance(amount, int | Decimal) or not isinstance(bound, int | Decimal):
        return None
    code, other = value.get("code") or value.get("unit"), limit.get("code") or limit.get("unit")
    left: Decimal | None = Decimal(amount)
    if other and code != other:
        if not isinstance(code, str) or not code:
            return None
        left = ucum.convert(Decimal(amount), code, other)
    if left is None:
        return None
    return (left > bound) - (left < bound)


def present(element: Element) -> Rule | None:
    """R5's mustHaveValue and valueAlternatives, used in R4 as extensions: what must stand beside a missing value.

    The rule looks at the object beside the primitive (`_birthDate`).
    """
    if not element.must_have_value and not element.value_alternatives:
        return None
    allowed = element.value_alternatives
    others = " or ".join(f"'{url}'" for url in element.value_alternatives)

    def check(value: Any, context: Context) -> Found:
        if element.must_have_value:
            text = f"{element.path} must have a value; an extension in its place is not enough."
            return one("value-required", text, profile=element.profile, definition=element.id)
        given = value.get("extension") if isinstance(value, dict) else None
        if isinstance(given, list) and any(isinstance(e, dict) and e.get("url") in allowed for e in given):
            return None
        text = f"{element.path} has no value, so it must have the extension {others}."
        return one("value-required", text, profile=element.profile, definition=element.id)

    return check
