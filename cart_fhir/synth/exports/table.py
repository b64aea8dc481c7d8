"""Tables as a hospital exports them: a name, a header, and the rows of a journey; written in the dialect of the
centre.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cart_fhir.synth.model import Journey

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """One file: its name, its header, and what it holds of each journey."""

    name: str
    header: Row
    rows: Callable[[Journey], Iterable[Row]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a centre writes its CSV files."""

    encoding: str
    delimiter: str
    line_end: str


def write_tables(folder: Path, tables: Sequence[Table], dialect: Dialect, journeys: Sequence[Journey]) -> list[Path]:
    """Write each table to `folder` and return the files written."""
    return [_write(folder / table.name, table, dialect, journeys) for table in tables]


def _write(path: Path, table: Table, dialect: Dialect, journeys: Sequence[Journey]) -> Path:
    with path.open("w", encoding=dialect.encoding, newline="") as file:
        writer = csv.writer(file, delimiter=dialect.delimiter, lineterminator=dialect.line_end)
        writer.writerow(table.header)
        for journey in journeys:
            writer.writerows(table.rows(journey))
    return path
