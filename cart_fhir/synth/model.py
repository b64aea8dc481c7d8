"""A journey: the facts of one synthetic patient, in no format. Exports and FHIR resources are written from these
facts alone.

Codes are the guide's local ones (a product, a criterion's level), ATC for drugs and LOINC for laboratory tests, so that
every writer has one table from code to its own spelling. Values with a unit are Decimal in the unit of the guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from cart_fhir.profiles.adverse_event import Consciousness, Hypotension, Hypoxia, Seizure

DiseaseKey = Literal["sle", "jdm", "ssc", "mg", "itp", "aiha"]


@dataclass(frozen=True, slots=True)
class Centre:
    """A hospital: its key, its name, the system of its patient numbers and the letter that they begin with."""

    key: str
    name: str
    system: str
    letter: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who: the centre's pseudonym, sex, date of birth, and of death if it came within the follow-up."""

    number: str
    sex: Literal["female", "male"]
    birth: date
    died: date | None


@dataclass(frozen=True, slots=True)
class Disease:
    """The treated disease; `onset` is a month (YYYY-MM), `nephritis` the ISN/RPS classes of a lupus nephritis."""

    key: DiseaseKey
    onset: str
    nephritis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PriorTherapy:
    """One row of the therapy table (a key of `codes.THERAPIES`): given before, never given, or None for not known."""

    therapy: str
    exposed: bool | None


@dataclass(frozen=True, slots=True)
class Apheresis:
    """The collection of the starting material, under its donation number."""

    on: date
    donation: str


@dataclass(frozen=True, slots=True)
class Product:
    """The product bag: identity (lot, chain of identity, donation) and the attributes of CAR-T reporting."""

    lot: str
    code: str
    identity: str
    donation: str
    collected: date
    antigen: str
    costimulation: str
    vector: str
    donor: str
    formulation: str
    generation: int
    viability: Decimal


@dataclass(frozen=True, slots=True)
class BodySize:
    """Height in cm, weight in kg and body surface area in m2 (Mosteller) on the day before lymphodepletion."""

    on: date
    height: Decimal
    weight: Decimal
    area: Decimal


@dataclass(frozen=True, slots=True)
class Lymphodepletion:
    """One day's dose of one drug: planned in mg/m2, given in mg; 0 mg where the dose was withheld."""

    atc: str
    day: int
    on: date
    per_m2: Decimal
    milligrams: Decimal


@dataclass(frozen=True, slots=True)
class Infusion:
    """An infusion, a day 0: planned dose in 10*6/kg, the weight it was made for, the cells given in 10*6, and for a
    further one why it was given (a code of cart-subsequent-infusion-reason).
    """

    on: date
    lot: str
    millions_per_kg: Decimal
    weight: Decimal
    millions: Decimal
    complete: bool
    number: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Support:
    """A premedication, a prophylaxis or the treatment of a toxicity; `purpose` is a code of cart-treatment-phase."""

    atc: str
    on: date
    value: Decimal
    unit: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Score:
    """A disease activity score at a visit: items by local code (booleans or points) and the total."""

    instrument: str
    visit: str
    day: int
    on: date
    items: Mapping[str, int]
    total: int


@dataclass(frozen=True, slots=True)
class Lab:
    """One laboratory value of an analyte of `codes.ANALYTES`, in the analyte's unit."""

    analyte: str
    day: int
    on: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Kinetic:
    """CAR+ T cells in blood, by the local code of the quantity: per uL, or in % of T cells."""

    code: str
    day: int
    on: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Grading:
    """One assessment of CRS (temperature, hypotension, hypoxia) or ICANS (ICE, consciousness, seizure) with its
    grade.
    """

    system: Literal["astct-crs", "astct-icans"]
    day: int
    on: date
    grade: int
    temperature: Decimal | None = None
    hypotension: Hypotension | None = None
    hypoxia: Hypoxia | None = None
    ice: int | None = None
    consciousness: Consciousness | None = None
    seizure: Seizure | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An adverse event with its highest grade, 1-5; `end` is None while it goes on."""

    code: str
    begin: date
    end: date | None
    grade: int
    serious: bool
    outcome: str
    causality: str

    @property
    def criterion(self) -> str:
        """Why it is serious, as the NCIt code of the guide: death, life-threatening, hospital stay or medically
        important.
        """
        if not self.serious:
            return ""
        if self.grade == 5:
            return "C48275"
        if self.code in ("crs", "icans", "pneumonia"):
            return "C84266" if self.grade == 4 else "C83052"
        return "C82521"


@dataclass(frozen=True, slots=True)
class Response:
    """The response as judged at a visit: cr, pr, nr or relapse."""

    visit: str
    day: int
    on: date
    value: str


@dataclass(frozen=True, slots=True)
class Journey:
    """Everything that is known of one patient, each list in order of time."""

    centre: Centre
    regimen: str
    person: Person
    disease: Disease
    prior: tuple[PriorTherapy, ...]
    apheresis: Apheresis
    product: Product
    body: BodySize
    lymphodepletion: tuple[Lymphodepletion, ...]
    infusions: tuple[Infusion, ...]
    support: tuple[Support, ...]
    scores: tuple[Score, ...]
    labs: tuple[Lab, ...]
    kinetics: tuple[Kinetic, ...]
    gradings: tuple[Grading, ...]
    events: tuple[Event, ...]
    responses: tuple[Response, ...]

    @property
    def infusion(self) -> Infusion:
        """The first infusion, from which the `day` of every fact counts."""
        return self.infusions[0]

    def zero(self, on: date) -> date:
        """The day 0 that study days of this date count from: the last infusion till then, else the first."""
        return max((given.on for given in self.infusions if given.on <= on), default=self.infusion.on)

    def day(self, on: date) -> int:
        """The study day of a date, as the guide counts it."""
        return (on - self.zero(on)).days
