"""Adverse events other than CRS and ICANS: cytopenias and low IgG read from the laboratory, infections, LICATS,
death.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final

from cart_fhir.synth.chance import Chance, decimal
from cart_fhir.synth.model import BodySize, Event, Lab, Support
from cart_fhir.synth.plan import Plan

# event -> analyte, then (below, CTCAE grade) from worst to mild, and the count at which it is over. CTCAE v5.0
_CYTOPENIAS: Final[tuple[tuple[str, str, tuple[tuple[Decimal, int], ...], Decimal], ...]] = (
    ("neutropenia", "neutrophils", ((Decimal("0.5"), 4), (Decimal("1.0"), 3)), Decimal("1.0")),
    ("thrombocytopenia", "platelets", ((Decimal(25), 4), (Decimal(50), 3)), Decimal(50)),
    ("anaemia", "haemoglobin", ((Decimal("8.0"), 3),), Decimal("8.0")),
)
# the disease itself, not the treatment, lowers the count
_DISEASE_ITSELF: Final = {("thrombocytopenia", "itp"), ("anaemia", "aiha")}
_LOW_IGG: Final = Decimal("4.5")


def cytopenias(plan: Plan, labs: Sequence[Lab]) -> list[Event]:
    """One event for each count that fell to CTCAE grade 3 or more from day 0 on, graded by its lowest value."""
    made = []
    for code, analyte, grades, over in _CYTOPENIAS:
        series = [lab for lab in labs if lab.analyte == analyte and 0 <= lab.day <= 60]
        low = [lab for lab in series if lab.value < grades[-1][0]]
        before = next(lab.value for lab in labs if lab.analyte == analyte)
        if not low or before < grades[-1][0] or (code, plan.disease) in _DISEASE_ITSELF:
            continue
        lowest = min(lab.value for lab in low)
        grade = next(grade for below, grade in grades if lowest < below)
        end = next((lab.on for lab in series if lab.day > low[0].day and lab.value >= over), None)
        outcome = "resolved" if end else "ongoing"
        made.append(Event(code, low[0].on, end, grade, grade >= 4, outcome, "possible"))
    return made


def low_igg(plan: Plan, labs: Sequence[Lab], body: BodySize) -> tuple[list[Event], list[Support]]:
    """Hypogammaglobulinaemia when IgG falls below 4.5 g/L, and the immunoglobulin given for it (0.4 g/kg each time)."""
    series = [lab for lab in labs if lab.analyte == "igg" and lab.day > 0]
    low = [lab for lab in series if lab.value < _LOW_IGG]
    if not low:
        return [], []
    end = next((lab.on for lab in series if lab.day > low[-1].day), None)
    event = Event(
        "hypogammaglobulinaemia", low[0].on, end, 2, False, "resolved" if end else "ongoing", "probably-likely"
    )
    grams = decimal(float(body.weight) * 0.4, 1)
    given = [
        Support("J06BA02", lab.on + timedelta(days=1), grams, "g", "ig-replacement")
        for lab in low
        if lab.day < plan.last_day
    ]
    return [event], given


def growth_factor(plan: Plan, labs: Sequence[Lab], body: BodySize) -> list[Support]:
    """Filgrastim, 5 ug/kg, on the day after each neutrophil count below 0.5 x10*9/L."""
    dose = decimal(float(body.weight) * 5, 0)
    return [
        Support("L03AA02", plan.on(lab.day + 1), dose, "ug", "toxicity-management")
        for lab in labs
        if lab.analyte == "neutrophils" and 0 < lab.day < 60 and lab.value < Decimal("0.5")
    ]


def infections(chance: Chance, plan: Plan) -> list[Event]:
    """A pneumonia and a herpes zoster in some; both are over within the follow-up or still going on at its end."""
    made = []
    for code, probability, grades in (("pneumonia", 0.07, (2, 3)), ("herpes-zoster", 0.06, (2, 2))):
        if chance.happens(probability):
            begin = chance.whole(16, 240)
            length = chance.whole(7, 21)
            grade = chance.one(grades)
            if begin < plan.last_day:
                over = begin + length <= plan.last_day
                end = plan.on(begin + length) if over else None
                outcome = "resolved" if over else "ongoing"
                made.append(Event(code, plan.on(begin), end, grade, grade >= 3, outcome, "possible"))
    return made


def licats(chance: Chance, plan: Plan) -> list[Event]:
    """Local toxicity in some, most often around day 10 and for about as long, of severity 1 or 2."""
    if not chance.happens(0.25):
        return []
    begin = chance.whole(6, 26)
    end = plan.on(begin + chance.whole(5, 16))
    severity = chance.one((1, 2), (0.75, 0.25))
    return [Event("licats", plan.on(begin), end, severity, False, "resolved", "probably-likely")]


def death(chance: Chance, plan: Plan) -> list[Event]:
    """The infection that a patient dies of, where the plan says so: a pneumonia of grade 5 to the last day."""
    if not plan.dies:
        return []
    begin = plan.last_day - chance.whole(3, 12)
    return [Event("pneumonia", plan.on(begin), plan.on(plan.last_day), 5, True, "fatal", "possible")]
