"""The typed classes: they fill what the profile fixes, keep every digit, and what they make is valid."""

from __future__ import annotations

import doctest
import subprocess
import sys
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from cart_fhir.definitions import Registry
from cart_fhir.errors import NotFound
from cart_fhir.profiles import canonical, typed
from cart_fhir.profiles.elements import concept, extension, local, planned_dose, quantity, study_day
from cart_fhir.validator import Validator

ATC = "http://www.whocc.no/atc"
INFUSION = date(2031, 3, 10)
PATIENT = {"reference": "Patient/p1"}
CLASSES = {made.PROFILE: made for made in vars(typed).values() if isinstance(made, type) and hasattr(made, "PROFILE")}


def _observed(day: int, **elements: Any) -> dict[str, Any]:
    on = date(2031, 3, 10 + day)
    days = [study_day(on, INFUSION)]
    return {"status": "final", "subject": PATIENT, "effectiveDateTime": on, "extension": days, **elements}


def _component(system: str, code: str, value: int) -> dict[str, Any]:
    return {"code": local(system, code), "valueQuantity": {"value": value}}


# profile -> what an author writes; everything that the profile fixes is left out
EXAMPLES: dict[str, dict[str, Any]] = {
    "cart-patient": {
        "identifier": [{"system": "https://clinic.example/patients", "value": "7"}],
        "gender": "female",
        "birthDate": "2015-04",
    },
    "cart-autoimmune-condition": {
        "code": concept("http://snomed.info/sct", "55464009"),
        "subject": PATIENT,
        "clinicalStatus": concept("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
        "verificationStatus": concept("http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed"),
    },
    "cart-leukapheresis": {"status": "completed", "subject": PATIENT, "performedDateTime": "2031-02-20"},
    "cart-product": {
        "identifier": [{"type": local("cart-identifier-type", "lot"), "value": "L1"}],
        "productCode": local("cart-product", "kyv-101"),
        "extension": [extension("cart-target-antigen", valueCodeableConcept=local("cart-target-antigen", "cd19"))],
    },
    "cart-medication": {"code": local("cart-product", "kyv-101"), "batch": {"lotNumber": "L1"}},
    "cart-administration": {
        "status": "completed",
        "medicationReference": {"reference": "Medication/m1"},
        "subject": PATIENT,
        "effectiveDateTime": INFUSION,
        "supportingInformation": [{"reference": "BiologicallyDerivedProduct/b1", "type": "BiologicallyDerivedProduct"}],
        "dosage": {"dose": quantity(Decimal("21.50"), "10*6")},
        "extension": [study_day(INFUSION, INFUSION), planned_dose(Decimal("1.0"), "10*6/kg")],
    },
    "cart-lymphodepletion": {
        "status": "completed",
        "medicationCodeableConcept": concept(ATC, "L01BB05"),
        "subject": PATIENT,
        "effectiveDateTime": date(2031, 3, 5),
        "dosage": {"dose": quantity(Decimal("48.60"), "mg")},
        "extension": [study_day(date(2031, 3, 5), INFUSION), planned_dose(30, "mg/m2/d")],
    },
    "cart-prior-immunosuppression": {
        "status": "not-taken",
        "medicationCodeableConcept": concept(ATC, "L04AX01"),
        "subject": PATIENT,
    },
    "cart-disease-activity": _observed(
        3, code=local("cart-disease-activity", "mrss"), valueQuantity=quantity(12, "{score}")
    ),
    "cart-sledai-2k": _observed(3, valueQuantity={"value": 4}),
    "cart-jdm-das": _observed(
        3,
        valueQuantity={"value": 5},
        component=[
            _component("cart-disease-activity", "jdm-das-muscle", 3),
            _component("cart-disease-activity", "jdm-das-skin", 2),
        ],
    ),
    "cart-mg-adl": _observed(3, valueQuantity={"value": 2}, component=[_component("cart-mg-adl-item", "chewing", 2)]),
    "cart-laboratory": _observed(
        3, code=concept("http://loinc.org", "26515-7"), valueQuantity=quantity(Decimal(112), "10*9/L")
    ),
    "cart-kinetics": _observed(
        9,
        code=local("cart-kinetics", "cart-cells-per-ul"),
        valueQuantity=quantity(Decimal("118.80"), "{cells}/uL"),
        method=local("cart-kinetics-method", "flow"),
    ),
    "cart-crs-grading": _observed(
        3,
        valueCodeableConcept=local("cart-grade", "2"),
        component=[
            {
                "code": local("cart-toxicity-criterion", "hypotension-level"),
                "valueCodeableConcept": local("cart-hypotension-level", "no-vasopressor"),
            },
            {
                "code": local("cart-toxicity-criterion", "hypoxia-level"),
                "valueCodeableConcept": local("cart-hypoxia-level", "none"),
            },
        ],
    ),
    "cart-icans-grading": _observed(
        3,
        valueCodeableConcept=local("cart-grade", "1"),
        component=[_component("cart-toxicity-criterion", "ice-score", 8)],
    ),
    "cart-adverse-event": {
        "actuality": "actual",
        "event": local("cart-ae-term", "crs"),
        "subject": PATIENT,
        "date": "2031-03-13",
        "extension": [study_day(date(2031, 3, 13), INFUSION)],
    },
    "cart-response": _observed(20, valueCodeableConcept=local("cart-response", "cr")),
    "cart-provenance": {
        "target": [{"reference": "Patient/p1"}],
        "recorded": "2031-03-10T10:00:00+01:00",
        "agent": [{"who": {"display": "a clinic"}}],
    },
}


def test_every_class_is_of_a_profile_and_has_an_example() -> None:
    assert set(CLASSES) <= {structure["id"] for structure in Registry.default().profiles()}
    assert set(CLASSES) == set(EXAMPLES)


def test_a_profile_without_a_class_of_its_own() -> None:
    made = typed.of("cart-mmt-8")
    assert typed.of("cart-mmt-8") is made
    score = made(**_observed(3, valueQuantity={"value": 71})).resource()
    assert score["meta"]["profile"] == [canonical.url("cart-mmt-8")]
    assert score["valueQuantity"] == {"value": 71, "system": "http://unitsofmeasure.org", "code": "{score}"}
    assert typed.of("cart-product") is typed.CarTProduct
    for unknown in ("cart-none", "cart-study-day"):
        with pytest.raises(NotFound):
            typed.of(unknown)


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator(registry=Registry.default())


@pytest.mark.parametrize("profile", EXAMPLES)
def test_what_a_class_makes_is_valid(profile: str, validator: Validator) -> None:
    made = CLASSES[profile](**EXAMPLES[profile]).resource()
    assert made["meta"]["profile"] == [canonical.url(profile)]
    assert [issue for issue in validator.validate(made) if issue.is_error] == []


def test_digits_and_partial_dates_are_kept() -> None:
    infusion = typed.CarTAdministration(**EXAMPLES["cart-administration"]).resource()
    assert str(infusion["dosage"]["dose"]["value"]) == "21.50"
    assert infusion["effectiveDateTime"] == "2031-03-10"
    assert typed.CarTPatient(**EXAMPLES["cart-patient"]).resource()["birthDate"] == "2015-04"


def test_assignment_is_checked_and_told() -> None:
    score = typed.Sledai2k(**EXAMPLES["cart-sledai-2k"])
    score.valueQuantity.value = Decimal(8)
    assert score.resource()["valueQuantity"]["value"] == 8
    with pytest.raises(ValidationError):
        score.status = 7


def test_what_is_not_fhir_is_refused() -> None:
    with pytest.raises(ValidationError):
        typed.CarTPatient(**EXAMPLES["cart-patient"], favouriteColour="red")


def test_the_example_in_the_documentation_works() -> None:
    found = doctest.testmod(typed)
    assert found.attempted > 5
    assert found.failed == 0


def test_nothing_else_loads_fhir_resources() -> None:
    rooms = "cart_fhir.profiles.fill, cart_fhir.profiles.derived, cart_fhir.profiles.totals, cart_fhir.synth"
    code = f"import sys, {rooms}; print([name for name in sys.modules if name.split('.')[0] in ('fhir', 'pydantic')])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"
