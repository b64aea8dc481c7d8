"""REDCap exports: CSV or JSON, one row a record (flat) or one row a value (EAV), with the project's data dictionary.

Rows of an EAV export are gathered to one record for each record, event and repeat. With `dictionary:` (the CSV that
REDCap exports of a project, or the API's metadata, beside the export or the map)

- an unticked checkbox counts as `0` only if its form was opened (its `_complete` is 2, or a field of the form other
  than a checkbox holds something) and its branching logic shows it: else the question was never asked, and is absent;
- a value in a field that its branching logic hides is told;
- numbers have the map's decimal mark, whichever their validation has;
- labels are read back as codes where an export has labels, and that is told;
- a checkbox of which only a box is ticked that is no choice of it (`gym___nask`, `gym____999`: a missing-data code of
  the project) gives the code as the cell of `gym` (NASK, -999), and its choices are absent.

Options: dictionary, and those of the csv reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cart_fhir.errors import BadSyntax
from cart_fhir.formats import json
from cart_fhir.issues import Origin
from cart_fhir.mappers.readers import Doubt, Reading, Record, Unreadable, delimited
from cart_fhir.mappers.readers.redcapdict import Field, box, dictionary

KEYS = ("redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance")
_EAV = frozenset({"record", "field_name", "value"})
_HEADINGS = frozenset({"Event Name", "Repeat Instrument", "Repeat Instance", "Complete?", "Data Access Group"})
_BOX = {"Checked": "1", "Unchecked": "0"}
_STATUS = {"Complete": "2", "Unverified": "1", "Incomplete": "0"}
_NUMBER = re.compile(r"-?\d+[.,]\d+\Z")


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read an export; columns are the variables of the project, checkboxes as `name___code`."""
    reading = _json(path) if path.suffix.lower() == ".json" else delimited.read(path, options)
    fields = dictionary(_beside(path, str(options["dictionary"]))) if options.get("dictionary") else {}
    columns = reading.columns
    if columns is not None and set(columns) >= _EAV:
        reading = replace(reading, columns=None, records=_gathered(reading.records, fields))
    elif columns and (set(columns) & _HEADINGS or (fields and not set(columns) & set(fields))):
        raise Unreadable(
            "The header has labels, or names that are no variables of the project.",
            advice="Export 'CSV / Microsoft Excel (raw data)' with variable names, not labels.",
        )
    if not fields:
        return replace(reading, records=_labels_told(reading.records, reading.doubts))
    more = tuple(name for name in _unanswered(reading.columns or (), fields) if name not in (reading.columns or ()))
    project = _Project(fields, str(options.get("decimal") or "."), reading.doubts)
    return Reading(
        None if reading.columns is None else (*reading.columns, *more), project.read(reading.records), reading.doubts
    )


def _beside(path: Path, name: str) -> Path:
    """The dictionary where it lies: as named, or beside the export."""
    given = Path(name)
    return given if given.is_absolute() or given.exists() else path.parent / name


def _json(path: Path) -> Reading:
    try:
        rows = json.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except OSError as problem:
        raise Unreadable(f"The file cannot be opened: {problem.strerror}.") from None
    except BadSyntax as problem:
        raise Unreadable(f"This is not JSON: {problem.message}", row=problem.line) from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unreadable("A REDCap JSON export is a list of objects.")
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    records = (
        Record(Origin(path.name, row=number), {name: _text(row.get(name, "")) for name in columns})
        for number, row in enumerate(rows, start=1)
    )
    return Reading(columns, records)


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value)


# -- one row a value ---------------------------------------------------------------------------------------------------


def _gathered(rows: Iterator[Record], fields: Mapping[str, Field]) -> Iterator[Record]:
    """Records of an EAV export; its values stand together by record, but events and repeats may mix."""
    naming = next(iter(fields), "record_id")
    current, done = "", set[str]()
    waiting: dict[tuple[str, ...], Record] = {}
    for row in rows:
        record = str(row.values["record"])
        if record != current:
            yield from waiting.values()
            current, waiting = record, {}
            if record in done:
                raise Unreadable(
                    "The values of a record stand apart.", row=row.origin.row, advice="Sort them by record."
                )
            done.add(record)
        key = tuple(str(row.values.get(name, "")) for name in KEYS)
        if key not in waiting:
            waiting[key] = Record(
                row.origin, {naming: record, **{name: row.values[name] for name in KEYS if name in row.values}}
            )
        cells = waiting[key].values
        assert isinstance(cells, dict)
        _put(cells, str(row.values["field_name"]), str(row.values["value"]), fields)
    yield from waiting.values()


def _put(cells: dict[str, Any], name: str, value: str, fields: Mapping[str, Field]) -> None:
    """One value of a record. A ticked box has one row for each code; others have no row, and get their 0 here."""
    field = fields.get(name)
    if field is not None and field.kind == "checkbox":
        for column in field.boxes.values():
            cells.setdefault(column, "0")
        cells[box(name, value)] = "1"
        return
    cells[name] = value
    if not fields and re.fullmatch(r"[\w.-]{1,20}", value):
        cells.setdefault(box(name, value), "1")


# -- what only the dictionary tells ------------------------------------------------------------------------------------


