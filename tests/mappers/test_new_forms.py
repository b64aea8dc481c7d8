"""`map new` on exports that are no tables: what is a row is found by a look, and the map it writes checks and runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cart_fhir.mappers import load_map
from cart_fhir.mappers.readers.forms import look
from cart_fhir.mappers.skeleton import skeleton

HL7 = (
    "MSH|^~\\&|A|B|C|D|2026||ORU^R01|1|P|2.5\rPID|1||P1^^^H^MR~X9||DOE^JO||19800102|F\r"
    "OBR|1\rOBX|1|NM|718-7^Hb^LN||9.1|g/dL\r"
)
CDA = """<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole><id extension="P1"/><patient>
  <administrativeGenderCode code="F"/><birthTime value="19800102"/></patient></patientRole></recordTarget><component>
  <section><entry><observation><code code="1"/></observation></entry></section></component></ClinicalDocument>"""
ODM = """<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"><ClinicalData><SubjectData SubjectKey="P1"><StudyEventData
  StudyEventOID="E"><FormData FormOID="F"><ItemGroupData ItemGroupOID="DM"><ItemData ItemOID="SEX" Value="F"/>
  <ItemData ItemOID="BIRTH" Value="1980-01-02"/></ItemGroupData></FormData>
  </StudyEventData></SubjectData></ClinicalData></ODM>"""
FHIR = json.dumps(
    {"resourceType": "Bundle", "entry": [
        {"resource": {"resourceType": "Patient", "id": "P1", "gender": "female", "birthDate": "1980-01-02",
                      "text": {"status": "generated", "div": "<div>two\nlines</div>"}}},
        {"resource": {"resourceType": "Observation", "subject": {"reference": "Patient/P1"}, "status": "final"}}]}
)  # fmt: skip
REDCAP = (
    "record_id,redcap_repeat_instrument,redcap_repeat_instance,sex,birth_date,patient_phone\nP1,,,female,1980-01-02,\n"
)


@pytest.mark.parametrize(
    ("name", "text", "rows"),
    [
        ("a.hl7", HL7, ["PID", "OBX"]), ("a.xml", CDA, ["document", "observation"]), ("b.xml", ODM, ["itemgroup"]),
        ("a.json", FHIR, ["Patient", "Observation"]), ("a.csv", REDCAP, [None]), ("b.csv", "PAT;N\n1;2\n", []),
        ("b.json", '[{"record_id": "1"}]', [None]), ("a.txt", "\ufeff" + HL7, ["PID", "OBX"]), ("empty.csv", "", []),
    ],
)  # fmt: skip
def test_what_is_a_row_is_found_by_a_look(tmp_path: Path, name: str, text: str, rows: list[str | None]) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert [options.get("rows") for options in look(tmp_path / name)] == rows


@pytest.mark.parametrize(
    ("name", "text"), [("a.hl7", HL7), ("a.xml", CDA), ("b.xml", ODM), ("a.json", FHIR), ("a.csv", REDCAP)]
)
def test_the_map_that_is_written_makes_the_patient(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    made, words = skeleton([tmp_path / name])
    for file, lines in words.items():
        rows = [
            ["source_code", "source_text", "target_system", "target_code", "target_display", "unit", "comment"],
            *lines,
        ]
        (tmp_path / file).write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    (tmp_path / "map.yaml").write_text(made, encoding="utf-8")
    with load_map(tmp_path / "map.yaml").run([tmp_path / name]) as mapped:
        assert [issue.text for issue in mapped.issues if issue.is_error] == []
        (patient,) = [one for one in mapped if one["resourceType"] == "Patient"]
        assert patient["identifier"][0]["value"] == "P1"
        assert patient["birthDate"] == "1980-01-02"
        assert patient["gender"] == "female"
