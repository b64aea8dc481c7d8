"""CSV, TSV and every other delimited text, plain or packed (.gz), streamed.

Encoding is declared (default UTF-8; a byte order mark rules, so that UTF-16 is read) and never guessed: bytes that do
not fit it make the file unreadable, told with the line. A delimiter that the map does not name is the comma (in *.tsv
a tab), or the one that the header has instead, which is told. Options: encoding, delimiter, quote (`false`: quotes are
letters), and those of all tables (`table`).
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from cart_fhir.mappers.readers import Doubt, Reading, Unreadable, kinds, table

_LARGEST_CELL = 1_000_000  # characters; a lost quote would otherwise swallow the rest of the file into one cell
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32", codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig",
}  # fmt: skip


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read a delimited file; row numbers are line numbers of the file, the header's line included."""
    doubts: list[Doubt] = []
    return replace(table.reading(path.name, "", _rows(path, options, doubts), options), doubts=doubts)


def _rows(path: Path, options: Mapping[str, Any], doubts: list[Doubt]) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of each line that holds anything."""
    packed = path.suffix.lower() == ".gz"
    kinds.expect(path, ".gz" if packed else ".csv")
    csv.field_size_limit(_LARGEST_CELL)
    try:
        with _opened(path, options, packed) as stream:
            sign = _delimiter(path, stream, options, doubts)
            quote = options.get("quote", '"')
            form: dict[str, Any] = {"quotechar": str(quote)} if quote else {"quoting": csv.QUOTE_NONE}
            yield from _numbered(csv.reader(stream, delimiter=sign, strict=True, **form), stream.encoding)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Unreadable("The packed file is cut short or damaged.") from None
    except OSError as problem:
        raise Unreadable(f"The file cannot be opened: {problem.strerror}.") from None
    except LookupError:
        advice = "Name it as in: encoding: iso-8859-1"
        raise Unreadable(f"'{options.get('encoding')}' is no encoding.", advice=advice) from None


def _opened(path: Path, options: Mapping[str, Any], packed: bool) -> TextIO:
    stream = gzip.open(path) if packed else path.open("rb")  # noqa: SIM115 - the text stream closes it
    try:
        start = stream.read(4)
        stream.seek(0)
        encoding = next((name for mark, name in _MARKS.items() if start.startswith(mark)), "")
        return io.TextIOWrapper(stream, encoding or str(options.get("encoding") or "utf-8"), newline="")
    except BaseException:  # a wrong encoding, a damaged .gz, Ctrl-C: no text stream was made that would close it
        stream.close()
        raise


def _delimiter(path: Path, stream: TextIO, options: Mapping[str, Any], doubts: list[Doubt]) -> str:
    """The map's delimiter, else the usual one, else what the header has instead of it."""
    if given := options.get("delimiter"):
        return str(given)
    usual = "\t" if path.name.lower().removesuffix(".gz").endswith((".tsv", ".tab")) else ","
    lines = options.get("header") or 1
    number = int(lines[-1] if isinstance(lines, list) else lines)
    try:
        head = [stream.readline(_LARGEST_CELL) for _ in range(number)][-1]
    except UnicodeDecodeError:
        head = ""  # told with its line when the rows are read
    stream.seek(0)
    other = max(",;\t|", key=head.count)
    if head.count(usual) or not head.count(other):
        return usual
    name = "tab" if other == "\t" else other
    text = f"The map names no delimiter; by its header the file has '{name}', and was read so."
    doubts.append(Doubt(text, row=number, severity="information"))
    return other


def _numbered(rows: Any, encoding: str) -> Iterator[tuple[int, list[str]]]:
    start = 1
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except UnicodeDecodeError:  # which knows the encoding by the name of a codec that may serve many
            raise Unreadable(
                f"The bytes here are not {encoding} text.",
                row=rows.line_num + 1,
                advice="Name the encoding of the export in the map, for example source: encoding: cp1252",
            ) from None
        except csv.Error as problem:
            raise Unreadable(f"The line is damaged: {problem}.", row=start) from None
        if any("\0" in cell for cell in cells):
            raise Unreadable("The line holds NUL bytes: this is not text, or it is UTF-16.", row=start)
        if cells:
            yield start, cells
        start = rows.line_num + 1
