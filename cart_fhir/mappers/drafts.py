"""A table of a map to be (`map new`): where it stands, what its columns seem to hold, and which of them tell what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cart_fhir.mappers.guess import Guess, hole, is_day
from cart_fhir.mappers.sniff import Sheet

Words = dict[str, list[list[str]]]  # name of a code table to be -> its lines

# what tells apart the rows of one patient, in formats that number visits and repeats
_VISITS = (
    "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance", "StudyEventOID", "StudyEventRepeatKey",
    "FormRepeatKey", "ItemGroupRepeatKey",
)  # fmt: skip


@dataclass
class Draft:
    """One table to be: its place, its columns, and its name in the map."""

    name: str
    sheet: Sheet
    guesses: list[Guess] = field(default_factory=list)
    trouble: str = ""
    cells: dict[str, list[Any]] = field(default_factory=dict)  # of the first rows, by column
    anchor: str = ""  # what its study days count from: a column, a lookup, or nothing that is known

    def named(self, meaning: str, *types: str) -> str:
        """The first column of a meaning (and type); "" when there is none."""
        found = (one.name for one in self.guesses if one.meaning == meaning and (not types or one.type in types))
        return next(found, "")

    def birth(self) -> str:
        """The column with the date of birth; one of years only where there is no other."""
        found = [one for one in self.guesses if one.meaning == "birth" and one.type == "date"]
        return next((one.name for one in sorted(found, key=lambda one: one.why == "dates as %Y")), "")

    def dated(self, form: str = "") -> str:
        """The column with the date of what a row tells (of its `form` first): a date, else a study day."""
        days = [one for one in self.guesses if one.type == "date" and one.meaning not in ("birth", "death", "onset")]
        if len(days) > 1 or self.visit():  # each form, and each name of an upper header line, has its own
            days = [one for one in days if one.form in (form, "")]
        days.sort(key=lambda one: (one.meaning == "end", not one.full, one.meaning not in ("date", "visit")))
        counted = [one for one in self.guesses if one.type == "relative-day" and "anchor" in one.options]
        return next((one.name for one in days + counted), "")

    def days(self) -> list[str]:
        """The columns of numbers that are named by study days (D-5, Dag 7), of a table with a column for each."""
        found = [one.name for one in self.guesses if one.type in ("number", "integer") and is_day(one.name)]
        return found if len(found) > 1 else []

    def visit(self) -> str:
        """A hole that names visit and repeat of a row, as YAML; "" where the format has none."""
        found = [one.name for one in self.guesses if one.name in _VISITS and one.filled]
        return f"'=text(\"visit\", {', '.join(found)})'" if found else ""


def value(name: str) -> str:
    """A hole that is a column, as YAML, safe inside brackets too."""
    return f"={name}" if hole(name) == name else f"'=[{name}]'"
