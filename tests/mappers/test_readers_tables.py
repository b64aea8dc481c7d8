"""CSV and Excel as people have them: encodings, delimiters, packed files, other kinds, cells without values."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from cart_fhir.errors import ConfigError
from cart_fhir.mappers import Unreadable, load_map, readers
from cart_fhir.mappers.readers import delimited, excel

TEXT = "PAT;Größe (cm);Notiz\n007;1,80;µ und — und €\n008;1,75;\n"


def records(reading: Any) -> list[dict[str, Any]]:
    return [dict(record.values) for record in reading.records]


def workbook(path: Path, fill: Callable[[Any], None]) -> Path:
    book = openpyxl.Workbook()
    fill(book)
    book.save(path)
    return path


# -- CSV -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_a_byte_order_mark_rules_and_the_map_names_the_rest(tmp_path: Path, codec: str) -> None:
    (tmp_path / "a.csv").write_bytes(TEXT.encode(codec))
    options = {"delimiter": ";", **({"encoding": "cp1252"} if codec == "cp1252" else {})}
    first, _ = records(delimited.read(tmp_path / "a.csv", options))
    assert first == {"PAT": "007", "Größe (cm)": "1,80", "Notiz": "µ und — und €"}


def test_bytes_of_an_encoding_that_nobody_named_are_told_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"PAT;N\n1;a\n2;\xb5\n")
    with pytest.raises(Unreadable) as told:
        records(delimited.read(tmp_path / "a.csv", {}))
    assert told.value.row is not None
    assert "encoding" in told.value.advice
    with pytest.raises(Unreadable, match="no encoding"):
        records(delimited.read(tmp_path / "a.csv", {"encoding": "latin-99"}))


@pytest.mark.parametrize(("sign", "name"), [(";", ";"), ("\t", "tab"), ("|", "|")])
def test_a_delimiter_seen_in_the_header_is_told(tmp_path: Path, sign: str, name: str) -> None:
    (tmp_path / "a.csv").write_text("Made in May, 2026\n" + TEXT.replace(";", sign), encoding="utf-8")
    reading = delimited.read(tmp_path / "a.csv", {"header": 2})
    assert records(reading)[1]["PAT"] == "008"
    assert f"'{name}'" in reading.doubts[0].text
    assert delimited.read(tmp_path / "a.csv", {"header": 2, "delimiter": sign}).doubts == []


def test_one_column_is_one_column(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("PAT\n1;2\n", encoding="utf-8")
    reading = delimited.read(tmp_path / "a.csv", {})
    assert records(reading) == [{"PAT": "1;2"}]
    assert reading.doubts == []


def test_packed_files_stream_and_half_of_one_is_told(tmp_path: Path) -> None:
    whole = gzip.compress(TEXT.encode() * 500)
    (tmp_path / "a.csv.gz").write_bytes(whole)
    assert len(records(readers.read(tmp_path / "a.csv.gz", {"delimiter": ";"}))) == 1499
    for bad in (whole[: len(whole) // 2], whole[:-20] + b"x" * 20, b"PAT;N\n", b"\x1f\x8b"):
        (tmp_path / "b.csv.gz").write_bytes(bad)
        with pytest.raises(Unreadable):
            records(readers.read(tmp_path / "b.csv.gz", {"delimiter": ";"}))


def test_quotes_may_be_letters(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text('ID\tNAME\n1\t5" line "a"\n', encoding="utf-8")
    assert records(delimited.read(tmp_path / "a.tsv", {"quote": False})) == [{"ID": "1", "NAME": '5" line "a"'}]


@pytest.mark.parametrize("text", ["A,B\r1,2\r3,4\r", "A,B\r\n1,2\r\n\r\n3,4", "A,B\n1,2\n3,4\n\n"])
def test_any_line_end(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_bytes(text.encode())
    assert records(delimited.read(tmp_path / "a.csv", {})) == [{"A": "1", "B": "2"}, {"A": "3", "B": "4"}]


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"), (b"%PDF-1.7\n", "PDF"), (b"<html><table>", "web page"),
        (b"PAR1xxxx", "Parquet"), (b"<?xml version='1.0'?><a/>", "XML"), (b"SQLite format 3\0", "SQLite"),
        (b"\x1f\x8b\x08\x00", "gzip"), (b"PK\x03\x04xxxx", "Excel"),
    ],
)  # fmt: skip
def test_a_csv_that_is_something_else_is_named(tmp_path: Path, start: bytes, told: str) -> None:
    (tmp_path / "a.csv").write_bytes(start)
    with pytest.raises(Unreadable, match=told) as problem:
        delimited.read(tmp_path / "a.csv", {})
    assert problem.value.advice


@pytest.mark.parametrize("end", [".xls", ".ods", ".xlsb", ".sav", ".accdb", ".pdf", ".zip", ".rds"])
def test_kinds_that_are_not_read_say_what_to_do(tmp_path: Path, end: str) -> None:
    (tmp_path / f"a{end}").write_bytes(b"x")
    with pytest.raises(Unreadable, match="not read") as told:
        readers.read(tmp_path / f"a{end}", {})
    assert told.value.advice
    with pytest.raises(ConfigError, match="format"):
        readers.read(tmp_path / "a.strange", {})


# -- Excel -----------------------------------------------------------------------------------------------------------


def test_numbers_times_and_texts_are_what_the_sheet_shows(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        sheet.append(["text", "zero", "percent", "number", "day", "instant", "time", "flag"])
        sheet.append(
            ["01.02.2024", "0017", 0.455, 1e-7, date(2024, 2, 29), datetime(2024, 2, 29, 8, 30), time(8, 30), True]
        )
        sheet["C2"].number_format = "0.0%"

    (row,) = records(excel.read(workbook(tmp_path / "a.xlsx", fill), {}))
    assert list(row.values()) == [
        "01.02.2024", "0017", Decimal("45.5"), Decimal("1E-7"), date(2024, 2, 29), datetime(2024, 2, 29, 8, 30),
        "08:30:00", True,
    ]  # fmt: skip


def test_both_calendars_give_the_same_days(tmp_path: Path) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

    found = []
    for epoch in (CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904):

        def fill(book: Any, epoch: Any = epoch) -> None:
            book.epoch = epoch
            book.active.append(["day"])
            book.active.append([date(2026, 3, 10)])

        found += records(excel.read(workbook(tmp_path / "a.xlsx", fill), {}))
    assert found == [{"day": date(2026, 3, 10)}] * 2


def test_the_first_sheet_that_is_not_hidden_is_read_and_others_are_told(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        book.active.title = "old"
        book.active.append(["A"])
        book.active.sheet_state = "hidden"
        for name in ("labs", "visits"):
            book.create_sheet(name).append(["A"])
            book[name].append([name])

    path = workbook(tmp_path / "a.xlsm", fill)
    reading = readers.read(path, {})
    assert records(reading) == [{"A": "labs"}]
    assert "others: visits" in reading.doubts[0].text
    assert records(excel.read(path, {"sheet": "visits"})) == [{"A": "visits"}]
    assert excel.read(path, {"sheet": 1}).columns == ("A",)
    for strange in ("old ", 9, 0):
        with pytest.raises(Unreadable, match="sheets are old, labs, visits"):
            excel.read(path, {"sheet": strange})


def test_merged_cells_are_told_unless_the_map_fills_them(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        for row in (["PAT", "N"], ["P1", 1], [None, 2], ["P2", 3]):
            book.active.append(row)
        book.active.merge_cells("A2:A3")

    path = workbook(tmp_path / "a.xlsx", fill)
    reading = excel.read(path, {})
    assert [row["PAT"] for row in records(reading)] == ["P1", "", "P2"]
    assert "merged" in reading.doubts[0].text
    filled = excel.read(path, {"fill": ["PAT"]})
    assert [row["PAT"] for row in records(filled)] == ["P1", "P1", "P2"]
    assert filled.doubts == []


def damaged(path: Path) -> Path:
    """Row 2 is sound; row 3 has an error; rows 4 and 5 formulas that were never worked out."""

    def fill(book: Any) -> None:
        for row in (["PAT", "N", "NOTE"], ["P1", 1, ""], ["P2", "#N/A", ""], ["P3", "=1+1", ""], ["P4", 4, '=A1&"x"']):
            book.active.append(row)

    return workbook(path, fill)


def test_errors_and_formulas_without_results_are_no_values(tmp_path: Path) -> None:
    found = list(excel.read(damaged(tmp_path / "a.xlsx"), {}).records)
    assert [[(doubt.column, doubt.severity) for doubt in record.doubts] for record in found] == [
        [], [("N", "error")], [("N", "error")], [("NOTE", "error")],
    ]  # fmt: skip


def test_such_a_cell_refuses_its_row_if_the_map_uses_it(tmp_path: Path) -> None:
    damaged(tmp_path / "labs.xlsx")
    text = """
