"""HL7 v2 messages in pipe-and-hat form: ADT, ORU, RDE, RDS, RAS, VXU and any other, one file or batch of many.

A message is read flat: nothing is dropped for standing where a grammar does not expect it, Z segments are kept. The
option `rows` names the segment that makes a row (RXA, OBX, PID ...). A row's cells are named by place, from its
message, its patient, its order and itself: `PID-3.1` (first repetition), `PID-3~2.1`, `OBX-5`, `RXA-5.2.1`, `NTE#2-3`
(second NTE).

Order: ORC (or an OBR without one) starts an order; the row's segment starts a row; what follows belongs to it. One RXR
after the last of several RXA is the route of all of them (HL7 2.5.1, 4.14, message RAS^O17).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from cart_fhir.errors import ConfigError
from cart_fhir.issues import Origin
from cart_fhir.mappers.readers import Reading, Record, Unreadable

# HL7 table 0211 -> codec. ISO IR87 and IR159 come with their escape sequences, which iso2022_jp_2 reads.
CHARSETS = {
    "": "", "ASCII": "ascii", "UNICODE": "utf-8", "UNICODE UTF-8": "utf-8", "UNICODE UTF-16": "utf-16",
    "ISO IR6": "ascii", "ISO IR14": "iso2022_jp", "ISO IR87": "iso2022_jp_2", "ISO IR159": "iso2022_jp_2",
    "GB 18030-2000": "gb18030", "KS X 1001": "euc_kr", "BIG-5": "big5",
    **{f"8859/{part}": f"iso8859_{part}" for part in (*range(1, 10), 15)},
}  # fmt: skip
_ESCAPES = {"F": "|", "S": "^", "T": "&", "R": "~", "E": "\\", "H": "", "N": "", ".br": "\n"}
_BLOCK = 1 << 20
_LARGEST_MESSAGE = 64 << 20
_PATIENT = ("PID",)


class Segment(NamedTuple):
    """One segment: its line in the file, its name, its fields as text (MSH counted as the standard counts)."""

    line: int
    name: str
    fields: list[str]


class Marks(NamedTuple):
    """The separators of a message, as its MSH says."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read the rows of a file of messages; a row's line is the number of its segment in the file."""
    wanted = str(options.get("rows") or "")
    if not re.fullmatch(r"[A-Z][A-Z0-9]{2}", wanted):
        raise ConfigError("HL7 v2 needs to know which segment makes a row.", advice="Write read: {rows: OBX}.")
    return Reading(None, _records(path, wanted, str(options.get("encoding") or "")))


def _records(path: Path, wanted: str, encoding: str) -> Iterator[Record]:
    for segments, marks in messages(path, encoding):
        kind = "^".join(components(_field(segments[0], 9), marks)[:2])
        for line, cells in rows(segments, wanted, marks):
            yield Record(Origin(path.name, kind, line), cells)


# -- messages --------------------------------------------------------------------------------------------------------


def messages(path: Path, encoding: str = "") -> Iterator[tuple[list[Segment], Marks]]:
    """The messages of a file one by one; Unreadable when it holds none, or other than its batch trailer counts."""
    count = 0
    waiting: list[tuple[int, bytes]] = []
    for line, raw in _lines(path):
        name = raw[:3]
        if name == b"MSH" and waiting:
            yield _message(waiting, encoding)
            count, waiting = count + 1, []
        if name in (b"FHS", b"BHS", b"FTS"):
            continue
        if name == b"BTS":
            if waiting:
                yield _message(waiting, encoding)
                count, waiting = count + 1, []
            _check_count(raw, count, line)
            count = 0
        elif name == b"MSH" or waiting:
            waiting.append((line, raw))
        elif raw.strip():
            raise Unreadable("A message should start here, with MSH.", row=line)
    if waiting:
        yield _message(waiting, encoding)
    elif not count and path.stat().st_size == 0:
        raise Unreadable("The file is empty.")


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """(number, bytes) of each segment, whatever ends its line; byte order mark and MLLP frames cut."""
    rest, number = b"", 0
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                rest += block
                *lines, rest = re.split(rb"[\r\n]+", rest)
                if len(rest) > _LARGEST_MESSAGE:
                    raise Unreadable("A segment has no end: this is not HL7 v2.", row=number + 1)
                for line in lines:
                    number += 1
                    yield number, line.lstrip(b"\xef\xbb\xbf\x0b\x1c")
    except OSError as problem:
        raise Unreadable(f"The file cannot be opened: {problem.strerror}.") from None
    if rest.strip(b"\x1c\x0b \x1a"):
        yield number + 1, rest.lstrip(b"\xef\xbb\xbf\x0b\x1c")


def _message(lines: list[tuple[int, bytes]], encoding: str) -> tuple[list[Segment], Marks]:
    first, head = lines[0]
    if len(head) < 9:
        raise Unreadable("The message header is cut short.", row=first)
    separator = chr(head[3])
    signs = head.split(head[3:4])[1].decode("ascii", "replace")
    signs = signs if len(signs) >= 4 else "^~\\&"
    marks = Marks(separator, signs[0], signs[1], signs[2], signs[-1])
    codec = _codec(head, separator, signs[1], encoding, first)
    segments = []
    for line, raw in lines:
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            told = "MSH-18 names" if not encoding else "the map names"
            raise Unreadable(f"The bytes here are not the {codec} that {told}.", row=line) from None
        fields = text.split(separator)
        segments.append(
            Segment(line, fields[0].strip(), [separator, *fields[1:]] if fields[0] == "MSH" else fields[1:])
        )
    return segments, marks


