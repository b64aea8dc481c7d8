"""`map new` on exports that nobody has seen: what it finds out by itself, and that its map checks and runs."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click import UsageError
from click.testing import CliRunner, Result
from openpyxl import Workbook

from cart_fhir.cli.map import command
from cart_fhir.errors import ConfigError
from cart_fhir.mappers import Map, load_map
from cart_fhir.mappers.guess import guess, meaning
from cart_fhir.mappers.sniff import sheets

PEOPLE = ["Personnr;Kön;Födelsedatum;Diagnos;Insjuknade;Infusionsdatum"] + [
    f"00{n};{sex};{n + 1:02}.05.199{n};{disease};0{n + 1}.2018;0{n + 1}.04.2024"
    for n, (sex, disease) in enumerate([("K", "SLE"), ("M", "Myastenia gravis")] * 4)
]
RESULTS = ["Uttag från labbsystemet;;;;", "", "Personnr;Provdatum;Analys;Resultat;Enhet"] + [
    f"00{n};0{n + 1}.05.2024;{test};{value};{unit}"
    for n in range(8)
    for test, value, unit in (("Hb", f"9{n},5", "g/L"), ("Trombocyter", "<180,0", "10^9/L"), ("CRP", "4,2", "mg/L"))
]
DRUGS = ["Personnr\tBehandlingsdag\tLäkemedel\tDos (mg/m2)\tGiven"] + [
    f"00{n}\t{days}\t{drug}\t{dose}\t{given}"
    for n in range(8)
    for days, drug, dose, given in (("D-5,-4,-3", "Fludarabin", 30, "Ja"), ("D-4/-3", "Cyklofosfamid", 500, "Nej"))
]


def swedish(folder: Path) -> Path:
    """An export as untidy as they come: Latin-1, a title above the header, a byte order mark, tabs, merged cells."""
    folder.mkdir()
    (folder / "patienter.csv").write_bytes("\r\n".join(PEOPLE).encode("latin-1"))
    (folder / "labb.csv").write_bytes("\r\n".join(RESULTS).encode("utf-8-sig"))
    (folder / "kond.txt").write_bytes("\n".join(DRUGS).encode())
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Patientnummer", "Besök", None, "SLEDAI-2K", None], [None, "Namn", "Datum", "Poäng", "Klinisk"],
        ["000", "Baslinje", "2024-04-01", 12, 8], [None, "Månad 3", "2024-07-01", 4, 2],
        ["001", "Baslinje", "2024-04-03", 20, 16],
    ):  # fmt: skip
        sheet.append(row)
    for cells in ("B1:C1", "D1:E1", "A3:A4"):
        sheet.merge_cells(cells)
    book.save(folder / "besok.xlsx")
    return folder


def call(*args: object) -> Result:
    return CliRunner().invoke(command, [str(arg) for arg in args], standalone_mode=False)


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return swedish(tmp_path_factory.mktemp("new") / "export")


@pytest.fixture(scope="module")
def made(export: Path) -> Map:
    target = export.parent / "map.yaml"
    assert call("new", export, "-o", target).return_value == 0
    return load_map(target)


def test_the_map_of_an_unknown_export_runs_as_it_is(made: Map, export: Path) -> None:
    with made.run([export]) as mapped:
        totals = {one.file: (one.read, one.mapped, one.refused) for one in mapped.totals}
        assert totals == {
            "besok.xlsx": (3, 3, 0), "kond.txt": (16, 16, 0), "labb.csv": (24, 24, 0), "patienter.csv": (8, 8, 0),
        }, mapped.issues  # fmt: skip
        assert not [issue for issue in mapped.issues if issue.is_error]
        given = [one["effectiveDateTime"] for one in mapped if one["resourceType"] == "MedicationAdministration"]
        assert len(given) == 8 * 5
        assert min(given) == "2024-03-27", "day -5 of 1 April"


def test_what_is_known_of_words_is_filled_in_and_marked(made: Map, export: Path) -> None:
    with (export.parent / "codes" / "labb_analys.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["source_code"]: row for row in csv.DictReader(stream)}
    assert rows["Trombocyter"]["target_code"] == "26515-7"
    assert all("guess" in row["comment"] for row in rows.values())
    text = (export.parent / "map.yaml").read_text(encoding="utf-8")
    assert "% sure" in text
    assert "names stand in line 3" in text
    assert 'read: {header: [1, 2], fill: "Patientnummer"}' in text


def test_check_shows_its_first_rows_as_fhir(made: Map, export: Path) -> None:
    done = call("check", export.parent / "map.yaml", export, "--rows", 2)
    assert '"resourceType": "Patient"' in done.output
    assert "labb.csv" in done.output


@pytest.mark.parametrize(
    ("lines", "options", "decimal"),
    [
        (["A;B", "1,5;x", "2,5;y"], {"delimiter": ";"}, ","),
        (["A,B", "1.5,x", "2.5,y"], {"delimiter": ","}, "."),
        (["A|B|C", "1|2|x, y", "3|4|z, z"], {"delimiter": "|"}, ""),
        (["Ward B", "Report of 1.1.2024", "A,B,C", "1,x,2", "2,y,3"], {"delimiter": ",", "header": 3}, ""),
        (
            [",P1,P2,P3", "Sex,F,M,F", "Age,30,31,32", "HCQ,+,-,+", "CRP,1,2,3"],
            {"delimiter": ",", "transpose": True},
            "",
        ),
        (["PAT,Labs,", ",Hb,CRP", "1,9.5,3", "2,8.5,4"], {"delimiter": ",", "header": [1, 2]}, "."),
    ],
)
def test_the_shape_of_a_table_is_found(
    tmp_path: Path, lines: list[str], options: dict[str, object], decimal: str
) -> None:
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (sheet,) = sheets(tmp_path / "t.csv")
    assert (sheet.options, sheet.decimal) == (options, decimal)


@pytest.mark.parametrize(
    ("name", "cells", "kind", "sure"),
    [
        ("geboren am", ["1.5.1990", "17.12.2001"], "date", 90),
        ("Date", ["03/04/2024", "05/06/2024"], "date", 50),
        ("sampled", ["2024-03-01 08:15", "2024-03-02 09:00"], "date", 80),
        ("Year of birth", ["1990", "1985"], "date", 90),
        ("Raum", ["1990", "1985"], "number", 85),
        ("PatNr", ["0017", "0018"], "id", 90),
        ("Fallzahl", ["0017", "0018"], "id", 70),
        ("Hb (g/dl)", ["9,5", "<8"], "number", 85),
        ("Tag", ["D-5", "D3"], "relative-day", 85),
        ("given", ["Ja", "nej"], "boolean", 85),
        ("HCQ", ["+", "-"], "plus-minus", 95),
        ("drug_exposure_id", ["1", "2"], "id", 80),
        ("gender_concept_id", ["8507", "8532"], "text", 80),
        ("sex", ["1", "2"], "code", 40),
        ("dose_b", [",5", "1,5"], "number", 85),
        ("Kontakt", ["a@b.example", "c@d.example"], "text", 30),
        ("last name", ["Doe", "Roe", "Doe"], "text", 80),
        ("free", ["one of many", "texts that differ", "a third", "and so on", "more"], "text", 30),
    ],
)
def test_a_column_is_guessed_and_says_how_sure_that_is(name: str, cells: list[str], kind: str, sure: int) -> None:
    found = guess(name, cells, ",")
    assert (found.type, found.sure) == (kind, sure)
    assert found.why


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Date of birth", "birth"), ("patient_sex", "sex"), ("DOSE_UNIT", "unit"), ("infusion_end_date", "infusion"),
        ("discharge_date_4", "date"), ("drug name", "drug"), ("patient name", "name"), ("Chargennummer", "lot"),
        ("drug_exposure_end_date", "drug"), ("stop date", "end"), ("xyz", ""),
    ],
)  # fmt: skip
def test_of_several_words_the_most_telling_counts(name: str, told: str) -> None:
    assert meaning(name) == told


def test_no_file_stops_the_guessing(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    (tmp_path / "nul.csv").write_bytes(b"a,b\n\0,1\n")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 no more")
    (tmp_path / "odd.csv").write_text('a,"b: [x]",null\n1,2,3\n', encoding="utf-8")
    done = call("new", tmp_path, "-o", tmp_path / "map.yaml")
    assert done.return_value == 0, done.output
    text = (tmp_path / "map.yaml").read_text(encoding="utf-8")
    assert text.count("could not be read") == 3
    load_map(tmp_path / "map.yaml")


@pytest.mark.parametrize(
    ("name", "data"), [("empty.csv", b""), ("odd.csv", b"\x81\x8d;\x8f\n" * 9), ("bad.xlsx", b"PK")]
)
def test_what_holds_no_table_makes_no_map(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    done = call("new", tmp_path / name, "-o", tmp_path / "new" / "map.yaml")
    assert isinstance(done.exception, ConfigError)
    assert done.exception.message.startswith(f"Nothing here can be mapped. {name}: ")
    assert "charmap" not in done.exception.message
    assert not (tmp_path / "new").exists()


def test_nothing_is_overwritten_nor_half_written(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("drug,day\n" + "Flu,1\nCy,2\n" * 9)
    made = tmp_path / "new" / "map.yaml"
    assert call("new", tmp_path / "a.csv", "-o", made).return_value == 0
    table = next((made.parent / "codes").iterdir())
    table.write_text("mine")
    made.unlink()
    done = call("new", tmp_path / "a.csv", "-o", made)
    assert isinstance(done.exception, UsageError)
    assert not made.exists()
    assert table.read_text() == "mine"