map: 1
source: {{system: "https://centre.example/patients"}}
tables:
  labs:
    file: labs.xlsx
    columns: {{PAT: {{type: id, required: true}}, N: {{type: number, empty: [{empty}]}}}}
    make: [{{resource: Patient, key: [=PAT], body: {{active: true}}}}]
"""
    for empty, mapped in (("", 2), ('"#N/A"', 3)):
        (tmp_path / "map.yaml").write_text(text.format(empty=empty), encoding="utf-8")
        with load_map(tmp_path / "map.yaml").run([tmp_path / "labs.xlsx"]) as found:
            assert found.totals[0].mapped == mapped
            told = [issue for issue in found.issues if issue.is_error]
            assert {(issue.rule, issue.origin.column) for issue in told if issue.origin} >= {("reader-doubt", "N")}


def test_results_of_formulas_are_taken_when_they_are_there(tmp_path: Path) -> None:
    path = damaged(tmp_path / "a.xlsx")
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = (
        parts[name]
        .replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
        .replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
    )
    with ZipFile(path, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    found = list(excel.read(path, {}).records)
    assert found[2].values["N"] == Decimal(2)
    assert not found[2].doubts


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"PAT,N\n1,2\n", "no whole Excel"), (b"\xd0\xcf\x11\xe0" * 8, "password"), (b"", "no whole Excel"),
     (b"PK\x03\x04" + b"x" * 90, "no whole Excel")],
)  # fmt: skip
def test_workbooks_that_are_none_are_named(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(data)
    with pytest.raises(Unreadable, match=told):
        excel.read(tmp_path / "a.xlsx", {})


@pytest.mark.parametrize(
    ("member", "told"), [("content.xml", "OpenDocument"), ("word/document.xml", "Word"), ("a.csv", "archive")]
)
def test_other_archives_are_named(tmp_path: Path, member: str, told: str) -> None:
    with ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr(member, "x")
    with pytest.raises(Unreadable, match=told):
        excel.read(tmp_path / "a.xlsx", {})


def test_a_workbook_with_a_broken_part_is_told(tmp_path: Path) -> None:
    path = damaged(tmp_path / "a.xlsx")
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in parts:
        for data in (b"", b"<a/>", parts[name][: len(parts[name]) // 2]):
            with ZipFile(tmp_path / "b.xlsx", "w") as archive:
                for part, whole in parts.items():
                    archive.writestr(part, data if part == name else whole)
            try:
                records(excel.read(tmp_path / "b.xlsx", {}))
            except Unreadable as problem:
                assert problem.message  # noqa: PT017 - parts that hold no cells may be broken and do no harm
