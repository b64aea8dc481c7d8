"""A REDCap project's data dictionary: its fields, from the CSV that one downloads or the API's metadata (CSV, JSON)."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cart_fhir.errors import BadSyntax
from cart_fhir.formats import json
from cart_fhir.mappers.readers import Unreadable
from cart_fhir.mappers.readers.redcaplogic import Logic, parse

# name here -> heading in the file one downloads, name in the API's metadata
_COLUMNS = {
    "name": ("Variable / Field Name", "field_name"),
    "form": ("Form Name", "form_name"),
    "kind": ("Field Type", "field_type"),
    "label": ("Field Label", "field_label"),
    "choices": ("Choices, Calculations, OR Slider Labels", "select_choices_or_calculations", "Choices"),
    "validation": ("Text Validation Type OR Show Slider Number", "text_validation_type_or_show_slider_number"),
    "note": ("Field Note", "field_note"),
    "branching": ("Branching Logic (Show field only if...)", "branching_logic"),
}
_GIVEN = {"yesno": {"1": "Yes", "0": "No"}, "truefalse": {"1": "True", "0": "False"}}
_LISTS = frozenset(["radio", "dropdown", "checkbox"])


@dataclass(frozen=True)
class Field:
    """One question of a project: its form, its type, what its codes stand for and when it is shown."""

    name: str
    form: str
    kind: str
    label: str
    choices: Mapping[str, str]
    validation: str
    branching: str
    note: str = ""

    @cached_property
    def logic(self) -> Logic | None:
        """When the question is shown; None: always."""
        return parse(self.branching) if self.branching else None

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """Label -> code, of labels that stand for one code only."""
        labels = list(self.choices.values())
        return {label: code for code, label in self.choices.items() if labels.count(label) == 1}

    @property
    def boxes(self) -> dict[str, str]:
        """Code -> column of a checkbox."""
        return {code: box(self.name, code) for code in self.choices} if self.kind == "checkbox" else {}


def box(name: str, code: str) -> str:
    """The column of one box: REDCap writes the code in small letters, signs as underscores."""
    return f"{name}___{re.sub(r'[^a-z0-9_]', '_', code.lower())}"


def dictionary(path: Path) -> dict[str, Field]:
    """Variable -> field of a project's data dictionary, in the order of the project: the first names the record."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        rows = _rows(text, path.suffix.lower() == ".json")
    except (OSError, UnicodeDecodeError, BadSyntax, csv.Error):
        raise Unreadable(f"The data dictionary {path.name} cannot be read.") from None
    made: dict[str, Field] = {}
    for row in rows:
        cells = {
            here: str(next((row[name] for name in names if row.get(name)), "")) for here, names in _COLUMNS.items()
        }
        name = cells["name"].strip()
        if name:
            kind = cells["kind"].strip().lower()
            choices = _GIVEN.get(kind) or (_choices(cells["choices"]) if kind in _LISTS else {})
            made[name] = Field(
                name, cells["form"].strip(), kind, plain(cells["label"]), choices,
                cells["validation"].strip().lower(), cells["branching"].strip(), plain(cells["note"]),
            )  # fmt: skip
    if not made:
        raise Unreadable(f"{path.name} is no REDCap data dictionary: it has no column '{_COLUMNS['name'][0]}'.")
    return made


def _rows(text: str, is_json: bool) -> list[Mapping[str, str]]:
    if is_json:
        found = json.loads(text)
        return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def _choices(text: str) -> dict[str, str]:
    """`1, Yes | 2, No` as code -> label; labels may hold commas."""
    pairs = (part.partition(",") for part in re.split(r"\||\\n", text))
    return {code.strip(): plain(label) for code, _, label in pairs if code.strip()}


def plain(text: str) -> str:
    """A label without its markup, as an export writes it."""
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", text)).split())
