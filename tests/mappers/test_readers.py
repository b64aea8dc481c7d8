"""Readers of REDCap, ODM, CDA, FHIR, OMOP and fixed-width files, on small files of ours and the shared samples."""

from __future__ import annotations

import resource
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from cart_fhir import plugins
from cart_fhir.mappers import Unreadable, readers
from cart_fhir.mappers.readers import cda, delimited, excel, fhir, fixed, odm, redcap

SAMPLES = Path(__file__).parents[2] / ".." / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/samples is absent")

DICTIONARY = """Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"Choices"
record_id,base,,text,Id,
sex,base,,radio,Sex,"1, m | 2, f"
gym,sport,,checkbox,Gym,"1, Mo | 2, Tu"
notes,sport,,text,Notes,
"""


def records(reading: Any) -> list[dict[str, Any]]:
    return [dict(record.values) for record in reading.records]


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


# -- REDCap --------------------------------------------------------------------------------------------------------


def test_an_unticked_box_of_a_form_never_opened_is_no_answer(tmp_path: Path) -> None:
    written(tmp_path / "dict.csv", DICTIONARY)
    head = "record_id,sex,base_complete,gym___1,gym___2,notes,sport_complete\n"
    rows = "1,1,2,0,0,,0\n2,1,2,0,0,,2\n3,1,2,0,0,tired,0\n4,1,2,1,0,,0\n"
    found = records(redcap.read(written(tmp_path / "data.csv", head + rows), {"dictionary": "dict.csv"}))
    assert [(row["gym___1"], row["gym___2"]) for row in found] == [("", ""), ("0", "0"), ("0", "0"), ("1", "0")]


def test_flat_csv_eav_csv_and_json_give_the_same_records(tmp_path: Path) -> None:
    flat = written(tmp_path / "a.csv", "record_id,redcap_event_name,sex,gym___2\n1,base_arm_1,2,1\n")
    eav = written(
        tmp_path / "b.csv", "record,redcap_event_name,field_name,value\n1,base_arm_1,sex,2\n1,base_arm_1,gym,2\n"
    )
    listed = written(
        tmp_path / "c.json", '[{"record_id": 1, "redcap_event_name": "base_arm_1", "sex": "2", "gym___2": "1"}]'
    )
    (one,), (two,), (three,) = (records(redcap.read(path, {})) for path in (flat, eav, listed))
    assert one == three
    assert one.items() <= two.items()


@needs_samples
def test_the_same_records_as_redcap_csv_and_as_odm_are_equal() -> None:
    table = redcap.read(SAMPLES / "redcap" / "numcodex_Realistic_2021-08-04.csv", {})
    trial = odm.read(SAMPLES / "odm" / "numcodex_REDCap_Realistic_2021-08-04.xml", {"rows": "form"})
    names = [name for name in table.columns or () if not name.startswith("redcap_repeat")]

    def facts(reading: Any) -> list[tuple[str, ...]]:
        made = []
        for row in records(reading):
            at = (row["record_id"], row["redcap_event_name"])
            # ODM writes times as 2020-05-10T17:43:00, the table as 2020-05-10 17:43
            made += [(*at, name, row[name].replace("T", " ")[:16]) for name in names[2:] if row.get(name)]
        return sorted(made)

    one, other = facts(table), facts(trial)
    assert len(one) > 5000
    assert one == other


@needs_samples
def test_the_shared_redcap_projects_are_read_with_their_dictionaries() -> None:
    folder = SAMPLES / "redcap"
    found = records(
        redcap.read(folder / "redcapr_longitudinal_data.csv", {"dictionary": "redcapr_longitudinal_dictionary.csv"})
    )
    enrolled = [row for row in found if row["redcap_event_name"] == "enrollment_arm_1"]
    other = [row for row in found if row["redcap_event_name"] == "dose_1_arm_1"]
    assert enrolled[0]["gym___0"] == "1"
    assert enrolled[0]["gym___1"] == "0"
    assert all(row["gym___0"] == "" for row in other)


# -- ODM -----------------------------------------------------------------------------------------------------------


