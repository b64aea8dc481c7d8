"""`map new` on exports of centres that nobody asked: what it writes maps every row validly, before anyone edits it."""

from __future__ import annotations

import csv
import re
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


def by_day(folder: Path) -> None:
    """Dutch: a line for each test, a column for each day of the visit; a word of the study for the patient."""
    for name, text in {
        "infusies": (
            "Studienummer;Datum infusie;Product;Charge;Celdosis (x10^6);Celdosis per kg (x10^6/kg)\n"
            "UMC-01;12-05-2025;CD19 CAR-T;NL-0091;61,2;1,0\n"
            "UMC-02;03-06-2025;CD19 CAR-T;NL-0092;78,0;1,0\n"
            "UMC-03;15-07-2025;CD19 CAR-T;NL-0094;55,4;1,0\n"
        ),
        "lab": (
            "Studienummer;Bepaling;Eenheid;D-5;D0;D+7;D+14;D+28;M3\n"
            "UMC-01;Hemoglobine;mmol/L;7,1;6,8;6,0;6,3;7,0;7,6\n"
            "UMC-01;Leukocyten;10^9/L;4,2;0,8;0,4;1,9;3,8;4,9\n"
            "UMC-01;CRP;mg/L;3;5;48;12;<1;<1\n"
            "UMC-02;Hemoglobine;mmol/L;8,4;8,0;7,1;7,4;8,1;8,5\n"
            "UMC-02;Leukocyten;10^9/L;6,1;1,1;0,3;2,0;4,4;5,8\n"
            "UMC-02;CRP;mg/L;8;9;66;;3;2\n"
            "UMC-03;Hemoglobine;mmol/L;6,9;6,6;5,8;6,2;6,8;7,2\n"
            "UMC-03;Leukocyten;10^9/L;3,8;0,6;0,2;n.b.;3,1;4,0\n"
            "UMC-03;CRP;mg/L;2;4;31;9;<1;<1\n"
        ),
        "patienten": (
            "Studienummer;Geboortedatum;Geslacht;Diagnose;Gewicht screening (kg)\n"
            "UMC-01;14-03-1985;V;SLE;61,2\n"
            "UMC-02;02-11-1972;M;Systemische sclerose;78,0\n"
            "UMC-03;27-06-1999;V;SLE;55,4\n"
        ),
    }.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def course(folder: Path) -> None:
    """Days of lymphodepletion counted, doses with their unit beside them, grades of CRS and ICANS side by side."""
    for name, text in {
        "infusion": (
            "subject_id,infusion_date,product,lot_number,dose_cells_x10e6,dose_per_kg_x10e6,weight_kg\n"
            "LN-001,2025-02-08,CD19-CAR,LOT77A,62,1.0,62\n"
            "LN-002,2025-03-15,CD19-CAR,LOT78B,70.5,1.0,70.5\n"
            "LN-003,2025-04-05,CD19-CAR,LOT79C,81,1.0,81\n"
        ),
        "lymphodepletion": (
            "subject_id,drug,start_date,end_date,daily_dose,dose_unit,n_days\n"
            "LN-001,Fludarabine,2025-02-03,2025-02-05,30,mg/m2,3\n"
            "LN-001,Cyclophosphamide,2025-02-03,2025-02-05,300,mg/m2,3\n"
            "LN-002,Fludarabine,2025-03-10,2025-03-12,30,mg/m2,3\n"
            "LN-002,Cyclophosphamide,2025-03-10,2025-03-12,300,mg/m2,3\n"
            "LN-003,Bendamustine,2025-04-01,2025-04-02,90,mg/m2,2\n"
        ),
        "patients": (
            "subject_id,sex,dob,diagnosis,dx_date,ethnicity\n"
            "LN-001,F,1990-02-11,Systemic lupus erythematosus,2012-06,Not Hispanic\n"
            "LN-002,F,1983-09-30,Lupus nephritis,2009,Hispanic\n"
            "LN-003,M,1995-12-05,Systemic lupus erythematosus,2018-01,Not Hispanic\n"
        ),
        "sledai": (
            "subject_id,visit,visit_date,arthritis,rash,alopecia,proteinuria,low_complement,anti_dsdna,sledai_total\n"
            "LN-001,Screening,2025-01-20,4,2,0,4,2,2,14\n"
            "LN-001,Month 3,2025-05-09,0,0,0,0,2,0,2\n"
            "LN-002,Screening,2025-02-25,4,0,2,4,2,2,14\n"
            "LN-002,Month 3,2025-06-14,0,0,0,4,0,0,4\n"
            "LN-003,Screening,2025-03-20,4,2,2,0,2,2,12\n"
        ),
        "toxicity": (
            "subject_id,date_onset,date_resolved,crs_grade,icans_grade,tocilizumab\n"
            "LN-001,2025-02-10,2025-02-13,1,0,N\n"
            "LN-002,2025-03-18,2025-03-23,2,1,Y\n"
            "LN-003,2025-04-08,2025-04-10,1,,N\n"
        ),
    }.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def one_list(folder: Path) -> None:
    """German: one line for each patient, none of its names says patient, worst grades beside the infusion."""
    (folder / "liste.csv").write_text(
        "Kürzel;Geschlecht;Geb.datum;Erkrankung;CAR-T am;Charge;Zellzahl (10^6);"
        "Gewicht (kg);Max. CRS Grad;Max. ICANS Grad;SLEDAI vor;SLEDAI 3 Mo\n"
        "AB01;w;12.03.1990;SLE;14.01.2025;X-1;65;65;1;0;14;2\n"
        "CD02;m;02.11.1984;SSc;20.02.2025;X-2;80;80;2;1;;\n"
        "EF03;w;30.07.1999;SLE;11.03.2025;X-3;58;58;0;0;18;0\n",
        encoding="utf-8",
    )


