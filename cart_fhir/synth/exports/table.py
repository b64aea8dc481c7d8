"""Tables as a hospital exports them: a name, a header, and the rows of a journey; written in the dialect of the
centre.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
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


def write_tables(folder: Path, tables: Sequence[Table], dialect: Dialect, journeys: Iterable[Journey]) -> list[Path]:
    """Write the tables to `folder` in one pass over the journeys, so that any number of them fits; return the files."""
    paths = [folder / table.name for table in tables]
    with ExitStack() as stack:
        writers = []
        for path, table in zip(paths, tables, strict=True):
            file = stack.enter_context(path.open("w", encoding=dialect.encoding, newline=""))
            writer = csv.writer(file, delimiter=dialect.delimiter, lineterminator=dialect.line_end)
            writer.writerow(table.header)
            writers.append(writer)
        for journey in journeys:
            for table, writer in zip(tables, writers, strict=True):
                writer.writerows(table.rows(journey))
    return paths
