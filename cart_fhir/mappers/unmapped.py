"""Codes that no table translates: counted, told once, and written as a code table to fill in and give back."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from cart_fhir.formats.whole import whole
from cart_fhir.issues import Origin

Name = tuple[str, str, str]  # table of the map, column (or code table), code as written


class Unmapped:
    """The codes of one run, by where they stand, with how often and where first."""

    def __init__(self) -> None:
        self.counts: Counter[Name] = Counter()
        self._first: dict[Name, Origin] = {}

    def note(self, table: str, column: str, code: str, origin: Origin) -> bool:
        """Count a code; whether it is met for the first time."""
        name = (table, column, code)
        self.counts[name] += 1
        self._first.setdefault(name, origin)
        return self.counts[name] == 1

    def write(self, path: Path) -> None:
        """Write the table to fill in: a line is done when it has target_system and target_code."""
        with whole(path) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            targets = ("target_system", "target_code", "target_display")
            writer.writerow(["source_code", "source_text", *targets, "count", "first_seen", "where"])
            for name, count in sorted(self.counts.items()):
                table, column, code = name
                origin = self._first[name]
                seen = f"{origin.file} row {origin.row}" if origin.row else origin.file
                writer.writerow([code, "", "", "", "", count, seen, f"{table}.{column}"])