class _Project:
    """The rows of an export as their project means them."""

    def __init__(self, fields: Mapping[str, Field], decimal: str, doubts: list[Doubt]) -> None:
        self._fields = fields
        self._decimal = decimal
        self._doubts = doubts
        self._first = next(iter(fields))  # the record's id stands in the first form of every row
        self._boxes = [field for field in fields.values() if field.kind == "checkbox"]
        self._hiding = [field for field in fields.values() if field.logic]

    def read(self, rows: Iterator[Record]) -> Iterator[Record]:
        """The records, one by one."""
        for row in rows:
            cells = {name: self._cell(name, cell) for name, cell in row.values.items()}
            doubts = [doubt for field in self._boxes for doubt in self._unanswered(field, cells)]
            opened: dict[str, bool] = {}
            for field in self._boxes:
                if field.form not in opened:
                    opened[field.form] = self._is_open(field.form, cells)
                if not opened[field.form]:
                    _leave_out(field, cells)
            yield Record(row.origin, cells, [*row.doubts, *doubts, *self._hidden(cells)])

    def _cell(self, name: str, cell: Any) -> Any:
        """A cell with the map's decimal mark, and as a code where it holds a label."""
        if not isinstance(cell, str) or not cell:
            return cell
        field = self._fields.get(name)
        if field is None:
            codes: Mapping[str, str] = _STATUS if name.endswith("_complete") else {}
            if "___" in name:
                codes = {**_BOX, **self._ticked(name)}
        elif field.kind == "calc" or field.validation.startswith("number"):
            return re.sub("[.,]", self._decimal, cell) if _NUMBER.match(cell) else cell
        else:
            codes = {} if cell in field.choices else field.codes
        if cell in codes:
            _tell(self._doubts, "The export has labels; they were read back as codes by the dictionary.", name)
            return codes[cell]
        return cell

    def _ticked(self, column: str) -> Mapping[str, str]:
        """What a ticked box of an export with labels may hold: the label of its choice."""
        field = self._fields.get(column.split("___", maxsplit=1)[0])
        boxes = field.boxes if field is not None else {}
        return {field.choices[code]: "1" for code, name in boxes.items() if name == column} if field is not None else {}

    def _unanswered(self, field: Field, cells: dict[str, Any]) -> Iterator[Doubt]:
        """A checkbox that says why it has no answer: the reason is the cell of the field, its boxes are empty.

        Where a choice is ticked as well it is no reason: REDCap lets a missing-data code stand by itself only.
        """
        boxes = field.boxes.values() & cells.keys()
        for name in [name for name in cells if _says_why(name, field)]:
            cells.setdefault(field.name, "")
            if cells[name] != "1":
                continue
            if any(cells[column] == "1" for column in boxes):
                yield Doubt("A box is ticked that the project's dictionary does not know.", name)
                continue
            code = name.removeprefix(f"{field.name}___").upper()
            cells[field.name] = f"-{code[1:]}" if code.startswith("_") else code
            cells.update(dict.fromkeys(boxes, ""))

    def _is_open(self, form: str, cells: Mapping[str, Any]) -> bool:
        if cells.get(f"{form}_complete") == "2":
            return True
        for name, cell in cells.items():
            field = self._fields.get(name.split("___")[0])
            if field is None or field.form != form or field.kind == "calc" or name == self._first:
                continue
            if cell not in (None, "", "0" if "___" in name else ""):
                return True
        return False

    def _hidden(self, cells: dict[str, Any]) -> Iterator[Doubt]:
        """Leave out the unticked boxes of hidden questions; a hidden one that holds something is doubted."""
        shown = dict(cells)
        for field in self._hiding:
            columns = list(field.boxes.values()) or [field.name]
            if not any(cells.get(name) for name in columns) or self._is_shown(field, shown) is not False:
                continue
            _leave_out(field, cells)
            for name in columns:
                if cells.get(name) not in (None, ""):
                    yield Doubt("The cell is filled, though the project's branching logic hides the field.", name)

    def _is_shown(self, field: Field, cells: Mapping[str, Any]) -> bool | None:
        repeated = str(cells.get("redcap_repeat_instrument") or "")

        def look(name: str, code: str) -> str | None:
            other = self._fields.get(name)
            if other is None or (repeated and other.form != repeated):
                return None  # a repeat's row does not hold the rest of the record
            if code:
                return str(cells.get(box(name, code)) or "0")
            return str(cells[name] or "") if name in cells else None

        return field.logic(look) if field.logic else True


def _leave_out(field: Field, cells: dict[str, Any]) -> None:
    for name in field.boxes.values():
        if cells.get(name) == "0":
            cells[name] = ""


def _unanswered(columns: Sequence[str], fields: Mapping[str, Field]) -> tuple[str, ...]:
    """The checkboxes that have boxes for missing-data codes."""
    names = (name for name in columns if "___" in name)
    found = [field for name in names if (field := fields.get(name.split("___")[0])) and _says_why(name, field)]
    return tuple(dict.fromkeys(field.name for field in found))


def _says_why(column: str, field: Field) -> bool:
    """Whether a column is a box of this field for what is no choice of it: a missing-data code of the project."""
    return column.startswith(f"{field.name}___") and column not in field.boxes.values()


def _labels_told(rows: Iterator[Record], doubts: list[Doubt]) -> Iterator[Record]:
    for row in rows:
        for name, cell in row.values.items():
            if not isinstance(cell, str):
                continue
            if (cell in _BOX and "___" in name) or (cell in _STATUS and name.endswith("_complete")):
                _tell(doubts, "The export has labels, not codes; name the project's `dictionary` to read them.", name)
        yield row


def _tell(doubts: list[Doubt], text: str, column: str) -> None:
    if all((one.text, one.column) != (text, column) for one in doubts):
        doubts.append(Doubt(text, column))
