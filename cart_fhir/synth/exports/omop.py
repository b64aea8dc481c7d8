"""An OMOP CDM 5.4 extract: the tables as CSV, ids counted through, local codes kept in the *_source_value columns.

Concepts that a centre hasn't mapped are 0, as the CDM asks; what the CDM can't hold is lost as it is in real extracts
(the onset of a disease gets the first day of its month, a planned dose has no column).
https://ohdsi.github.io/CommonDataModel/cdm54.html
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Final

from cart_fhir.synth.codes import ANALYTES, DISEASES, EVENTS, THERAPIES
from cart_fhir.synth.model import Journey

Cells = dict[str, object]

_EHR: Final = 32817  # type concept "EHR"
_GENDER: Final = {"female": 8532, "male": 8507}
_KINETIC_UNIT: Final = {"cart-cells-per-ul": "{cells}/uL", "cart-percent-of-t-cells": "%"}
# columns of the CDM in its order; those of which nothing is known stay empty
_COLUMNS: Final[Mapping[str, str]] = {
    "PERSON": (
        "person_id gender_concept_id year_of_birth month_of_birth day_of_birth birth_datetime race_concept_id "
        "ethnicity_concept_id location_id provider_id care_site_id person_source_value gender_source_value "
        "gender_source_concept_id race_source_value race_source_concept_id ethnicity_source_value "
        "ethnicity_source_concept_id"
    ),
    "DEATH": (
        "person_id death_date death_datetime death_type_concept_id cause_concept_id cause_source_value "
        "cause_source_concept_id"
    ),
    "CONDITION_OCCURRENCE": (
        "condition_occurrence_id person_id condition_concept_id condition_start_date condition_start_datetime "
        "condition_end_date condition_end_datetime condition_type_concept_id condition_status_concept_id "
        "stop_reason provider_id visit_occurrence_id visit_detail_id condition_source_value "
        "condition_source_concept_id condition_status_source_value"
    ),
    "PROCEDURE_OCCURRENCE": (
        "procedure_occurrence_id person_id procedure_concept_id procedure_date procedure_datetime "
        "procedure_end_date procedure_end_datetime procedure_type_concept_id modifier_concept_id quantity "
        "provider_id visit_occurrence_id visit_detail_id procedure_source_value procedure_source_concept_id "
        "modifier_source_value"
    ),
    "DRUG_EXPOSURE": (
        "drug_exposure_id person_id drug_concept_id drug_exposure_start_date drug_exposure_start_datetime "
        "drug_exposure_end_date drug_exposure_end_datetime verbatim_end_date drug_type_concept_id stop_reason "
        "refills quantity days_supply sig route_concept_id lot_number provider_id visit_occurrence_id "
        "visit_detail_id drug_source_value drug_source_concept_id route_source_value dose_unit_source_value"
    ),
    "MEASUREMENT": (
        "measurement_id person_id measurement_concept_id measurement_date measurement_datetime "
        "measurement_time measurement_type_concept_id operator_concept_id value_as_number value_as_concept_id "
        "unit_concept_id range_low range_high provider_id visit_occurrence_id visit_detail_id "
        "measurement_source_value measurement_source_concept_id unit_source_value unit_source_concept_id "
        "value_source_value measurement_event_id meas_event_field_concept_id"
    ),
    "OBSERVATION": (
        "observation_id person_id observation_concept_id observation_date observation_datetime "
        "observation_type_concept_id value_as_number value_as_string value_as_concept_id qualifier_concept_id "
        "unit_concept_id provider_id visit_occurrence_id visit_detail_id observation_source_value "
        "observation_source_concept_id unit_source_value qualifier_source_value value_source_value "
        "observation_event_id obs_event_field_concept_id"
    ),
}


def write(folder: Path, journeys: Iterable[Journey]) -> list[Path]:
    """Write one CSV a table, named as the table; return them."""
    with ExitStack() as stack:
        tables = {name: _Table(stack, folder / f"{name}.csv", columns.split()) for name, columns in _COLUMNS.items()}
        for journey in journeys:
            for name, table in tables.items():
                for row in _ROWS[name](journey):
                    table.write(row)
    return [table.path for table in tables.values()]


class _Table:
    """An open table: numbers its rows, and writes 0 for every concept that isn't mapped."""

    def __init__(self, stack: ExitStack, path: Path, header: list[str]) -> None:
        self.path = path
        self._header = header
        self._rows = 0
        file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
        self._writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        self._writer.writeheader()

    def write(self, row: Cells) -> None:
        self._rows += 1
        unmapped = {name: 0 for name in self._header if name.endswith("_concept_id") and name not in row}
        key = {} if self._header[0] == "person_id" else {self._header[0]: self._rows}
        self._writer.writerow({**unmapped, **key, **row})


def _persons(journey: Journey) -> Iterator[Cells]:
    person = journey.person
    yield {
        "person_id": _id(journey),
        "gender_concept_id": _GENDER[person.sex],
        "year_of_birth": person.birth.year,
        "month_of_birth": person.birth.month,
        "day_of_birth": person.birth.day,
        "birth_datetime": _midnight(person.birth),
        "person_source_value": person.number,
        "gender_source_value": "F" if person.sex == "female" else "M",
    }


