"""Excel workbooks (xlsx, xlsm), read row by row with openpyxl (the extra `xlsx`).

Dates come as dates (the workbook's 1900 or 1904 calendar is respected), numbers as the shortest Decimal that is that
number, a number shown as a percentage as it is shown (45 for `45%`), text as text: the schema decides what a column may
hold. Formulas give their stored result; a formula without one and an error cell (`#N/A`) refuse their rows, where the
map uses them. Options: sheet (name, or number from 1; default the first that is not hidden), and those of all tables
(`table`).
"""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from cart_fhir.errors import ConfigError
from cart_fhir.mappers.readers import Doubt, Reading, Record, Unreadable, kinds, table

_LARGEST_PART = 4 << 30  # bytes, unpacked
_DENSEST = 200  # times its packed size; real sheets are packed ten- to thirtyfold
_DAMAGED = "This is no whole Excel workbook (xlsx): it is cut short or of another kind."
_BROKEN = (BadZipFile, EOFError, SyntaxError, ValueError, KeyError, TypeError, AttributeError, IndexError, zlib.error)
_MERGED = re.compile(rb'<mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_FORMULA = re.compile(rb"<f[\s>/]")
_BLOCK = 1 << 20
_AT_ONCE = 500
_ERRORS = frozenset(
    ["#N/A", "#DIV/0!", "#REF!", "#NAME?", "#NULL!", "#NUM!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA"]
)
_NO_RESULT = "#NO-RESULT"


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read one sheet of a workbook; row numbers are Excel's."""
    doubts: list[Doubt] = []
    rows = _rows(path, options, doubts)
    sheet = str(next(rows)[1][0])
    reading = table.reading(path.name, sheet, ((number, list(cells)) for number, cells in rows), options)
    return replace(reading, records=_doubted(reading.records), doubts=doubts)


class _Odd(str):
    """A cell that has no value: an error, or a formula that was never worked out."""


def _doubted(records: Iterator[Record]) -> Iterator[Record]:
    """The records, with a doubt for each odd cell."""
    for record in records:
        odd = [name for name, cell in record.values.items() if isinstance(cell, _Odd)]
        if odd:
            texts = {name: _why(str(record.values[name])) for name in odd}
            found = [Doubt(text, name, severity="error") for name, text in texts.items()]
            values = {name: str(cell) if name in texts else cell for name, cell in record.values.items()}
            record = replace(record, values=values, doubts=[*record.doubts, *found])
        yield record


def _why(cell: str) -> str:
    if cell == _NO_RESULT:
        return "The cell is a formula without a stored result: open the workbook in Excel and save it."
    return f"The cell is an error of the workbook ({cell})."


def _rows(path: Path, options: Mapping[str, Any], doubts: list[Doubt]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """First (0, (sheet name,)), then (row number, cells) of each row that holds anything."""
    with ExitStack() as closing:
        book = _open(path, closing, values=True)
        try:
            sheet = _sheet(book, options.get("sheet"), doubts)
            part = str(getattr(sheet, "_worksheet_path", ""))  # read-only sheets tell of no merged cells otherwise
            formulas = _look(path, part, options, doubts)
            yield 0, (sheet.title,)
            beside = _quietly(_open(path, closing, values=False)[sheet.title].iter_rows()) if formulas else None
            for number, cells in enumerate(_quietly(sheet.iter_rows()), start=1):
                plain = [_cell(cell) for cell in cells]
                for place, formula in enumerate(next(beside, ())) if beside else ():
                    if formula.data_type == "f" and place < len(plain) and plain[place] == "":
                        plain[place] = _Odd(_NO_RESULT)
                while plain and plain[-1] == "":  # sheets are often wider than their tables
                    plain.pop()
                if plain:
                    yield number, tuple(plain)
        except _BROKEN:
            raise Unreadable(_DAMAGED) from None


def _open(path: Path, closing: ExitStack, *, values: bool) -> Any:
    """The workbook, with the results of its formulas or with the formulas."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise ConfigError("Excel files need openpyxl.", advice="pip install 'cart-fhir[xlsx]'") from None
    kinds.expect(path, ".xlsx")
    try:
        _check_archive(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=values)
    except OSError as problem:
        raise Unreadable(f"The file cannot be opened: {problem.strerror or problem}.") from None
    except _BROKEN:
        raise Unreadable(_DAMAGED) from None
    closing.callback(book.close)
    return book


def _quietly(rows: Iterator[Any]) -> Iterator[Any]:
    """The rows, without openpyxl's remarks on what it does not read (drop-down lists, pictures, styles)."""
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            some = list(islice(rows, _AT_ONCE))
        if not some:
            return
        yield from some


def _check_archive(path: Path) -> None:
    """Refuse an archive that would unpack to far more than any export holds."""
    with ZipFile(path) as archive:
        for member in archive.infolist():
            if member.file_size > _LARGEST_PART or member.file_size > _DENSEST * max(member.compress_size, 1 << 20):
                raise Unreadable(f"The workbook's part {member.filename} unpacks to {member.file_size >> 20} MB.")


def _sheet(book: Any, wanted: Any, doubts: list[Doubt]) -> Any:
    sheets = book.worksheets
    seen = [sheet for sheet in sheets if sheet.sheet_state == "visible"] or sheets
    if wanted is None and seen:
        others = ", ".join(sheet.title for sheet in seen[1:])
        if others:
            text = f"The sheet '{seen[0].title}' is read; the workbook has others: {others}."
            doubts.append(Doubt(text, severity="information"))
        return seen[0]
    if isinstance(wanted, int) and 1 <= wanted <= len(sheets):
        return sheets[wanted - 1]
    for sheet in sheets:
        if sheet.title == str(wanted):
            return sheet
    raise Unreadable(f"There is no sheet '{wanted}'; the sheets are {', '.join(sheet.title for sheet in sheets)}.")


def _look(path: Path, part: str, options: Mapping[str, Any], doubts: list[Doubt]) -> bool:
    """Whether a sheet has formulas; cells merged over several rows of the table are doubted."""
    formulas, merged, rest = False, 0, b""
    lines = options.get("header") or 1
    header = max(map(int, lines)) if isinstance(lines, list) else int(lines)
    with ZipFile(path) as archive, archive.open(part.lstrip("/")) as stream:
        while block := stream.read(_BLOCK):
            text = rest + block
            formulas = formulas or bool(_FORMULA.search(text))
            merged += sum(int(found[4]) > max(header, int(found[2])) for found in _MERGED.finditer(text))
            rest = text[text.rfind(b"<") :][-4096:]
    if merged and not options.get("fill"):
        text_of = f"{merged} cells are merged over several rows; only the first row has their values"
        doubts.append(Doubt(f"{text_of}. `read: {{fill: [COLUMN]}}` gives them to the others."))
    return formulas


def _cell(cell: Any) -> Any:
    """A cell as str, Decimal, bool, date or datetime; a datetime at midnight is what Excel makes of a date."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        number = Decimal(repr(value))
        if "%" in cell.number_format:
            number = (number * 100).normalize()
        return Decimal(int(number)) if number == number.to_integral_value() else number
    if isinstance(value, datetime):
        return value.date() if (value.hour, value.minute, value.second) == (0, 0, 0) else value
    if isinstance(value, str):
        return _Odd(value) if cell.data_type == "e" or value in _ERRORS else value
    return value if isinstance(value, date) else str(value)
