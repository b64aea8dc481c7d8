"""Readers: from a file of any kind to records with their origin. A plug-in is one function, found by entry point.

    def read(path: Path, options: Mapping[str, Any]) -> Reading

registered in the group `cart_fhir.readers` under the name of its format. `options` is the map's `source:` with the
table's `read:` laid over it; a reader takes what it knows. A file that cannot be read to its end raises Unreadable,
from `read` or while records are taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from cart_fhir import plugins
from cart_fhir.errors import BadRequest, ConfigError
from cart_fhir.issues import Origin, Severity


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something odd that was read all the same; an error refuses its row, if the map uses its column."""

    text: str
    column: str = ""
    row: int | None = None
    severity: Severity = "warning"


@dataclass(frozen=True, slots=True)
class Record:
    """One row (or message, or form): where it stood and its cells by column name, as the file has them.

    `zone` is the offset (`+0100`) that the file itself gives its times, where it does: it goes before the map's.
    """

    origin: Origin
    values: Mapping[str, Any]
    doubts: Sequence[Doubt] = ()
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file being read: its column names (None where the format has none of its own) and its records, streamed.

    `doubts` are about the file as a whole. Of formats that hold things of many kinds (segments, sections, resource
    types) `held` counts them, and `taken` are those of which rows were made; `kind_of` tells the kind that a column
    stands in, if it does. A reader may add to all of them until the last record is taken.
    """

    columns: Sequence[str] | None
    records: Iterator[Record]
    doubts: list[Doubt] = field(default_factory=list)
    held: Counter[str] = field(default_factory=Counter)
    taken: set[str] = field(default_factory=set)
    kind_of: Callable[[str], str] = field(default=str)


class Unreadable(BadRequest):
    """The file is damaged, of another kind or in another encoding; `row` is the line where it was noticed."""

    def __init__(self, message: str, *, row: int | None = None, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.row = row


_GROUP = "cart_fhir.readers"
Reader = Callable[[Path, Mapping[str, Any]], Reading]

# How a format is known by the end of a file's name, where the map does not say it; .gz may follow that of a CSV.
SUFFIXES = {
    ".csv": "csv", ".txt": "csv", ".tsv": "csv", ".tab": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx",
    ".hl7": "hl7v2", ".odm": "odm", ".ndjson": "fhir", ".parquet": "parquet",
    ".sqlite": "sql", ".sqlite3": "sql", ".db": "sql", ".url": "sql",
}  # fmt: skip


@cache
def reader(name: str) -> Reader:
    """The reader of a format; ConfigError says which are installed when it is not among them.

    A reader once found is kept: looking through all that is installed takes longer than reading a small file.
    """
    found: Reader | None = plugins.load(_GROUP, name)
    if found is None:
        raise ConfigError(
            f"There is no reader for the format '{name}'.",
            advice=f"Installed: {', '.join(plugins.names(_GROUP))}. "
            f"A package that reads it registers the entry point {_GROUP} '{name}'.",
        )
    return found


def format_of(path: Path, options: Mapping[str, Any]) -> str:
    """The name of a file's format, as the map says it or else the end of its name; "" where neither does."""
    end = Path(path.name.lower().removesuffix(".gz")).suffix
    return str(options.get("format") or SUFFIXES.get(end) or "")


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read a file by the format the options name, or else by the end of its name."""
    from cart_fhir.mappers.readers import kinds

    name = format_of(path, options)
    if not name:
        kinds.refuse(path.name)
        raise ConfigError(
            f"The format of {path.name} cannot be told from its name.", advice="Name it in the map: source: format:"
        )
    return reader(name)(path, options)
