"""Slides and their like: patients in columns, two header lines, merged cells, several facts in one cell."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from cart_fhir.mappers import load_map, parts
from cart_fhir.mappers.readers import Unreadable, delimited, excel
from cart_fhir.mappers.values import Refused

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "parts.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['part']} of {case['cell']}")
def test_a_part_is_taken_from_its_cell(case: dict[str, Any]) -> None:
    part = parts.Part([case["part"]], case["type"])
    if case.get("refused"):
        with pytest.raises(Refused):
            part.find(case["cell"])
    else:
        found = part.find(case["cell"])
        assert (found and found[0]) == (case["value"] and str(case["value"]))


@pytest.mark.parametrize("pattern", ["SLEDAI-2k=", "", "... and ..."])
def test_a_pattern_has_dots_once(pattern: str) -> None:
    with pytest.raises(ValueError, match="once"):
        parts.Part([pattern], "text")


@given(st.text("abD=.*… 5,;(", min_size=1, max_size=8), st.text("abD= 5,;(", max_size=20))
def test_no_pattern_breaks_on_any_cell(pattern: str, cell: str) -> None:
    try:
        part = parts.Part([pattern], "quantity")
    except ValueError:
        return
    try:
        found = part.find(cell)
    except Refused:
        return
    assert found is None or cell[slice(*found[1])].find(found[0]) >= 0


def test_a_hostile_cell_takes_no_longer_than_its_length() -> None:
    part = parts.Part(["a * a * a * b ..."], "quantity")
    start = process_time()
    part.find("a " * 20_000)
    assert process_time() - start < 2


SLIDE = """map: 1
source: {system: https://a.example/patients, dates: ["%d/%m/%Y"]}
tables:
  slide:
    file: slide.csv
    read: {transpose: true}
    columns:
      PAT: {from: row 1, part: "Pt ...", type: id, required: true}
      DAY0: {from: Infusion, type: date, required: true}
      HCQ: plus-minus
      SLEDAI: {from: Activity, part: "SLEDAI-2k=...", type: integer, empty: ["-"]}
      PGA: {from: Activity, part: "PGA ...", type: number, empty: ["-"]}
    make:
      - resource: Observation
        key: [=PAT, =column(SCORE), =DAY0]
        each: {SCORE: [SLEDAI, PGA]}
        body:
          status: final
          code: {text: =column(SCORE)}
          subject: {display: =PAT}
          effectiveDateTime: =DAY0
          valueQuantity: '=quantity(SCORE, "{score}")'
      - resource: MedicationStatement
        key: [=PAT, HCQ]
        when: =present(HCQ)
        body:
          status: '=if(HCQ, "completed", "not-taken")'
          medicationCodeableConcept: {text: HCQ}
          subject: {display: =PAT}
"""
TABLE = """,Pt 1,Pt 2,Pt 3
Infusion,01/02/2024,03/02/2024,05/02/2024
HCQ,+,-,+

Activity,"SLEDAI-2k=22; PGA 2.5",SLEDAI-2k=4 (day 3),-
"""


def test_a_slide_with_patients_side_by_side_is_mapped_and_nothing_is_left_unsaid(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(SLIDE, encoding="utf-8")
    (tmp_path / "slide.csv").write_text(TABLE, encoding="utf-8")
    with load_map(tmp_path / "map.yaml").run([tmp_path / "slide.csv"]) as mapped:
        found = {
            (one["subject"]["display"], one["code"]["text"]): one["valueQuantity"]["value"]
            for one in mapped
            if "code" in one
        }
        assert found == {("1", "SLEDAI"): 22, ("1", "PGA"): 2.5, ("2", "SLEDAI"): 4}
        taken = {
            one["subject"]["display"]: one["status"] for one in mapped if one["resourceType"] == "MedicationStatement"
        }
        assert taken == {"1": "completed", "2": "not-taken", "3": "completed"}
        (told,) = [issue for issue in mapped.issues if issue.rule == "part-unread"]
        assert told.origin is not None
        assert (told.origin.row, told.origin.column) == (3, "Activity"), "the third column of the file"
        assert [(total.read, total.mapped) for total in mapped.totals] == [(3, 3)]


def test_two_header_lines_with_merged_names_and_cells_merged_downwards(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Ward B"],
        ["Pat", "Lab", None, None],
        [None, "Hb", "PLT"],
        ["1", 9.5, 200],
        [None, 8, 180],
        ["2", 7, 90],
    ):
        sheet.append(row)
    sheet.merge_cells("B2:C2")
    sheet.merge_cells("A4:A5")
    book.save(tmp_path / "labs.xlsx")
    reading = excel.read(tmp_path / "labs.xlsx", {"header": [2, 3], "fill": "Pat"})
    assert reading.columns == ("Pat", "Lab / Hb", "Lab / PLT")
    assert [(str(one.values["Pat"]), int(one.values["Lab / PLT"])) for one in reading.records] == [
        ("1", 200), ("1", 180), ("2", 90),
    ]  # fmt: skip


def test_a_table_without_a_header_gets_names_from_the_map(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("1,9.5\n2,8\n", encoding="utf-8")
    reading = delimited.read(tmp_path / "t.csv", {"names": ["PAT", "HB"]})
    assert [dict(one.values) for one in reading.records] == [{"PAT": "1", "HB": "9.5"}, {"PAT": "2", "HB": "8"}]


def test_a_table_too_large_to_turn_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cart_fhir.mappers.readers.table._MOST_TURNED", 5)
    (tmp_path / "t.csv").write_text("a,1,2\nb,3,4\n", encoding="utf-8")
    with pytest.raises(Unreadable):
        delimited.read(tmp_path / "t.csv", {"transpose": True})
