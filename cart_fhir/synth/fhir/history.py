"""Who the patient is and what came before: Patient, Condition, prior therapy, body size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cart_fhir.profiles.elements import concept, local, quantity
from cart_fhir.synth.codes import DISEASES, NEPHRITIS, THERAPIES
from cart_fhir.synth.fhir.parts import Json, Maker, loinc, medication, snomed

_CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_VERIFICATION: Final = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_DUE_TO: Final = "http://hl7.org/fhir/StructureDefinition/condition-dueTo"


def resources(make: Maker) -> Iterator[Json]:
    """Patient, Condition (two with a lupus nephritis), prior therapies, height, weight and body surface area."""
    yield _patient(make)
    yield _condition(make)
    if make.journey.disease.nephritis:
        yield _nephritis(make)
    yield from _prior(make)
    yield from _body(make)


def _patient(make: Maker) -> Json:
    person = make.journey.person
    body: Json = {"gender": person.sex, "birthDate": str(person.birth)}
    if person.died:
        body["deceasedDateTime"] = str(person.died)
    return make.resource("Patient", (), body, "cart-patient")


def _condition(make: Maker) -> Json:
    disease = make.journey.disease
    diagnosis = DISEASES[disease.key]
    body = {
        "clinicalStatus": concept(_CLINICAL, "active"),
        "verificationStatus": concept(_VERIFICATION, "confirmed"),
        "code": snomed(diagnosis.snomed, diagnosis.display),
        "subject": make.subject,
        "onsetDateTime": disease.onset,
    }
    return make.resource("Condition", ("index-disease",), body, "cart-autoimmune-condition")


def _nephritis(make: Maker) -> Json:
    stages = [
        {"summary": local("cart-lupus-nephritis-class", name), "type": local("cart-stage-type", "isn-rps-2003")}
        for name in make.journey.disease.nephritis
    ]
    body = {
        "extension": [{"url": _DUE_TO, "valueReference": make.reference("Condition", "index-disease")}],
        "clinicalStatus": concept(_CLINICAL, "active"),
        "verificationStatus": concept(_VERIFICATION, "confirmed"),
        "code": snomed(NEPHRITIS.snomed, NEPHRITIS.display),
        "subject": make.subject,
        "stage": stages,
    }
    return make.resource("Condition", ("lupus-nephritis",), body, "cart-autoimmune-condition")


def _prior(make: Maker) -> Iterator[Json]:
    for row in make.journey.prior:
        therapy = THERAPIES[row.therapy]
        if row.exposed is None:
            continue
        if therapy.procedure:
            code = {**snomed(therapy.procedure), "text": therapy.name}
            status = "completed" if row.exposed else "not-done"
            done = {"status": status, "code": code, "subject": make.subject}
            yield make.resource("Procedure", ("prior-therapy", therapy.procedure), done, "cart-prior-procedure")
        else:
            taken = {
                "status": "completed" if row.exposed else "not-taken",
                "medicationCodeableConcept": medication(therapy.atc, therapy.rxnorm, therapy.name),
                "subject": make.subject,
            }
            key = ("prior-therapy", therapy.atc)
            yield make.resource("MedicationStatement", key, taken, "cart-prior-immunosuppression")


def _body(make: Maker) -> Iterator[Json]:
    body = make.journey.body
    day = str(body.on)
    for code, display, value, unit in (
        ("8302-2", "Body height", body.height, "cm"),
        ("29463-7", "Body weight", body.weight, "kg"),
        ("8277-6", "Body surface area", body.area, "m2"),
    ):
        measured: Json = {
            "extension": [make.study_day(body.on)],
            "status": "final",
            "code": loinc(code, display),
            "subject": make.subject,
            "effectiveDateTime": day,
            "valueQuantity": quantity(value, unit),
        }
        if code == "8277-6":
            measured["method"] = {"text": "Mosteller"}
            measured["derivedFrom"] = [make.reference("Observation", source, day) for source in ("8302-2", "29463-7")]
        yield make.resource("Observation", (code, day), measured, "cart-body-size")