def written(folder: Path, export: Any) -> Path:
    """The map that `map new` writes for an export, with its code tables."""
    for name in ("export", "codes"):
        (folder / name).mkdir()
    export(folder / "export")
    text, words = skeleton([folder / "export"])
    for name, lines in words.items():
        with (folder / "codes" / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([HEADER, *lines])
    (folder / "map.yaml").write_text(text, encoding="utf-8")
    return folder / "map.yaml"


@pytest.mark.parametrize(
    ("export", "expected"),
    [
        (french, {"Patient": 2, "Condition": 2, "Observation": 5, "AdverseEvent": 3}),
        (american, {"Patient": 2, "Condition": 2, "Observation": 5, "AdverseEvent": 2, "MedicationAdministration": 2}),
        (dutch, {"Patient": 2, "Observation": 2}),
        (japanese, {"Patient": 1, "Condition": 1, "Observation": 1}),
        (by_day, {"Patient": 3, "Condition": 3, "Observation": 43}),
        (course, {"Patient": 3, "Condition": 3, "Observation": 13, "MedicationAdministration": 5}),
        (one_list, {"Patient": 3, "Condition": 3, "Observation": 3}),
    ],
)
def test_the_first_map_of_a_strange_export_is_right_as_far_as_it_goes(
    tmp_path: Path, export: Any, expected: dict[str, int]
) -> None:
    written(tmp_path, export)
    with load_map(tmp_path / "map.yaml").run([tmp_path / "export"]) as mapped:
        assert not [issue.text for issue in mapped.issues if issue.is_error]
        made = [one for one in mapped if one["resourceType"] != "Provenance"]
        assert Counter(one["resourceType"] for one in made) == expected
        assert not [issue.text for issue in Validator().validate(mapped.bundle()) if issue.is_error]
    dates = {one["effectiveDateTime"]: one["valueQuantity"] for one in made if "valueQuantity" in one}
    if export is french:
        assert dates["2026-04-14"]["value"] == 2, "each visit has its own date"
        assert {one["date"] for one in made if one["resourceType"] == "AdverseEvent"} == {
            "2026-01-17", "2026-01-30", "2026-02-01"
        }  # fmt: skip
    if export is american:
        assert (str(dates["2025-03-07"]["value"]), dates["2025-03-07"]["code"]) == ("0.8", "mg/dL")


@pytest.mark.parametrize("export", [by_day, course])
def test_the_infusion_is_right_once_its_lines_are_taken_out_of_the_comment(tmp_path: Path, export: Any) -> None:
    path = written(tmp_path, export)
    path.write_text(re.sub(r"^      # (?=[- ] )", "      ", path.read_text(encoding="utf-8"), flags=re.MULTILINE))
    (product,) = (tmp_path / "codes").glob("*_product.csv")
    product.write_text(product.read_text("utf-8").replace(",,,,,,", ",,cart-product-cs,kyv-101,,,"), encoding="utf-8")
    with load_map(path).run([tmp_path / "export"]) as mapped:
        assert not [issue.text for issue in mapped.issues if issue.is_error]
        made = [one for one in mapped if one.get("meta", {}).get("profile", [""])[0].endswith("cart-administration")]
        doses = {str(one["dosage"]["dose"]["value"]) for one in made}
        assert doses == ({"61.2", "78.0", "55.4"} if export is by_day else {"62", "70.5", "81"})
        assert not [issue.text for issue in Validator().validate(mapped.bundle()) if issue.is_error]


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