def _codec(head: bytes, separator: str, repetition: str, encoding: str, line: int) -> str:
    """The codec of a message: what MSH-18 says (its last repetition rules), else what the map says, else UTF-8."""
    cells = head.decode("latin-1").split(separator)
    named = [name.strip() for name in (cells[17] if len(cells) > 17 else "").split(repetition)]
    told = next((name for name in reversed(named) if name), "")
    if told and told not in CHARSETS:
        raise Unreadable(f"The character set '{told[:20]}' in MSH-18 is not known.", row=line)
    codec = CHARSETS[told]
    return "utf-8" if codec in ("", "ascii") and not encoding else codec if codec not in ("", "ascii") else encoding


def _check_count(raw: bytes, count: int, line: int) -> None:
    cells = raw.split(b"|")
    told = cells[1].strip() if len(cells) > 1 else b""
    if told.isdigit() and int(told) != count:
        raise Unreadable(f"The batch should hold {int(told)} messages and holds {count}: it is cut short.", row=line)


# -- rows ------------------------------------------------------------------------------------------------------------


@dataclass
class _Order:
    """An order while it is read: the segments before its first row, and the rows with what follows each."""

    head: list[Segment] = field(default_factory=list)
    rows: list[list[Segment]] = field(default_factory=list)


def rows(segments: list[Segment], wanted: str, marks: Marks) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, cells by place) of each row of a message."""
    top: list[Segment] = []
    order = _Order()
    in_order = False
    for segment in segments:
        name = segment.name
        if name == "PID" and any(one.name == "PID" for one in top):
            yield from _close(top, order, marks)
            top, order, in_order = [one for one in top if one.name in ("MSH", "EVN", "SFT")], _Order(), False
        starts = name == "ORC" or (name == "OBR" and (not in_order or any(one.name == "OBR" for one in order.head)))
        if starts and wanted not in ("MSH", "PID"):
            yield from _close(top, order, marks)
            order, in_order = _Order(), True
        if name == wanted:
            order.rows.append([segment])
        elif order.rows:
            order.rows[-1].append(segment)
        elif in_order:
            order.head.append(segment)
        if (name != wanted and not in_order and not order.rows) or (name in _PATIENT and name == wanted):
            top.append(segment)
    yield from _close(top, order, marks)


def _close(top: list[Segment], order: _Order, marks: Marks) -> Iterator[tuple[int, dict[str, str]]]:
    routes = [any(one.name == "RXR" for one in row) for row in order.rows]
    shared = [one for one in order.rows[-1] if one.name == "RXR"] if sum(routes) == 1 and routes and routes[-1] else []
    for row, has_route in zip(order.rows, routes, strict=True):
        here = [row[0], *top, *order.head, *row[1:], *([] if has_route else shared)]
        cells: dict[str, str] = {}
        seen: dict[str, int] = {}
        for segment in here:
            if segment is not row[0] and segment.name == row[0].name and segment in top:
                continue
            seen[segment.name] = seen.get(segment.name, 0) + 1
            times = seen[segment.name]
            _flatten(segment, segment.name if times == 1 else f"{segment.name}#{times}", marks, cells)
        yield row[0].line, cells


def _flatten(segment: Segment, name: str, marks: Marks, cells: dict[str, str]) -> None:
    for number, text in enumerate(segment.fields, start=1):
        if not text:
            continue
        if segment.name == "MSH" and number <= 2:
            cells[f"{name}-{number}"] = text
            continue
        for repeat, repetition in enumerate(text.split(marks.repetition), start=1):
            place = f"{name}-{number}" if repeat == 1 else f"{name}-{number}~{repeat}"
            cells[place] = unescaped(repetition, marks)
            if marks.component in repetition or marks.subcomponent in repetition:
                _components(place, repetition, marks, cells)
            else:
                cells[f"{place}.1"] = cells[place]


def _components(place: str, repetition: str, marks: Marks, cells: dict[str, str]) -> None:
    for part, component in enumerate(repetition.split(marks.component), start=1):
        if component:
            pieces = component.split(marks.subcomponent)
            cells[f"{place}.{part}"] = unescaped(pieces[0], marks)
            if len(pieces) > 1:
                cells.update(
                    {f"{place}.{part}.{sub}": unescaped(piece, marks) for sub, piece in enumerate(pieces, 1) if piece}
                )


def components(text: str, marks: Marks) -> list[str]:
    """The components of a field."""
    return text.split(marks.component)


def _field(segment: Segment, number: int) -> str:
    return segment.fields[number - 1] if len(segment.fields) >= number else ""


def unescaped(text: str, marks: Marks) -> str:
    """Text with HL7 escapes (`F`, `S`, `T`, `R`, `E`, `Xdd`, `.br`) resolved; unknown ones stay as they stand."""
    if marks.escape not in text:
        return text
    mark = re.escape(marks.escape)
    return re.sub(f"{mark}([^{mark}]*){mark}", lambda found: _unescape(found[1], found[0]), text)


def _unescape(name: str, whole: str) -> str:
    if name in _ESCAPES:
        return _ESCAPES[name]
    if re.fullmatch(r"X(?:[0-9A-Fa-f]{2})+", name):
        return bytes.fromhex(name[1:]).decode("latin-1")
    return whole
