"""CSV, TSV and every other delimited text, streamed.

Encoding is declared (default UTF-8 with or without a byte order mark) and never guessed: bytes that do not fit it make
the file unreadable, told with the line. Options: encoding, delimiter (default: a comma, a tab in *.tsv), quote, and
those of all tables (`table`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cart_fhir.mappers.readers import Reading, Unreadable, table

_LARGEST_CELL = 1_000_000  # characters; a lost quote would otherwise swallow the rest of the file into one cell


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read a delimited file; row numbers are line numbers of the file, the header's line included."""
    return table.reading(path.name, "", _rows(path, options), options)


def _rows(path: Path, options: Mapping[str, Any]) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of each line that holds anything."""
    encoding = str(options.get("encoding", "utf-8-sig"))
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        encoding = "utf-8-sig"
    delimiter = str(options.get("delimiter") or ("\t" if path.suffix.lower() in (".tsv", ".tab") else ","))
    csv.field_size_limit(_LARGEST_CELL)
    try:
        with path.open(encoding=encoding, newline="") as stream:
            rows = csv.reader(stream, delimiter=delimiter, quotechar=str(options.get("quote", '"')), strict=True)
            yield from _numbered(rows)
    except OSError as problem:
        raise Unreadable(f"The file cannot be opened: {problem.strerror}.") from None
    except LookupError:
        raise Unreadable(f"'{encoding}' is no encoding.", advice="Name it as in: encoding: iso-8859-1") from None


def _numbered(rows: Any) -> Iterator[tuple[int, list[str]]]:
    start = 1
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except UnicodeDecodeError as problem:
            raise Unreadable(
                f"The bytes here are not {problem.encoding} text.",
                row=rows.line_num + 1,
                advice="Name the encoding of the export in the map, for example source: encoding: iso-8859-1",
            ) from None
        except csv.Error as problem:
            raise Unreadable(f"The line is damaged: {problem}.", row=start) from None
        if any("\0" in cell for cell in cells):
            raise Unreadable("The line holds NUL bytes: this is not text, or it is UTF-16.", row=start)
        if cells:
            yield start, cells
        start = rows.line_num + 1
