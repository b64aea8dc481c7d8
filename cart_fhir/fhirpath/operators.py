"""The binary operators on values. https://hl7.org/fhirpath/N1/#operations

Each takes the System values of its two operands, neither of them missing, and gives a value or None for no result.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from cart_fhir.fhirpath import quantities
from cart_fhir.fhirpath.nodes import EvaluationError, Node, bounded, system_type
from cart_fhir.fhirpath.quantities import Quantity
from cart_fhir.fhirpath.temporal import Temporal

_MOST_BITS = 1024
"""Integers beyond are overflow, as in FHIRPath those beyond 32 bits may be."""


def _numbers(left: Any, right: Any) -> bool:
    return (
        isinstance(left, int | Decimal)
        and isinstance(right, int | Decimal)
        and not isinstance(left, bool)
        and not isinstance(right, bool)
    )


def _refuse(operator: str, left: Any, right: Any) -> EvaluationError:
    names = [value.type if isinstance(value, Node) else system_type(value) for value in (left, right)]
    return EvaluationError(f"'{operator}' has no meaning between {names[0]} and {names[1]}.")


def _quantity(value: Any) -> Any:
    return Quantity(Decimal(value), "1") if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def _shifted(moment: Temporal, duration: Quantity, sign: int) -> Temporal | None:
    try:
        return quantities.shift(moment, duration, sign)
    except ValueError as error:
        raise EvaluationError(f"{str(error).capitalize()}.") from error


def add(left: Any, right: Any, convert: quantities.Convert | None) -> Any:
    """`+`: numbers, texts, quantities, a moment and a duration."""
    if _numbers(left, right):
        return left + right
    if isinstance(left, str) and isinstance(right, str):
        return bounded(left + right)
    if isinstance(left, Temporal) and isinstance(right, Quantity):
        return _shifted(left, right, 1)
    return _sum("+", left, right, 1, convert)


def subtract(left: Any, right: Any, convert: quantities.Convert | None) -> Any:
    """`-`: numbers, quantities, a moment and a duration."""
    if _numbers(left, right):
        return left - right
    if isinstance(left, Temporal) and isinstance(right, Quantity):
        return _shifted(left, right, -1)
    return _sum("-", left, right, -1, convert)


def _sum(operator: str, left: Any, right: Any, sign: int, convert: quantities.Convert | None) -> Any:
    if not isinstance(left, Quantity) and not isinstance(right, Quantity):
        raise _refuse(operator, left, right)
    one, other = _quantity(left), _quantity(right)
    if not isinstance(one, Quantity) or not isinstance(other, Quantity):
        raise _refuse(operator, left, right)
    number = quantities.to_unit_of(other, one, convert)
    return None if number is None else quantities.with_value(one, one.value + sign * number)


def multiply(left: Any, right: Any, convert: quantities.Convert | None) -> Any:
    """`*`: numbers and quantities."""
    if _numbers(left, right):
        product = left * right
        return product if not isinstance(product, int) or product.bit_length() < _MOST_BITS else None
    one, other = _quantity(left), _quantity(right)
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return quantities.multiply(one, other)
    raise _refuse("*", left, right)


def divide(left: Any, right: Any, convert: quantities.Convert | None) -> Any:
    """`/`: numbers (a Decimal always) and quantities; nothing when the divisor is zero."""
    if _numbers(left, right):
        return Decimal(left) / Decimal(right) if right else None
    one, other = _quantity(left), _quantity(right)
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return quantities.divide(one, other) if other.value else None
    raise _refuse("/", left, right)


def whole_divide(left: Any, right: Any, convert: quantities.Convert | None) -> Any:
    """`div`: the quotient cut towards zero."""
    if not _numbers(left, right):
        raise _refuse("div", left, right)
    return int(Decimal(left) // Decimal(right)) if right else None


def remainder(left: Any, right: Any, convert: quantities.Convert | None) -> Any:
    """`mod`: the remainder, with the sign of the dividend."""
    if not _numbers(left, right):
        raise _refuse("mod", left, right)
    if not right:
        return None
    rest = Decimal(left) % Decimal(right)
    return int(rest) if isinstance(left, int) and isinstance(right, int) else rest


ARITHMETIC: dict[str, Callable[[Any, Any, quantities.Convert | None], Any]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "div": whole_divide,
    "mod": remainder,
}

ORDER: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def calculate(operator: str, left: Any, right: Any, convert: quantities.Convert | None) -> Any:
    """The result of an arithmetic operator; None for overflow too (https://hl7.org/fhirpath/N1/#math-2)."""
    try:
        return ARITHMETIC[operator](left, right, convert)
    except DecimalException:
        return None
