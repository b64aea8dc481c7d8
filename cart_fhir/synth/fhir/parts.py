"""What makes the resources of one journey: ids, references, identifiers, and the codes of the journeys' tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from cart_fhir.definitions import Registry
from cart_fhir.mappers.identity import resource_id
from cart_fhir.profiles import canonical
from cart_fhir.profiles.elements import coding, concept, study_day
from cart_fhir.profiles.fill import fill
from cart_fhir.synth.codes import ATC, DRUGS, LOINC, RXNORM, SNOMED
from cart_fhir.synth.model import Journey

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the resources of one journey: knows the patient, day 0 and the registry that holds the profiles."""

    journey: Journey
    registry: Registry

    def resource(self, kind: str, key: tuple[str, ...], body: Json, profile: str = "") -> Json:
        """A resource with its id and business identifier, filled with what the profile (its id) fixes."""
        named = {"id": self.id(kind, *key), **body}
        if kind != "Provenance":
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
        return {"reference": f"{kind}/{self.id(kind, *key)}", "type": kind}

    @property
    def subject(self) -> Json:
        """The reference to the patient."""
        return self.reference("Patient")

    def study_day(self, on: date) -> Json:
        """The study day extension of a date."""
        return study_day(on, self.journey.zero(on))


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
