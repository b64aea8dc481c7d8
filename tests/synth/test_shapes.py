"""The other export shapes: OMOP, slide table, registry extracts. Each holds the facts it can, in its own way."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import openpyxl
import pytest
from lxml import etree

from cart_fhir.synth import Journey, journeys, write

PATIENTS = 30
SHARED = Path(__file__).parents[2] / ".." / "shared" / "samples"


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _tables(kind: str, folder: Path) -> dict[str, list[dict[str, str]]]:
    return {path.stem: _read(path) for path in write(kind, folder, PATIENTS, seed=6) if path.suffix == ".csv"}


@pytest.fixture(scope="module")
def facts() -> list[Journey]:
    return list(journeys(PATIENTS, 6))


def test_omop_counts_and_keys(facts: list[Journey], tmp_path: Path) -> None:
    tables = _tables("omop", tmp_path)
    assert len(tables["PERSON"]) == PATIENTS
    assert len(tables["MEASUREMENT"]) == sum(len(one.labs) + len(one.kinetics) + 3 for one in facts)
    given = sum(len(one.lymphodepletion) + len(one.support) + len(one.infusions) for one in facts)
    assert len(tables["DRUG_EXPOSURE"]) == given
    persons = {row["person_id"] for row in tables["PERSON"]}
    for name, rows in tables.items():
        assert {row["person_id"] for row in rows} <= persons
        key = f"{name.lower()}_id"
        assert name in ("PERSON", "DEATH") or [row[key] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    exposure = next(row for row in tables["DRUG_EXPOSURE"] if row["sig"] == "cart-infusion")
    assert exposure["lot_number"] == facts[0].product.lot
    assert exposure["drug_exposure_start_datetime"] == f"{exposure['drug_exposure_start_date']} 00:00:00"


@pytest.mark.parametrize("table", ["PERSON", "DRUG_EXPOSURE", "MEASUREMENT"])
def test_omop_has_the_columns_of_a_real_extract(table: str, tmp_path: Path) -> None:
    sample = SHARED / "omop" / f"eunomia_synthea27nj_{table}.csv"
    if not sample.exists():
        pytest.skip("the shared samples are not beside the repository")
    assert list(_tables("omop", tmp_path)[table][0]) == list(_read(sample)[0])


def test_slide_has_patients_in_columns(facts: list[Journey], tmp_path: Path) -> None:
    files = {path.suffix: path for path in write("slide", tmp_path, PATIENTS, seed=6)}
    rows = {row[0]: row[1:] for row in csv.reader(files[".csv"].read_text(encoding="utf-8").splitlines())}
    assert rows[""] == [f"Pt {one.person.number}" for one in facts]
    assert all(len(row) == PATIENTS for row in rows.values())
    assert set(rows["Rituximab"]) <= {"+", "-", "n.a."}
    assert "НСО" in rows, "in Cyrillic"
    assert "HCO" not in rows
    assert {"D-4/-3", "D-5,-4,-3"} <= {
        found for cell in rows["Lymphodepletion"] for found in re.findall(r"D[-,/\d]+", cell)
    }
    for one, cell in zip(facts, rows["Activity at baseline"], strict=True):
        assert one.disease.key != "sle" or cell == f"SLEDAI-2k={one.scores[0].total}"
    book = openpyxl.load_workbook(files[".xlsx"])
    sheet = [[cell or "" for cell in row] for row in book["Table 1"].iter_rows(values_only=True)]
    assert sheet[1] == ["Sex", *rows["Sex"]]
    book.close()


def test_cibmtr_forms(facts: list[Journey], tmp_path: Path) -> None:
    tables = _tables("cibmtr", tmp_path)
    assert len(tables["cibmtr_4000"]) == PATIENTS
    assert len(tables["cibmtr_4006"]) == sum(len(one.infusions) for one in facts) > PATIENTS
    by_number = {one.person.number: one for one in facts}
    for row in tables["cibmtr_4100"]:
        crs = [event for event in by_number[row["recipient_id"]].events if event.code == "crs"]
        assert (row["crs"] == "Yes") == bool(crs)
        assert row["crs_maximum_grade"] == (str(crs[0].grade) if crs else "")
    assert {row["visit"] for row in tables["cibmtr_4100"]} == {"d100", "mo6", "y1", "y2"}


def test_ebmt_forms(facts: list[Journey], tmp_path: Path) -> None:
    tables = _tables("ebmt", tmp_path)
    assert len(tables["ebmt_med_a"]) == sum(len(one.infusions) for one in facts)
    for row in tables["ebmt_follow_up"]:
        assert (row["crs_highest_grade"] == "0") == (row["crs_onset"] == "")
        assert re.fullmatch(r"\d{4}/\d\d/\d\d", row["last_contact"])


def test_death_ends_the_follow_up(tmp_path: Path) -> None:
    dead = next(one for one in journeys(400, 4) if one.person.died)
    number = int(dead.person.number[1:])
    path = next(path for path in write("ebmt", tmp_path, number, seed=4) if path.stem == "ebmt_follow_up")
    rows = [row for row in _read(path) if row["patient_number"] == dead.person.number]
    assert rows[-1]["status"] == "Dead"
    assert rows[-1]["last_contact"] == f"{dead.person.died:%Y/%m/%d}"


def test_cda_summaries(facts: list[Journey], tmp_path: Path) -> None:
    v3 = "{urn:hl7-org:v3}"
    files = write("cda", tmp_path, PATIENTS, seed=6)
    assert [path.stem for path in files] == [one.person.number for one in facts]
    for path, one in zip(files[:8], facts, strict=False):
        root = etree.fromstring(path.read_bytes())
        sections = {section.findtext(f"{v3}title"): section for section in root.iter(f"{v3}section")}
        for section in sections.values():
            assert len(list(section.iter(f"{v3}tr"))) == len(section.findall(f"{v3}entry")) + 1, "as said, so coded"
        given = sections["Medications administered"].findall(f"{v3}entry")
        assert len(given) == len(one.lymphodepletion) + len(one.support) + len(one.infusions)
        assert one.product.lot in [lot.text for lot in root.iter(f"{v3}lotNumberText")]
        never = [item for item in sections["Earlier therapy"].iter() if item.get("negationInd") == "true"]
        drugs = [
            row for row in one.prior if row.exposed is False and row.therapy not in ("plasmapheresis", "splenectomy")
        ]
        assert len(never) == len(drugs)
        measured = one.labs, one.kinetics, one.scores, one.gradings, one.responses
        assert len(sections["Results"].findall(f"{v3}entry")) == sum(map(len, measured))
