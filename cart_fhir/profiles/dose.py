"""Doses: body surface area by a named formula, mg from mg/m2, cells from cells/kg, cumulative doses. All Decimal.

Nothing is computed from an assumed body size: the caller names the height, the weight, when they were measured and the
formula; the planned dose is kept beside the administered one (one never replaces the other).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final, Literal

Formula = Literal["mosteller", "du-bois", "haycock", "gehan-george"]

_CONTEXT: Final = Context(prec=28, rounding=ROUND_HALF_UP)
_HEIGHT: Final = (Decimal(30), Decimal(250))  # cm; below a premature infant and above the tallest adult known
_WEIGHT: Final = (Decimal("0.5"), Decimal(500))  # kg


@dataclass(frozen=True, slots=True)
class _Power:
    """BSA = constant * height ** height_power * weight ** weight_power (m2 from cm and kg)."""

    constant: Decimal
    height: Decimal
    weight: Decimal


# Constants as published: Mosteller NEJM 1987;317:1098, sqrt(cm * kg / 3600), stands in the code; Du Bois & Du Bois
# Arch Intern Med 1916;17:863; Haycock et al. J Pediatr 1978;93:62 (validated from infants to adults); Gehan & George
# Cancer Chemother Rep 1970;54:225.
_FORMULAS: Final[Mapping[str, _Power]] = {
    "du-bois": _Power(Decimal("0.007184"), Decimal("0.725"), Decimal("0.425")),
    "haycock": _Power(Decimal("0.024265"), Decimal("0.3964"), Decimal("0.5378")),
    "gehan-george": _Power(Decimal("0.0235"), Decimal("0.42246"), Decimal("0.51456")),
}
FORMULAS: Final = ("mosteller", *_FORMULAS)


def body_surface_area(height_cm: Decimal, weight_kg: Decimal, formula: Formula, places: int = 2) -> Decimal:
    """The body surface area in m2, rounded half up to `places`, by the named formula.

    Raises ValueError for an unknown formula and for a height or weight that can't be in cm and kg (a height of 1.62
    is in metres, a weight of 52000 in grams): a slip there would scale every dose after it.
    """
    if formula not in FORMULAS:
        raise ValueError(f"'{formula}' is no formula for body surface area; use one of {', '.join(FORMULAS)}.")
    _within("height", height_cm, *_HEIGHT, "cm")
    _within("weight", weight_kg, *_WEIGHT, "kg")
    if formula == "mosteller":  # the square root is exact where the powers would lose the last digit
        area = _CONTEXT.sqrt(height_cm * weight_kg / 3600)
    else:
        power = _FORMULAS[formula]
        area = power.constant * _CONTEXT.power(height_cm, power.height) * _CONTEXT.power(weight_kg, power.weight)
    return area.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def check_age(what: str, measured: date, used: date, most_days: int) -> None:
    """Raise ValueError when a measurement is older than `most_days` on the day it is used, or was taken after it."""
    age = (used - measured).days
    if age < 0:
        raise ValueError(f"{what} of {measured} is from after {used}, the day it would be used for.")
    if age > most_days:
        raise ValueError(f"{what} of {measured} is {age} days old on {used}; at most {most_days} are allowed.")


def milligrams(per_m2: Decimal, area_m2: Decimal, places: int = 1) -> Decimal:
    """The dose in mg from mg/m2 and m2, rounded half up to `places`. Raises ValueError for an area outside 0.1-4 m2."""
    _within("body surface area", area_m2, Decimal("0.1"), Decimal(4), "m2")
    return (_positive("dose", per_m2) * area_m2).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def million_cells(millions_per_kg: Decimal, weight_kg: Decimal, places: int = 1) -> Decimal:
    """The absolute number of cells in 10*6 from 10*6/kg and kg, rounded half up to `places`.

    `weight_kg` is the weight the protocol names (of the apheresis or the infusion), never "the latest".
    """
    _within("weight", weight_kg, *_WEIGHT, "kg")
    cells = _positive("cell dose", millions_per_kg) * weight_kg
    return cells.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def cumulative(doses: Sequence[Decimal]) -> Decimal:
    """The sum of the doses, in their common unit; every dose must be above 0."""
    return sum((_positive("dose", dose) for dose in doses), Decimal(0))


def _positive(what: str, value: Decimal) -> Decimal:
    if value <= 0:
        raise ValueError(f"{what} is {value}; it must be above 0.")
    return value


def _within(what: str, value: Decimal, low: Decimal, high: Decimal, unit: str) -> None:
    if not low <= value <= high:
        raise ValueError(f"{what} is {value}; in {unit} it lies between {low} and {high}. Check the unit.")
