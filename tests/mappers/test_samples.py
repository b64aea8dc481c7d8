"""The shared samples, mapped whole: OMOP, REDCap and ODM of the same records, another guide's FHIR, C-CDA."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cart_fhir.issues import Issue
from cart_fhir.mappers import Mapped, load_map
from cart_fhir.validator import Validator

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / ".." / "shared" / "samples"
MAPS = Path(__file__).parent / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/samples is absent")


def errors(mapped: Mapped) -> list[str]:
    validator = Validator()
    return [
        f"{one['resourceType']} {issue.expression}: {issue.text}"
        for one in mapped
        for issue in validator.validate(one)
        if issue.is_error
    ]


def test_the_omop_database_maps_completely_and_validly() -> None:
    with load_map(ROOT / "examples" / "omop" / "map.yaml").run([SAMPLES / "omop"]) as mapped:
        assert mapped.refused == 0
        assert {total.table: total.mapped for total in mapped.totals} == {
            "person": 28, "measurement": 10040, "drug_exposure": 883,
        }  # fmt: skip
        some = [one for number, one in enumerate(mapped) if number % 10 == 0]
        validator = Validator()
        assert not [issue for one in some for issue in validator.validate(one) if issue.is_error]


def test_the_same_records_as_redcap_and_as_odm_give_equal_resources(tmp_path: Path) -> None:
    text = (MAPS / "gecco.yaml").read_text(encoding="utf-8")
    found: list[list[dict[str, Any]]] = []
    exports = {
        "redcap": SAMPLES / "redcap" / "numcodex_Realistic_2021-08-04.csv",
        "odm": SAMPLES / "odm" / "numcodex_REDCap_Realistic_2021-08-04.xml",
    }
    for form, export in exports.items():
        path = tmp_path / f"{form}.yaml"
        path.write_text(text.replace("format: redcap", f"format: {form}"), encoding="utf-8")
        with load_map(path).run([export]) as mapped:
            # one record has a CRP without its unit: both forms of it are refused
            assert [issue.text for issue in mapped.issues if issue.is_error] == ["The number has no unit."]
            assert mapped.refused == 1
            assert errors(mapped) == []
            found.append([one for one in mapped if one["resourceType"] != "Provenance"])
    assert len(found[0]) > 15
    assert {one["resourceType"] for one in found[0]} == {"Patient", "Observation"}
    assert found[0] == found[1]


def test_fhir_of_another_guide_becomes_fhir_of_this_one() -> None:
    with load_map(MAPS / "synthea.yaml").run([SAMPLES / "fhir" / "synthea_r4_Alva958_Dickinson688.json"]) as mapped:
        refused = [issue.rule for issue in mapped.issues if issue.is_error]
        assert refused == ["unit-missing"] * 2, "two have none"
        assert mapped.count == 13
        assert errors(mapped) == []


def test_a_c_cda_document_gives_all_its_sections() -> None:
    with load_map(ROOT / "examples" / "ccda" / "map.yaml").run([SAMPLES / "ccda"]) as mapped:
        refused = [(issue.rule, issue.origin.row) for issue in mapped.issues if issue.is_error and issue.origin]
        assert refused == [("date", 1178)], "a time of nine digits"
        assert errors(mapped) == []
        found = Counter(one["resourceType"] for one in mapped)
        assert {kind: number for kind, number in found.items() if kind != "Provenance"} == {
            "Patient": 1, "Condition": 5, "AllergyIntolerance": 2, "MedicationStatement": 3, "Immunization": 5,
            "Observation": 28, "DiagnosticReport": 3, "Procedure": 3, "Encounter": 1, "FamilyMemberHistory": 1,
            "ServiceRequest": 1, "Device": 3,
        }  # fmt: skip
        (less,) = [one for one in mapped if one.get("code", {}).get("coding", [{}])[0].get("code") == "42637-9"
                   and one["resourceType"] == "Observation"]  # fmt: skip
        assert less["valueRange"]["high"]["value"] == 5
        assert "reference" not in less["subject"], "a fragment does not say whose it is"


def test_any_message_of_others_is_mapped_or_told() -> None:
    with load_map(ROOT / "examples" / "hl7v2-any" / "map.yaml").run([SAMPLES / "hl7v2"]) as mapped:
        mapped.refuse(by_ref(mapped))
        refused = {(issue.rule, issue.origin.column) for issue in mapped.issues if issue.is_error and issue.origin}
        assert refused == {("profile-invalid", "OBX-5, OBX-5~*")}, "a heart rate of two values, sent as a code"
        assert errors(mapped) == []
        assert {one["resourceType"] for one in mapped} > {
            "Patient", "Encounter", "Condition", "AllergyIntolerance", "Procedure", "Observation", "DiagnosticReport",
            "DocumentReference", "MedicationRequest",
        }  # fmt: skip


def by_ref(mapped: Mapped) -> dict[str, list[Issue]]:
    validator = Validator()
    found = ((one, [issue for issue in validator.validate(one) if issue.is_error]) for one in mapped)
    return {f"{one['resourceType']}/{one['id']}": issues for one, issues in found if issues}
