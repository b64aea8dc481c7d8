"""The parts that all resources of a journey are made of: codes, quantities, references, study days, ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from cart_fhir.definitions import Registry
from cart_fhir.mappers.identity import resource_id
from cart_fhir.profiles import canonical
from cart_fhir.profiles.fill import fill
from cart_fhir.profiles.study_day import day_of
from cart_fhir.synth.codes import ATC, DRUGS, LOINC, RXNORM, SNOMED
from cart_fhir.synth.model import Journey

Json = dict[str, Any]

UCUM: Final = "http://unitsofmeasure.org"


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the resources of one journey: knows the patient, day 0 and the registry that holds the profiles."""

    journey: Journey
    registry: Registry

    def resource(self, kind: str, key: tuple[str, ...], body: Json, profile: str = "") -> Json:
        """A resource with its id and business identifier, filled with what the profile (its id) fixes."""
        named = {"id": self.id(kind, *key), **body}
        if kind not in ("Provenance", "BiologicallyDerivedProduct"):
            identifier = self.identifier(key)
            # AdverseEvent is the one resource here with a single identifier
            named["identifier"] = identifier if kind == "AdverseEvent" else [identifier, *body.get("identifier", ())]
        if profile:
            return fill(canonical.url(profile), named, self.registry)
        return {"resourceType": kind, **named}

    def id(self, kind: str, *key: str) -> str:
        """The id of a resource of this patient by its business key."""
        return resource_id(kind, self.journey.centre.system, self.journey.person.number, *key)

    def identifier(self, key: tuple[str, ...]) -> Json:
        """The business identifier: the patient's number, or it and the key as a record of the centre."""
        number = self.journey.person.number
        if not key:
            return {"system": self.journey.centre.system, "value": number}
        return {"system": self.system("records"), "value": "|".join((number, *key))}

    def system(self, name: str) -> str:
        """A system of the centre: `records`, `lots`, `donations` ..."""
        return f"{self.journey.centre.system.rpartition('/')[0]}/{name}"

    def reference(self, kind: str, *key: str) -> Json:
        """A reference to a resource of this patient."""
        return {"reference": f"{kind}/{self.id(kind, *key)}"}

    @property
    def subject(self) -> Json:
        """The reference to the patient."""
        return self.reference("Patient")

    def study_day(self, on: date) -> Json:
        """The study day extension of a date."""
        infusion = self.journey.infusion.on
        day = day_of(on, infusion)
        inner = [{"url": "day", "valueInteger": day}, {"url": "infusionDate", "valueDate": str(infusion)}]
        return {"url": canonical.url("cart-study-day"), "extension": inner}


def extension(name: str, **value: Any) -> Json:
    """An extension of the guide by its id, with its value: `extension("cart-generation", valueInteger=2)`."""
    return {"url": canonical.url(name), **value}


def concept(system: str, code: str, display: str = "", text: str = "") -> Json:
    """A CodeableConcept of one coding."""
    made: Json = {"coding": [coding(system, code, display)]}
    return {**made, "text": text} if text else made


def coding(system: str, code: str, display: str = "") -> Json:
    """A Coding."""
    return {"system": system, "code": code, **({"display": display} if display else {})}


def local(system: str, code: str) -> Json:
    """A CodeableConcept of a code system of the guide, named by its noun: `local("cart-grade", "2")`."""
    return concept(canonical.system(system), code)


def loinc(code: str, display: str) -> Json:
    """A CodeableConcept of LOINC."""
    return concept(LOINC, code, display)


def snomed(code: str, display: str = "") -> Json:
    """A CodeableConcept of SNOMED CT."""
    return concept(SNOMED, code, display)


def drug(atc: str) -> Json:
    """The CodeableConcept of a drug given around the infusion: ATC, and RxNorm where verified."""
    rxnorm, name = DRUGS[atc]
    return medication(atc, rxnorm, name)


def medication(atc: str, rxnorm: str, name: str) -> Json:
    """The CodeableConcept of a drug or drug class."""
    codings = [coding(ATC, atc), *([coding(RXNORM, rxnorm)] if rxnorm else [])]
    return {"coding": codings, "text": name}


def quantity(value: Decimal | int, code: str) -> Json:
    """A Quantity in UCUM."""
    return {"value": value, "unit": _UNIT.get(code, code), "system": UCUM, "code": code}


_UNIT: Final = {"{score}": "score", "{cells}/uL": "cells/uL", "Cel": "°C", "[IU]/mL": "IU/mL"}
