"""FHIR as a source: bundles of any type, names by content, contained resources, references, XML, lines."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from cart_fhir.mappers import Unreadable
from cart_fhir.mappers.readers import fhir


def rows(tmp_path: Path, value: Any, kind: str = "Observation", name: str = "a.json") -> list[dict[str, Any]]:
    text = value if isinstance(value, str) else json.dumps(value)
    (tmp_path / name).write_text(text, encoding="utf-8")
    return [dict(record.values) for record in fhir.read(tmp_path / name, {"rows": kind}).records]


def bundle(kind: str, *entries: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def test_items_are_found_by_content_whatever_their_order(tmp_path: Path) -> None:
    made = {
        "resourceType": "Observation",
        "code": {"coding": [{"system": "urn:own", "code": "X"}, {"system": "http://loinc.org", "code": "85354-9"}]},
        "component": [
            {"code": {"coding": [{"code": "8462-4"}]}, "valueQuantity": {"value": 80}},
            {"code": {"coding": [{"code": "8480-6"}]}, "valueQuantity": {"value": 120}},
            {"code": {"coding": [{"code": "8480-6"}]}, "valueQuantity": {"value": 125}},
        ],
        "extension": [{"url": "http://x/a", "extension": [{"url": "b", "valueCode": "one"}]}],
        "identifier": [{"system": "urn:mrn", "value": "7"}],
    }
    (row,) = rows(tmp_path, made)
    assert row["code.coding[http://loinc.org].code"] == row["code.coding#2.code"] == "85354-9"
    assert row["component[8480-6].valueQuantity.value"] == "120"
    assert row["component[8480-6]#2.valueQuantity.value"] == "125"
    assert row["extension[a].extension[b].valueCode"] == row["extension[a].extension.valueCode"] == "one"
    assert row["identifier[urn:mrn].value"] == "7"


def test_contained_resources_stand_beside_the_reference_to_them(tmp_path: Path) -> None:
    made = {
        "resourceType": "MedicationAdministration",
        "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "Fludarabine"}},
                      {"resourceType": "Group", "id": "loop", "managingEntity": {"reference": "#loop"}}],
        "medicationReference": {"reference": "#m"}, "subject": {"reference": "#loop"},
        "request": {"reference": "#gone"},
    }  # fmt: skip
    (row,) = rows(tmp_path, made, "MedicationAdministration")
    assert row["medicationReference.contained.code.text"] == "Fludarabine"
    assert row["subject.contained.managingEntity.reference"] == "#loop"


@pytest.mark.parametrize("kind", ["transaction", "searchset", "collection", "batch", "document", "history"])
def test_bundles_of_any_type_name_their_patients(tmp_path: Path, kind: str) -> None:
    made = bundle(
        kind,
        {"fullUrl": "urn:uuid:11111111-2222-3333-4444-555555555555", "resource": {"resourceType": "Patient"}},
        {"fullUrl": "https://x.example/fhir/Patient/7", "resource": {"resourceType": "Patient", "id": "7"}},
        *({"resource": {"resourceType": "Observation", "subject": {"reference": ref}}} for ref in (
            "urn:uuid:11111111-2222-3333-4444-555555555555", "https://x.example/fhir/Patient/7", "Patient/7/_history/2",
            "https://other.example/Patient/9")),
        {"request": {"method": "DELETE", "url": "Patient/8"}}, {"response": {"status": "200"}}, {"resource": None},
        "odd",
    )  # fmt: skip
    assert [row["subject.reference"] for row in rows(tmp_path, made)] == [
        "Patient/11111111-2222-3333-4444-555555555555", "Patient/7", "Patient/7", "https://other.example/Patient/9",
    ]  # fmt: skip
    assert rows(tmp_path, made)[1]["subject.reference.id"] == "7"
    assert [row["id"] for row in rows(tmp_path, made, "Patient")] == ["11111111-2222-3333-4444-555555555555", "7"]


def test_bundles_in_bundles_lists_and_lines_of_bundles_are_gone_into(tmp_path: Path) -> None:
    one = {"resourceType": "Observation", "status": "final"}
    inner = bundle("collection", {"resource": one})
    assert len(rows(tmp_path, bundle("searchset", {"resource": inner}, {"resource": one}))) == 2
    assert len(rows(tmp_path, [inner, one])) == 2
    assert len(rows(tmp_path, f"{json.dumps(inner)}\n\n{json.dumps(one)}\n", name="a.ndjson")) == 2
    assert len(rows(tmp_path, f"{json.dumps(inner)}\n{json.dumps(one)}\n", name="b.json")) == 2, "lines by another name"


def test_xml_gives_the_same_cells_as_json(tmp_path: Path) -> None:
    text = """<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/><entry><fullUrl value="urn:uuid:5"/>
      <resource><Observation><status value="final"/><valueQuantity><value value="1.50"/></valueQuantity>
      </Observation></resource>
      </entry></Bundle>"""
    (row,) = rows(tmp_path, text, name="a.xml")
    assert str(row["valueQuantity.value"]) == "1.50"
    assert row["id"] == "5"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "null",
        "[1]",
        '{"resourceType": 7}',
        "{}",
        "<a",
        "<ODM/>",
        '[{"resourceType":"Bundle","entry":[{"resource":5}]}]',
    ],
)
def test_what_is_no_fhir_is_told(tmp_path: Path, value: str) -> None:
    with pytest.raises(Unreadable):
        rows(tmp_path, value)


def test_an_empty_answer_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(bundle("searchset")), encoding="utf-8")
    reading = fhir.read(tmp_path / "a.json", {"rows": "Patient"})
    assert list(reading.records) == []
    assert "no resources" in reading.doubts[0].text


def test_extensions_in_one_another_take_no_longer_than_they_should(tmp_path: Path) -> None:
    deep: dict[str, Any] = {"url": "u", "valueCode": "x"}
    for _ in range(25):
        deep = {"url": "u", "extension": [deep, {"url": "v", "valueCode": "y"}]}
    began = time.process_time()
    (row,) = rows(tmp_path, {"resourceType": "Observation", "extension": [deep]})
    assert time.process_time() - began < 5
    assert len(row) < 50_000
