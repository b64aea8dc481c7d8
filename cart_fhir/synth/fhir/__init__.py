"""Journeys as FHIR: the resources of the guide, written from the facts, with the ids that mapping an export gives."""

from __future__ import annotations

from typing import Any, Final

from cart_fhir.definitions import Registry
from cart_fhir.mappers.bundle import transaction
from cart_fhir.synth.fhir import adverse, history, observations, treatment
from cart_fhir.synth.fhir.parts import Maker
from cart_fhir.synth.model import Journey

__all__ = ["bundle", "resources"]

Json = dict[str, Any]

_AGENT_TYPE: Final = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"


def resources(journey: Journey, registry: Registry | None = None) -> list[Json]:
    """Every clinical resource of a journey, Patient first. `registry` must hold the guide (default: core and guide)."""
    make = Maker(journey, registry or Registry.default())
    return [resource for part in (history, treatment, observations, adverse) for resource in part.resources(make)]


def bundle(journey: Journey, registry: Registry | None = None) -> Json:
    """The submission of one patient: a transaction of PUTs with a Provenance that says the data is synthetic."""
    make = Maker(journey, registry or Registry.default())
    made = resources(journey, make.registry)
    return transaction([*made, _provenance(make, made)])


def _provenance(make: Maker, made: list[Json]) -> Json:
    last = max(lab.on for lab in make.journey.labs)
    assembler = {"system": _AGENT_TYPE, "code": "assembler"}
    body = {
        "target": [{"reference": f"{resource['resourceType']}/{resource['id']}"} for resource in made],
        "recorded": f"{last}T00:00:00Z",
        "agent": [
            {"type": {"coding": [assembler]}, "who": {"type": "Device", "display": "cart_fhir synthetic journeys"}}
        ],
    }
    return make.resource("Provenance", ("synthetic",), body, "cart-provenance")