def _deaths(journey: Journey) -> Iterator[Cells]:
    died = journey.person.died
    if died:
        yield {"person_id": _id(journey), **_on("death", died), "death_type_concept_id": _EHR}


def _conditions(journey: Journey) -> Iterator[Cells]:
    onset = date.fromisoformat(f"{journey.disease.onset}-01")
    yield {
        "person_id": _id(journey),
        **_on("condition_start", onset),
        "condition_type_concept_id": _EHR,
        "condition_source_value": DISEASES[journey.disease.key].icd10,
    }
    for event in journey.events:
        ended = _on("condition_end", event.end) if event.end else {}
        yield {
            "person_id": _id(journey),
            **_on("condition_start", event.begin),
            **ended,
            "condition_type_concept_id": _EHR,
            "condition_source_value": EVENTS[event.code].code,
            "condition_status_source_value": f"adverse event grade {event.grade}",
        }


def _procedures(journey: Journey) -> Iterator[Cells]:
    done = journey.apheresis
    yield {
        "person_id": _id(journey),
        **_on("procedure", done.on),
        "procedure_type_concept_id": _EHR,
        "procedure_source_value": "C15269",
        "modifier_source_value": done.donation,
    }


def _drugs(journey: Journey) -> Iterator[Cells]:
    for dose in journey.lymphodepletion:
        yield _drug(journey, dose.on, dose.atc, dose.milligrams, "mg") | {"sig": "lymphodepletion"}
    for given in journey.infusions:
        cells = _drug(journey, given.on, journey.product.code, given.millions, "10*6")
        yield cells | {"sig": "cart-infusion", "lot_number": given.lot}
    for support in journey.support:
        yield _drug(journey, support.on, support.atc, support.value, support.unit) | {"sig": support.purpose}
    # the CDM has no row for a therapy that was never given; one without a date can't be held either


def _drug(journey: Journey, on: date, code: str, amount: object, unit: str) -> Cells:
    return {
        "person_id": _id(journey),
        **_on("drug_exposure_start", on),
        **_on("drug_exposure_end", on),
        "drug_type_concept_id": _EHR,
        "quantity": amount,
        "route_source_value": "IV",
        "drug_source_value": code,
        "dose_unit_source_value": unit,
    }


def _measurements(journey: Journey) -> Iterator[Cells]:
    body = journey.body
    sizes = (("8302-2", body.height, "cm"), ("29463-7", body.weight, "kg"), ("8277-6", body.area, "m2"))
    rows = [(body.on, code, value, unit) for code, value, unit in sizes]
    rows += [(lab.on, ANALYTES[lab.analyte].loinc, lab.value, ANALYTES[lab.analyte].unit) for lab in journey.labs]
    rows += [(point.on, point.code, point.value, _KINETIC_UNIT[point.code]) for point in journey.kinetics]
    for on, code, value, unit in rows:
        yield {
            "person_id": _id(journey),
            **_on("measurement", on),
            "measurement_type_concept_id": _EHR,
            "value_as_number": value,
            "measurement_source_value": code,
            "unit_source_value": unit,
            "value_source_value": value,
        }


def _observations(journey: Journey) -> Iterator[Cells]:
    for score in journey.scores:
        yield _observation(journey, score.on, score.instrument) | {
            "value_as_number": score.total,
            "unit_source_value": "{score}",
        }
        for code, value in score.items.items():
            item = {"value_as_number": int(value), "qualifier_source_value": score.instrument}
            yield _observation(journey, score.on, code) | item
    for grading in journey.gradings:
        yield _observation(journey, grading.on, grading.system) | {"value_as_number": grading.grade}
    for judged in journey.responses:
        yield _observation(journey, judged.on, "response-assessment") | {"value_as_string": judged.value}
    for row in journey.prior:
        if row.exposed is not None:
            therapy = THERAPIES[row.therapy]
            told = {"value_as_string": "given" if row.exposed else "never", "qualifier_source_value": "prior-therapy"}
            yield _observation(journey, journey.body.on, therapy.atc or therapy.procedure) | told


def _observation(journey: Journey, on: date, code: str) -> Cells:
    return {
        "person_id": _id(journey),
        **_on("observation", on),
        "observation_type_concept_id": _EHR,
        "observation_source_value": code,
    }


def _on(name: str, on: date) -> Cells:
    return {f"{name}_date": on, f"{name}_datetime": _midnight(on)}


def _midnight(on: date) -> str:
    return f"{on} 00:00:00"


def _id(journey: Journey) -> int:
    return int(journey.person.number[1:])


_ROWS: Final = {
    "PERSON": _persons,
    "DEATH": _deaths,
    "CONDITION_OCCURRENCE": _conditions,
    "PROCEDURE_OCCURRENCE": _procedures,
    "DRUG_EXPOSURE": _drugs,
    "MEASUREMENT": _measurements,
    "OBSERVATION": _observations,
}
