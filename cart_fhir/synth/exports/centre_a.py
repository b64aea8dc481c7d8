"""The exports of centre A: German, semicolons, decimal commas, dd.mm.yyyy, ISO-8859-1, CRLF, wide laboratory table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from cart_fhir.synth.codes import ANALYTES, THERAPIES
from cart_fhir.synth.exports.table import Dialect, Row, Table, write_tables
from cart_fhir.synth.model import Journey

DIALECT: Final = Dialect("iso-8859-1", ";", "\r\n")

_DISEASE: Final = {"sle": "SLE", "jdm": "JDM", "ssc": "SSc", "mg": "MG", "itp": "ITP", "aiha": "AIHA"}
_THERAPY: Final = {
    "glucocorticoids": "Glukokortikoide",
    "hcq": "HCQ",
    "aza": "AZA",
    "mmf": "MMF",
    "rtx": "RTX",
    "belimumab": "Belimumab",
    "jak": "JAK-Inhibitoren",
    "mtx": "MTX",
    "cni": "CNI",
    "cyc": "CYC",
    "ivig": "IVIG",
    "plasmapheresis": "Plasmapherese",
    "eltrombopag": "Eltrombopag",
    "romiplostim": "Romiplostim",
    "splenectomy": "Splenektomie",
    "pyridostigmine": "Pyridostigmin",
    "efgartigimod": "Efgartigimod",
}
_PRODUCT: Final = {
    "zorpocabtagene-autoleucel": "Zorpocabtagen autoleucel",
    "kyv-101": "KYV-101",
    "cd19-cart-nct06231368": "CD19-CAR-T (NCT06231368)",
}
_COSTIMULATION: Final = {"4-1bb": "4-1BB", "cd28": "CD28", "unknown": "unbekannt"}
_VECTOR: Final = {"lentiviral": "lentiviral", "unknown": "unbekannt"}
_FORMULATION: Final = {"fresh": "frisch", "cryopreserved-thawed": "kryokonserviert"}
_DRUG: Final = {
    "L01BB05": "Fludarabin",
    "L01AA01": "Cyclophosphamid",
    "L04AC07": "Tocilizumab",
    "H02AB02": "Dexamethason",
    "L03AA02": "Filgrastim",
    "J06BA02": "Immunglobulin i.v.",
    "N02BE01": "Paracetamol",
}
_UNIT: Final = {"mg": "mg", "g": "g", "ug": "µg"}
_PURPOSE: Final = {"toxicity-management": "Toxizität", "premedication": "Prämedikation", "ig-replacement": "IgG-Ersatz"}
_VISIT: Final = {
    "baseline": "Baseline",
    "d0": "T0",
    "d7": "T7",
    "d14": "T14",
    "d28": "T28",
    "mo3": "M3",
    "mo6": "M6",
    "mo9": "M9",
    "y1": "J1",
    "y2": "J2",
}
_SLEDAI: Final = [
    "Krampfanfall",
    "Psychose",
    "HOPS",
    "Sehstörung",
    "Hirnnerven",
    "Lupus-Kopfschmerz",
    "Apoplex",
    "Vaskulitis",
    "Arthritis",
    "Myositis",
    "Zylinder",
    "Hämaturie",
    "Proteinurie",
    "Pyurie",
    "Exanthem",
    "Alopezie",
    "Schleimhautulzera",
    "Pleuritis",
    "Perikarditis",
    "Komplement_niedrig",
    "DNS-Bindung",
    "Fieber",
    "Thrombopenie",
    "Leukopenie",
]
_MG_ADL: Final = [
    "Sprechen",
    "Kauen",
    "Schlucken",
    "Atmung",
    "Zaehneputzen_Kaemmen",
    "Aufstehen",
    "Doppelbilder",
    "Lidheberschwaeche",
]
_LABS: Final = {
    "platelets": "Thrombozyten (G/l)",
    "haemoglobin": "Hämoglobin (g/dl)",
    "leukocytes": "Leukozyten (G/l)",
    "neutrophils": "Neutrophile (G/l)",
    "c3": "C3 (g/l)",
    "c4": "C4 (g/l)",
    "anti-dsdna": "Anti-dsDNS (IE/ml)",
    "ck": "CK (U/l)",
    "ldh": "LDH (U/l)",
    "crp": "CRP (mg/l)",
    "ferritin": "Ferritin (ng/ml)",
    "b-cells": "CD19+ B-Zellen (Zellen/µl)",
    "igg": "IgG (g/l)",
}
_EVENT: Final = {
    "crs": "CRS",
    "icans": "ICANS",
    "licats": "LICATS",
    "neutropenia": "Neutropenie",
    "thrombocytopenia": "Thrombopenie",
    "anaemia": "Anämie",
    "hypogammaglobulinaemia": "Hypogammaglobulinämie",
    "pneumonia": "Pneumonie",
    "herpes-zoster": "Herpes zoster",
}
_CRITERION: Final = {
    "": "",
    "C83052": "Krankenhausaufenthalt",
    "C84266": "lebensbedrohlich",
    "C48275": "Tod",
    "C82521": "medizinisch bedeutsam",
}
_OUTCOME: Final = {"resolved": "abgeklungen", "ongoing": "andauernd", "fatal": "tödlich"}
_CAUSALITY: Final = {"probably-likely": "wahrscheinlich", "possible": "möglich", "unlikely": "unwahrscheinlich"}
_HYPOTENSION: Final = {
    None: "",
    "none": "keine",
    "no-vasopressor": "ohne Vasopressor",
    "one-vasopressor": "ein Vasopressor",
    "multiple-vasopressors": "mehrere Vasopressoren",
}
_HYPOXIA: Final = {
    None: "",
    "none": "keine",
    "low-flow": "Low-Flow",
    "high-flow": "High-Flow",
    "positive-pressure": "Überdruck",
}
_CONSCIOUSNESS: Final = {
    None: "",
    "alert": "wach",
    "awakens-spontaneously": "spontan",
    "awakens-to-voice": "auf Ansprache",
    "awakens-to-tactile": "auf Berührung",
    "unarousable": "nicht erweckbar",
}
_SEIZURE: Final = {None: "", "none": "nein", "brief-or-resolving": "ja"}
_RESPONSE: Final = {"cr": "CR", "pr": "PR", "nr": "NR", "relapse": "Rezidiv"}


def _date(on: date | None) -> str:
    return f"{on:%d.%m.%Y}" if on else ""


def _number(value: Decimal | int | None) -> str:
    return "" if value is None else str(value).replace(".", ",")


def _yes(true: bool) -> str:
    return "ja" if true else "nein"


def _patients(journey: Journey) -> Iterator[Row]:
    person, disease = journey.person, journey.disease
    year, month = disease.onset.split("-")
    nephritis = "+".join(name.removeprefix("class-").upper() for name in disease.nephritis)
    sex = "w" if person.sex == "female" else "m"
    yield (
        person.number,
        sex,
        _date(person.birth),
        _DISEASE[disease.key],
        f"{month}.{year}",
        nephritis,
        _date(person.died),
    )


def _prior(journey: Journey) -> Iterator[Row]:
    marks = {True: "+", False: "-", None: "k.A."}
    yield (journey.person.number, *(marks[row.exposed] for row in journey.prior))


def _apheresis(journey: Journey) -> Iterator[Row]:
    yield journey.person.number, _date(journey.apheresis.on), journey.apheresis.donation


def _products(journey: Journey) -> Iterator[Row]:
    product = journey.product
    yield (
        journey.person.number,
        product.lot,
        _PRODUCT[product.code],
        product.identity,
        product.donation,
        _date(product.collected),
        product.antigen.upper(),
        _COSTIMULATION[product.costimulation],
        _VECTOR[product.vector],
        "autolog",
        _FORMULATION[product.formulation],
        str(product.generation),
        _number(product.viability),
    )


def _body(journey: Journey) -> Iterator[Row]:
    body = journey.body
    yield journey.person.number, _date(body.on), _number(body.height), _number(body.weight), _number(body.area)


def _lymphodepletion(journey: Journey) -> Iterator[Row]:
    for atc in dict.fromkeys(dose.atc for dose in journey.lymphodepletion):
        doses = [dose for dose in journey.lymphodepletion if dose.atc == atc]
        days = "D" + ",".join(str(dose.day) for dose in doses)
        planned, given = _number(doses[0].per_m2), _number(doses[0].milligrams)
        yield journey.person.number, _DRUG[atc], planned, "mg/sqm", days, given


def _infusion(journey: Journey) -> Iterator[Row]:
    given = journey.infusion
    yield (
        journey.person.number,
        _date(given.on),
        given.lot,
        _number(given.millions_per_kg),
        "x10^6/kg",
        _number(given.weight),
        _number(given.millions),
        _yes(given.complete),
        str(given.number),
    )


def _support(journey: Journey) -> Iterator[Row]:
    for dose in journey.support:
        value, unit = _number(dose.value), _UNIT[dose.unit]
        yield journey.person.number, _date(dose.on), _DRUG[dose.atc], value, unit, _PURPOSE[dose.purpose]


def _scores(instrument: str, journey: Journey, mark: Callable[[int], str] = str) -> Iterator[Row]:
    for score in journey.scores:
        if score.instrument == instrument:
            when = (_VISIT[score.visit], _date(score.on), str(score.day))
            yield journey.person.number, *when, *map(mark, score.items.values()), str(score.total)


def _cross(present: int) -> str:
    return "x" if present else ""


def _labs(journey: Journey) -> Iterator[Row]:
    days: dict[int, dict[str, str]] = {}
    for lab in journey.labs:
        days.setdefault(lab.day, {"on": _date(lab.on)})[lab.analyte] = _number(lab.value)
    for day, values in days.items():
        yield journey.person.number, values["on"], str(day), *(values.get(name, "") for name in ANALYTES)


def _kinetics(journey: Journey) -> Iterator[Row]:
    days: dict[int, list[str]] = {}
    for point in journey.kinetics:  # cells per uL, then percent, of each day
        days.setdefault(point.day, [_date(point.on), str(point.day)]).append(_number(point.value))
    for cells in days.values():
        yield journey.person.number, *cells, "Durchflusszytometrie"


def _events(journey: Journey) -> Iterator[Row]:
    for event in journey.events:
        yield (
            journey.person.number,
            _EVENT[event.code],
            _date(event.begin),
            _date(event.end),
            str(event.grade),
            _yes(event.serious),
            _CRITERION[event.criterion],
            _OUTCOME[event.outcome],
            _CAUSALITY[event.causality],
        )


def _gradings(journey: Journey) -> Iterator[Row]:
    for grading in journey.gradings:
        yield (
            journey.person.number,
            _date(grading.on),
            str(grading.day),
            grading.system.removeprefix("astct-").upper(),
            str(grading.grade),
            _number(grading.temperature),
            _HYPOTENSION[grading.hypotension],
            _HYPOXIA[grading.hypoxia],
            _number(grading.ice),
            _CONSCIOUSNESS[grading.consciousness],
            _SEIZURE[grading.seizure],
        )


def _responses(journey: Journey) -> Iterator[Row]:
    for judged in journey.responses:
        yield journey.person.number, _date(judged.on), _VISIT[judged.visit], str(judged.day), _RESPONSE[judged.value]


def _header(names: str) -> list[str]:
    return names.split(";")


_VISIT_HEADER: Final = ["PatNr", "Visite", "Datum", "Tag"]

TABLES: Final = (
    Table(
        "patienten.csv",
        _header("PatNr;Geschlecht;Geburtsdatum;Diagnose;Erstmanifestation;Nephritis_Klasse;Verstorben_am"),
        _patients,
    ),
    Table("vortherapie.csv", ["PatNr", *(_THERAPY[key] for key in THERAPIES)], _prior),
    Table("apherese.csv", _header("PatNr;Datum;Spendennummer"), _apheresis),
    Table(
        "produkt.csv",
        _header(
            "PatNr;Charge;Produkt;CoI_ID;Spendennummer;Entnahmedatum;Zielantigen;Kostimulation;Vektor;Spendertyp;"
            "Formulierung;Generation;Viabilität_%"
        ),
        _products,
    ),
    Table("koerpermasse.csv", _header("PatNr;Datum;Groesse_cm;Gewicht_kg;KOF_m2"), _body),
    Table("lymphodepletion.csv", _header("PatNr;Medikament;Dosis;Einheit;Tage;Tagesdosis_mg"), _lymphodepletion),
    Table(
        "infusion.csv",
        _header(
            "PatNr;Infusionsdatum;Charge;Dosis;Dosiseinheit;Gewicht_kg;Zellzahl_10E6;Volumen_vollstaendig;Infusion_Nr"
        ),
        _infusion,
    ),
    Table("begleittherapie.csv", _header("PatNr;Datum;Medikament;Dosis;Einheit;Zweck"), _support),
    Table("sledai.csv", [*_VISIT_HEADER, *_SLEDAI, "SLEDAI-2K"], lambda one: _scores("sledai-2k", one, _cross)),
    Table("jdm_das.csv", [*_VISIT_HEADER, "mDAS", "sDAS", "DAS_gesamt"], lambda one: _scores("jdm-das-total", one)),
    Table("mg_adl.csv", [*_VISIT_HEADER, *_MG_ADL, "Summe"], lambda one: _scores("mg-adl", one)),
    Table("mrss.csv", [*_VISIT_HEADER, "mRSS"], lambda one: _scores("mrss", one)),
    Table("labor.csv", ["PatNr", "Datum", "Tag", *(_LABS[name] for name in ANALYTES)], _labs),
    Table(
        "cart_monitoring.csv",
        _header("PatNr;Datum;Tag;CAR-T-Zellen (Zellen/µl);CAR-T (% der T-Zellen);Methode"),
        _kinetics,
    ),
    Table(
        "nebenwirkungen.csv",
        _header("PatNr;Ereignis;Beginn;Ende;Grad;Schwerwiegend;Kriterium;Ausgang;Zusammenhang"),
        _events,
    ),
    Table(
        "crs_icans.csv",
        _header("PatNr;Datum;Tag;System;Grad;Temp_max;Hypotonie;Hypoxie;ICE;Bewusstsein;Krampfanfall"),
        _gradings,
    ),
    Table("ansprechen.csv", _header("PatNr;Datum;Visite;Tag;Ansprechen"), _responses),
)


def write(folder: Path, journeys: Iterable[Journey]) -> list[Path]:
    """Write all tables; return the files."""
    return write_tables(folder, TABLES, DIALECT, journeys)
