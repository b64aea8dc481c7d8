"""HL7 v2 messages in pipe-and-hat form: ADT, ORU, RDE, RDS, RAS, VXU and any other, one file or batch of many.

A message is read flat: nothing is dropped for standing where a grammar does not expect it, Z segments are kept. The
option `rows` names the segment that makes a row (RXA, OBX, PID ...). A row's cells are named by place, from its
message, its patient, its order and itself: `PID-3.1` (first repetition), `PID-3~2.1`, `OBX-5`, `RXA-5.2.1`, `RXC#2-2`
(second RXC); `OBX-5~*` are all repetitions, a line each, where there are several, and so
are `NTE#*-3` and `OBX#*-5` those of all segments of the row. A field that is null ("delete what
you have", written `""`) has no value, and a cell `PID-11@null`. MSH-7 tells the offset of times that tell none.

Order: ORC (or an OBR without one) starts an order; the row's segment starts a row; what follows belongs to it. A note
belongs to the segment that it follows: `NTE-3` is the row's own, `OBR/NTE-3` the order's, `PID/NTE-3` the patient's.
What comes again above a row (another RXA above an OBX) takes the place of the first. One RXR after the last of several
RXA is the route of all of them (HL7 2.5.1, 4.14, message RAS^O17), unless the first RXA has one before it: then each
has its own before it. SPM after the results of an order is of all of them; in OUL it stands above orders, and their ORC
follows OBR.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cart_fhir.errors import ConfigError
from cart_fhir.issues import Origin
from cart_fhir.mappers.readers import Doubt, Reading, Record
from cart_fhir.mappers.readers.hl7text import Marks, Segment, messages, unescaped

# How far in a segment stands; one that comes again sends away the rows, and what stood further in than itself.
_DEPTH = {"PID": 1, "ORC": 3, "OBR": 4, "RXO": 4, "RXE": 4, "RXD": 5, "RXG": 5, "RXA": 5, "TXA": 5, "OBX": 6}
_OF_ALL_ROWS = ("RXR", "SPM")  # after the last row of an order and nowhere else, they are of every row
_OF_PATIENT = ("PV1", "PV2", "PD1")  # of all that follows too, when rows have begun before any order
_TEXTS = {"NTE": 3, "OBX": 5}  # texts that stand in several segments, a line in each
_OFFSET = re.compile(r"[+-]\d{4}\Z")  # in MSH-7: it is that of every time of the message that says none (2.14.9.7)


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read the rows of a file of messages; a row's line is the number of its segment in the file."""
    wanted = str(options.get("rows") or "")
    if not re.fullmatch(r"[A-Z][A-Z0-9]{2}", wanted):
        raise ConfigError("HL7 v2 needs to know which segment makes a row.", advice="Write read: {rows: OBX}.")
    doubts: list[Doubt] = []
    held: Counter[str] = Counter()
    records = _records(path, wanted, str(options.get("encoding") or ""), doubts, held)
    return Reading(None, records, doubts, held, {wanted}, _segment_of)


def _segment_of(column: str) -> str:
    """The segment that a column stands in: `PID` of PID-3.1, `RXC` of RXC#2-2, `NTE` of OBR/NTE-3."""
    return column.partition("-")[0].partition("#")[0].rpartition("/")[2]


def _records(path: Path, wanted: str, encoding: str, doubts: list[Doubt], held: Counter[str]) -> Iterator[Record]:
    def tell(text: str, line: int) -> None:
        if all(text != one.text for one in doubts):
            doubts.append(Doubt(text, row=line or None))

    for segments, marks in messages(path, encoding, tell):
        kind = "^".join(_field(segments[0], 9).split(marks.component)[:2])
        zone = _OFFSET.search(_field(segments[0], 7).split(marks.component)[0])
        held.update(segment.name for segment in segments[1:])
        for line, cells in rows(segments, wanted, marks):
            yield Record(Origin(path.name, kind, line), cells, zone=zone[0] if zone else "")


@dataclass
class _Order:
    """An order while it is read: the segments before its first row, and the rows with what follows each."""

    head: list[Segment] = field(default_factory=list)
    rows: list[list[Segment]] = field(default_factory=list)

    def is_new(self, name: str, in_order: bool, by_specimen: bool) -> bool:
        """Whether a segment starts another order."""
        has_request = any(one.name == "OBR" for one in self.head)
        if name == "ORC":
            return not (by_specimen and in_order and has_request and not self.rows)
        return name == "OBR" and (not in_order or has_request)

    def stands_above(self, name: str, wanted: str) -> bool:
        """Whether a segment is of the rows to come, and not of the last one."""
        if name == "RXR":
            return [one.name for one in self.head if one.name in ("RXR", "RXO", "RXE")] == ["RXR"]
        return 3 < _DEPTH.get(name, 9) < _DEPTH.get(wanted, 9)

    def again(self, name: str) -> _Order:
        """The order from here on, as a segment comes that stands above its rows: without that and what was in it."""
        kept: list[Segment] = []
        for segment in self.head:
            if segment.name == name or _DEPTH.get(segment.name, 0) >= _DEPTH.get(name, 9):
                break
            kept.append(segment)
        return _Order(kept)


