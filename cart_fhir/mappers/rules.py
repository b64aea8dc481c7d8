"""The rules a mapping can break: few, stable codes, each with its severity and one sentence of advice.

Every finding of this room is made here, so that a table on the screen, `refused.csv` and an OperationOutcome say the
same words. Values of cells are told by their shape only (letters x, digits 9) unless the user asked to see them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cart_fhir.issues import Issue, Origin, Severity


class Rule(NamedTuple):
    """What breaking one rule means: FHIR's severity and issue-type, and what to do about it."""

    severity: Severity
    type: str
    advice: str


RULES: dict[str, Rule] = {
    "reader": Rule("fatal", "structure", "Export the file again and check that it opens; nothing of it was mapped."),
    "reader-doubt": Rule("warning", "informational", "Check it in the source, or say in the map how it is meant."),
    "file-empty": Rule("error", "required", "Export the file again; it has no rows."),
    "file-unused": Rule("warning", "not-found", "Add a table with this file name to the map, or leave the file out."),
    "file-absent": Rule("information", "not-found", "Give the file too if this export should hold it."),
    "kind-unused": Rule("information", "informational", "Add a table to the map if they hold data you need."),
    "column-missing": Rule("error", "required", "Add the column to the export, or mend its name in the map."),
    "column-unknown": Rule("information", "informational", "Add the column to the map if it holds data you need."),
    "column-duplicate": Rule("error", "duplicate", "Give each column of the export a name of its own."),
    "row-length": Rule("error", "structure", "Mend the row; a value may hold a delimiter and need quotes."),
    "part-unread": Rule("warning", "incomplete", "Add a column with a `part` for it, or put the text under `empty`."),
    "value-required": Rule("error", "required", "Fill the cell in the source system and export again."),
    "type": Rule("error", "value", "Mend the cell, or give the column another type or format in the map."),
    "date": Rule("error", "value", "Mend the date, or add its format to the column's `formats` in the map."),
    "range": Rule(
        "error", "value", "Check the value in the source; if it is right, widen `min`, `max` or the words in the map."
    ),
    "implausible": Rule("warning", "business-rule", "Check the value and its unit in the source."),
    "code-unmapped": Rule("warning", "code-invalid", "Add a line for the code to the code table named in the map."),
    "unit-unknown": Rule("error", "code-invalid", "Add a line for the unit to the units table named in the map."),
    "unit-missing": Rule(
        "error", "required", "Fill the cell of the unit, or give the unit in the map (`unit` of the number's column)."
    ),
    "unit-kept": Rule("warning", "code-invalid", "Add a line for the unit to the units table named in the map."),
    "unit-incompatible": Rule("error", "code-invalid", "Give the value in a unit that converts to the one asked for."),
    "unit-ambiguous": Rule("error", "code-invalid", "Write the unit out in full in the export or in the units table."),
    "zone-missing": Rule("error", "required", "Name the time zone of the export in the map (`source: zone:`)."),
    "time-nonexistent": Rule("error", "value", "The clocks were put forward at that hour: mend the time."),
    "time-ambiguous": Rule("error", "value", "The clocks were put back at that hour: give the time with its offset."),
    "day-anchor-missing": Rule("error", "required", "Give the table that holds the anchor date, or fill that date."),
    "lookup-ambiguous": Rule(
        "error", "multiple-matches", "Say in the map's `lookup` which is meant: `by` the date of the row, or `which`."
    ),
    "bsa-missing": Rule("error", "required", "Give the body surface area, or height and weight, with the dose."),
    "reference-missing": Rule("error", "not-found", "Mend the row that describes it first, or correct the key here."),
    "duplicate-key": Rule(
        "error", "duplicate", "Keep one of the rows, or add to the map's `key` what tells them apart."
    ),
    "vanished": Rule("warning", "not-found", "If it was an error, mark it so at the server; nothing is deleted."),
    "withdrawn": Rule("information", "informational", "Give the row again if the export left it out by mistake."),
    "score-disagrees": Rule("warning", "business-rule", "Check the items and the total or grade in the source."),
    "derived-invalid": Rule("warning", "invalid", "Look at what it was derived from; it is left out, they are kept."),
    "patient-refused": Rule("error", "business-rule", "Mend the patient's other refused rows, then run again."),
    "full-unsafe": Rule("warning", "incomplete", "Mend the refused rows or give the missing files, then run again."),
    "deid": Rule("error", "security", "Leave the extension out of the map, or name it under `deid: extensions`."),
    "profile-invalid": Rule("error", "invalid", "Mend the cells that make this element, or the map."),
}


def shape(value: object, show: bool = False) -> str:
    """A cell as it may be told: at most 40 characters, and by its shape (x and 9) unless `show`."""
    text = str(value)
    if not show:
        text = re.sub(r"\d", "9", re.sub(r"[^\W\d_]", "x", text))
    return text if len(text) <= 40 else text[:39] + "…"


def finding(
    rule: str, text: str, origin: Origin | None = None, *, severity: Severity | None = None, expression: str = ""
) -> Issue:
    """An Issue of `rule` at `origin`, with the rule's advice; `severity` where the map softens or hardens it."""
    known = RULES[rule]
    return Issue(severity or known.severity, known.type, rule, text, expression, known.advice, origin=origin)
