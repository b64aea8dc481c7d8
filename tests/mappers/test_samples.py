"""The shared samples, mapped whole: OMOP, REDCap and ODM of the same records, another guide's FHIR, C-CDA."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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
        assert refused == ["unit-unknown"] * 2, "two have none"
        assert mapped.count == 13
        assert errors(mapped) == []


def test_a_c_cda_document_gives_its_results_and_medications() -> None:
    with load_map(ROOT / "examples" / "ccda" / "map.yaml").run([SAMPLES / "ccda" / "hl7_CCD_1.xml"]) as mapped:
        assert mapped.refused == 0, [str(issue) for issue in mapped.issues[:5]]
        kinds = [one["resourceType"] for one in mapped]
        assert kinds.count("Patient") == 1
        assert kinds.count("Observation") > 1
        assert kinds.count("MedicationStatement") >= 1
        assert errors(mapped) == []
