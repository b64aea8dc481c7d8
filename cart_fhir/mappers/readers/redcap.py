"""REDCap exports: CSV or JSON, one row a record (flat) or one row a value (EAV), with the project's data dictionary.

Rows of an EAV export are gathered to one record for each record, event and repeat. With `dictionary:` (the CSV that
REDCap exports of a project, beside the export or the map) an unticked checkbox counts as `0` only if its form was
opened: its `_complete` is 2, or a field of the form other than a checkbox holds something. Otherwise the question was
never asked, and the cell is absent. Options: dictionary, and those of the csv reader.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cart_fhir.errors import BadSyntax
from cart_fhir.formats import json
from cart_fhir.issues import Origin
from cart_fhir.mappers.readers import Reading, Record, Unreadable, delimited

KEYS = ("redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance")
_EAV = frozenset({"record", "field_name", "value"})
_FIELD, _FORM, _TYPE = "Variable / Field Name", "Form Name", "Field Type"


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read an export; columns are the variables of the project, checkboxes as `name___code`."""
    reading = _json(path) if path.suffix.lower() == ".json" else delimited.read(path, options)
    if reading.columns is not None and set(reading.columns) >= _EAV:
        reading = Reading(None, _gathered(reading.records))
    forms = dictionary(_beside(path, str(options["dictionary"]))) if options.get("dictionary") else {}
    return Reading(reading.columns, _opened(reading.records, forms)) if forms else reading


def dictionary(path: Path) -> dict[str, tuple[str, str]]:
    """Variable -> (form, type of field) of a project's data dictionary."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError):
        raise Unreadable(f"The data dictionary {path.name} cannot be read.") from None
    if not rows or _FIELD not in rows[0]:
        raise Unreadable(f"{path.name} is no REDCap data dictionary: it has no column '{_FIELD}'.")
    return {row[_FIELD]: (row[_FORM], row[_TYPE]) for row in rows}


def _beside(path: Path, name: str) -> Path:
    """The dictionary where it lies: as named, or beside the export."""
    given = Path(name)
    return given if given.is_absolute() or given.exists() else path.parent / name


def _json(path: Path) -> Reading:
    try:
        rows = json.loads(path.read_bytes())
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


def _gathered(rows: Iterator[Record]) -> Iterator[Record]:
    """Records of an EAV export; its values stand together by record, but events and repeats may mix."""
    current = ""
    waiting: dict[tuple[str, ...], Record] = {}
    for row in rows:
        record = str(row.values["record"])
        if record != current:
            yield from waiting.values()
            current, waiting = record, {}
        key = tuple(str(row.values.get(name, "")) for name in KEYS)
        if key not in waiting:
            start = {"record_id": record, **dict(zip(KEYS, key, strict=True))}
            waiting[key] = Record(row.origin, start)
        field, value = str(row.values["field_name"]), str(row.values["value"])
        cells = waiting[key].values
        assert isinstance(cells, dict)
        cells[field] = value
        cells.setdefault(f"{field}___{value}", "1")  # a ticked box has one row for each code; others have no row
    yield from waiting.values()


def _opened(rows: Iterator[Record], forms: Mapping[str, tuple[str, str]]) -> Iterator[Record]:
    """The records with the unticked boxes of unopened forms left out."""
    for row in rows:
        opened: dict[str, bool] = {}
        cells = dict(row.values)
        for name, cell in row.values.items():
            variable = name.split("___")[0]
            if "___" in name and cell == "0" and variable in forms:
                form = forms[variable][0]
                if form not in opened:
                    opened[form] = _is_open(form, row.values, forms)
                if not opened[form]:
                    cells[name] = ""
        yield Record(row.origin, cells)


def _is_open(form: str, cells: Mapping[str, Any], forms: Mapping[str, tuple[str, str]]) -> bool:
    if cells.get(f"{form}_complete") == "2":
        return True
    first = next(iter(forms))  # the record's id stands in the first form of every row
    for name, cell in cells.items():
        home, kind = forms.get(name.split("___")[0], ("", ""))
        if home == form and name != first and kind != "calc" and cell not in (None, "", "0" if "___" in name else ""):
            return True
    return False
