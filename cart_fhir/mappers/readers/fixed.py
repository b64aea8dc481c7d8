"""Text of fixed width, as old laboratory systems write it: each column a range of characters.

Option `widths`: column -> "from-to" (characters count from 1). Also: encoding, skip (lines to pass over at the start).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cart_fhir.errors import ConfigError
from cart_fhir.issues import Origin
from cart_fhir.mappers.readers import Reading, Record, Unreadable


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read lines by their columns; row numbers are line numbers."""
    widths = options.get("widths")
    if not isinstance(widths, dict) or not widths:
        raise ConfigError("Fixed-width files need their columns.", advice='Write read: {widths: {PATIENT: "1-8"}}.')
    places = {str(name): _place(str(text)) for name, text in widths.items()}
    return Reading(tuple(places), _records(path, places, options))


def _place(text: str) -> slice:
    start, _, end = text.partition("-")
    if not (start.isdigit() and end.isdigit() and 1 <= int(start) <= int(end)):
        raise ConfigError(f"'{text}' is no range of characters: write it as 1-8.")
    return slice(int(start) - 1, int(end))


def _records(path: Path, places: Mapping[str, slice], options: Mapping[str, Any]) -> Iterator[Record]:
    encoding = str(options.get("encoding") or "utf-8-sig")
    number = 0
    try:
        with path.open(encoding=encoding) as stream:
            for number, line in enumerate(stream, start=1):
                if number > int(options.get("skip", 0)) and line.strip():
                    text = line.rstrip("\r\n")
                    yield Record(Origin(path.name, row=number), {name: text[at] for name, at in places.items()})
    except UnicodeDecodeError:
        raise Unreadable(f"The bytes here are not {encoding} text.", row=number + 1) from None
    except (OSError, LookupError) as problem:
        raise Unreadable(f"The file cannot be opened: {problem}.") from None
