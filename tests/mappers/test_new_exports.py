"""`map new` on exports of centres that nobody asked: what it writes maps every row validly, before anyone edits it."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from cart_fhir.mappers import load_map
from cart_fhir.mappers.skeleton import HEADER, skeleton
from cart_fhir.validator import Validator


def french(folder: Path) -> None:
    """A workbook: a title over the names, two header lines of merged visits, months, study days as J."""
    book = Workbook()
    people = book.active
    assert people is not None
    people.title = "Patients"
    sheets: dict[str, list[list[Any]]] = {
        "Perfusion": [
            ["N° patient", "Date de perfusion", "Poids (kg)", "Dose (10^6 cellules/kg)", "Jours LD"],
            ["F-01", date(2026, 1, 14), 58.4, 1, "J-5,-4,-3"], ["F-02", date(2026, 1, 28), 77.2, 1, "J-5,-4,-3"],
        ],
        "SLEDAI": [
            ["N° patient", "Inclusion", None, "M3", None], [None, "Date", "SLEDAI-2K", "Date", "SLEDAI-2K"],
            ["F-01", date(2026, 1, 8), 14, date(2026, 4, 14), 2], ["F-02", date(2026, 1, 20), 18, None, "ND"],
        ],
        "EI": [
            ["N° patient", "Evénement", "Grade max", "Début (J)", "Fin (J)"],
            ["F-01", "SRC", 1, "J3", "J5"], ["F-02", "SRC", 2, "J2", "J6"], ["F-02", "ICANS", 1, "J4", "J5"],
        ],
    }  # fmt: skip
    for row in (
        ["Registre, extraction du 12/05/2026"], [],
        ["N° patient", "Sexe", "Date de naissance", "Diagnostic", "Date de diagnostic"],
        ["F-01", "F", date(1991, 3, 4), "LES", "03/2014"], ["F-02", "H", date(1979, 11, 22), "LES", "2010"],
    ):  # fmt: skip
        people.append(row)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book["SLEDAI"].merge_cells("B1:C1")
    book["SLEDAI"].merge_cells("D1:E1")
    book.save(folder / "registre.xlsx")


def american(folder: Path) -> None:
    """Long tables with study days as bare numbers, a word among the results, grades."""
    for name, text in {
        "subjects": "Subject ID,Sex at birth,Year of birth,Indication,Day 0\nU1,Female,1985,SLE,3/14/2025\n"
        "U2,Male,1972,Myasthenia gravis,4/2/2025\n",
        "labs": "Subject ID,Study Day,Lab Test,Result,Units\nU1,-7,CRP,0.8,MG/DL\nU1,7,CRP,4.1,MG/DL\n"
        "U1,14,Hemoglobin,9.8,G/DL\nU2,28,CD19 B cells,<1,cells/uL\nU2,7,Platelets,88,K/uL\nU2,1,CRP,QNS,MG/DL\n",
        "tox": "Subject ID,AE Term,Onset Day,Resolution Day,Max Grade\nU1,CRS,2,5,1\nU2,ICANS,4,6,1\n",
        "meds": "Subject ID,Drug,Dose,Dose unit,Study day\nU1,Fludarabine,30,mg/m2,-5\nU2,Tocilizumab,8,mg/kg,3\n",
    }.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def dutch(folder: Path) -> None:
    """Accents in the name of the patient's column, decimal commas, a day that UCUM takes for a decagram."""
    (folder / "patienten.csv").write_text(
        "patiënt;geslacht;geb.datum;gewicht\nN1;v;12-03-1988;63,2\nN2;m;01-09-1975;81\n", encoding="utf-8"
    )
    (folder / "controle.csv").write_text(
        "patiënt;datum;Hb (g/L);prednison (mg/dag)\nN1;10-02-2025;118;7,5\nN2;24-02-2025;131;10\n", encoding="utf-8"
    )


def japanese(folder: Path) -> None:
    """Shift-JIS, as Windows writes it there."""
    text = "患者ID,性別,生年月日,診断名,輸注日,体重(kg)\nJ1,女,1990/04/12,全身性エリテマトーデス,2025/06/10,52.3\n"
    (folder / "cart.csv").write_bytes(text.encode("cp932"))


