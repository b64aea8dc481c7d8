"""Validation on write and $validate: the levels, 422 with paths, and the same findings as the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cart_fhir.definitions import Registry
from cart_fhir.formats import json
from cart_fhir.issues import operation_outcome, worst_first
from cart_fhir.validator import Validator

from .conftest import Fhir, Json, observation, patient
from .test_search import journeys


def infusion() -> tuple[Json, Json]:
    """A valid CAR-T infusion of a synthetic journey, and the same without its product."""
    [bundle] = journeys(1)
    [good] = [
        entry["resource"]
        for entry in bundle["entry"]
        if entry["resource"].get("meta", {}).get("profile", [""])[0].endswith("/cart-administration")
    ]
    return good, {key: value for key, value in good.items() if key != "supportingInformation"}


def test_writes_against_a_claimed_profile_are_refused(fhir: Fhir) -> None:
    good, bad = infusion()
    assert fhir.put(f"MedicationAdministration/{good['id']}", good).status == 201
    refused = fhir.put(f"MedicationAdministration/{good['id']}", bad)
    assert refused.status == 422
    assert "MedicationAdministration.supportingInformation" in refused.data.decode()
    assert fhir.get(f"MedicationAdministration/{good['id']}").headers["ETag"] == 'W/"1"'


def test_base_rules_are_enforced_and_told_with_line_and_column(fhir: Fhir) -> None:
    text = b'{"resourceType": "Patient",\n "gender": "unsure",\n "nonsense": 1}'
    refused = fhir.post("Patient", text)
    assert refused.status == 422
    assert {place for _, _, place in refused.issues} >= {"Patient.gender", "Patient"}
    lines = {
        "".join(issue["expression"]): next(e["valueInteger"] for e in issue["extension"] if e["url"].endswith("line"))
        for issue in refused.json["issue"]
        if issue["severity"] == "error"
    }
    assert lines["Patient.gender"] == 2


@pytest.mark.parametrize(
    ("app", "status"),
    [
        ({"CART_FHIR_VALIDATION": "off"}, 201),
        ({"CART_FHIR_VALIDATION": "warn"}, 201),
        ({"CART_FHIR_VALIDATION": "enforce"}, 422),
    ],
    indirect=["app"],
)
def test_levels(fhir: Fhir, status: int) -> None:
    answer = fhir.post("Patient", patient(gender="unsure"), Prefer="return=OperationOutcome")
    assert answer.status == status
    told = [issue for issue in answer.json["issue"] if issue["severity"] == "error"]
    assert bool(told) == (fhir.client.application.config.get("CART_FHIR_VALIDATION") != "off" and status != 201) or told


def test_a_level_for_one_profile(tmp_path: Path) -> None:
    from cart_fhir.server.extension import service_of

    from .conftest import make_app

    good, bad = infusion()
    profile = good["meta"]["profile"][0]
    app = make_app(tmp_path, CART_FHIR_VALIDATION_PROFILES={profile: "warn"})
    fhir = Fhir(app.test_client())
    assert fhir.put(f"MedicationAdministration/{bad['id']}", bad).status == 201
    assert fhir.post("Patient", patient(gender="unsure")).status == 422
    service_of(app).shared.store.close()


LOCAL = patient(extension=[{"url": "https://hospital.example/fhir/ward", "valueString": "7"}])


def test_extensions_nobody_defined_are_refused(fhir: Fhir) -> None:
    assert fhir.post("Patient", LOCAL).status == 422


@pytest.mark.parametrize("app", [{"CART_FHIR_ALLOW_EXTENSIONS": "https://hospital.example/"}], indirect=True)
def test_extensions_of_a_hospital_may_be_allowed(fhir: Fhir) -> None:
    assert fhir.post("Patient", LOCAL).status == 201
    other = patient(extension=[{"url": "https://elsewhere.example/x", "valueString": "7"}])
    assert fhir.post("Patient", other).status == 422


def test_validate_says_what_the_validator_says(fhir: Fhir) -> None:
    _, bad = infusion()
    text = json.dumps(bad)
    answer = fhir.post("MedicationAdministration/$validate", text)
    assert answer.status == 200
    expected = operation_outcome(worst_first(Validator(registry=Registry.default()).validate(text)))
    assert answer.json == expected
    assert any(severity == "error" for severity, _, _ in answer.issues)


def test_validate_type_instance_mode_profile(fhir: Fhir) -> None:
    good, _ = infusion()
    url = good["meta"]["profile"][0]
    fhir.put("Patient/p", patient(id="p"))
    clean = fhir.post("Patient/$validate", patient())
    assert clean.status == 200
    assert not [issue for issue in clean.issues if issue[0] in ("error", "fatal")]
    assert fhir.get("Patient/p/$validate").status == 200
    wrapped = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "resource", "resource": patient(gender="unsure")},
            {"name": "mode", "valueCode": "create"},
        ],
    }
    assert [i for i in fhir.post("Patient/$validate", wrapped).issues if i[2] == "Patient.gender"]
    plain = {key: value for key, value in good.items() if key not in ("meta", "supportingInformation")}
    asked = fhir.post(f"MedicationAdministration/$validate?profile={url}", plain)
    assert [i for i in asked.issues if i[0] == "error"]
    assert fhir.post("Patient/p/$validate?mode=update", patient(id="q")).issues[0][2] == "Patient.id"
    assert fhir.get("Patient/p/$validate?mode=delete").status == 200
    assert fhir.get("Patient/absent/$validate?mode=delete").status == 404
    assert fhir.post("Observation/$validate", patient()).status == 400
    assert fhir.post("$validate", observation("Patient/p")).status == 200
