"""Refused rows, written back in the format they came in: mend them and run the folder again.

Tables keep their header, and the findings stand in a column of their own beside each row. What is no table (messages,
documents, subjects) is written whole, as far as something of it was refused, and the findings in NAME.findings.txt.
A format that cannot be written is written as CSV.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cart_fhir.issues import Issue

FINDINGS = "cart_fhir_findings"  # the column that a refused row carries; maps need not name it
SIDE_FILE = ".findings.txt"  # the end of the names of files that hold findings; they are never read as an export

Rows = set[tuple[str, int]]  # (sheet, number), as records have them in their origin


class Refusal(NamedTuple):
    """The rows refused of a file read one way; none where only other ways of reading it had some."""

    options: Mapping[str, Any]
    rows: Rows


class Told:
    """What was found in the rows of one file, in words."""

    def __init__(self, file: str, issues: Iterable[Issue]) -> None:
        self._texts: dict[tuple[str, int], list[str]] = {}
        for issue in issues:
            if issue.origin and issue.origin.file == file and issue.is_error:
                column = f"{issue.origin.column}: " if issue.origin.column else ""
                place = (issue.origin.sheet, issue.origin.row or 0)
                self._texts.setdefault(place, []).append(f"{column}{issue.text} {issue.advice}")

    def of(self, sheet: str, row: int) -> str:
        """The findings of a row, else those of its file or sheet."""
        found = self._texts.get((sheet, row)) or self._texts.get((sheet, 0)) or self._texts.get(("", 0), [])
        return " | ".join(dict.fromkeys(found))

    def lines(self, rows: Rows) -> list[str]:
        """One line a row, for a file beside."""
        ordered = sorted(rows, key=lambda row: row[1])
        return [f"row {number}: {told}" for sheet, number in ordered if (told := self.of(sheet, number))]


def write(folder: Path, path: Path, refusals: Sequence[Refusal], issues: Iterable[Issue]) -> list[Path]:
    """Write what was refused of a file; the files written. `refusals` are all the ways in which it was read."""
    from cart_fhir.mappers import refusedtables, refusedunits
    from cart_fhir.mappers.readers import format_of

    told = Told(path.name, issues)
    folder.mkdir(parents=True, exist_ok=True)
    name = format_of(path, refusals[0].options)
    if name == "xlsx":
        return [refusedtables.workbook(folder, path, refusals, told)]
    rows = set().union(*(one.rows for one in refusals))
    if name in refusedunits.WRITERS:
        written = refusedunits.WRITERS[name](folder / path.name, path, rows)
        if written:
            side = folder / (path.name + SIDE_FILE)
            side.write_text("\n".join(told.lines(rows)) + "\n", encoding="utf-8")
            return [folder / path.name, side]
    largest = max(refusals, key=lambda one: len(one.rows))
    return [refusedtables.delimited(folder, path, Refusal(largest.options, rows), told, name)]
