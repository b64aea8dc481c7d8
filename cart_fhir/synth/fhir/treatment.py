"""What was done: leukapheresis, the product and its Medication twin, lymphodepletion, infusion, supportive drugs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cart_fhir.profiles.elements import extension, local, quantity
from cart_fhir.synth.fhir.parts import Json, Maker, drug, snomed

_IV: Final = ("47625008", "Intravenous route")


def resources(make: Maker) -> Iterator[Json]:
    """Procedure, BiologicallyDerivedProduct, Medication and every MedicationAdministration, in order of time."""
    yield _leukapheresis(make)
    yield _product(make)
    yield _twin(make)
    yield from _lymphodepletion(make)
    yield from _infusions(make)
    yield from _support(make)


def _leukapheresis(make: Maker) -> Json:
    done = make.journey.apheresis
    body = {
        "extension": [make.study_day(done.on)],
        "identifier": [{"system": make.system("donations"), "value": done.donation}],
        "status": "completed",
        "subject": make.subject,
        "performedDateTime": str(done.on),
    }
    return make.resource("Procedure", ("leukapheresis", str(done.on)), body, "cart-leukapheresis")


def _product(make: Maker) -> Json:
    product = make.journey.product
    collection = ("leukapheresis", str(product.collected))
    kinds = (
        ("lot", "lots", product.lot),
        ("chain-of-identity", "chain-of-identity", product.identity),
        ("din", "donations", product.donation),
    )
    body = {
        "extension": [
            extension("cart-target-antigen", valueCodeableConcept=local("cart-target-antigen", product.antigen)),
            _attribute("cart-costimulatory-domain", product.costimulation),
            extension("cart-generation", valueInteger=product.generation),
            _attribute("cart-vector", product.vector),
            _attribute("cart-donor-type", product.donor),
            _attribute("cart-formulation", product.formulation),
        ],
        "identifier": [
            {"type": local("cart-identifier-type", kind), "system": make.system(system), "value": value}
            for kind, system, value in kinds
        ],
        "productCode": local("cart-product", product.code),
        "collection": {
            "extension": [
                extension("cart-collection-procedure", valueReference=make.reference("Procedure", *collection))
            ],
            "source": make.subject,
            "collectedDateTime": str(product.collected),
        },
    }
    return make.resource("BiologicallyDerivedProduct", (product.lot,), body, "cart-product")


def _attribute(name: str, code: str) -> Json:
    return extension(name, valueCodeableConcept=local(name, code))


def _twin(make: Maker) -> Json:
    product = make.journey.product
    body = {
        "extension": [
            extension("cart-product-record", valueReference=make.reference("BiologicallyDerivedProduct", product.lot))
        ],
        "code": local("cart-product", product.code),
        "batch": {"lotNumber": product.lot},
    }
    return make.resource("Medication", (product.lot,), body, "cart-medication")


def _lymphodepletion(make: Maker) -> Iterator[Json]:
    for dose in make.journey.lymphodepletion:
        body = {
            "extension": [
                make.study_day(dose.on),
                extension("cart-planned-dose", valueQuantity=quantity(dose.per_m2, "mg/m2/d")),
                _attribute("cart-dose-basis", "per-m2"),
            ],
            "status": "completed" if dose.milligrams else "not-done",
            "medicationCodeableConcept": drug(dose.atc),
            "subject": make.subject,
            "effectiveDateTime": str(dose.on),
            "dosage": {"route": snomed(*_IV), "dose": quantity(dose.milligrams, "mg")},
        }
        key = ("lymphodepletion", dose.atc, str(dose.on))
        yield make.resource("MedicationAdministration", key, body, "cart-lymphodepletion")


def _infusions(make: Maker) -> Iterator[Json]:
    for given in make.journey.infusions:
        reason = [_attribute("cart-subsequent-infusion-reason", given.reason)] if given.reason else []
        body = {
            "extension": [
                make.study_day(given.on),
                extension("cart-planned-dose", valueQuantity=quantity(given.millions_per_kg, "10*6/kg")),
                _attribute("cart-dose-basis", "per-kg"),
                extension("cart-infusion-number", valuePositiveInt=given.number),
                extension("cart-volume-complete", valueBoolean=given.complete),
                *reason,
            ],
            "status": "completed",
            "medicationReference": make.reference("Medication", given.lot),
            "subject": make.subject,
            "effectiveDateTime": str(given.on),
            "reasonReference": [make.reference("Condition", "index-disease")],
            "supportingInformation": [make.reference("BiologicallyDerivedProduct", given.lot)],
            "dosage": {"route": snomed(*_IV), "dose": quantity(given.millions, "10*6")},
        }
        yield make.resource("MedicationAdministration", ("cart-infusion", str(given.on)), body, "cart-administration")


def _support(make: Maker) -> Iterator[Json]:
    for dose in make.journey.support:
        body = {
            "extension": [make.study_day(dose.on)],
            "status": "completed",
            "medicationCodeableConcept": drug(dose.atc),
            "subject": make.subject,
            "effectiveDateTime": str(dose.on),
            "reasonCode": [local("cart-treatment-phase", dose.purpose)],
            "dosage": {"dose": quantity(dose.value, dose.unit)},
        }
        key = (dose.purpose, dose.atc, str(dose.on))
        yield make.resource("MedicationAdministration", key, body, "cart-supportive-administration")
