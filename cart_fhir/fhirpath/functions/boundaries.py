"""Precision, boundaries and comparability. https://hl7.org/fhirpath/#lowboundaryprecision-integer-decimal--date--datetime--time"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any

from cart_fhir.fhirpath import quantities, syntax
from cart_fhir.fhirpath.code import Code, Scope, boolean
from cart_fhir.fhirpath.functions.registry import builder, scalar, value_of
from cart_fhir.fhirpath.nodes import Collection, Env
from cart_fhir.fhirpath.quantities import Quantity, with_value
from cart_fhir.fhirpath.temporal import Temporal

if TYPE_CHECKING:
    from cart_fhir.fhirpath.compiler import Compiler

_MOST_DIGITS = 28
_PARTS = {4: 1, 6: 2, 8: 3, 10: 4, 12: 5, 14: 6, 17: 6}
_TIME_PARTS = {2: 1, 4: 2, 6: 3, 9: 3}


def _boundary(value: Any, digits: int | None, *, high: bool) -> Any:
    if isinstance(value, Quantity):
        number = _of_number(value.value, digits, high=high)
        return None if number is None else with_value(value, number)
    if isinstance(value, Temporal):
        return _of_moment(value, digits, high=high)
    return None if isinstance(value, bool) else _of_number(Decimal(value), digits, high=high)


def _of_number(number: Decimal, digits: int | None, *, high: bool) -> Decimal | None:
    """Half a unit of the last digit away; a number that is zero at the asked precision stays zero (official suite)."""
    digits = 8 if digits is None else digits
    exponent = number.as_tuple().exponent
    if not 0 <= digits <= _MOST_DIGITS or not isinstance(exponent, int):
        return None
    half = Decimal(5).scaleb(exponent - 1)
    quantum = Decimal(1).scaleb(-digits)
    if abs(number) < quantum:
        return Decimal(0).quantize(quantum).copy_sign(number)
    edge = number + half if high else number - half
    return edge.quantize(quantum, ROUND_CEILING if high else ROUND_FLOOR)


def _of_moment(moment: Temporal, digits: int | None, *, high: bool) -> Temporal | None:
    table = _TIME_PARTS if moment.kind == "Time" else _PARTS
    default = {"Date": 8, "DateTime": 17, "Time": 9}[moment.kind]
    known = table.get(default if digits is None else digits)
    if known is None:
        return None
    edge = moment.at_edge(last=high)
    return Temporal(moment.kind, edge.parts[:known], edge.zone if known > 3 and moment.kind != "Time" else None)


@scalar("lowBoundary", "Precise", "Integer", optional=1)
def low_boundary(value: Any, digits: int | None = None) -> Any:
    """The least value that the given digits may stand for."""
    return _boundary(value, digits, high=False)


@scalar("highBoundary", "Precise", "Integer", optional=1)
def high_boundary(value: Any, digits: int | None = None) -> Any:
    """The greatest value that the given digits may stand for."""
    return _boundary(value, digits, high=True)


@scalar("precision", "Precise", returns="Integer")
def precision(value: Any) -> int | None:
    """Digits after the point of a number; digits given of a date or time."""
    if isinstance(value, Temporal):
        return value.precision
    number = value.value if isinstance(value, Quantity) else Decimal(value)
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else None


@builder("comparable", 1)
def comparable(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """True when two quantities measure the same."""
    left, right = source.run, compiler.compile(call.arguments[0], scope).run

    def truth(this: Collection, env: Env) -> bool | None:
        one = value_of(left(this, env), "Quantity", "comparable()")
        other = value_of(right(this, env), "Quantity", "comparable()")
        if one is None or other is None:
            return None
        return quantities.to_unit_of(one, other, env.convert) is not None

    return boolean(truth)
