"""The exports of centre A: German, semicolons, decimal commas, dd.mm.yyyy, ISO-8859-1, CRLF, wide laboratory table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from cart_fhir.synth.codes import ANALYTES, THERAPIES
from cart_fhir.synth.exports.hospital import Hospital
from cart_fhir.synth.exports.table import Dialect, Row, Table, write_tables
from cart_fhir.synth.model import Infusion, Journey

DIALECT: Final = Dialect("iso-8859-1", ";", "\r\n")

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


def _infused(given: Infusion) -> Row:
    number = _CENTRE.number
    return number(given.millions_per_kg), "x10^6/kg", number(given.weight), number(given.millions)


_CENTRE: Final = Hospital(
    language=0, day="%d.%m.%Y", month="%m.%Y", decimal=",", nephritis="", grade="", infused=_infused
)


def _prior(journey: Journey) -> Iterator[Row]:
    marks = {True: "+", False: "-", None: "k.A."}
    yield (journey.person.number, *(marks[row.exposed] for row in journey.prior))


def _lymphodepletion(journey: Journey) -> Iterator[Row]:
    """A row for each drug and dose, with all its days; 0 mg where it was withheld."""
    days: dict[tuple[str, str, str], list[str]] = {}
    for dose in journey.lymphodepletion:
        given = _CENTRE.word("drug", dose.atc), _CENTRE.number(dose.per_m2), _CENTRE.number(dose.milligrams)
        days.setdefault(given, []).append(str(dose.day))
    for (drug, planned, milligrams), when in days.items():
        yield journey.person.number, drug, planned, "mg/sqm", "D" + ",".join(when), milligrams


def _scores(instrument: str, journey: Journey, mark: Callable[[int], str] = str) -> Iterator[Row]:
    for score in journey.scores:
        if score.instrument == instrument:
            when = _CENTRE.word("visit", score.visit), _CENTRE.date(score.on), str(journey.day(score.on))
            yield journey.person.number, *when, *map(mark, score.items.values()), str(score.total)


def _cross(present: int) -> str:
    return "x" if present else ""


def _labs(journey: Journey) -> Iterator[Row]:
    days: dict[int, dict[str, str]] = {}
    for lab in journey.labs:
        when = {"on": _CENTRE.date(lab.on), "day": str(journey.day(lab.on))}
        days.setdefault(lab.day, when)[lab.analyte] = _CENTRE.number(lab.value)
    for values in days.values():
        yield journey.person.number, values["on"], values["day"], *(values.get(name, "") for name in ANALYTES)


def _kinetics(journey: Journey) -> Iterator[Row]:
    days: dict[int, list[str]] = {}
    for point in journey.kinetics:  # cells per uL, then percent, of each day
        when = [_CENTRE.date(point.on), str(journey.day(point.on))]
        days.setdefault(point.day, when).append(_CENTRE.number(point.value))
    for cells in days.values():
        yield journey.person.number, *cells, "Durchflusszytometrie"


def _header(names: str) -> list[str]:
    return ["PatNr", *names.split(";")]


TABLES: Final = (
    Table(
        "patienten.csv",
        _header("Geschlecht;Geburtsdatum;Diagnose;Erstmanifestation;Nephritis_Klasse;Verstorben_am"),
        _CENTRE.patients,
    ),
    Table("vortherapie.csv", ["PatNr", *(_CENTRE.word("therapy", key) for key in THERAPIES)], _prior),
    Table("apherese.csv", _header("Datum;Spendennummer"), _CENTRE.apheresis),
    Table(
        "produkt.csv",
        _header(
            "Charge;Produkt;CoI_ID;Spendennummer;Entnahmedatum;Zielantigen;Kostimulation;Vektor;Spendertyp;"
            "Formulierung;Generation;Viabilität_%"
        ),
        _CENTRE.products,
    ),
    Table("koerpermasse.csv", _header("Datum;Groesse_cm;Gewicht_kg;KOF_m2"), _CENTRE.body),
    Table("lymphodepletion.csv", _header("Medikament;Dosis;Einheit;Tage;Tagesdosis_mg"), _lymphodepletion),
    Table(
        "infusion.csv",
        _header(
            "Infusionsdatum;Charge;Dosis;Dosiseinheit;Gewicht_kg;Zellzahl_10E6;Volumen_vollstaendig;Infusion_Nr;Anlass"
        ),
        _CENTRE.infusions,
    ),
    Table("begleittherapie.csv", _header("Datum;Medikament;Dosis;Einheit;Zweck"), _CENTRE.support),
    Table(
        "sledai.csv",
        _header(
            "Visite;Datum;Tag;Krampfanfall;Psychose;HOPS;Sehstörung;Hirnnerven;Lupus-Kopfschmerz;Apoplex;Vaskulitis;"
            "Arthritis;Myositis;Zylinder;Hämaturie;Proteinurie;Pyurie;Exanthem;Alopezie;Schleimhautulzera;Pleuritis;"
            "Perikarditis;Komplement_niedrig;DNS-Bindung;Fieber;Thrombopenie;Leukopenie;SLEDAI-2K"
        ),
        lambda one: _scores("sledai-2k", one, _cross),
    ),
    Table("jdm_das.csv", _header("Visite;Datum;Tag;mDAS;sDAS;DAS_gesamt"), lambda one: _scores("jdm-das-total", one)),
    Table(
        "mg_adl.csv",
        _header(
            "Visite;Datum;Tag;Sprechen;Kauen;Schlucken;Atmung;Zaehneputzen_Kaemmen;Aufstehen;Doppelbilder;"
            "Lidheberschwaeche;Summe"
        ),
        lambda one: _scores("mg-adl", one),
    ),
    Table("mrss.csv", _header("Visite;Datum;Tag;mRSS"), lambda one: _scores("mrss", one)),
    Table("labor.csv", ["PatNr", "Datum", "Tag", *(_LABS[name] for name in ANALYTES)], _labs),
    Table(
        "cart_monitoring.csv",
        _header("Datum;Tag;CAR-T-Zellen (Zellen/µl);CAR-T (% der T-Zellen);Methode"),
        _kinetics,
    ),
    Table(
        "nebenwirkungen.csv",
        _header("Ereignis;Beginn;Ende;Grad;Schwerwiegend;Kriterium;Ausgang;Zusammenhang"),
        _CENTRE.events,
    ),
    Table(
        "crs_icans.csv",
        _header("Datum;Tag;System;Grad;Temp_max;Hypotonie;Hypoxie;ICE;Bewusstsein;Krampfanfall"),
        _CENTRE.gradings,
    ),
    Table("ansprechen.csv", _header("Datum;Visite;Tag;Ansprechen"), _CENTRE.responses),
)


def write(folder: Path, journeys: Iterable[Journey]) -> list[Path]:
    """Write all tables; return the files."""
    return write_tables(folder, TABLES, DIALECT, journeys)