@pytest.mark.parametrize(
    ("export", "expected"),
    [
        (french, {"Patient": 2, "Condition": 2, "Observation": 5, "AdverseEvent": 3}),
        (american, {"Patient": 2, "Condition": 2, "Observation": 5, "AdverseEvent": 2, "MedicationAdministration": 2}),
        (dutch, {"Patient": 2, "Observation": 2}),
        (japanese, {"Patient": 1, "Condition": 1, "Observation": 1}),
    ],
)
def test_the_first_map_of_a_strange_export_is_right_as_far_as_it_goes(
    tmp_path: Path, export: Any, expected: dict[str, int]
) -> None:
    (tmp_path / "export").mkdir()
    export(tmp_path / "export")
    text, words = skeleton([tmp_path / "export"])
    (tmp_path / "codes").mkdir()
    for name, lines in words.items():
        with (tmp_path / "codes" / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([HEADER, *lines])
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
    with load_map(tmp_path / "map.yaml").run([tmp_path / "export"]) as mapped:
        assert not [issue.text for issue in mapped.issues if issue.is_error]
        made = [one for one in mapped if one["resourceType"] != "Provenance"]
        assert Counter(one["resourceType"] for one in made) == expected
        assert not [issue.text for issue in Validator().validate(mapped.bundle()) if issue.is_error]
    dates = {one["effectiveDateTime"]: one["valueQuantity"] for one in made if one["resourceType"] == "Observation"}
    if export is french:
        assert dates["2026-04-14"]["value"] == 2, "each visit has its own date"
        assert {one["date"] for one in made if one["resourceType"] == "AdverseEvent"} == {
            "2026-01-17", "2026-01-30", "2026-02-01"
        }  # fmt: skip
    if export is american:
        assert (str(dates["2025-03-07"]["value"]), dates["2025-03-07"]["code"]) == ("0.8", "mg/dL")


WIDE = """
map: 1
source: {system: "https://centre.example/patients", delimiter: ";", decimal: ","}
lookup: {INFUSION: {table: infusie, take: infusiedatum, on: patient}}
tables:
  patienten:
    file: patienten.csv
    columns: {patient: id, geslacht: {type: code, map: {v: female}}, geboren: date}
    make: [{resource: Patient, profile: cart-patient, key: [=patient], body: {gender: =geslacht, birthDate: =geboren}}]
  infusie:
    file: infusie.csv
    columns: {patient: id, infusiedatum: date}
    make: []
  lab:
    file: lab.csv
    columns:
      {patient: id, bepaling: {type: code, map: {CRP: loinc#1988-5}}, dag -7: number, dag 0: number, Day +28: number}
    make:
      - resource: Observation
        profile: cart-laboratory
        each: {RESULT: [dag -7, dag 0, Day +28]}
        key: [=patient, =bepaling, "=day(column(RESULT), INFUSION)"]
        body:
          extension: {cart-study-day: "=study_day(day(column(RESULT), INFUSION), INFUSION)"}
          status: final
          code: =bepaling
          subject: =ref(Patient, patient)
          effectiveDateTime: "=day(column(RESULT), INFUSION)"
          valueQuantity: '=quantity(RESULT, "mg/L")'
"""


def test_a_day_in_the_name_of_a_column_is_a_date(tmp_path: Path) -> None:
    """Wide tables with a column a day: their names say when."""
    for name, text in {
        "map.yaml": WIDE, "patienten.csv": "patient;geslacht;geboren\nN1;v;1988\n",
        "infusie.csv": "patient;infusiedatum\nN1;2025-02-10\n",
        "lab.csv": "patient;bepaling;dag -7;dag 0;Day +28\nN1;CRP;3,1;2;1\n",
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    with load_map(tmp_path / "map.yaml").run(sorted(tmp_path.glob("*.csv"))) as mapped:
        assert not [issue.text for issue in mapped.issues if issue.is_error]
        found = [one for one in mapped if one["resourceType"] == "Observation"]
        assert {one["effectiveDateTime"]: str(one["valueQuantity"]["value"]) for one in found} == {
            "2025-02-03": "3.1", "2025-02-10": "2", "2025-03-10": "1"
        }  # fmt: skip
        assert not [issue.text for issue in Validator().validate(mapped.bundle()) if issue.is_error]
    (tmp_path / "map.yaml").write_text(WIDE.replace("Day +28", "month 1"), encoding="utf-8")
    (tmp_path / "lab.csv").write_text("patient;bepaling;dag -7;dag 0;month 1\nN1;CRP;3,1;2;1\n", encoding="utf-8")
    with load_map(tmp_path / "map.yaml").run(sorted(tmp_path.glob("*.csv"))) as mapped:
        (told,) = [issue for issue in mapped.issues if issue.is_error]
        assert "names no study day" in told.text
