"""The shape of an export's tables, found by looking: encoding, delimiter, decimal mark, header, which way they lie."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from cart_fhir.mappers import readers
from cart_fhir.mappers.readers import Unreadable, forms
from cart_fhir.mappers.readers.table import OVERLONG

_LINES = 60
_SAMPLE = 1 << 16
_TEXTS = (".csv", ".tsv", ".txt", ".tab")
# what Windows writes in western Europe (it reads ISO-8859-1 too), in Japan, China and Korea
_WINDOWS = ("cp1252", "cp932", "gb18030", "cp949")
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass
class Sheet:
    """One table of a file: how it is to be read, and what a person should know of that."""

    path: Path
    options: dict[str, Any] = field(default_factory=dict)  # of the reader
    decimal: str = ""  # "" where no cell tells
    notes: list[str] = field(default_factory=list)


def sheets(path: Path) -> list[Sheet]:
    """The tables of a file: one, or one for each visible sheet of a workbook, or for each kind of record in it."""
    if kinds := forms.look(path):
        shape = _text_options(path) if path.suffix.lower() in _TEXTS else {}
        return [Sheet(path, {**shape, **options}) for options in kinds]
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        found = [Sheet(path, {"sheet": title}) for title in _titles(path)]
        found = found if len(found) > 1 else [Sheet(path)]
    else:
        found = [Sheet(path, _text_options(path))] if path.suffix.lower() in _TEXTS else [Sheet(path)]
    for sheet in found:
        if path.suffix.lower() in (*_TEXTS, ".xlsx", ".xlsm"):
            lines = _lines(sheet)
            _find_header(sheet, lines)
            sheet.decimal = _decimal([cell for _, cells in lines for cell in cells])
    return found


def _titles(path: Path) -> list[str]:
    try:
        from openpyxl import load_workbook

        book = load_workbook(path, read_only=True)
    except (ImportError, OSError, ValueError, KeyError, BadZipFile):
        return []  # told when it is read
    titles = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    book.close()
    return titles


def _text_options(path: Path) -> dict[str, Any]:
    """Encoding and delimiter; a byte order mark says the encoding by itself."""
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    made: dict[str, Any] = {}
    encoding = "utf-16" if sample[:2] in _MARKS[1:] else "utf-8-sig"
    try:
        text = sample[: sample.rfind(b"\n") + 1 or None].decode(encoding)
    except UnicodeDecodeError:
        made["encoding"] = next((one for one in _WINDOWS if _decodes(sample, one)), _WINDOWS[0])
        text = sample.decode(made["encoding"], "replace")
    lines = text.splitlines()[:_LINES]
    return {**made, "delimiter": max(",;\t|", key=lambda sign: _agreement(lines, sign))}


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _agreement(lines: Sequence[str], sign: str) -> float:
    """How many lines a delimiter cuts into the same number of cells, above one; longer ones count more."""
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign) if row)
    width, times = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
    return times + width / 100 if width > 1 else 0


def _lines(sheet: Sheet) -> list[tuple[int, list[Any]]]:
    """The first lines as they stand."""
    made: list[tuple[int, list[Any]]] = []
    try:
        for record in islice(readers.read(sheet.path, {**sheet.options, "names": ["1"]}).records, _LINES):
            cells = [record.values.get("1", ""), *record.values.get(OVERLONG, ())]
            made.append((record.origin.row or 0, cells))
    except Unreadable:
        pass  # told when it is read as a table
    return made


def _find_header(sheet: Sheet, lines: Sequence[tuple[int, list[Any]]]) -> None:
    """The line with the names: the first that is about as wide as the rows; two where the upper one has gaps."""
    widths = Counter(sum(_filled(cell) for cell in cells) for _, cells in lines)
    usual = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))[0]
    place = next((at for at, (_, cells) in enumerate(lines) if sum(map(_filled, cells)) >= max(2, usual * 0.5)), 0)
    if len(lines) <= place + 1:
        return
    (number, head), (below, second) = lines[place], lines[place + 1]
    values = [cell for _, cells in lines[place + 2 :] for cell in cells]
    if _is_turned(head, [cells for _, cells in lines[place + 1 :]]):
        sheet.options["transpose"] = True
        sheet.notes.append("names stand in the first column: patients lie side by side")
        return
    gaps = not all(map(_filled, head)) and any(map(_filled, head[1:]))
    if gaps and not any(map(_is_value, second)) and any(map(_is_value, values)):
        sheet.options["header"] = [number, below]
        sheet.notes.append(f"names stand in lines {number} and {below}")
        rows = lines[place + 2 :]
    else:
        rows = lines[place + 1 :]
        if number > 1:
            sheet.options["header"] = number
            sheet.notes.append(f"names stand in line {number}")
    first = [cells[0] if cells else "" for _, cells in rows]
    if first and _filled(first[0]) and not all(map(_filled, first)) and len(rows[0][1]) > 2:
        sheet.options["fill"] = "FIRST"  # its name is known when the table is read
        sheet.notes.append("empty cells of the first column take the value above them (merged cells)")


def _is_turned(head: Sequence[Any], rows: Sequence[Sequence[Any]]) -> bool:
    """Whether the first column holds names: different texts, beside columns that mix values and texts."""
    names = [str(cells[0]).strip() for cells in rows if cells]
    if _filled(head[0]) or len(names) < 4 or len(set(names)) < len(names) or any(map(_is_value, names)):
        return False
    beside = [cells[1] for cells in rows if len(cells) > 1 and _filled(cells[1])]
    values = sum(map(_is_value, beside))
    return 0 < values < len(beside)


def _filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""


def _is_value(cell: Any) -> bool:
    """Whether a cell is a number, date or the like, as no name is."""
    return not isinstance(cell, str) or bool(re.match(r"\s*[<>=+-]*\s*\d", cell))


def _decimal(cells: Sequence[Any]) -> str:
    texts = [cell.strip() for cell in cells if isinstance(cell, str)]
    commas = sum(bool(re.fullmatch(r"[<>]?\s*-?\d+,\d+", text)) for text in texts)
    points = sum(bool(re.fullmatch(r"[<>]?\s*-?\d+\.\d+", text)) for text in texts)
    return "" if commas == points == 0 else "," if commas > points else "."