def test_removed_data_is_left_out_and_codes_are_decoded(tmp_path: Path) -> None:
    text = """<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"><Study><MetaDataVersion>
      <ItemDef OID="SEX"><CodeListRef CodeListOID="CL"/></ItemDef>
      <CodeList OID="CL"><CodeListItem CodedValue="1"><Decode><TranslatedText>male</TranslatedText></Decode>
      </CodeListItem></CodeList></MetaDataVersion></Study><ClinicalData><SubjectData SubjectKey="S1">
      <StudyEventData StudyEventOID="E" StudyEventRepeatKey="2"><FormData FormOID="F"><ItemGroupData ItemGroupOID="G">
      <ItemData ItemOID="SEX" Value="1"/><ItemDataDate ItemOID="D">2024-05-01</ItemDataDate>
      <ItemData ItemOID="GONE" Value="1" TransactionType="Remove"/></ItemGroupData>
      <ItemGroupData ItemGroupOID="H" TransactionType="Remove"><ItemData ItemOID="X" Value="1"/></ItemGroupData>
      </FormData></StudyEventData></SubjectData></ClinicalData></ODM>"""
    (row,) = records(odm.read(written(tmp_path / "a.xml", text), {}))
    assert row["SubjectKey"] == "S1"
    assert row["StudyEventRepeatKey"] == "2"
    assert (row["SEX"], row["SEX.label"], row["D"]) == ("1", "male", "2024-05-01")
    assert "GONE" not in row
    assert "X" not in row


def test_ten_levels_of_repeats_are_read_and_forty_one_are_told(tmp_path: Path) -> None:
    def nested(depth: int) -> str:
        inner = '<ItemData ItemOID="I"><Value>7</Value></ItemData>'
        for level in range(depth):
            inner = f'<ItemGroupData ItemGroupOID="G{level}" ItemGroupRepeatKey="{level}">{inner}</ItemGroupData>'
        return (
            '<ODM xmlns="http://www.cdisc.org/ns/odm/v2.0"><ClinicalData><SubjectData SubjectKey="S">'
            f'<StudyEventData StudyEventOID="E">{inner}</StudyEventData></SubjectData></ClinicalData></ODM>'
        )

    (row,) = records(odm.read(written(tmp_path / "a.xml", nested(10)), {}))
    assert (row["I"], row["ItemGroupRepeatKey"]) == ("7", "0")
    with pytest.raises(Unreadable):
        records(odm.read(written(tmp_path / "b.xml", nested(41)), {}))


@needs_samples
def test_repeating_groups_of_odm_2_are_rows() -> None:
    found = records(odm.read(SAMPLES / "odm" / "cdisc_ODMv2_RepeatingIG-UC-D.xml", {"only": "IG.MEDHIST"}))
    assert [row["ItemGroupRepeatKey"] for row in found] == ["1", "2", "3", "4"]
    assert found[0]["I.MH.BODSYS.label"] == "Skin"
    assert found[3]["I.MH.SYSOTH"] == "My Other Body System"


@pytest.mark.parametrize(
    "text", ["", "<a/>", "<ODM", "not xml", '<!DOCTYPE a [<!ENTITY e SYSTEM "/etc/passwd">]><a>&e;</a>']
)
@pytest.mark.parametrize("reader", [odm, cda])
def test_xml_that_is_none_or_hostile_is_told(tmp_path: Path, text: str, reader: Any) -> None:
    rows = "itemgroup" if reader is odm else "observation"
    path = written(tmp_path / "a.xml", text)
    with pytest.raises(Unreadable):
        records(reader.read(path, {"rows": rows}))


# -- CDA -----------------------------------------------------------------------------------------------------------


@needs_samples
def test_statements_of_cda_are_rows_with_what_stands_round_them() -> None:
    (row,) = records(cda.read(SAMPLES / "ccda" / "hl7_frag_Results_less_than.xml", {"rows": "observation"}))
    assert row["section/code@code"] == "30954-2"
    assert row["organizer/code@code"] == "42637-9"
    assert row["value@type"] == "IVL_PQ"
    assert row["value/high@value"] == "5"
    found = records(cda.read(SAMPLES / "ccda" / "hl7_CCD_1.xml", {"rows": "substanceAdministration"}))
    assert found
    assert all(row["patient/id@extension"] for row in found)
    assert all("consumable/manufacturedProduct/manufacturedMaterial/code@code" in row for row in found[:1])


@needs_samples
def test_sections_and_templates_choose_statements() -> None:
    path = SAMPLES / "ccda" / "hl7_CCD_1.xml"
    every = records(cda.read(path, {"rows": "observation"}))
    results = records(cda.read(path, {"rows": "observation", "section": "30954-2"}))
    vital = records(cda.read(path, {"rows": "observation", "template": "2.16.840.1.113883.10.20.22.4.27"}))
    assert 0 < len(results) < len(every)
    assert 0 < len(vital) < len(every)
    assert {row["section/code@code"] for row in vital} == {"8716-3"}


# -- FHIR, OMOP, fixed width -----------------------------------------------------------------------------------------


