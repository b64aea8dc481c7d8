"""What went wrong: an AdverseEvent for each event, graded, with its cause and its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cart_fhir.profiles import canonical
from cart_fhir.profiles.elements import coding, concept, extension
from cart_fhir.synth.codes import EVENTS, NCIT, SNOMED
from cart_fhir.synth.fhir.parts import Json, Maker
from cart_fhir.synth.model import Event

_TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem"
_GRADE: Final = {1: "C41338", 2: "C41339", 3: "C41340", 4: "C41337", 5: "C48275"}
_SEVERITY: Final = {1: "mild", 2: "moderate", 3: "severe"}
_CAUSALITY: Final = {"probably-likely": "Probably-Likely", "possible": "Possible", "unlikely": "Unlikely"}


def resources(make: Maker) -> Iterator[Json]:
    """The adverse events in order of time."""
    for event in make.journey.events:
        infused = make.reference("MedicationAdministration", "cart-infusion", str(make.journey.zero(event.begin)))
        body: Json = {
            "extension": list(_extensions(make, event)),
            "actuality": "actual",
            "event": _term(event.code),
            "subject": make.subject,
            "date": str(event.begin),
            "seriousness": _concept("adverse-event-seriousness", "serious" if event.serious else "non-serious"),
            "outcome": _concept("adverse-event-outcome", event.outcome),
            "suspectEntity": [
                {
                    "instance": infused,
                    "causality": [
                        {"assessment": _concept("adverse-event-causality-assess", _CAUSALITY[event.causality])}
                    ],
                }
            ],
        }
        if event.grade in _SEVERITY:  # grades 4 and 5 have no place in R4's three severities
            body["severity"] = _concept("adverse-event-severity", _SEVERITY[event.grade])
        key = (EVENTS[event.code].code, str(event.begin))
        yield make.resource("AdverseEvent", key, body, "cart-adverse-event")


def _extensions(make: Maker, event: Event) -> Iterator[Json]:
    yield make.study_day(event.begin)
    yield extension("cart-ae-grade", valueCodeableConcept=concept(NCIT, _GRADE[event.grade]))
    if event.criterion:
        yield extension("cart-seriousness-criterion", valueCodeableConcept=concept(NCIT, event.criterion))
    if event.end:
        yield extension("cart-resolve-date", valueDateTime=str(event.end))


def _term(code: str) -> Json:
    term = EVENTS[code]
    if term.local:
        second = [coding(NCIT, "C78251")] if code == "crs" else []
        return {"coding": [coding(canonical.system("cart-ae-term"), term.code), *second], "text": term.name}
    return {"coding": [coding(SNOMED, term.code)], "text": term.name}


def _concept(system: str, code: str) -> Json:
    return concept(f"{_TERMINOLOGY}/{system}", code)
