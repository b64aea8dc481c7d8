"""What is written: same seed, same bytes; rows that fit their headers; a workbook that others can read."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from cart_fhir.cli.synth import command
from cart_fhir.errors import BadRequest
from cart_fhir.synth import CENTRES, KINDS, Journey, journeys, write
from cart_fhir.synth.exports import centre_a, centre_b, xlsx


def _digest(files: list[Path]) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.mark.parametrize("kind", KINDS)
def test_same_seed_same_bytes(kind: str, tmp_path: Path) -> None:
    first = _digest(write(kind, tmp_path / "one", patients=4, seed=5))
    assert first == _digest(write(kind, tmp_path / "two", patients=4, seed=5))
    assert first != _digest(write(kind, tmp_path / "three", patients=4, seed=6))


def test_bytes_do_not_hang_on_the_order_of_sets(tmp_path: Path) -> None:
    digests = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        calls = "; ".join(f"write({kind!r}, {str(folder)!r}, 3, 5)" for kind in ("fhir", "odm"))
        code = f"from cart_fhir.synth import write; {calls}"
        subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONHASHSEED": seed})
        digests.append(_digest(sorted(folder.iterdir())))
    assert digests[0] == digests[1]


def test_a_patient_does_not_depend_on_how_many_follow() -> None:
    assert list(journeys(3, seed=5)) == list(journeys(9, seed=5))[:3]


def test_the_seed_gives_the_same_patient_for_ever() -> None:
    """Guards against a change of the generator by accident; a change on purpose writes new values here."""
    journey = next(iter(journeys(1, seed=1)))
    found = (journey.disease.key, journey.infusion.on, journey.body.weight, journey.person.sex)
    assert found == ("mg", date(2023, 7, 24), Decimal("71.5"), "female")


def test_two_centres_tell_of_the_same_facts() -> None:
    for one, other in zip(journeys(5, 1, CENTRES["a"]), journeys(5, 1, CENTRES["b"]), strict=True):
        assert one.labs == other.labs
        assert one.person.number.replace("A", "B") == other.person.number


@pytest.mark.parametrize("tables", [centre_a.TABLES, centre_b.TABLES], ids=["a", "b"])
def test_rows_fit_their_header(tables: tuple[centre_a.Table, ...], hundred: list[Journey]) -> None:
    for table in tables:
        assert len(set(table.header)) == len(table.header)
        lengths = {len(row) for journey in hundred for row in table.rows(journey)}
        assert lengths == {len(table.header)}, table.name


def test_centre_a_writes_as_a_german_hospital(tmp_path: Path) -> None:
    files = {file.name: file for file in write("csv-centre-a", tmp_path, patients=30, seed=3)}
    raw = files["labor.csv"].read_bytes()
    assert "Zellen/µl".encode("iso-8859-1") in raw
    assert raw.count(b"\r\n") == raw.count(b"\n")
    with files["lymphodepletion.csv"].open(encoding="iso-8859-1", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert {row["Tage"] for row in rows} >= {"D-5,-4,-3", "D-4,-3"}
    assert all("," in row["Tagesdosis_mg"] or row["Tagesdosis_mg"] == "0" for row in rows)
    assert all("." not in row["Tagesdosis_mg"] for row in rows)


def test_centre_b_writes_as_an_italian_hospital(tmp_path: Path) -> None:
    files = {file.name: file for file in write("csv-centre-b", tmp_path, patients=30, seed=3)}
    assert files["pazienti.csv"].read_bytes().startswith("\ufeffid_paziente".encode())
    with files["terapie_precedenti.csv"].open(encoding="utf-8-sig", newline="") as file:
        labels = {row["terapia"] for row in csv.DictReader(file)}
    assert "\u041d\u0421\u041e" in labels, "hydroxychloroquine in Cyrillic letters"
    assert "HCO" not in labels
    with files["laboratorio.csv"].open(encoding="utf-8-sig", newline="") as file:
        units = {row["esame"]: row["unita"] for row in csv.DictReader(file)}
    assert units["CD19+"] == "cells/\u03bcl"
    assert units["C3"] == "mg/dL"


def test_the_workbook_opens(tmp_path: Path) -> None:
    write("csv-centre-b", tmp_path, patients=40, seed=3)
    book = openpyxl.load_workbook(tmp_path / "attivita.xlsx", read_only=True)
    assert book.sheetnames == ["SLEDAI-2K", "JDM-DAS", "MG-ADL", "mRSS"]
    header, first, *_ = book["SLEDAI-2K"].iter_rows(values_only=True)
    row = dict(zip(header, first, strict=True))
    assert isinstance(row["data"], datetime)
    assert row["giorno"] == -6
    assert isinstance(row["totale"], int)
    book.close()


def test_cells_of_every_kind(tmp_path: Path) -> None:
    cells: list[xlsx.Cell] = ["a<b & c", 7, Decimal("1.50"), date(2024, 2, 29), None, " x"]
    xlsx.write(tmp_path / "cells.xlsx", {"One & only": [cells, ["", *range(30)]]})
    book = openpyxl.load_workbook(tmp_path / "cells.xlsx")
    first, second = book["One & only"].iter_rows(values_only=True)
    assert first[:6] == ("a<b & c", 7, 1.5, datetime(2024, 2, 29), None, " x")
    assert second[26:31] == (25, 26, 27, 28, 29), "columns beyond Z"
    book.close()


def test_command_writes_and_tells(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    result = CliRunner().invoke(command, ["-n", "3", "--as", "csv-centre-a", "-o", str(folder)], standalone_mode=False)
    assert result.return_value == 0, result.output
    assert "3 journeys (seed 1) in 17 files" in result.output
    assert (folder / "infusion.csv").read_bytes().count(b"\n") == 4


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no kind 'cobol'"):
        write("cobol", tmp_path, patients=1, seed=1)
