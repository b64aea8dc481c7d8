"""Whole journeys by chance: `journeys(patients, seed)` yields the same ones for the same seed, everywhere and for
ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from cart_fhir.profiles.dose import body_surface_area, milligrams, million_cells
from cart_fhir.profiles.regimen import REGIMENS
from cart_fhir.synth import events, laboratory, plan, scores, toxicity
from cart_fhir.synth.chance import Chance, decimal
from cart_fhir.synth.codes import THERAPIES
from cart_fhir.synth.disease import NEPHRITIS_CLASSES
from cart_fhir.synth.model import (
    Apheresis,
    BodySize,
    Centre,
    Disease,
    Event,
    Infusion,
    Journey,
    Lymphodepletion,
    Person,
    PriorTherapy,
    Product,
    Support,
)
from cart_fhir.synth.plan import Plan

CENTRES: Final = {
    "a": Centre("a", "Universitätsklinikum A (synthetisch)", "https://centre-a.example/patients", "A"),
    "b": Centre("b", "Ospedale B (sintetico)", "https://centre-b.example/patients", "B"),
}


_LOT: Final = {"zorpocabtagene-autoleucel": "ZC", "kyv-101": "KY", "cd19-cart-nct06231368": "CD"}


def journeys(patients: int, seed: int, centre: Centre = CENTRES["a"]) -> Iterator[Journey]:
    """`patients` journeys of one centre.

    A patient's journey depends on the seed and on its number only, not on how many follow; two centres with one seed
    treat the same patients under their own numbers.
    """
    for number in range(1, patients + 1):
        yield journey(number, seed, centre)


def journey(number: int, seed: int, centre: Centre) -> Journey:
    """The journey of the patient with this number."""
    chance = Chance(f"cart_fhir journey {seed} {number}")
    outline = plan.draw(chance)
    withheld = Chance(f"cart_fhir withheld {seed} {number}").happens(0.03)
    person = Person(
        f"{centre.letter}{number:04}",
        outline.sex,
        outline.birth,
        outline.on(outline.last_day) if outline.dies else None,
    )
    disease = _disease(chance, outline)
    body = _body(chance, outline)
    apheresis, product = _product(chance, outline, number)
    toxic = toxicity.draw(chance, outline, body)
    labs = laboratory.labs(chance, outline, toxic.days)
    igg_events, igg_given = events.low_igg(outline, labs, body)
    support = [*_premedication(outline, body), *toxic.support, *events.growth_factor(outline, labs, body), *igg_given]
    happened = [
        *toxic.events,
        *events.cytopenias(outline, labs),
        *igg_events,
        *events.licats(chance, outline),
        *_one_at_a_time([*events.death(chance, outline), *events.infections(chance, outline)]),
    ]
    return Journey(
        centre=centre,
        regimen=outline.regimen,
        person=person,
        disease=disease,
        prior=_prior(chance, outline),
        apheresis=apheresis,
        product=product,
        body=body,
        lymphodepletion=_lymphodepletion(outline, body, withheld),
        infusions=tuple(_infusions(outline, body, product)),
        support=_in_time(support),
        scores=tuple(scores.scores(chance, outline, bool(disease.nephritis), labs)),
        labs=tuple(labs),
        kinetics=tuple(laboratory.expansion(chance, outline)),
        gradings=tuple(toxic.gradings),
        events=tuple(sorted(happened, key=lambda event: (event.begin, event.code))),
        responses=tuple(scores.responses(chance, outline, labs)),
    )


def _disease(chance: Chance, outline: Plan) -> Disease:
    youngest = 2.0 if outline.disease == "jdm" else 4.0 if outline.disease == "sle" else 15.0
    lasted = min(chance.number(1.5, 14), outline.age - youngest - 0.5)
    months = outline.infusion.year * 12 + outline.infusion.month - 1 - round(max(lasted, 0.5) * 12)
    nephritis = chance.one(NEPHRITIS_CLASSES) if outline.disease == "sle" and chance.happens(0.6) else ()
    return Disease(outline.disease, f"{months // 12:04}-{months % 12 + 1:02}", nephritis)


def _prior(chance: Chance, outline: Plan) -> tuple[PriorTherapy, ...]:
    tried = outline.profile.therapies
    made = []
    for key in THERAPIES:
        unknown = chance.happens(0.015)
        given = chance.happens(tried.get(key, 0.0))
        made.append(PriorTherapy(key, None if unknown else given))
    return tuple(made)


def _body(chance: Chance, outline: Plan) -> BodySize:
    if outline.age < 17:
        height = chance.around(74 + 5.9 * min(outline.age, 15.5), 0.06)
        index = chance.number(14.5, 16.5) + max(outline.age - 6, 0) * chance.number(0.2, 0.55)
    else:
        height = chance.number(156, 174) if outline.sex == "female" else chance.number(167, 188)
        index = chance.number(19.5, 29)
    tall = decimal(height, 0)
    heavy = decimal(index * float(tall / 100) ** 2, 1)
    return BodySize(outline.on(-6), tall, heavy, body_surface_area(tall, heavy, "mosteller"))


def _product(chance: Chance, outline: Plan, number: int) -> tuple[Apheresis, Product]:
    regimen = REGIMENS[outline.regimen]
    fresh = outline.fresh
    collected = outline.on(-chance.whole(13, 16) if fresh else -chance.whole(28, 62))
    tag = f"{outline.infusion:%y}{number:04}"
    donation = f"D{tag}{chance.whole(10, 99)}"
    product = Product(
        lot=f"{_LOT[regimen.product]}-{tag}-{chance.whole(1, 9)}",
        code=regimen.product,
        identity=f"COI-{tag}-{chance.whole(1000, 9999)}",
        donation=donation,
        collected=collected,
        antigen="cd19",
        costimulation=regimen.costimulation or "unknown",
        vector=regimen.vector or "unknown",
        donor="autologous",
        formulation="fresh" if fresh else "cryopreserved-thawed",
        generation=2,
        viability=chance.decimal(86, 98.5, 1) if fresh else chance.decimal(72, 93, 1),
    )
    return Apheresis(collected, donation), product


def _lymphodepletion(outline: Plan, body: BodySize, withheld: bool) -> tuple[Lymphodepletion, ...]:
    """The doses of the regimen; of some patients the last one is withheld."""
    doses = sorted(
        (
            Lymphodepletion(drug.atc, day, outline.on(day), drug.per_m2, milligrams(drug.per_m2, body.area))
            for drug in REGIMENS[outline.regimen].drugs
            for day in drug.days
        ),
        key=lambda dose: (dose.day, dose.atc),
    )
    return (*doses[:-1], replace(doses[-1], milligrams=Decimal(0)) if withheld else doses[-1])


def _infusions(outline: Plan, body: BodySize, product: Product) -> Iterator[Infusion]:
    """The infusion, and after a relapse for some the second bag of the lot, without another lymphodepletion."""
    per_kg = REGIMENS[outline.regimen].million_cells_per_kg
    first = Infusion(
        outline.infusion, product.lot, per_kg, body.weight, million_cells(per_kg, body.weight), complete=True, number=1
    )
    yield first
    if outline.again is not None:
        yield replace(first, on=outline.on(outline.again), number=2, reason="relapse")


def _premedication(outline: Plan, body: BodySize) -> list[Support]:
    dose = decimal(min(float(body.weight) * 15, 1000), 0)
    days = (0,) if outline.again is None else (0, outline.again)
    return [Support("N02BE01", outline.on(day), dose, "mg", "premedication") for day in days]


def _in_time(given: Sequence[Support]) -> tuple[Support, ...]:
    """By date, one dose of a drug for a purpose on a day: a second one that day would be the same resource."""
    kept: dict[tuple[date, str, str], Support] = {}
    for dose in given:
        kept.setdefault((dose.on, dose.purpose, dose.atc), dose)
    return tuple(kept[key] for key in sorted(kept))


def _one_at_a_time(happened: Sequence[Event]) -> list[Event]:
    """Of two events of one kind that overlap only the first: a pneumonia during the fatal one is the same one."""
    kept: list[Event] = []
    for event in happened:
        if not any(_overlap(event, other) for other in kept if other.code == event.code):
            kept.append(event)
    return kept


def _overlap(one: Event, other: Event) -> bool:
    return one.begin <= (other.end or date.max) and other.begin <= (one.end or date.max)
