"""Functions of holes for doses: body surface, mg from mg/m2, cells from cells/kg, and how old a measurement may be.

A map says by which formula and from which measurements; where one is absent nothing is computed, and one that cannot be
right, or is too old, refuses the row. A number whose column has a unit is brought to the unit that is wanted; one
without stands in that unit. The formulas stand in `cart_fhir.profiles.dose`.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, cast

from cart_fhir.mappers.dates import is_full
from cart_fhir.mappers.units import scaled
from cart_fhir.mappers.values import Amount, Refused, key_text
from cart_fhir.profiles import dose


def bsa(row: Any, formula: str, height: Any, weight: Any) -> Amount:
    """`bsa(mosteller, HEIGHT, WEIGHT)`: the body surface in m2 from cm and kg, by the formula that is named."""
    try:
        size = (_number(row, height, "cm"), _number(row, weight, "kg"))
        return Amount(dose.body_surface_area(*size, formula), unit="m2")  # type: ignore[arg-type]  # checked there
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


def milligrams(row: Any, per_m2: Any, area: Any) -> Amount:
    """`milligrams(PER_M2, AREA)`: the dose in mg from mg/m2 and m2."""
    try:
        return Amount(dose.milligrams(_number(row, per_m2, "mg/m2", "mg/m2/d"), _number(row, area, "m2")), unit="mg")
    except ValueError as wrong:
        raise Refused("range", str(wrong)) from None


def million_cells(row: Any, per_kg: Any, weight: Any) -> Amount:
    """`million_cells(PER_KG, WEIGHT)`: 10*6 cells from 10*6/kg and the weight that the protocol names."""
    try:
        return Amount(dose.million_cells(_number(row, per_kg, "10*6/kg"), _number(row, weight, "kg")), unit="10*6")
    except ValueError as wrong:
        raise Refused("range", str(wrong)) from None


def _number(row: Any, value: Any, *wanted: str) -> Decimal:
    """The number, in the first of the wanted units that its own unit converts to."""
    number = value.value if isinstance(value, Amount) and not value.comparator else value
    if isinstance(number, bool) or not isinstance(number, (int, Decimal)):
        raise Refused("type", "A number without < and > should stand here.")
    if not isinstance(value, Amount) or not value.unit:
        return Decimal(number)
    known = row.site.units.find(value.unit)
    for unit in wanted:
        with suppress(Refused):
            return cast("Decimal", row.site.units.convert(scaled(Decimal(number), known), known.ucum, unit))
    raise Refused("unit-incompatible", f"The unit {known.ucum} does not convert to {wanted[0]}.")
