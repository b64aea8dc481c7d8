"""Doses that can't be right: a slip of the decimal point, a dose per kg or m2 taken for the total, the wrong unit.

The yardstick is what was published (`regimen`): a planned dose of five times the highest or a fifth of the lowest
published one and beyond is told, so that most tenfold slips are; and a total that isn't planned dose
times body size. Each function gives one sentence, or "" when all is well; nothing is corrected, a clinician decides.
All values are Decimal.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from cart_fhir.profiles.regimen import REGIMENS

_SLIP: Final = 5
# what rounding to vials and capping leave a given dose to differ from the planned one
_TOLERANCE: Final = Decimal("0.2")


def lymphodepletion(atc: str, per_m2: Decimal) -> str:
    """What is odd about a planned dose in mg/m2 per day of a lymphodepleting drug; "" also for a drug of no regimen."""
    published = [drug.per_m2 for regimen in REGIMENS.values() for drug in regimen.drugs if drug.atc == atc]
    return _beyond(f"{atc} is planned at", per_m2, "mg/m2 per day", published) if published else ""


def cell_dose(millions_per_kg: Decimal) -> str:
    """What is odd about a planned cell dose in 10*6/kg."""
    published = [regimen.million_cells_per_kg for regimen in REGIMENS.values()]
    return _beyond("The cells are planned at", millions_per_kg, "10*6/kg", published)


def total(planned: Decimal, size: Decimal, given: Decimal, *, per: str) -> str:
    """What is odd about a total when `planned` was meant per kg or per m2 (`per`) of `size`; in one unit.

    A given dose that equals the planned one is the commonest slip: the dose per kg was written down as the total.
    """
    wanted = planned * size
    if not wanted or abs(given - wanted) <= wanted * _TOLERANCE:
        return ""
    if given == planned:
        return f"The total given is {given}, which is the planned dose per {per}; times {size} {per} it is {wanted}."
    slip = _power_of_ten(given / wanted)
    if slip:
        return f"The total given is {given}, {slip} the planned {wanted} ({planned} per {per} times {size} {per})."
    return f"The total given is {given}; the planned one is {wanted} ({planned} per {per} times {size} {per})."


def _beyond(what: str, value: Decimal, unit: str, published: list[Decimal]) -> str:
    low, high = min(published), max(published)
    if low / _SLIP < value < high * _SLIP:
        return ""
    return f"{what} {value} {unit}; published regimens use {low} to {high}. Check the decimal point and the unit."


def _power_of_ten(ratio: Decimal) -> str:
    """ "1000 times" or "a thousandth of" when a ratio is about a power of ten (10 to 10*6); else ""."""
    for power in range(1, 7):
        factor = Decimal(10) ** power
        if abs(ratio / factor - 1) <= _TOLERANCE:
            return f"{factor} times"
        if abs(ratio * factor - 1) <= _TOLERANCE:
            return f"one {factor}th of"
    return ""
