"""The tables that both example centres export, each with its own words, dates and numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cart_fhir.synth.exports.table import Row
from cart_fhir.synth.exports.words import WORDS
from cart_fhir.synth.model import Infusion, Journey


@dataclass(frozen=True, slots=True)
class Hospital:
    """How a centre writes: which of the `WORDS`, how days and months, the decimal mark, a class of nephritis, a grade,
    and the cells that tell an infusion's planned dose, weight and cells.
    """

    language: int
    day: str
    month: str
    decimal: str
    nephritis: str
    grade: str
    infused: Callable[[Infusion], Row]

    def word(self, kind: str, code: object) -> str:
        """The centre's word for a code; empty for none."""
        if code in (None, ""):
            return ""
        found = WORDS[kind][str(code)]
        return found if isinstance(found, str) else found[self.language]

    def date(self, on: date | None) -> str:
        """A day as the centre writes it."""
        return on.strftime(self.day) if on else ""

    def number(self, value: Decimal | int | None) -> str:
        """A number as the centre writes it."""
        return "" if value is None else str(value).replace(".", self.decimal)

    def patients(self, journey: Journey) -> Iterator[Row]:
        """Number, sex, birth, disease, onset, classes of nephritis, death."""
        person, disease = journey.person, journey.disease
        classes = "+".join(name.removeprefix("class-").upper() for name in disease.nephritis)
        onset = date.fromisoformat(f"{disease.onset}-01").strftime(self.month)
        who = person.number, self.word("sex", person.sex), self.date(person.birth)
        yield (
            *who,
            self.word("disease", disease.key),
            onset,
            classes and self.nephritis + classes,
            self.date(person.died),
        )

    def apheresis(self, journey: Journey) -> Iterator[Row]:
        """Number, date, donation."""
        yield journey.person.number, self.date(journey.apheresis.on), journey.apheresis.donation

    def products(self, journey: Journey) -> Iterator[Row]:
        """Number, lot, product, chain of identity, donation, collection, attributes, viability."""
        product = journey.product
        yield (
            journey.person.number,
            product.lot,
            self.word("product", product.code),
            product.identity,
            product.donation,
            self.date(product.collected),
            product.antigen.upper(),
            self.word("costimulation", product.costimulation),
            self.word("vector", product.vector),
            self.word("donor", product.donor),
            self.word("formulation", product.formulation),
            str(product.generation),
            self.number(product.viability),
        )

    def body(self, journey: Journey) -> Iterator[Row]:
        """Number, date, height, weight, body surface area."""
        body = journey.body
        yield journey.person.number, self.date(body.on), *map(self.number, (body.height, body.weight, body.area))

    def infusions(self, journey: Journey) -> Iterator[Row]:
        """Number, date, lot, doses, whether all was infused, the how-manieth, why another one."""
        for given in journey.infusions:
            told = self.word("yes", given.complete), str(given.number), self.word("reason", given.reason)
            yield journey.person.number, self.date(given.on), given.lot, *self.infused(given), *told

    def support(self, journey: Journey) -> Iterator[Row]:
        """Number, date, drug, dose, unit, purpose."""
        for dose in journey.support:
            amount = self.number(dose.value), self.word("unit", dose.unit)
            drug = self.word("drug", dose.atc)
            yield journey.person.number, self.date(dose.on), drug, *amount, self.word("purpose", dose.purpose)

    def events(self, journey: Journey) -> Iterator[Row]:
        """Number, event, begin, end, grade, serious, criterion, outcome, causality."""
        for event in journey.events:
            yield (
                journey.person.number,
                self.word("event", event.code),
                self.date(event.begin),
                self.date(event.end),
                f"{self.grade}{event.grade}",
                self.word("yes", event.serious),
                self.word("criterion", event.criterion),
                self.word("outcome", event.outcome),
                self.word("causality", event.causality),
            )

    def gradings(self, journey: Journey) -> Iterator[Row]:
        """Number, date, study day, CRS or ICANS, grade, criteria."""
        for grading in journey.gradings:
            yield (
                journey.person.number,
                self.date(grading.on),
                str(journey.day(grading.on)),
                grading.system.removeprefix("astct-").upper(),
                str(grading.grade),
                self.number(grading.temperature),
                self.word("hypotension", grading.hypotension),
                self.word("hypoxia", grading.hypoxia),
                self.number(grading.ice),
                self.word("consciousness", grading.consciousness),
                self.word("seizure", grading.seizure),
            )

    def responses(self, journey: Journey) -> Iterator[Row]:
        """Number, date, visit, study day, response."""
        for judged in journey.responses:
            when = self.date(judged.on), self.word("visit", judged.visit), str(journey.day(judged.on))
            yield journey.person.number, *when, self.word("response", judged.value)
