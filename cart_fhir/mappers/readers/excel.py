"""Excel workbooks (xlsx), read row by row with openpyxl (the extra `xlsx`).

Dates come as dates (the workbook's 1900 or 1904 calendar is respected), numbers as the shortest Decimal that is that
number, text as text: the schema decides what a column may hold. Formulas give their stored result. Options: sheet
(name, or number from 1; default the first), and those of all tables (`table`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from cart_fhir.errors import ConfigError
from cart_fhir.mappers.readers import Reading, Unreadable, table

_LARGEST_PART = 4 << 30  # bytes, unpacked
_DENSEST = 200  # times its packed size; real sheets are packed ten- to thirtyfold
_DAMAGED = "This is no whole Excel workbook (xlsx): it is cut short or of another kind."


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read one sheet of a workbook; row numbers are Excel's."""
    rows = _rows(path, options)
    sheet = str(next(rows)[1][0])
    return table.reading(path.name, sheet, ((number, _cells(cells)) for number, cells in rows), options)


def _rows(path: Path, options: Mapping[str, Any]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """First (0, (sheet name,)), then (row number, cells) of each row that holds anything."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise ConfigError("Excel files need openpyxl.", advice="pip install 'cart-fhir[xlsx]'") from None
    try:
        _check_archive(path)
        book = load_workbook(path, read_only=True, data_only=True)
    except OSError as problem:
        raise Unreadable(f"The file cannot be opened: {problem.strerror or problem}.") from None
    except (BadZipFile, KeyError, ValueError, EOFError, SyntaxError):
        raise Unreadable(_DAMAGED) from None
    try:
        sheet = _sheet(book, options.get("sheet", 1))
        yield 0, (sheet.title,)
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            if any(cell is not None for cell in cells):
                yield number, cells
    except (BadZipFile, EOFError, SyntaxError, ValueError, KeyError):
        raise Unreadable(_DAMAGED) from None
    finally:
        book.close()


def _check_archive(path: Path) -> None:
    """Refuse an archive that would unpack to far more than any export holds."""
    with ZipFile(path) as archive:
        for member in archive.infolist():
            if member.file_size > _LARGEST_PART or member.file_size > _DENSEST * max(member.compress_size, 1 << 20):
                raise Unreadable(f"The workbook's part {member.filename} unpacks to {member.file_size >> 20} MB.")


def _sheet(book: Any, wanted: Any) -> Any:
    if isinstance(wanted, int) and 1 <= wanted <= len(book.worksheets):
        return book.worksheets[wanted - 1]
    for sheet in book.worksheets:
        if sheet.title == str(wanted):
            return sheet
    names = ", ".join(sheet.title for sheet in book.worksheets)
    raise Unreadable(f"There is no sheet '{wanted}'; the sheets are {names}.")


def _cells(cells: tuple[Any, ...]) -> list[Any]:
    """The cells of a row up to the last that holds something: sheets are often wider than their tables."""
    width = len(cells)
    while width and cells[width - 1] is None:
        width -= 1
    return [_cell(cell) for cell in cells[:width]]


def _cell(cell: Any) -> Any:
    """A cell as str, Decimal, bool, date or datetime; a datetime at midnight is what Excel makes of a date."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        number = Decimal(repr(cell))
        return Decimal(int(number)) if number == number.to_integral_value() else number
    if isinstance(cell, int) and not isinstance(cell, bool):
        return Decimal(cell)
    if isinstance(cell, datetime):
        return cell.date() if (cell.hour, cell.minute, cell.second) == (0, 0, 0) else cell
    return cell if isinstance(cell, (str, bool, date)) else str(cell)
