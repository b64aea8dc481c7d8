"""A REDCap project: the data dictionary to start from, and the flat CSV export (raw codes) of the journeys."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from cart_fhir.synth.exports.filled import columns, filled
from cart_fhir.synth.exports.forms import FORMS, Field
from cart_fhir.synth.model import Journey

_HEADER: Final = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
_TYPE: Final = {"choice": "radio", "checkbox": "checkbox", "yesno": "yesno"}
_VALIDATION: Final = {"date": "date_ymd", "integer": "integer", "number": "number"}
_COMPLETE: Final = "2"  # REDCap: 0 incomplete, 1 unverified, 2 complete


def write(folder: Path, journeys: Iterable[Journey]) -> list[Path]:
    """Write `redcap_dictionary.csv` and `redcap.csv` (classic project with repeating instruments); return both."""
    dictionary, data = folder / "redcap_dictionary.csv", folder / "redcap.csv"
    with dictionary.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([_HEADER, *_dictionary()])
    with data.open("w", encoding="utf-8", newline="") as file:
        header = _data_header()
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        for journey in journeys:
            writer.writerows(_records(journey))
    return [dictionary, data]


def _dictionary() -> Iterator[list[str]]:
    yield _question(Field("record_id", "Patient number"), FORMS[0].name)
    for form in FORMS:
        for question in form.fields:
            yield _question(question, form.name)


def _question(question: Field, form: str) -> list[str]:
    choices = " | ".join(f"{place}, {label}" for place, label in enumerate(question.choices.values(), 1))
    return [
        question.name,
        form,
        "",
        _TYPE.get(question.kind, "text"),
        question.label,
        choices,
        "",
        _VALIDATION.get(question.kind, ""),
        "" if question.low is None else str(question.low),
        "" if question.high is None else str(question.high),
        "y" if question.name in ("birth_date", "death_date") else "",
        question.only_if,
        "y" if question.needed else "",
        *[""] * 5,
    ]


def _data_header() -> list[str]:
    header = ["record_id", "redcap_repeat_instrument", "redcap_repeat_instance"]
    for form in FORMS:
        header += [column for question in form.fields for column in columns(question)]
        header.append(f"{form.name}_complete")
    return header


def _records(journey: Journey) -> list[dict[str, str]]:
    """One row for all that is filled in once, and one for each instance of a repeating form."""
    once: dict[str, str] = {"record_id": journey.person.number}
    rows = [once]
    for form in filled(journey):
        done = {**form.values, f"{form.form}_complete": _COMPLETE}
        if not form.instance:
            once.update(done)
            continue
        place = {"redcap_repeat_instrument": form.form, "redcap_repeat_instance": str(form.instance)}
        rows.append({"record_id": journey.person.number, **place, **done})
    return rows