@needs_samples
def test_a_synthea_bundle_gives_its_resources_with_references_named() -> None:
    path = SAMPLES / "fhir" / "synthea_r4_Alva958_Dickinson688.json"
    (patient,) = records(fhir.read(path, {"rows": "Patient"}))
    found = records(fhir.read(path, {"rows": "Observation"}))
    assert len(found) > 50
    assert {row["subject.reference"] for row in found} == {f"Patient/{patient['id']}"}
    assert found[0]["code.coding.system"] == "http://loinc.org"


@needs_samples
@pytest.mark.parametrize("path", sorted((SAMPLES / "fhir").glob("cibmtr_*")), ids=lambda path: path.stem)
def test_single_resources_are_read(path: Path) -> None:
    kind = path.stem.split("_")[1].split("-")[0]
    (row,) = records(fhir.read(path, {"rows": kind}))
    assert row["resourceType"] == kind


def test_ndjson_is_read_line_by_line(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.ndjson", '{"resourceType":"Patient","id":"1"}\n\n{"resourceType":"Patient","id":"2"}\n'
    )
    found = list(fhir.read(path, {"rows": "Patient"}).records)
    assert [(record.values["id"], record.origin.row) for record in found] == [("1", 1), ("2", 3)]
    with pytest.raises(Unreadable):
        records(fhir.read(written(tmp_path / "b.ndjson", '{"resourceType":'), {"rows": "Patient"}))


@needs_samples
def test_omop_tables_are_read() -> None:
    counts = {
        path.stem.split("_", 2)[2]: sum(1 for _ in delimited.read(path, {}).records)
        for path in (SAMPLES / "omop").glob("*.csv")
    }
    assert counts["MEASUREMENT"] == 10040
    assert counts["PERSON"] > 20


def test_fixed_width_columns_are_ranges_of_characters(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "P0001 20240301  88\nP0002 20240302 101\n")
    found = records(fixed.read(path, {"widths": {"PAT": "1-5", "DATE": "7-14", "PLT": "15-18"}}))
    assert [row["PLT"].strip() for row in found] == ["88", "101"]


# -- tables --------------------------------------------------------------------------------------------------------


def test_a_header_further_down_and_a_second_header_row_are_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "Export of 2026-01-01\nPAT;AGE\nPatient;years\nP1;40\n")
    reading = delimited.read(path, {"delimiter": ";", "header": 2, "skip": 1})
    assert reading.columns == ("PAT", "AGE")
    assert [(record.origin.row, record.values["AGE"]) for record in reading.records] == [(4, "40")]


def test_a_cell_over_several_lines_keeps_line_numbers_right(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", 'A,B\n1,"two\nlines"\n3,4\n')
    assert [record.origin.row for record in delimited.read(path, {}).records] == [2, 4]


def test_a_workbook_gives_formulas_as_results_and_names_its_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "data"
    sheet.append(["PAT", "WHEN", "N", "PERCENT"])
    sheet.append(["007", date(2026, 3, 10), 3, 0.1])
    sheet.merge_cells("A3:B3")
    book.save(tmp_path / "a.xlsx")
    (row,) = records(excel.read(tmp_path / "a.xlsx", {"sheet": "data"}))
    assert row == {"PAT": "007", "WHEN": date(2026, 3, 10), "N": Decimal(3), "PERCENT": Decimal("0.1")}
    with pytest.raises(Unreadable, match="the sheets are data"):
        excel.read(tmp_path / "a.xlsx", {"sheet": "labs"})


def test_a_workbook_that_unpacks_to_gigabytes_is_told(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "bomb.xlsx", "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (300 << 20))
    with pytest.raises(Unreadable, match="unpacks to 300 MB"):
        excel.read(tmp_path / "bomb.xlsx", {})


def test_two_hundred_megabytes_of_rows_stream(tmp_path: Path) -> None:
    """Read with a few megabytes of memory, whatever the file's size."""
    path = tmp_path / "large.csv"
    line = "P00001,2024-01-01," + "x" * 980 + "\n"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("PAT,DAY,TEXT\n")
        for _ in range(200):
            stream.write(line * 1049)
    assert path.stat().st_size > 200_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(1 for _ in delimited.read(path, {}).records) == 200 * 1049
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kB


def test_what_is_installed_is_looked_through_once_for_each_format(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    found = plugins.load

    def counted(group: str, name: str) -> Any:
        asked.append(name)
        return found(group, name)

    monkeypatch.setattr(plugins, "load", counted)
    readers.reader.cache_clear()
    assert {readers.reader("csv") for _ in range(3)} == {delimited.read}
    assert asked == ["csv"]
