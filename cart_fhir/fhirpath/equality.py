"""Equality, equivalence and order of items. https://hl7.org/fhirpath/N1/#equality"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any

from cart_fhir.fhirpath import quantities
from cart_fhir.fhirpath.nodes import Collection, EvaluationError, Node, TypeInfo, system, system_type
from cart_fhir.fhirpath.quantities import Convert, Quantity
from cart_fhir.fhirpath.temporal import Temporal

_PLAIN = {str, int, Decimal}


def key(item: Any) -> Any:
    """A hashable value, the same for equal items: what distinct, union, intersect and `in` compare, in linear time."""
    value = system(item)
    if value.__class__ is str or value is None:
        return value
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, Node):
        return _frozen(value.value)
    return value.key() if isinstance(value, Temporal | Quantity) else value


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return frozenset((name, _frozen(child)) for name, child in value.items())
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return ("boolean", value) if isinstance(value, bool) else value


def distinct(items: Collection) -> list[Any]:
    """The items without repetition, in their order."""
    seen: dict[Any, Any] = {}
    for item in items:
        seen.setdefault(key(item), item)
    return list(seen.values())


def same(one: Any, other: Any, convert: Convert | None) -> bool | None:
    """`=` of two items: None where the precision of dates or the units do not tell."""
    left, right = system(one), system(other)
    if left.__class__ is bool and right.__class__ is bool:
        return left is right
    if left.__class__ in _PLAIN and right.__class__ in _PLAIN:
        return bool(left == right) if (left.__class__ is str) is (right.__class__ is str) else False
    left, right = _alike(left, right)
    if isinstance(left, Temporal) and isinstance(right, Temporal):
        if (left.kind == "Time") != (right.kind == "Time"):
            return False
        order = left.compare(right)
        return None if order is None else order == 0
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        number = quantities.to_unit_of(right, left, convert)
        if number is None:
            return None if left.duration or right.duration else False
        return number == left.value
    return bool(key(left) == key(right))


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Implicit conversion of one side to the type of the other: Integer and Decimal to Quantity, text to a date."""
    if isinstance(left, Quantity) and _is_number(right):
        return left, Quantity(Decimal(right), "1")
    if isinstance(right, Quantity) and _is_number(left):
        return Quantity(Decimal(left), "1"), right
    return left, right


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def collections_same(left: Collection, right: Collection, convert: Convert | None) -> bool | None:
    """`=` of two collections: None when either is empty; otherwise item by item, in order."""
    if not left or not right:
        return None
    if len(left) != len(right):
        return False
    unknown = False
    for one, other in zip(left, right, strict=True):
        answer = same(one, other, convert)
        if answer is False:
            return False
        unknown = unknown or answer is None
    return None if unknown else True


def equivalent(one: Any, other: Any, convert: Convert | None) -> bool:
    """`~` of two items: text without case and spacing, numbers to the lesser precision, dates of one precision."""
    left, right = _alike(system(one), system(other))
    if isinstance(left, str) and isinstance(right, str):
        return _plain(left) == _plain(right)
    if _is_number(left) and _is_number(right):
        return _near(Decimal(left), Decimal(right))
    if isinstance(left, Temporal) and isinstance(right, Temporal):
        return (left.kind == "Time") == (right.kind == "Time") and left.compare(right) == 0
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        return _equivalent_quantities(left, right, convert)
    if isinstance(left, Node) and isinstance(right, Node):
        return bool(_loose(left.value) == _loose(right.value))
    return bool(key(left) == key(right))


def _equivalent_quantities(left: Quantity, right: Quantity, convert: Convert | None) -> bool:
    number = quantities.to_unit_of(right, left, convert)
    if number is None and left.loose_unit == right.loose_unit:
        number = right.value
    return number is not None and _near(left.value, number)


def _digits(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _near(left: Decimal, right: Decimal) -> bool:
    digits = min(_digits(left), _digits(right))
    try:
        return round(left, digits) == round(right, digits)
    except InvalidOperation:  # more digits than are worked on
        return left == right


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _loose(value: Any) -> Any:
    """A hashable value, the same for equivalent elements: order in lists does not matter."""
    if isinstance(value, dict):
        return frozenset((name, _loose(child)) for name, child in value.items() if name != "id")
    if isinstance(value, list):
        return frozenset(Counter(map(_loose, value)).items())
    return _plain(value) if isinstance(value, str) else _frozen(value)


def collections_equivalent(left: Collection, right: Collection, convert: Convert | None) -> bool:
    """`~` of two collections: order does not matter, two empty ones are equivalent."""
    if len(left) != len(right):
        return False
    exact = (str, Node)  # have a key for equivalence; numbers, dates and quantities are compared pair by pair
    one_side, other = [system(item) for item in left], [system(item) for item in right]
    texts = Counter(_loose_key(value) for value in one_side if isinstance(value, exact))
    if texts != Counter(_loose_key(value) for value in other if isinstance(value, exact)):
        return False
    waiting = [value for value in other if not isinstance(value, exact)]
    for value in one_side:
        if not isinstance(value, exact):
            found = next((number for number, item in enumerate(waiting) if equivalent(value, item, convert)), None)
            if found is None:
                return False
            del waiting[found]
    return True


def _loose_key(value: Any) -> Any:
    return _plain(value) if isinstance(value, str) else _loose(value.value)


def order(one: Any, other: Any, convert: Convert | None) -> int | None:
    """-1, 0 or 1 for `<`, `=`, `>`; None where it cannot be told; EvaluationError for values that have no order."""
    left, right = system(one), system(other)
    if left.__class__ is int and right.__class__ is int:
        return (left > right) - (left < right)
    left, right = _alike(left, right)
    if left is None or right is None:
        return None
    left, right = _dated(left, right), _dated(right, left)
    if (_is_number(left) and _is_number(right)) or (isinstance(left, str) and isinstance(right, str)):
        return -1 if left < right else int(left > right)
    if isinstance(left, Temporal) and isinstance(right, Temporal) and (left.kind == "Time") == (right.kind == "Time"):
        return left.compare(right)
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        number = quantities.to_unit_of(right, left, convert)
        return None if number is None else (left.value > number) - (left.value < number)
    raise EvaluationError(f"{_named(left)} and {_named(right)} cannot be ordered.")


def _dated(value: Any, other: Any) -> Any:
    """Text beside a date is read as one, as FHIR extensions and older definitions need."""
    if isinstance(value, str) and isinstance(other, Temporal):
        return Temporal.parse(value, other.kind) or value
    return value


def _named(value: Any) -> str:
    if isinstance(value, Node):
        return value.type
    return "TypeInfo" if isinstance(value, TypeInfo) else system_type(value)
