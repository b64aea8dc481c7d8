"""The exports of centre B: Italian, commas, ISO dates, UTF-8 with a BOM, long tables, the scores in one Excel
workbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

from cart_fhir.profiles.activity import MG_ADL, SLEDAI_2K
from cart_fhir.synth.codes import DISEASES
from cart_fhir.synth.exports import xlsx
from cart_fhir.synth.exports.table import Dialect, Row, Table, write_tables
from cart_fhir.synth.model import Journey

DIALECT: Final = Dialect("utf-8-sig", ",", "\n")

# hydroxychloroquine and cyclophosphamide stand in Cyrillic letters that look Latin, as in tables typed by hand
_THERAPY: Final = {
    "glucocorticoids": "Glucocorticoidi",
    "hcq": "\u041d\u0421\u041e",
    "aza": "Azatioprina",
    "mmf": "Micofenolato",
    "rtx": "Rituximab",
    "belimumab": "Belimumab",
    "jak": "JAK inibitori",
    "mtx": "Metotressato",
    "cni": "CNI inibitori",
    "cyc": "\u0421\u0423\u0421",
    "ivig": "IVIG",
    "plasmapheresis": "Plasmaferesi",
    "eltrombopag": "Eltrombopag",
    "romiplostim": "Romiplostim",
    "splenectomy": "Splenectomia",
    "pyridostigmine": "Piridostigmina",
    "efgartigimod": "Efgartigimod",
}
_PRODUCT: Final = {
    "zorpocabtagene-autoleucel": "zorpo-cel",
    "kyv-101": "KYV-101",
    "cd19-cart-nct06231368": "CD19 CAR-T",
}
_COSTIMULATION: Final = {"4-1bb": "4-1BB", "cd28": "CD28", "unknown": "sconosciuta"}
_VECTOR: Final = {"lentiviral": "lentivirus", "unknown": "sconosciuto"}
_FORMULATION: Final = {"fresh": "fresco", "cryopreserved-thawed": "criopreservato"}
_DRUG: Final = {
    "L01BB05": "Fludarabina",
    "L01AA01": "Ciclofosfamide",
    "L04AC07": "Tocilizumab",
    "H02AB02": "Desametasone",
    "L03AA02": "Filgrastim",
    "J06BA02": "Immunoglobuline ev",
    "N02BE01": "Paracetamolo",
}
_UNIT: Final = {"mg": "mg", "g": "g", "ug": "mcg"}
_PURPOSE: Final = {
    "toxicity-management": "tossicità",
    "premedication": "premedicazione",
    "ig-replacement": "reintegro IgG",
}
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
_EVENT: Final = {
    "crs": "CRS",
    "icans": "ICANS",
    "licats": "LICATS",
    "neutropenia": "Neutropenia",
    "thrombocytopenia": "Piastrinopenia",
    "anaemia": "Anemia",
    "hypogammaglobulinaemia": "Ipogammaglobulinemia",
    "pneumonia": "Polmonite",
    "herpes-zoster": "Herpes zoster",
}
_CRITERION: Final = {
    "": "",
    "C83052": "ospedalizzazione",
    "C84266": "pericolo di vita",
    "C48275": "decesso",
    "C82521": "clinicamente rilevante",
}
_OUTCOME: Final = {"resolved": "risolto", "ongoing": "in corso", "fatal": "fatale"}
_CAUSALITY: Final = {"probably-likely": "probabile", "possible": "possibile", "unlikely": "improbabile"}
_HYPOTENSION: Final = {
    None: "",
    "none": "no",
    "no-vasopressor": "senza vasopressore",
    "one-vasopressor": "un vasopressore",
    "multiple-vasopressors": "più vasopressori",
}
_HYPOXIA: Final = {
    None: "",
    "none": "no",
    "low-flow": "basso flusso",
    "high-flow": "alto flusso",
    "positive-pressure": "pressione positiva",
}
_CONSCIOUSNESS: Final = {
    None: "",
    "alert": "vigile",
    "awakens-spontaneously": "spontanea",
    "awakens-to-voice": "alla voce",
    "awakens-to-tactile": "al tatto",
    "unarousable": "non risvegliabile",
}
_SEIZURE: Final = {None: "", "none": "no", "brief-or-resolving": "si"}
_RESPONSE: Final = {"cr": "CR", "pr": "PR", "nr": "NR", "relapse": "recidiva"}
_KINETIC: Final = {"cart-cells-per-ul": "CAR-T/uL", "cart-percent-of-t-cells": "CAR-T %"}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _visit(visit: str) -> str:
    return "basale" if visit == "baseline" else visit


def _patients(journey: Journey) -> Iterator[Row]:
    person, disease = journey.person, journey.disease
    classes = "+".join(name.removeprefix("class-").upper() for name in disease.nephritis)
    yield (
        person.number,
        "F" if person.sex == "female" else "M",
        str(person.birth),
        DISEASES[disease.key].icd10,
        disease.onset,
        f"classe {classes}" if classes else "",
        _text(person.died),
    )


def _prior(journey: Journey) -> Iterator[Row]:
    for row in journey.prior:
        if row.exposed is not None:
            yield journey.person.number, _THERAPY[row.therapy], "+" if row.exposed else "-"


def _apheresis(journey: Journey) -> Iterator[Row]:
    yield journey.person.number, str(journey.apheresis.on), journey.apheresis.donation


def _products(journey: Journey) -> Iterator[Row]:
    product = journey.product
    yield (
        journey.person.number,
        product.lot,
        _PRODUCT[product.code],
        product.identity,
        product.donation,
        str(product.collected),
        product.antigen.upper(),
        _COSTIMULATION[product.costimulation],
        _VECTOR[product.vector],
        "autologo",
        _FORMULATION[product.formulation],
        str(product.generation),
        str(product.viability),
    )


def _body(journey: Journey) -> Iterator[Row]:
    body = journey.body
    yield journey.person.number, str(body.on), str(body.height), str(body.weight), str(body.area)


def _lymphodepletion(journey: Journey) -> Iterator[Row]:
    for dose in journey.lymphodepletion:
        when = (str(dose.on), f"D{dose.day}")
        yield journey.person.number, *when, _DRUG[dose.atc], str(dose.per_m2), "mg/m 2", str(dose.milligrams)


def _infusion(journey: Journey) -> Iterator[Row]:
    given = journey.infusion
    per_kg = f"{given.millions_per_kg.normalize():f} x 10^6/kg"
    cells = f"{given.millions * 1_000_000:.0f}"
    complete = "si" if given.complete else "no"
    weight, number = str(given.weight), str(given.number)
    yield journey.person.number, str(given.on), given.lot, per_kg, weight, cells, complete, number


def _support(journey: Journey) -> Iterator[Row]:
    for dose in journey.support:
        value, unit = str(dose.value), _UNIT[dose.unit]
        yield journey.person.number, str(dose.on), _DRUG[dose.atc], value, unit, _PURPOSE[dose.purpose]


def _labs(journey: Journey) -> Iterator[Row]:
    for lab in journey.labs:
        name, unit, factor = _LABS[lab.analyte]
        value = lab.value if factor == 1 else (lab.value * factor).quantize(Decimal(1))
        yield journey.person.number, str(lab.on), str(lab.day), name, str(value), unit


def _kinetics(journey: Journey) -> Iterator[Row]:
    for point in journey.kinetics:
        when = (str(point.on), str(point.day))
        yield journey.person.number, *when, _KINETIC[point.code], str(point.value), "citometria"


def _events(journey: Journey) -> Iterator[Row]:
    for event in journey.events:
        yield (
            journey.person.number,
            _EVENT[event.code],
            str(event.begin),
            _text(event.end),
            f"G{event.grade}",
            "si" if event.serious else "no",
            _CRITERION[event.criterion],
            _OUTCOME[event.outcome],
            _CAUSALITY[event.causality],
        )


def _gradings(journey: Journey) -> Iterator[Row]:
    for grading in journey.gradings:
        yield (
            journey.person.number,
            str(grading.on),
            str(grading.day),
            grading.system.removeprefix("astct-").upper(),
            str(grading.grade),
            _text(grading.temperature),
            _HYPOTENSION[grading.hypotension],
            _HYPOXIA[grading.hypoxia],
            _text(grading.ice),
            _CONSCIOUSNESS[grading.consciousness],
            _SEIZURE[grading.seizure],
        )


def _responses(journey: Journey) -> Iterator[Row]:
    for judged in journey.responses:
        when = (str(judged.on), _visit(judged.visit), str(judged.day))
        yield journey.person.number, *when, _RESPONSE[judged.value]


def _header(names: str) -> list[str]:
    return ["id_paziente", *names.split()]


TABLES: Final = (
    Table("pazienti.csv", _header("sesso data_nascita diagnosi_icd10 esordio classe_nefrite data_decesso"), _patients),
    Table("terapie_precedenti.csv", _header("terapia esposizione"), _prior),
    Table("aferesi.csv", _header("data numero_donazione"), _apheresis),
    Table(
        "prodotti.csv",
        _header(
            "lotto prodotto id_coi numero_donazione data_raccolta antigene costimolazione vettore donatore "
            "formulazione generazione vitalita_pct"
        ),
        _products,
    ),
    Table("antropometria.csv", _header("data altezza_cm peso_kg bsa_m2"), _body),
    Table("linfodeplezione.csv", _header("data giorno farmaco dose_m2 unita_m2 dose_mg"), _lymphodepletion),
    Table(
        "infusione.csv",
        _header("data_infusione lotto dose peso_kg cellule_totali volume_completo numero_infusione"),
        _infusion,
    ),
    Table("farmaci_supporto.csv", _header("data farmaco dose unita scopo"), _support),
    Table("laboratorio.csv", _header("data giorno esame valore unita"), _labs),
    Table("cinetica.csv", _header("data giorno parametro valore metodo"), _kinetics),
    Table("eventi_avversi.csv", _header("evento inizio fine grado grave criterio esito causalita"), _events),
    Table(
        "valutazioni.csv",
        _header("data giorno scala grado temp_max ipotensione ipossia ice coscienza crisi"),
        _gradings,
    ),
    Table("risposta.csv", _header("data visita giorno risposta"), _responses),
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
            yield [journey.person.number, _visit(score.visit), score.on, score.day, *points, score.total]
