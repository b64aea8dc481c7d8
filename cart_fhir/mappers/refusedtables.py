"""Refused rows of tables: the lines above them as they came, the rows, and beside each what was found."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from cart_fhir.mappers import readers
from cart_fhir.mappers.fields import as_text
from cart_fhir.mappers.readers import Unreadable
from cart_fhir.mappers.readers.table import OVERLONG
from cart_fhir.mappers.refused import FINDINGS, Refusal, Told

Line = tuple[int, list[Any]]
_PLAIN = {"names": ["1"], "transpose": False, "skip": 0, "fill": None}  # every line a row, as it stands


def workbook(folder: Path, path: Path, refusals: Sequence[Refusal], told: Told) -> Path:
    """A workbook with the sheets of the source, refused rows in those that have some, headers in the others read."""
    from openpyxl import Workbook, load_workbook
    from openpyxl.cell import WriteOnlyCell

    source = load_workbook(path, read_only=True)
    titles = [sheet.title for sheet in source.worksheets]
    source.close()
    content: dict[str, list[list[Any]]] = {}
    for one in refusals:
        title = next((sheet for sheet, _ in one.rows), str(one.options.get("sheet") or ""))
        if title in titles:
            content[title] = list(mended(_lines(path, one.options), one, told, title))
    book = Workbook(write_only=True)
    for title in titles:
        sheet = book.create_sheet(title)
        for cells in content.get(title, ()):
            made = [WriteOnlyCell(sheet, cell if cell != "" else None) for cell in cells]
            for cell in made:
                if isinstance(cell.value, str):
                    cell.data_type = "s"  # a text stays one, whatever it begins with
            sheet.append(made)
    book.save(folder / path.name)
    return folder / path.name


def delimited(folder: Path, path: Path, refusal: Refusal, told: Told, kind: str) -> Path:
    """A file delimited as the source; a CSV where the source is of a kind that is not written."""
    options = refusal.options
    as_it_came = kind == "csv" or (kind == "redcap" and path.suffix.lower() == ".csv")
    target = folder / (path.name if as_it_came else f"{path.stem}.csv")
    rows = mended(_lines(path, options), refusal, told, "", whole=kind == "redcap") if as_it_came else None
    delimiter = str(options.get("delimiter") or ("\t" if ".tsv" in target.name or ".tab" in target.name else ","))
    form: dict[str, Any] = {} if options.get("quote", '"') else {"quoting": csv.QUOTE_NONE, "quotechar": None}
    with _opened(target, options if as_it_came else {}) as stream:
        writer = csv.writer(stream, delimiter=delimiter, **form)
        for cells in rows if rows is not None else _plain(path, refusal, told):
            texts = [as_text(cell) for cell in cells]
            writer.writerow([text.replace(delimiter, " ") for text in texts] if form else texts)
    return target


def mended(
    lines: Iterator[Line], refusal: Refusal, told: Told, sheet: str, *, whole: bool = False
) -> Iterator[list[Any]]:
    """The header and the refused rows with their findings; `whole`: with all rows of their records (first cell)."""
    options = refusal.options
    numbers = {number for place, number in refusal.rows if place == sheet or not sheet}
    if options.get("transpose"):
        yield from _turned(lines, numbers, options, told, sheet)
        return
    head, headers, rest = _head(lines, options)
    fill = _Fill(headers[-1][1] if headers else [], options.get("fill"))
    kept = [(number, fill(cells)) for number, cells in rest]
    records = {str(cells[0]) for number, cells in kept if number in numbers and cells} if whole else set()
    width = max((len(cells) for _, cells in headers), default=0)
    for line in head:
        yield [*line[1], *[""] * (width - len(line[1])), FINDINGS] if line in headers else line[1]
    for number, cells in kept:
        if number in numbers or (cells and str(cells[0]) in records):
            text = told.of(sheet, number) if number in numbers else ""
            yield [*cells, *[""] * (width - len(cells)), text] if headers else cells


class _Fill:
    """Cells merged downwards get the value that they had from above: the row above may not be written."""

    def __init__(self, header: Sequence[Any], wanted: Any) -> None:
        names = [str(name) for name in wanted] if isinstance(wanted, list) else [str(wanted)] if wanted else []
        self._places = [place for place, name in enumerate(header) if as_text(name).strip() in names]
        self._last: dict[int, Any] = {}

    def __call__(self, cells: list[Any]) -> list[Any]:
        for place in self._places:
            if place < len(cells) and cells[place] not in ("", None):
                self._last[place] = cells[place]
            elif place < len(cells):
                cells[place] = self._last.get(place, "")
        return cells


def _head(lines: Iterator[Line], options: Mapping[str, Any]) -> tuple[list[Line], list[Line], Iterator[Line]]:
    """The lines above the rows, those of them that hold names, and the rest."""
    if options.get("names"):
        return [], [], lines
    given = options.get("header") or 1
    wanted = [int(line) for line in given] if isinstance(given, list) else [int(given)]
    head: list[Line] = []
    for number, cells in lines:
        head += [(empty, []) for empty in range(len(head) + 1, number)]  # so that the header keeps its place
        head.append((number, cells))
        if number >= wanted[-1]:
            break
    headers = [line for line in head if line[0] in wanted] or head[-1:]
    return head + list(islice(lines, int(options.get("skip") or 0))), headers, lines


def _turned(
    lines: Iterator[Line], numbers: set[int], options: Mapping[str, Any], told: Told, sheet: str
) -> Iterator[list[Any]]:
    """The names in the first columns, and the refused columns."""
    given = options.get("header") or 1
    first = (int(given[-1]) if isinstance(given, list) else int(given)) + int(options.get("skip") or 0)
    kept = [*range(1, first + 1), *sorted(numbers)]
    for _, cells in lines:
        yield [cells[place - 1] if place <= len(cells) else "" for place in kept]
    yield [FINDINGS, *[""] * (first - 1), *(told.of(sheet, number) for number in sorted(numbers))]


def _plain(path: Path, refusal: Refusal, told: Told) -> Iterator[list[Any]]:
    """The refused records of a format that is not written, one below the other."""
    reading = readers.read(path, refusal.options)
    columns = [column for column in reading.columns or () if column != FINDINGS]
    if columns:
        yield [*columns, FINDINGS]
    with suppress(Unreadable):  # what could be read is written; the finding of the file says where it ends
        for record in reading.records:
            place = (record.origin.sheet, record.origin.row or 0)
            if place in refusal.rows:
                if not columns:
                    columns = list(record.values)
                    yield [*columns, FINDINGS]
                yield [*(record.values.get(column, "") for column in columns), told.of(*place)]


def _lines(path: Path, options: Mapping[str, Any]) -> Iterator[Line]:
    """Every line of a table as it stands; as far as the file can be read."""
    name = readers.format_of(path, options)
    plain = {**options, **_PLAIN, "format": "csv" if name == "redcap" else name}
    with suppress(Unreadable):
        for record in readers.read(path, plain).records:
            cells = [record.values.get("1", ""), *record.values.get(OVERLONG, ())]
            while cells and (cells[-1] == FINDINGS):
                cells.pop()
            yield record.origin.row or 0, cells


def _opened(target: Path, options: Mapping[str, Any]) -> TextIO:
    encoding = str(options.get("encoding") or "utf-8-sig")
    if encoding.lower().replace("-", "") == "utf8":
        encoding = "utf-8-sig"
    if target.suffix.lower() == ".gz":
        return gzip.open(target, "wt", encoding=encoding, errors="xmlcharrefreplace", newline="")
    return target.open("w", encoding=encoding, errors="xmlcharrefreplace", newline="")
