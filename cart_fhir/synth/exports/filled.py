"""A journey as filled-in forms of `forms.FORMS`: raw values as a data collection system stores them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from cart_fhir.profiles.activity import MG_ADL
from cart_fhir.synth.exports.forms import FORMS, Field
from cart_fhir.synth.model import Journey

# what a field is given: a guide code for a choice, several for a checkbox, else the value itself
Given = str | int | bool | Decimal | date | list[str] | None

_FIELDS: Final[Mapping[str, Field]] = {question.name: question for form in FORMS for question in form.fields}
_MARK: Final = {True: "given", False: "never", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Filled:
    """One form of one patient: which, the how-manieth (0 where it doesn't repeat), raw values by column."""

    form: str
    instance: int
    values: dict[str, str]


def columns(question: Field) -> list[str]:
    """The columns of a field: one, or one for each choice of a checkbox."""
    if question.kind == "checkbox":
        return [f"{question.name}___{place}" for place in range(1, len(question.choices) + 1)]
    return [question.name]


def filled(journey: Journey) -> list[Filled]:
    """Every form of a journey, in the order of the project and of time."""
    repeating = {form.name: form.repeats for form in FORMS}
    counts: dict[str, int] = {}
    made = []
    for form, given in _forms(journey):
        counts[form] = counts.get(form, 0) + 1
        values = {name: text for field, value in given.items() for name, text in _raw(_FIELDS[field], value)}
        made.append(Filled(form, counts[form] if repeating[form] else 0, values))
    return made


def _raw(question: Field, value: Given) -> Iterator[tuple[str, str]]:
    if question.kind == "checkbox":
        ticked = value if isinstance(value, list) else []
        for column, code in zip(columns(question), question.choices, strict=True):
            yield column, "1" if code in ticked else "0"
    elif value is None or value == "":
        yield question.name, ""
    elif question.kind == "choice":
        yield question.name, question.raw(str(value))
    elif question.kind == "yesno":
        yield question.name, "1" if value else "0"
    else:
        yield question.name, str(value)


def _forms(journey: Journey) -> Iterator[tuple[str, dict[str, Given]]]:
    yield from _once(journey)
    yield from _treatment(journey)
    yield from _follow_up(journey)
    yield from _safety(journey)


def _once(journey: Journey) -> Iterator[tuple[str, dict[str, Given]]]:
    person, disease, product, body = journey.person, journey.disease, journey.product, journey.body
    yield "demographics", {"sex": person.sex, "birth_date": person.birth, "death_date": person.died}
    yield "disease", {"diagnosis": disease.key, "onset": disease.onset, "ln_class": list(disease.nephritis)}
    yield "prior_therapy", {f"prior_{row.therapy}": _MARK[row.exposed] for row in journey.prior}
    yield "apheresis", {"aph_date": journey.apheresis.on, "aph_din": journey.apheresis.donation}
    yield (
        "product",
        {
            "prod_lot": product.lot,
            "prod_code": product.code,
            "prod_coi": product.identity,
            "prod_din": product.donation,
            "prod_collected": product.collected,
            "prod_antigen": product.antigen,
            "prod_costim": product.costimulation,
            "prod_vector": product.vector,
            "prod_donor": product.donor,
            "prod_formulation": product.formulation,
            "prod_generation": product.generation,
        },
    )
    yield (
        "body_size",
        {"body_date": body.on, "body_height": body.height, "body_weight": body.weight, "body_bsa": body.area},
    )


def _treatment(journey: Journey) -> Iterator[tuple[str, dict[str, Given]]]:
    for dose in journey.lymphodepletion:
        yield (
            "lymphodepletion",
            {"ld_drug": dose.atc, "ld_date": dose.on, "ld_per_m2": dose.per_m2, "ld_mg": dose.milligrams},
        )
    for infusion in journey.infusions:
        yield (
            "infusion",
            {
                "inf_date": infusion.on,
                "inf_lot": infusion.lot,
                "inf_dose": infusion.millions_per_kg,
                "inf_weight": infusion.weight,
                "inf_cells": infusion.millions,
                "inf_entire": infusion.complete,
                "inf_number": infusion.number,
                "inf_reason": infusion.reason,
            },
        )
    for given in journey.support:
        yield (
            "support",
            {
                "sup_date": given.on,
                "sup_drug": given.atc,
                "sup_dose": given.value,
                "sup_unit": given.unit,
                "sup_purpose": given.purpose,
            },
        )


def _follow_up(journey: Journey) -> Iterator[tuple[str, dict[str, Given]]]:
    for score in journey.scores:
        given: dict[str, Given] = {
            "act_date": score.on,
            "act_visit": score.visit,
            "act_instrument": score.instrument,
            "act_total": score.total,
        }
        if score.instrument == "sledai-2k":
            given["act_sledai"] = [code for code, present in score.items.items() if present]
        elif score.instrument == "jdm-das-total":
            given |= {"act_muscle": score.items["jdm-das-muscle"], "act_skin": score.items["jdm-das-skin"]}
        elif score.instrument == "mg-adl":
            given |= {f"act_mg_{number}": score.items[code] for number, code in enumerate(MG_ADL, 1)}
        yield "activity", given
    labs: dict[date, dict[str, Given]] = {}
    for lab in journey.labs:
        labs.setdefault(lab.on, {"lab_date": lab.on})[f"lab_{lab.analyte.replace('-', '_')}"] = lab.value
    yield from (("laboratory", values) for values in labs.values())
    cells: dict[date, dict[str, Given]] = {}
    for point in journey.kinetics:
        name = "exp_cells" if point.code == "cart-cells-per-ul" else "exp_percent"
        cells.setdefault(point.on, {"exp_date": point.on, "exp_method": "flow"})[name] = point.value
    yield from (("expansion", values) for values in cells.values())
    for judged in journey.responses:
        yield "response", {"resp_date": judged.on, "resp_visit": judged.visit, "resp_value": judged.value}


def _safety(journey: Journey) -> Iterator[tuple[str, dict[str, Given]]]:
    for event in journey.events:
        yield (
            "adverse_event",
            {
                "ae_term": event.code,
                "ae_begin": event.begin,
                "ae_end": event.end,
                "ae_grade": event.grade,
                "ae_serious": event.serious,
                "ae_criterion": event.criterion,
                "ae_outcome": event.outcome,
                "ae_causality": event.causality,
            },
        )
    for grading in journey.gradings:
        yield (
            "grading",
            {
                "gr_date": grading.on,
                "gr_system": grading.system,
                "gr_grade": grading.grade,
                "gr_temperature": grading.temperature,
                "gr_hypotension": grading.hypotension,
                "gr_hypoxia": grading.hypoxia,
                "gr_ice": grading.ice,
                "gr_consciousness": grading.consciousness,
                "gr_seizure": grading.seizure,
            },
        )
