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


DICTIONARY = """"Variable / Field Name","Form Name","Field Type","Field Label",\
"Choices, Calculations, OR Slider Labels","Field Note","Text Validation Type OR Show Slider Number"
code,base,text,Patientennummer,,,
q1,base,radio,Geschlecht,"1, weiblich | 2, männlich | 9, unbekannt",,
q2,base,text,Geburtsdatum,,,date_dmy
q3,base,checkbox,Symptome des Patienten,"1, Exanthem | 2, Arthritis",,
q4,base,yesno,Raucher,,,
lab_date,labor,text,Abnahme,,,date_dmy
hb,labor,text,Wert 1,,g/dL,number_1dp_comma_decimal
x7,labor,text,CRP (mg/L),,,number
other,labor,calc,Quotient,,,
"""
PROJECT = (
    "code;redcap_event_name;redcap_repeat_instrument;redcap_repeat_instance;q1;q2;q3___1;q3___2;q4;base_complete;lab_date;"
    "hb;x7;other;labor_complete\n"
    "A1;start_arm_1;;;1;1980-01-02;1;0;0;2;;;;;\nA1;start_arm_1;labor;1;;;;;;;2025-03-01;9,5;4.2;.5;2\n"
    "A1;start_arm_1;labor;2;;;;;;;2025-03-01;9,9;5.2;.6;2\nA2;start_arm_1;;;9;1990-03;0;0;1;2;;;;;\n"
)


def test_a_dictionary_beside_the_export_says_what_its_columns_are(tmp_path: Path) -> None:
    (tmp_path / "project.csv").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "project_DataDictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    (tmp_path / "events.csv").write_text(
        "event_name,arm_num,unique_event_name\nStart,1,start_arm_1\n", encoding="utf-8"
    )
    made, words = skeleton([tmp_path])
    lines = {line.split(":")[0].strip(): line for line in made.splitlines() if "% sure" in line}
    for column, told in {
        "code": "{type: id, required: true}", "q1": '{type: code, map: {"1": female, "2": male, "9": unknown}}',
        "q3___2": 'yes: ["1"], no: ["0"]}  # 95% sure: ticked: Arthritis', "q4": "boolean", "lab_date": "date",
        "hb": '{type: number, unit: "g/dL"}', "x7": '{type: number, unit: "mg/L"}',
    }.items():  # fmt: skip
        assert told in lines[column], lines[column]
    assert made.count("\n    file: ") == 1, "neither the dictionary nor the list of events is a table"
    (tmp_path / "codes").mkdir()
    for file, rows in words.items():
        head = "source_code,source_text,target_system,target_code,target_display,unit,comment\n"
        (tmp_path / "codes" / file).write_text(head + "\n".join(",".join(row) for row in rows), encoding="utf-8")
    (tmp_path / "codes" / "map.yaml").write_text(made, encoding="utf-8")
    with load_map(tmp_path / "codes" / "map.yaml").run([tmp_path / "project.csv"]) as mapped:
        assert [issue.text for issue in mapped.issues if issue.is_error] == []
        found = [one for one in mapped if one["resourceType"] == "Observation"]
        assert sorted(str(one["valueQuantity"]["value"]) for one in found) == ["4.2", "5.2", "9.5", "9.9"]
        genders = {one["birthDate"]: one["gender"] for one in mapped if one["resourceType"] == "Patient"}
        assert genders == {"1980-01-02": "female", "1990-03": "unknown"}


def test_odm_gives_decodes_and_units_and_what_tells_visits_apart(tmp_path: Path) -> None:
    items = """<ItemData ItemOID="SEX" Value="1"/><ItemData ItemOID="WT" Value="{}"/>
      <ItemData ItemOID="DT" Value="2025-03-01"/>"""
    visits = "".join(
        f"""<o:StudyEventData StudyEventOID="E" StudyEventRepeatKey="{n}"><o:FormData FormOID="F"><o:ItemGroupData
        ItemGroupOID="VS">{items.format(60 + n).replace("<ItemData", "<o:ItemData")}</o:ItemGroupData></o:FormData>
        </o:StudyEventData>""" for n in (1, 2)
    )  # fmt: skip
    (tmp_path / "odm.xml").write_text(
        f"""<o:ODM xmlns:o="http://www.cdisc.org/ns/odm/v1.3"><o:Study OID="S"><o:BasicDefinitions><o:MeasurementUnit
        OID="U" Name="kg"/></o:BasicDefinitions><o:MetaDataVersion OID="M"><o:ItemDef OID="WT"><o:MeasurementUnitRef
        MeasurementUnitOID="U"/></o:ItemDef><o:ItemDef OID="SEX"><o:CodeListRef CodeListOID="C"/></o:ItemDef><o:CodeList
        OID="C"><o:CodeListItem CodedValue="1"><o:Decode><o:TranslatedText>Female</o:TranslatedText></o:Decode>
        </o:CodeListItem></o:CodeList></o:MetaDataVersion></o:Study><o:ClinicalData StudyOID="S" MetaDataVersionOID="M">
        <o:SubjectData SubjectKey="P1">{visits}</o:SubjectData></o:ClinicalData></o:ODM>""", encoding="utf-8",
    )  # fmt: skip
    made, words = skeleton([tmp_path / "odm.xml"])
    assert 'SEX.label: {type: code, map: {"Female": female}}' in made
    assert 'WT: {type: number, unit: "kg"}' in made
    assert list(words) == ["odm_vs_columns.csv"], "what names a place in the study needs no code table"
    (tmp_path / "odm_vs_columns.csv").write_text("source_code,target_system,target_code\nWT,loinc,29463-7\n")
    (tmp_path / "map.yaml").write_text(made, encoding="utf-8")
    with load_map(tmp_path / "map.yaml").run([tmp_path / "odm.xml"]) as mapped:
        assert [issue.text for issue in mapped.issues if issue.is_error] == []
        assert sorted(one["valueQuantity"]["value"] for one in mapped if one["resourceType"] == "Observation") == [
            61,
            62,
        ]
