"""The exports of centre B: Italian, commas, ISO dates, UTF-8 with a BOM, long tables, the scores in one Excel
workbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

from cart_fhir.profiles.activity import MG_ADL, SLEDAI_2K
from cart_fhir.synth.exports import xlsx
from cart_fhir.synth.exports.hospital import Hospital
from cart_fhir.synth.exports.table import Dialect, Row, Table, write_tables
from cart_fhir.synth.model import Infusion, Journey

DIALECT: Final = Dialect("utf-8-sig", ",", "\n")

# analyte -> name, unit as printed, how many of it make one of the guide's unit
_LABS: Final = {
    "platelets": ("Piastrine", "10^3/uL", 1),
    "haemoglobin": ("Emoglobina", "g/dL", 1),
    "leukocytes": ("Leucociti", "10^3/uL", 1),
    "neutrophils": ("Neutrofili", "10^3/uL", 1),
    "c3": ("C3", "mg/dL", 100),
    "c4": ("C4", "mg/dL", 100),
    "anti-dsdna": ("anti-dsDNA", "IU/mL", 1),
    "ck": ("CK", "U/L", 1),
    "ldh": ("LDH", "U/L", 1),
    "crp": ("PCR", "mg/L", 1),
    "ferritin": ("Ferritina", "ng/mL", 1),
    "b-cells": ("CD19+", "cells/\u03bcl", 1),  # Greek mu
    "igg": ("IgG", "g/L", 1),
}
_KINETIC: Final = {"cart-cells-per-ul": "CAR-T/uL", "cart-percent-of-t-cells": "CAR-T %"}


def _infused(given: Infusion) -> Row:
    """The planned dose with its unit in one cell, and single cells counted."""
    per_kg = f"{given.millions_per_kg.normalize():f} x 10^6/kg"
    return per_kg, str(given.weight), f"{given.millions * 1_000_000:.0f}"


_CENTRE: Final = Hospital(
    language=1, day="%Y-%m-%d", month="%Y-%m", decimal=".", nephritis="classe ", grade="G", infused=_infused
)


def _prior(journey: Journey) -> Iterator[Row]:
    for row in journey.prior:
        if row.exposed is not None:
            yield journey.person.number, _CENTRE.word("therapy", row.therapy), "+" if row.exposed else "-"


def _lymphodepletion(journey: Journey) -> Iterator[Row]:
    for dose in journey.lymphodepletion:
        when = (str(dose.on), f"D{dose.day}")
        drug = _CENTRE.word("drug", dose.atc)
        yield journey.person.number, *when, drug, str(dose.per_m2), "mg/m 2", str(dose.milligrams)


def _labs(journey: Journey) -> Iterator[Row]:
    for lab in journey.labs:
        name, unit, factor = _LABS[lab.analyte]
        value = lab.value if factor == 1 else (lab.value * factor).quantize(Decimal(1))
        yield journey.person.number, str(lab.on), str(journey.day(lab.on)), name, str(value), unit


def _kinetics(journey: Journey) -> Iterator[Row]:
    for point in journey.kinetics:
        when = (str(point.on), str(journey.day(point.on)))
        yield journey.person.number, *when, _KINETIC[point.code], str(point.value), "citometria"


def _header(names: str) -> list[str]:
    return ["id_paziente", *names.split()]


TABLES: Final = (
    Table(
        "pazienti.csv",
        _header("sesso data_nascita diagnosi_icd10 esordio classe_nefrite data_decesso"),
        _CENTRE.patients,
    ),
    Table("terapie_precedenti.csv", _header("terapia esposizione"), _prior),
    Table("aferesi.csv", _header("data numero_donazione"), _CENTRE.apheresis),
    Table(
        "prodotti.csv",
        _header(
            "lotto prodotto id_coi numero_donazione data_raccolta antigene costimolazione vettore donatore "
            "formulazione generazione vitalita_pct"
        ),
        _CENTRE.products,
    ),
    Table("antropometria.csv", _header("data altezza_cm peso_kg bsa_m2"), _CENTRE.body),
    Table("linfodeplezione.csv", _header("data giorno farmaco dose_m2 unita_m2 dose_mg"), _lymphodepletion),
    Table(
        "infusione.csv",
        _header("data_infusione lotto dose peso_kg cellule_totali volume_completo numero_infusione motivo"),
        _CENTRE.infusions,
    ),
    Table("farmaci_supporto.csv", _header("data farmaco dose unita scopo"), _CENTRE.support),
    Table("laboratorio.csv", _header("data giorno esame valore unita"), _labs),
    Table("cinetica.csv", _header("data giorno parametro valore metodo"), _kinetics),
    Table("eventi_avversi.csv", _header("evento inizio fine grado grave criterio esito causalita"), _CENTRE.events),
    Table(
        "valutazioni.csv",
        _header("data giorno scala grado temp_max ipotensione ipossia ice coscienza crisi"),
        _CENTRE.gradings,
    ),
    Table("risposta.csv", _header("data visita giorno risposta"), _CENTRE.responses),
)

# sheet -> instrument, its item columns
_SHEETS: Final = {
    "SLEDAI-2K": ("sledai-2k", [item.code for item in SLEDAI_2K]),
    "JDM-DAS": ("jdm-das-total", ["muscolo", "cute"]),
    "MG-ADL": ("mg-adl", list(MG_ADL)),
    "mRSS": ("mrss", []),
}


def write(folder: Path, journeys: Iterable[Journey]) -> list[Path]:
    """Write the CSV files and `attivita.xlsx`; return them."""
    sheets: dict[str, list[list[xlsx.Cell]]] = {
        name: [[*_header("visita data giorno"), *items, "totale"]] for name, (_, items) in _SHEETS.items()
    }

    def with_scores() -> Iterator[Journey]:
        for journey in journeys:
            for name, (instrument, _) in _SHEETS.items():
                sheets[name] += _score_rows(journey, instrument)
            yield journey

    files = write_tables(folder, TABLES, DIALECT, with_scores())
    return [*files, xlsx.write(folder / "attivita.xlsx", sheets)]


def _score_rows(journey: Journey, instrument: str) -> Iterator[list[xlsx.Cell]]:
    """Dates as Excel dates, items as 1 and 0 or as points."""
    for score in journey.scores:
        if score.instrument == instrument:
            points = [int(value) for value in score.items.values()]
            visit, day = _CENTRE.word("visit", score.visit), journey.day(score.on)
            yield [journey.person.number, visit, score.on, day, *points, score.total]
