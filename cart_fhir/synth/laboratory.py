"""Laboratory values, CAR-T expansion and B cells of a journey over time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from cart_fhir.synth.chance import Chance, decimal
from cart_fhir.synth.codes import ANALYTES
from cart_fhir.synth.disease import HEALTHY
from cart_fhir.synth.model import Kinetic, Lab
from cart_fhir.synth.plan import Plan

_COUNTS: Final = ("platelets", "haemoglobin", "leukocytes", "neutrophils")
_INFLAMMATION: Final = ("crp", "ferritin")
_SPECIAL: Final = {
    "c3": ("sle",),
    "c4": ("sle",),
    "anti-dsdna": ("sle",),
    "ck": ("jdm",),
    "ldh": ("jdm", "aiha"),
}
_COUNT_DAYS: Final = (-2, 3, 10, 21)
_CRS_DAYS: Final = (1, 3, 5)
# how deep lymphodepletion presses a count (share lost at the nadir around day 6)
_DEPTH: Final = {"leukocytes": (0.7, 0.93), "platelets": (0.1, 0.55), "haemoglobin": (0.05, 0.22)}
_DERIVED: Final = ("b-cells", "igg", "neutrophils")
_SECOND_PEAK: Final = 0.4
_EXPANSION_DAYS: Final = (1, 3, 5, 7, 10, 14, 21, 28, 91, 182, 273, 365, 730)


def labs(chance: Chance, plan: Plan, crs_days: list[int]) -> list[Lab]:
    """All laboratory values of the follow-up, by day and then analyte. CRP and ferritin rise on and after days of
    CRS.
    """
    wanted = [name for name in ANALYTES if plan.disease in _SPECIAL.get(name, (plan.disease,))]
    course = {name: _Course(chance, plan, name) for name in wanted if name not in _DERIVED}
    b_cells = _BCells(chance, plan)
    igg = chance.number(*plan.profile.before.get("igg", HEALTHY["igg"]))
    granulocytes = chance.number(0.45, 0.7)
    made: list[Lab] = []
    for day, name in _samples(plan, wanted):
        if name == "b-cells":
            value = b_cells.at(day)
        elif name == "igg":
            value = decimal(chance.around(igg * (1 - _igg_lost(day)), 0.04), 1)
        elif name == "neutrophils":  # a share of the leukocytes, which stand just before them
            value = decimal(chance.around(float(made[-1].value) * granulocytes), 2)
        else:
            value = course[name].at(day, crs_days)
        made.append(Lab(name, day, plan.on(day), value))
    return made


def expansion(chance: Chance, plan: Plan) -> list[Kinetic]:
    """CAR+ T cells per uL and in % of T cells: from nothing to a peak between day 7 and 14, then down to nothing; after
    a second infusion once more, lower.
    """
    peak_day = chance.whole(7, 14)
    cells = chance.number(18, 240)
    percent = chance.number(4, 38)
    half_life = chance.number(4.5, 9)
    made: list[Kinetic] = []
    for start, height in ((0, 1.0), *([] if plan.again is None else [(plan.again, _SECOND_PEAK)])):
        end = plan.last_day if start or plan.again is None else plan.again
        for day in sorted({*_EXPANSION_DAYS, peak_day}):
            if start + day > end:
                break
            if day <= peak_day:
                share = height * math.exp(-0.55 * (peak_day - day))
            else:
                share = height * 0.93 * math.exp(-(day - peak_day) / half_life)
            on = plan.on(start + day)
            made.append(Kinetic("cart-cells-per-ul", start + day, on, _detected(cells * share, 1)))
            made.append(Kinetic("cart-percent-of-t-cells", start + day, on, _detected(percent * share, 2)))
    return made


def _detected(value: float, places: int) -> Decimal:
    # below a tenth of a cell (or a hundredth of a percent) flow cytometry sees nothing
    return decimal(value, places) if value >= 10**-places else Decimal(0)


def _samples(plan: Plan, wanted: list[str]) -> Iterator[tuple[int, str]]:
    days: dict[int, list[str]] = {}
    for visit, day in plan.visits():
        days[day] = [name for name in wanted if visit != "d0" or name not in ("b-cells", "igg")]
    for day in _COUNT_DAYS:
        days.setdefault(day, []).extend(_COUNTS)
    for day in _CRS_DAYS:
        days.setdefault(day, []).extend(_INFLAMMATION)
    for day in sorted(days):
        for name in days[day]:
            yield day, name


class _Course:
    """One analyte: from its level in active disease to the healthy one as the disease fades, with what treatment
    adds.
    """

    def __init__(self, chance: Chance, plan: Plan, name: str) -> None:
        self._chance = chance
        self._plan = plan
        self._name = name
        self._healthy = chance.number(*HEALTHY[name])
        before = plan.profile.before.get(name)
        self._active = chance.number(*before) if before else self._healthy
        self._depth = chance.number(*_DEPTH[name]) if name in _DEPTH else 0.0

    def at(self, day: int, crs_days: list[int]) -> Decimal:
        activity = self._plan.activity(day)
        value = self._healthy + (self._active - self._healthy) * activity
        if day > -5:
            value *= 1 - self._depth * math.exp(-(((day - 6) / 8) ** 2))
        if self._name in _INFLAMMATION and any(0 <= day - crs <= 3 for crs in crs_days):
            value *= self._chance.number(6, 22)
        return decimal(self._chance.around(value, 0.05), ANALYTES[self._name].places)


class _BCells:
    """CD19+ B cells: present, pressed by lymphodepletion, gone from day 7 or 14, and back months later if at all."""

    def __init__(self, chance: Chance, plan: Plan) -> None:
        self._chance = chance
        self._plan = plan
        self._start = chance.number(*HEALTHY["b-cells"]) * (0.4 if chance.happens(0.4) else 1)
        self._gone = chance.one((7, 14))
        self._back = chance.whole(75, 260)

    def at(self, day: int) -> Decimal:
        if day < 0:
            return decimal(self._chance.around(self._start), 0)
        if day < self._gone:
            return decimal(self._chance.number(1, 9), 0)
        again = self._plan.again
        since = 0 if again is None or day < again + self._gone else again  # the infusion that took them last
        if day < since + self._back:
            return Decimal(0)
        grown = self._start * (1 - math.exp(-(day - since - self._back) / 120))
        return decimal(max(2.0, self._chance.around(grown)), 0)


def _igg_lost(day: int) -> float:
    """The share of IgG lost: up to a third by day 91, and back within about a year."""
    if day <= 0:
        return 0.0
    return 0.33 * day / 91 if day <= 91 else max(0.05, 0.33 * (1 - (day - 91) / 320))
