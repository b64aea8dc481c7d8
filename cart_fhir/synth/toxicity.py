"""CRS and ICANS of a journey: assessments whose criteria give their grade, the events they make, their treatment."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from cart_fhir.profiles.adverse_event import (
    Consciousness,
    Hypotension,
    Hypoxia,
    Seizure,
    crs_grade,
    icans_grade,
)
from cart_fhir.synth.chance import Chance, decimal
from cart_fhir.synth.model import BodySize, Event, Grading, Support
from cart_fhir.synth.plan import Plan

_FEVER: Final = Decimal("38.0")
# highest grade -> how the grades go from day to day
_CRS_PATHS: Final = {1: ((1, 1), (1, 1, 1)), 2: ((1, 2, 1), (1, 2, 2, 1)), 3: ((1, 2, 3, 2, 1), (2, 3, 2, 1))}
_ICANS_PATHS: Final = {1: ((1,), (1, 1)), 2: ((1, 2, 1), (2, 1)), 3: ((1, 3, 2, 1), (2, 3, 2, 1))}

_CRS_CRITERIA: Final[dict[int, tuple[tuple[Hypotension, Hypoxia], ...]]] = {
    1: (("none", "none"),),
    2: (("no-vasopressor", "none"), ("none", "low-flow"), ("no-vasopressor", "low-flow")),
    3: (("one-vasopressor", "low-flow"), ("one-vasopressor", "none"), ("no-vasopressor", "high-flow")),
}
_ICE: Final = {1: (7, 9), 2: (3, 6), 3: (0, 2)}
_CONSCIOUSNESS: Final[dict[int, tuple[Consciousness, ...]]] = {
    1: ("alert", "awakens-spontaneously"),
    2: ("awakens-spontaneously", "awakens-to-voice"),
    3: ("awakens-to-voice", "awakens-to-tactile"),
}


@dataclass(slots=True)
class Toxicity:
    """What CRS and ICANS add to a journey; `days` are the study days with CRS."""

    gradings: list[Grading] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    support: list[Support] = field(default_factory=list)
    days: list[int] = field(default_factory=list)


def draw(chance: Chance, plan: Plan, body: BodySize) -> Toxicity:
    """The toxicities of a journey by chance: none, CRS, or CRS and then ICANS (from 13 years on only).

    Younger patients may be screened with CAPD, which the exports have no column for: they get no ICANS.
    """
    made = Toxicity()
    if chance.happens(0.72):
        _crs(chance, plan, body, made)
        if plan.years > 12 and chance.happens(0.1):
            _icans(chance, plan, made)
    if plan.again is not None:
        _second_crs(plan, made, plan.again)
    return made


def _second_crs(plan: Plan, made: Toxicity, again: int) -> None:
    """Two days of fever after the second infusion: CRS of grade 1."""
    days = (again + 3, again + 4)
    for day, temperature in zip(days, (Decimal("38.6"), Decimal("38.2")), strict=True):
        made.gradings.append(
            Grading("astct-crs", day, plan.on(day), 1, temperature, hypotension="none", hypoxia="none")
        )
    made.days += days
    made.events.append(Event("crs", plan.on(days[0]), plan.on(days[1] + 1), 1, False, "resolved", "probably-likely"))


def _crs(chance: Chance, plan: Plan, body: BodySize, made: Toxicity) -> None:
    highest = chance.one((1, 2, 3), (0.68, 0.28, 0.04))
    first = chance.whole(1, 7)
    treated = False
    for day, wanted in enumerate(chance.one(_CRS_PATHS[highest]), first):
        fever = not treated or chance.happens(0.5)
        temperature = chance.decimal(38.1, 40.2, 1) if fever else chance.decimal(36.6, 37.8, 1)
        hypotension, hypoxia = chance.one(_CRS_CRITERIA[wanted])
        grade = crs_grade(fever=temperature >= _FEVER, hypotension=hypotension, hypoxia=hypoxia, fever_treated=treated)
        made.gradings.append(
            Grading("astct-crs", day, plan.on(day), grade, temperature, hypotension=hypotension, hypoxia=hypoxia)
        )
        made.days.append(day)
        if grade >= 2 and not treated:
            treated = True
            made.support.append(_tocilizumab(plan, day, body))
        if grade >= 3:
            made.support.append(_dexamethasone(plan, day))
    _event(plan, made, "crs", highest, "probably-likely")


def _icans(chance: Chance, plan: Plan, made: Toxicity) -> None:
    highest = chance.one((1, 2, 3), (0.7, 0.24, 0.06))
    first = made.days[0] + chance.whole(1, 3)
    for day, wanted in enumerate(chance.one(_ICANS_PATHS[highest]), first):
        ice = chance.whole(*_ICE[wanted])
        consciousness = chance.one(_CONSCIOUSNESS[wanted])
        seizure: Seizure = "brief-or-resolving" if wanted == 3 and chance.happens(0.3) else "none"
        grade = icans_grade(ice=ice, consciousness=consciousness, seizure=seizure)
        made.gradings.append(
            Grading("astct-icans", day, plan.on(day), grade, ice=ice, consciousness=consciousness, seizure=seizure)
        )
        already = any(given.atc == "H02AB02" and given.on == plan.on(day) for given in made.support)
        if grade >= 2 and not already:
            made.support.append(_dexamethasone(plan, day))
    _event(plan, made, "icans", highest, "probably-likely")


def _event(plan: Plan, made: Toxicity, code: str, highest: int, causality: str) -> None:
    days = [grading.day for grading in made.gradings if grading.system == f"astct-{code}"]
    end = plan.on(days[-1] + 1)
    made.events.append(Event(code, plan.on(days[0]), end, highest, highest >= 2, "resolved", causality))


def _tocilizumab(plan: Plan, day: int, body: BodySize) -> Support:
    # 8 mg/kg up to 800 mg, 12 mg/kg below 30 kg: the labelled doses for CRS
    per_kg = 12 if body.weight < 30 else 8
    dose = min(decimal(float(body.weight) * per_kg, 0), Decimal(800))
    return Support("L04AC07", plan.on(day), dose, "mg", "toxicity-management")


def _dexamethasone(plan: Plan, day: int) -> Support:
    return Support("H02AB02", plan.on(day), Decimal(10), "mg", "toxicity-management")
