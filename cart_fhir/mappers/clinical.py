"""Functions of holes for doses: body surface, mg from mg/m2, cells from cells/kg, and how old a measurement may be.

A map says by which formula and from which measurements; where one is absent nothing is computed, and one that cannot be
right, or is too old, refuses the row. The formulas stand in `cart_fhir.profiles.dose`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from cart_fhir.mappers.dates import is_full
from cart_fhir.mappers.values import Amount, Refused, key_text
from cart_fhir.profiles import dose


def bsa(row: Any, formula: str, height: Any, weight: Any) -> Decimal:
    """`bsa(mosteller, HEIGHT, WEIGHT)`: the body surface in m2 from cm and kg, by the formula that is named."""
    try:
        return dose.body_surface_area(_number(height), _number(weight), formula)  # type: ignore[arg-type]  # checked there
    except ValueError as wrong:
        raise Refused("bsa-missing", str(wrong)) from None


def recent(row: Any, value: Any, taken: Any, used: Any, days: Any) -> Any:
    """`recent(WEIGHT, WEIGHED, DOSED, 30)`: the value, if it is at most so many days older than its use."""
    measured, day = key_text(taken), key_text(used)
    if not is_full(measured) or not is_full(day):
        raise Refused("bsa-missing", "How old the measurement is cannot be told: a date is partial.")
    try:
        dose.check_age("The measurement", date.fromisoformat(measured[:10]), date.fromisoformat(day[:10]), int(days))
    except ValueError:
        raise Refused("bsa-missing", f"The measurement is after its use, or more than {days} days older.") from None
    return value


def milligrams(row: Any, per_m2: Any, area: Any) -> Decimal:
    """`milligrams(PER_M2, AREA)`: the dose in mg from mg/m2 and m2."""
    try:
        return dose.milligrams(_number(per_m2), _number(area))
    except ValueError as wrong:
        raise Refused("range", str(wrong)) from None


def million_cells(row: Any, per_kg: Any, weight: Any) -> Decimal:
    """`million_cells(PER_KG, WEIGHT)`: 10*6 cells from 10*6/kg and the weight that the protocol names."""
    try:
        return dose.million_cells(_number(per_kg), _number(weight))
    except ValueError as wrong:
        raise Refused("range", str(wrong)) from None


def _number(value: Any) -> Decimal:
    number = value.value if isinstance(value, Amount) and not value.comparator else value
    if isinstance(number, bool) or not isinstance(number, (int, Decimal)):
        raise Refused("type", "A number without < and > should stand here.")
    return Decimal(number)
