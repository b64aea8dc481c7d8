"""Extracts in the shape of registry forms: CIBMTR 4000, 4006 and 4100, and EBMT Cellular Therapies MED-A.

The items follow the published lists of the forms (the manuals name them; the official field names aren't public), so
the column names are plain English. One row a patient before infusion and for the infusion, one a follow-up after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from cart_fhir.profiles.regimen import REGIMENS
from cart_fhir.synth.codes import DISEASES, DRUGS, THERAPIES
from cart_fhir.synth.exports.table import Dialect, Row, Table, write_tables
from cart_fhir.synth.model import Event, Journey

_DIALECT: Final = Dialect("utf-8", ",", "\n")
_VISITS: Final = {"d100": 100, "mo6": 182, "y1": 365, "y2": 730}
# CIBMTR 4100 question 12: response of a non-malignant disorder
_BEST: Final = {"cr": "Normalization", "pr": "Partial normalization", "nr": "No response", "relapse": "Worsening"}


def write_cibmtr(folder: Path, journeys: Iterable[Journey]) -> list[Path]:
    """Write `cibmtr_4000.csv`, `cibmtr_4006.csv` and `cibmtr_4100.csv`."""
    return write_tables(folder, _CIBMTR, _DIALECT, journeys)


def write_ebmt(folder: Path, journeys: Iterable[Journey]) -> list[Path]:
    """Write `ebmt_med_a.csv` (day 0) and `ebmt_follow_up.csv`."""
    return write_tables(folder, _EBMT, _DIALECT, journeys)


def _before(journey: Journey) -> Iterator[Row]:
    person, body = journey.person, journey.body
    doses = [f"{DRUGS[drug.atc][1]}: {drug.sum_per_m2} mg/m2" for drug in REGIMENS[journey.regimen].drugs]
    prior = [THERAPIES[row.therapy].name for row in journey.prior if row.exposed]
    yield (
        person.number,
        str(person.birth),
        person.sex.capitalize(),
        DISEASES[journey.disease.key].display,
        journey.disease.onset,
        "; ".join(prior),
        str(journey.lymphodepletion[0].on),
        str(journey.lymphodepletion[-1].on),
        "; ".join(doses),
        str(body.height),
        str(body.weight),
    )


def _infusions(journey: Journey) -> Iterator[Row]:
    product = journey.product
    for infusion in journey.infusions:
        yield (
            journey.person.number,
            str(infusion.number),
            str(infusion.on),
            product.code,
            product.lot,
            product.identity,
            str(product.collected),
            "Yes" if infusion.complete else "No",
            "Intravenous",
            str(infusion.millions),
            str(infusion.millions_per_kg),
        )


def _follow_up(journey: Journey) -> Iterator[Row]:
    for visit, day, seen in _seen(journey):
        judged = [one.value for one in journey.responses if one.day <= day]
        cells = [point for point in journey.kinetics if 0 < point.day <= day and point.code == "cart-cells-per-ul"]
        b_cells = [lab for lab in journey.labs if 0 < lab.day <= day and lab.analyte == "b-cells"]
        infected = any(event.code in ("pneumonia", "herpes-zoster") for event in _until(journey, seen))
        yield (
            journey.person.number,
            visit,
            str(seen),
            _alive(journey, seen),
            _BEST[judged[-1]] if judged else "Not evaluated",
            *_toxicity(journey, seen, "crs"),
            *_toxicity(journey, seen, "icans"),
            "Yes" if infected else "No",
            "Yes" if cells[-1].value else "No",
            str(b_cells[-1].value),
        )


def _ebmt_day_0(journey: Journey) -> Iterator[Row]:
    person = journey.person
    for infusion in journey.infusions:
        yield (
            person.number,
            f"{person.birth:%Y/%m/%d}",
            "1" if person.sex == "male" else "2",
            DISEASES[journey.disease.key].icd10,
            f"{infusion.on:%Y/%m/%d}",
            "autologous",
            journey.product.code,
            journey.product.lot,
            str(infusion.millions_per_kg),
        )


def _ebmt_follow_up(journey: Journey) -> Iterator[Row]:
    for visit, _, seen in _seen(journey):
        toxic = [*_ebmt_toxicity(journey, seen, "crs"), *_ebmt_toxicity(journey, seen, "icans")]
        yield journey.person.number, visit, f"{seen:%Y/%m/%d}", _alive(journey, seen), *toxic


def _seen(journey: Journey) -> Iterator[tuple[str, int, date]]:
    """The follow-ups of a journey: visit, day, and the date on which the patient was last seen for it."""
    last = max(lab.day for lab in journey.labs)
    died = (journey.person.died - journey.infusion.on).days if journey.person.died else None
    for visit, day in _VISITS.items():
        if day <= last or (died is not None and last < day):
            seen = journey.person.died if died is not None and died <= day else None
            yield visit, day, seen or date.fromordinal(journey.infusion.on.toordinal() + day)
        if died is not None and died <= day:
            return


def _alive(journey: Journey, on: date) -> str:
    return "Dead" if journey.person.died and journey.person.died <= on else "Alive"


def _until(journey: Journey, on: date) -> list[Event]:
    return [event for event in journey.events if event.begin <= on]


def _toxicity(journey: Journey, on: date, code: str) -> tuple[str, str, str]:
    event = next((event for event in _until(journey, on) if event.code == code), None)
    return ("Yes", str(event.begin), str(event.grade)) if event else ("No", "", "")


def _ebmt_toxicity(journey: Journey, on: date, code: str) -> tuple[str, str, str]:
    event = next((event for event in _until(journey, on) if event.code == code), None)
    if event is None or event.end is None:
        return "0", "", ""
    return str(event.grade), f"{event.begin:%Y/%m/%d}", f"{event.end:%Y/%m/%d}"


_CIBMTR: Final = (
    Table(
        "cibmtr_4000.csv",
        [
            "recipient_id",
            "date_of_birth",
            "sex",
            "indication",
            "onset",
            "prior_therapies",
            "lymphodepletion_start",
            "lymphodepletion_end",
            "lymphodepletion_cumulative_doses",
            "height_cm",
            "weight_kg",
        ],
        _before,
    ),
    Table(
        "cibmtr_4006.csv",
        [
            "recipient_id",
            "infusion_number",
            "infusion_date",
            "product",
            "lot",
            "chain_of_identity",
            "collection_date",
            "entire_volume_infused",
            "route",
            "cells_infused_million",
            "dose_million_per_kg",
        ],
        _infusions,
    ),
    Table(
        "cibmtr_4100.csv",
        [
            "recipient_id",
            "visit",
            "last_contact",
            "survival",
            "best_response",
            "crs",
            "crs_date",
            "crs_maximum_grade",
            "icans",
            "icans_date",
            "icans_maximum_grade",
            "infection",
            "car_t_detected",
            "b_cells_per_ul",
        ],
        _follow_up,
    ),
)
_EBMT: Final = (
    Table(
        "ebmt_med_a.csv",
        [
            "patient_number",
            "date_of_birth",
            "sex",
            "diagnosis_icd10",
            "infusion_date",
            "donor",
            "product",
            "lot",
            "dose_million_per_kg",
        ],
        _ebmt_day_0,
    ),
    Table(
        "ebmt_follow_up.csv",
        [
            "patient_number",
            "assessment",
            "last_contact",
            "status",
            "crs_highest_grade",
            "crs_onset",
            "crs_resolution",
            "icans_highest_grade",
            "icans_onset",
            "icans_resolution",
        ],
        _ebmt_follow_up,
    ),
)
