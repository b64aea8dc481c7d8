"""Disease activity scores of a journey: items that fade with the disease, totals summed by the profiles room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from cart_fhir.profiles.activity import MG_ADL, SLEDAI_2K, jdm_das_total, mg_adl_total, sledai_2k_total
from cart_fhir.synth.chance import Chance
from cart_fhir.synth.disease import LUPUS_SIGNS, NEPHRITIS_SIGNS
from cart_fhir.synth.model import Lab, Response, Score
from cart_fhir.synth.plan import JUDGED, SCORED, Plan

_WORKS: Final = 60  # days until an infusion shows in the response
Values = Mapping[str, Decimal]
# activity of the disease on a day -> (items, total)
Rule = Callable[[float, Values], tuple[dict[str, int], int]]


def scores(chance: Chance, plan: Plan, nephritis: bool, labs: list[Lab]) -> list[Score]:
    """The scores of the disease's instrument at baseline and at the later visits; none for ITP and AIHA."""
    instrument = plan.profile.instrument
    if instrument is None:
        return []
    rule = _RULES[instrument](chance, nephritis)
    made = []
    for visit, day in plan.visits(*SCORED):
        values = {lab.analyte: lab.value for lab in labs if lab.day == day}
        items, total = rule(plan.activity(day), values)
        made.append(Score(instrument, visit, day, plan.on(day), items, total))
    return made


def responses(chance: Chance, plan: Plan, labs: list[Lab]) -> list[Response]:
    """The response at the visits from month 3; of ITP by the platelets (100 and 30 x10*9/L), else by the fate."""
    slow = plan.fate == "cr" and chance.happens(0.35)
    made = []
    for visit, day in plan.visits(*JUDGED):
        platelets = next(lab.value for lab in labs if lab.analyte == "platelets" and lab.day == day)
        relapsed = plan.fate == "relapse" and plan.relapse_day <= day < (plan.again or plan.last_day) + _WORKS
        if relapsed:
            value = "relapse"
        elif plan.disease == "itp":
            value = "cr" if platelets >= 100 else "pr" if platelets >= 30 else "nr"
        elif plan.fate == "relapse":
            value = "cr"
        else:
            value = "pr" if slow and visit == "mo3" else plan.fate
        made.append(Response(visit, day, plan.on(day), value))
    return made


def _sledai(chance: Chance, nephritis: bool) -> Rule:
    likely = {**LUPUS_SIGNS, **(NEPHRITIS_SIGNS if nephritis else {})}
    # each sign that is present at all goes when the activity falls below its own mark
    marks = {code: chance.number(0.08, 0.6) for code, probability in likely.items() if chance.happens(probability)}

    def rule(activity: float, values: Values) -> tuple[dict[str, int], int]:
        measured = {
            "low-complement": values["c3"] < Decimal("0.9") or values["c4"] < Decimal("0.1"),
            "increased-dna-binding": values["anti-dsdna"] > 30,
            "thrombocytopenia": values["platelets"] < 100,
            "leukopenia": values["leukocytes"] < 3,
        }
        items = {
            item.code: measured.get(item.code, item.code in marks and activity > marks[item.code]) for item in SLEDAI_2K
        }
        return dict(items), sledai_2k_total(items)

    return rule


def _jdm_das(chance: Chance, _: bool) -> Rule:
    muscle, skin = chance.whole(4, 11), chance.whole(3, 9)

    def rule(activity: float, _values: Values) -> tuple[dict[str, int], int]:
        items = {"jdm-das-muscle": round(muscle * activity), "jdm-das-skin": round(skin * activity)}
        return items, jdm_das_total(*items.values())

    return rule


def _mg_adl(chance: Chance, _: bool) -> Rule:
    start = {item: chance.whole(0, 3) for item in MG_ADL}
    start["eyelid-droop"] = max(start["eyelid-droop"], 2)

    def rule(activity: float, _values: Values) -> tuple[dict[str, int], int]:
        items = {item: round(points * activity) for item, points in start.items()}
        return items, mg_adl_total(items)

    return rule


def _mrss(chance: Chance, _: bool) -> Rule:
    start = chance.whole(17, 40)
    # skin softens over a year, long after the inflammation has gone, and rarely to nothing
    return lambda activity, _values: ({}, round(start * (0.3 + 0.7 * activity**0.2)))


_RULES: Final[Mapping[str, Callable[[Chance, bool], Rule]]] = {
    "sledai-2k": _sledai,
    "jdm-das-total": _jdm_das,
    "mg-adl": _mg_adl,
    "mrss": _mrss,
}
