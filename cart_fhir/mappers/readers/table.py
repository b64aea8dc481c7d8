"""What all tables share, whatever file they stand in: where the names are, what to pass over, which way they lie.

Options, for csv and xlsx alike:

- `header`: the line with the names (1), or several lines whose names belong together: `[1, 2]` gives "Labor / Hb"; a
  name over merged cells holds for the cells beside it. `names: [PAT, DAY]` for a table that has no header.
- `skip`: lines to pass over after the header.
- `fill: [PAT]`: where a cell of these columns is empty, the one above it holds (cells merged downwards).
- `transpose: true`: names stand in the first column and each further column is a record, as on a slide with patients
  side by side. A record's row number is then the number of its column (B is 2).

A column without a name is called `column 3` (in a transposed table `row 3`), by its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from cart_fhir.errors import ConfigError
from cart_fhir.issues import Origin
from cart_fhir.mappers.readers import Reading, Record, Unreadable

OVERLONG = "\0overlong"  # a name no header can have: the cells beyond the last named column
_MOST_TURNED = 2_000_000  # cells; a transposed table is held in memory, and a slide is small

Rows = Iterator[tuple[int, Sequence[Any]]]  # (line number, cells) of each line that holds anything


def reading(file: str, sheet: str, rows: Rows, options: Mapping[str, Any]) -> Reading:
    """The table that these lines are, by its options. `rows` is read no further than the header."""
    word = "row" if options.get("transpose") else "column"
    if options.get("transpose"):
        rows = _turned(rows)
    names, rows = _names(rows, options)
    header = [name or f"{word} {place}" for place, name in enumerate(names, start=1)]
    if not header:
        return Reading((), iter(()))
    records = _records(file, sheet, header, rows, int(options.get("skip") or 0))
    wanted = options.get("fill")
    return Reading(tuple(header), _filled(records, wanted, header) if wanted else records)


def _names(rows: Rows, options: Mapping[str, Any]) -> tuple[list[str], Rows]:
    """The names as the header has them, those of several lines joined; and the rows that follow."""
    if given := options.get("names"):
        return [str(name) for name in given], rows
    lines = options.get("header") or 1
    wanted = [int(line) for line in lines] if isinstance(lines, list) else [int(lines)]
    found: list[list[str]] = []
    for number, cells in rows:
        if found and number > wanted[-1]:  # the last header line is empty: this is a row
            rows = chain([(number, cells)], rows)
            break
        if number in wanted or number > wanted[-1]:
            found.append([" ".join(_text(cell).split()) for cell in cells])
        if number >= wanted[-1]:
            break
    width = max((len(line) for line in found), default=0)
    spread = [_spread(line, width) for line in found[:-1]] + [line + [""] * (width - len(line)) for line in found[-1:]]
    parts = zip(*spread, strict=True)
    return [" / ".join(dict.fromkeys(part for part in one if part)) for one in parts], rows


def _spread(line: Sequence[str], width: int) -> list[str]:
    """The names of an upper header line, each holding until the next."""
    made: list[str] = []
    for place in range(width):
        name = line[place] if place < len(line) else ""
        made.append(name or (made[-1] if made else ""))
    return made


def _records(file: str, sheet: str, header: Sequence[str], rows: Rows, skip: int) -> Iterator[Record]:
    width = len(header)
    for number, cells in rows:
        if skip > 0:
            skip -= 1
            continue
        if len(cells) > width:
            if any(_text(cell) for cell in cells[width:]):
                beyond = {**dict(zip(header, cells, strict=False)), OVERLONG: cells[width:]}
                yield Record(Origin(file, sheet, number), beyond)
                continue
        elif len(cells) < width:
            cells = [*cells, *([""] * (width - len(cells)))]
        yield Record(Origin(file, sheet, number), dict(zip(header, cells, strict=False)))


def _filled(records: Iterable[Record], wanted: Any, header: Sequence[str]) -> Iterator[Record]:
    """The records with the empty cells of some columns filled from above."""
    columns = [str(name) for name in (wanted if isinstance(wanted, list) else [wanted])]
    for name in columns:
        if name not in header:
            raise ConfigError(f"There is no column '{name}' to fill.", advice=f"The columns are {', '.join(header)}.")
    last: dict[str, Any] = {}
    for record in records:
        last.update({name: cell for name in columns if (cell := record.values.get(name)) not in ("", None)})
        yield Record(record.origin, {**record.values, **last})


def _turned(rows: Rows) -> Rows:
    """The columns of a table as its rows."""
    lines: list[Sequence[Any]] = []
    size, at = 0, 0
    for number, cells in rows:
        lines += [()] * (number - at - 1)  # lines that hold nothing still count
        lines.append(cells)
        at, size = number, size + len(cells)
        if size > _MOST_TURNED:
            raise Unreadable(
                "The table is too large to be turned.", advice="Leave out `transpose`, or export it turned."
            )
    width = max((len(line) for line in lines), default=0)
    for place in range(width):
        cells = [line[place] if place < len(line) else "" for line in lines]
        if any(_text(cell) for cell in cells):
            yield place + 1, cells


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()