def rows(segments: list[Segment], wanted: str, marks: Marks) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, cells by place) of each row of a message."""
    top: list[Segment] = []
    order = _Order()
    in_order = False
    by_specimen = _field(segments[0], 9).startswith("OUL")
    owned = list(_with_owners(segments))  # all of them are held, as _Flat knows them by their identity
    flat = _Flat(marks)
    for segment in owned:
        name = segment.name
        if by_specimen and name == "SPM" and wanted not in ("MSH", "PID"):
            yield from _close(top, order, flat)
            kept = [one.name for one in top].index("SPM") if any(one.name == "SPM" for one in top) else len(top)
            top, order, in_order = top[:kept], _Order(), False
        if name == "PID" and any(one.name == "PID" for one in top):
            yield from _close(top, order, flat)
            top, order, in_order = [one for one in top if one.name in ("MSH", "EVN", "SFT")], _Order(), False
        if order.is_new(name, in_order, by_specimen) and wanted not in ("MSH", "PID"):
            yield from _close(top, order, flat)
            order, in_order = _Order(), True
        elif order.rows and name != wanted and order.stands_above(name, wanted):
            yield from _close(top, order, flat)
            order = order.again(name)
        if name == wanted:
            order.rows.append([segment])
        elif order.rows and not (name in _OF_PATIENT and not in_order):
            order.rows[-1].append(segment)
        elif in_order:
            order.head.append(segment)
        if not in_order and (name in _OF_PATIENT or (name != wanted and not order.rows) or name == wanted == "PID"):
            top.append(segment)
    yield from _close(top, order, flat)


def _with_owners(segments: list[Segment]) -> Iterator[Segment]:
    """The segments, each note named after the segment that it follows: `OBX/NTE`."""
    owner = ""
    for segment in segments:
        if segment.name == "NTE":
            yield segment._replace(name=f"{owner}/NTE")
        else:
            owner = segment.name
            yield segment


def _close(top: list[Segment], order: _Order, flat: _Flat) -> Iterator[tuple[int, dict[str, str]]]:
    shared = [segment for name in _OF_ALL_ROWS for segment in _of_all(name, order.rows)]
    for row in order.rows:
        own = row[0]
        here = [*row, *order.head, *(one for one in top if one is not own and one.name != own.name)]
        here += [segment for segment in shared if not any(one is segment for one in row)]
        cells: dict[str, str] = {}
        seen: dict[str, int] = {}
        for segment in here:
            name = "NTE" if segment.name == f"{own.name}/NTE" and segment in row else segment.name
            seen[name] = times = seen.get(name, 0) + 1
            cells.update(flat.cells(segment, name if times == 1 else f"{name}#{times}"))
        for name, number in _TEXTS.items():
            if seen.get(name, 0) > 1:
                lines = [cells.get(f"{name}#{time}-{number}", "") for time in range(2, seen[name] + 1)]
                cells[f"{name}#*-{number}"] = "\n".join([cells.get(f"{name}-{number}", ""), *lines]).strip("\n")
        yield own.line, cells


def _of_all(name: str, rows: list[list[Segment]]) -> list[Segment]:
    """The segments of a name that follow the last row and no other."""
    having = [[one for one in row if one.name == name] for row in rows]
    return having[-1] if having and not any(having[:-1]) else []


class _Flat:
    """The cells of segments; those that many rows of a message share are worked out once."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._known: dict[tuple[int, str], dict[str, str]] = {}

    def cells(self, segment: Segment, name: str) -> dict[str, str]:
        """The cells of a segment, named after `name`."""
        found = self._known.get((id(segment), name))
        if found is None:
            found = self._known[id(segment), name] = {}
            for number, text in enumerate(segment.fields, start=1):
                if text:
                    self._field(f"{name}-{number}", text, found, whole=segment.name == "MSH" and number <= 2)
        return found

    def _field(self, place: str, text: str, cells: dict[str, str], *, whole: bool) -> None:
        if whole:
            cells[place] = text
            return
        repetitions = text.split(self._marks.repetition)
        if len(repetitions) > 1:
            cells[f"{place}~*"] = "\n".join(unescaped(one, self._marks) for one in repetitions)
        for repeat, repetition in enumerate(repetitions, start=1):
            _repetition(place if repeat == 1 else f"{place}~{repeat}", repetition, self._marks, cells)


def _repetition(place: str, text: str, marks: Marks, cells: dict[str, str]) -> None:
    if text == _NULL:
        cells[f"{place}@null"] = "true"
        return
    cells[place] = unescaped(text, marks)
    if marks.component not in text and marks.subcomponent not in text:
        cells[f"{place}.1"] = cells[place]
        return
    for part, component in enumerate(text.split(marks.component), start=1):
        pieces = component.split(marks.subcomponent)
        if pieces[0] == _NULL:
            cells[f"{place}.{part}@null"] = "true"
        elif component:
            cells[f"{place}.{part}"] = unescaped(pieces[0], marks)
        if len(pieces) > 1:
            cells.update(
                {f"{place}.{part}.{sub}": unescaped(piece, marks) for sub, piece in enumerate(pieces, 1) if piece}
            )


_NULL = '""'


def _field(segment: Segment, number: int) -> str:
    return segment.fields[number - 1] if len(segment.fields) >= number else ""
