"""HL7 v2.5.1 feeds of a hospital: ADT^A08 (who), RAS^O17 (every drug and the cells given), ORU^R01 (measurements).

Segments end with CR, messages follow each other in one file, MSH-18 says UTF-8. RAS^O17: HL7 v2.5.1 chapter 4A.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Final

from cart_fhir.profiles.study_day import day_of
from cart_fhir.synth.codes import ANALYTES, DISEASES, DRUGS
from cart_fhir.synth.model import Grading, Infusion, Journey, Score

# OBX-2 value type, OBX-3 code, OBX-5 value, unit
Result = tuple[str, str, str, str]

_KINETIC: Final = {
    "cart-cells-per-ul": ("CAR+ T cells", "{cells}/uL"),
    "cart-percent-of-t-cells": ("CAR+ T cells of T cells", "%"),
}
_CRITERION: Final = {
    "hypotension": "hypotension-level",
    "hypoxia": "hypoxia-level",
    "consciousness": "consciousness",
    "seizure": "seizure",
}
_ESCAPES: Final = str.maketrans({"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\"})


def write(folder: Path, journeys: Iterable[Journey]) -> list[Path]:
    """Write `adt.hl7`, `ras.hl7` and `oru.hl7`; return them."""
    feeds = {folder / "adt.hl7": _adt, folder / "ras.hl7": _ras, folder / "oru.hl7": _oru}
    with ExitStack() as stack:
        files = [(stack.enter_context(path.open("wb")), messages) for path, messages in feeds.items()]
        for journey in journeys:
            for file, messages in files:
                for message in messages(journey):
                    file.write(("\r".join(message) + "\r").encode())
    return list(feeds)


def _adt(journey: Journey) -> Iterator[list[str]]:
    person, disease = journey.person, journey.disease
    died = [""] * 20 + [_day(person.died), "Y"] if person.died else []
    diagnosis = DISEASES[disease.key]
    onset = disease.onset.replace("-", "")
    yield [
        _header(journey, "ADT^A08^ADT_A01", journey.body.on, "1"),
        _segment("EVN", "A08", _day(journey.body.on)),
        _segment("PID", "1", "", _number(journey), "", _name(journey), "", _day(person.birth), _sex(journey), *died),
        _segment("PV1", "1", "I"),
        _segment("DG1", "1", "", f"{diagnosis.icd10}^{_text(diagnosis.display)}^I10", "", onset),
    ]


def _ras(journey: Journey) -> Iterator[list[str]]:
    """One message for each administration: lymphodepletion, the cells, supportive drugs."""
    for number, dose in enumerate(journey.lymphodepletion, 1):
        drug = _drug(dose.atc)
        yield [
            *_patient(journey, "RAS^O17^RAS_O17", dose.on, f"L{number}"),
            _segment("ORC", "RE", f"LD{number}"),
            _segment("RXO", drug, str(dose.per_m2), "", "mg/m2/d^^UCUM"),
            _administered(
                dose.on,
                drug,
                f"{dose.milligrams}|mg^^UCUM",
                purpose="lymphodepletion",
                status="CP" if dose.milligrams else "NA",
            ),
            _segment("RXR", "IV^Intravenous^HL70162"),
        ]
    for infusion in journey.infusions:
        yield _cells(journey, infusion)
    for number, given in enumerate(journey.support, 1):
        yield [
            *_patient(journey, "RAS^O17^RAS_O17", given.on, f"S{number}"),
            _segment("ORC", "RE", f"SUP{number}"),
            _administered(given.on, _drug(given.atc), f"{given.value}|{given.unit}^^UCUM", purpose=given.purpose),
            _segment("RXR", "IV^Intravenous^HL70162"),
        ]


def _cells(journey: Journey, infusion: Infusion) -> list[str]:
    product, number = journey.product, infusion.number
    drug = f"{product.code}^^99CART"
    why = [("ST", "subsequent-infusion-reason^^99CART", infusion.reason, "")] if infusion.reason else []
    results = (
        ("NM", "infusion-number^^99CART", str(number), ""),
        ("ID", "volume-complete^^99CART", "Y" if infusion.complete else "N", ""),
        ("ST", "chain-of-identity^^99CART", _text(product.identity), ""),
        *why,
    )
    return [
        *_patient(journey, "RAS^O17^RAS_O17", infusion.on, f"C{number}"),
        _segment("ORC", "RE", f"CART{number}"),
        _segment("RXO", drug, str(infusion.millions_per_kg), "", "10*6/kg^^UCUM"),
        _administered(infusion.on, drug, f"{infusion.millions}|10*6^^UCUM", purpose="cart-infusion", lot=infusion.lot),
        _segment("RXR", "IV^Intravenous^HL70162"),
        *(_observed(place, infusion.on, result) for place, result in enumerate(results, 1)),
    ]


def _administered(on: date, drug: str, dose: str, *, purpose: str, lot: str = "", status: str = "CP") -> str:
    """RXA: RXA-3 and 4 the day, 5 the drug, 6 and 7 the dose, 15 the lot, 19 the indication, 20 complete or NA (not
    administered).
    """
    given = ("0", "1", _day(on), _day(on), drug, dose)
    return _segment("RXA", *given, *[""] * 7, lot, *[""] * 3, f"{purpose}^^99CART", status, "A")


def _oru(journey: Journey) -> Iterator[list[str]]:
    """One message for each day and kind: laboratory, CAR-T cells, scores, assessments of CRS and ICANS, response."""
    for on, labs in groupby(journey.labs, key=lambda lab: lab.on):
        rows = [(ANALYTES[lab.analyte], lab.value) for lab in labs]
        results = [
            (f"{test.loinc}^{_text(test.display or test.name)}^LN", str(value), test.unit) for test, value in rows
        ]
        yield _report(journey, on, "LAB", [("NM", *result) for result in results])
    for on, points in groupby(journey.kinetics, key=lambda point: point.on):
        cells = [(point.code, *_KINETIC[point.code], point.value) for point in points]
        results = [(f"{code}^{name}^99CART", str(value), unit) for code, name, unit, value in cells]
        yield _report(journey, on, "CART", [("NM", *result) for result in results])
    yield _body(journey)
    for score in journey.scores:
        yield _report(journey, score.on, f"SCORE^{score.instrument}^99CART", list(_score(score)), score.visit)
    for grading in journey.gradings:
        yield _report(journey, grading.on, f"GRADE^{grading.system}^99CART", list(_graded(grading)))
    for judged in journey.responses:
        value = ("CWE", "response-assessment^^99CART", f"{judged.value}^^99CART", "")
        yield _report(journey, judged.on, "RESPONSE", [value], judged.visit)


def _body(journey: Journey) -> list[str]:
    body = journey.body
    sizes = (
        ("8302-2^Body height", body.height, "cm"),
        ("29463-7^Body weight", body.weight, "kg"),
        ("8277-6^Body surface area", body.area, "m2"),
    )
    return _report(journey, body.on, "BODY", [("NM", f"{code}^LN", str(value), unit) for code, value, unit in sizes])


def _score(score: Score) -> Iterator[Result]:
    for code, value in score.items.items():
        boolean = score.instrument == "sledai-2k"
        shown = ("Y" if value else "N") if boolean else str(value)
        yield "ID" if boolean else "NM", f"{code}^^99CART", shown, "" if boolean else "{score}"
    yield "NM", f"{score.instrument}^^99CART", str(score.total), "{score}"


def _graded(grading: Grading) -> Iterator[Result]:
    yield "NM", f"{grading.system}^^99CART", str(grading.grade), ""
    if grading.temperature is not None:
        yield "NM", "8310-5^Body temperature^LN", str(grading.temperature), "Cel"
    if grading.ice is not None:
        yield "NM", "ice-score^^99CART", str(grading.ice), "{score}"
    for name in ("hypotension", "hypoxia", "consciousness", "seizure"):
        level = getattr(grading, name)
        if level is not None:
            yield "CWE", f"{_CRITERION[name]}^^99CART", f"{level}^^99CART", ""


def _report(journey: Journey, on: date, service: str, results: Iterable[Result], visit: str = "") -> list[str]:
    """An ORU^R01 of one OBR; OBR-4 the kind of report, OBR-7 the day, OBR-13 the visit where there is one."""
    kind = service if "^" in service else f"{service}^^99CART"
    name = service.partition("^")[0]
    number = f"{name}{service.partition('^')[2].partition('^')[0]}{day_of(on, journey.infusion.on)}"
    return [
        *_patient(journey, "ORU^R01^ORU_R01", on, number),
        _segment(
            "OBR",
            "1",
            "",
            number,
            kind,
            "",
            "",
            _day(on),
            *[""] * 5,
            visit,
        ),
        *(_observed(place, on, result) for place, result in enumerate(results, 1)),
    ]


def _observed(place: int, on: date, result: Result) -> str:
    kind, code, value, unit = result
    units = f"{unit}^^UCUM" if unit else ""
    return _segment("OBX", str(place), kind, code, "", value, units, "", "", "", "", "F", "", "", _day(on))


def _patient(journey: Journey, kind: str, on: date, number: str) -> list[str]:
    who = _segment("PID", "1", "", _number(journey), "", _name(journey), "", _day(journey.person.birth), _sex(journey))
    return [_header(journey, kind, on, number), who]


def _header(journey: Journey, kind: str, on: date, number: str) -> str:
    control = f"{journey.person.number}-{number}"
    sender = ("KIS", f"CENTRE-{journey.centre.letter}", "CART", "REGISTRY")
    return _segment("MSH", "^~\\&", *sender, _day(on), "", kind, control, "P", "2.5.1", *[""] * 5, "UNICODE UTF-8")


def _segment(name: str, *fields: str) -> str:
    return "|".join((name, *fields)).rstrip("|")


def _number(journey: Journey) -> str:
    return f"{journey.person.number}^^^CENTRE-{journey.centre.letter}^MR"


def _name(journey: Journey) -> str:
    return f"SYNTHETIC^{journey.person.number}"


def _sex(journey: Journey) -> str:
    return "F" if journey.person.sex == "female" else "M"


def _drug(atc: str) -> str:
    return f"{atc}^{_text(DRUGS[atc][1])}^WHO_ATC"


def _day(on: date | None) -> str:
    return f"{on:%Y%m%d}" if on else ""


def _text(value: str) -> str:
    return value.translate(_ESCAPES)
