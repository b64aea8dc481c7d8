"""The row schema of a table: marshmallow fields built from the map's columns, and what rows become under them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError

from cart_fhir.issues import Issue, Origin, Severity
from cart_fhir.mappers import dates, parts
from cart_fhir.mappers.dates import add_days, from_anchor, is_full
from cart_fhir.mappers.fields import TYPES, Cell, Column, as_text
from cart_fhir.mappers.readers import Record
from cart_fhir.mappers.rules import finding, shape
from cart_fhir.mappers.units import Units
from cart_fhir.mappers.values import Amount, Coded, Day, Missing, Refused, Told


class RowSchema:
    """Turns records into typed values and findings; a row with errors has values too.

    The cells are marshmallow fields, asked one by one: several columns may be read from one cell of the file.
    """

    def __init__(self, columns: Sequence[Column], units: Units, looked_up: Mapping[str, str] | None = None) -> None:
        """`looked_up`: of anchors that stand in other tables, the columns of the file that they are looked up by."""
        self.columns = {column.name: column for column in columns}
        self.sources = tuple(dict.fromkeys(self._source(column.name) for column in columns))
        self._units = units
        self._looked_up = looked_up or {}
        self._zoned: dict[str, list[tuple[str, str, Cell]]] = {"": self._cells_of(columns)}
        coded = [column for column in columns if column.type in ("code", "code-list") and column.table is not None]
        self._coded = [(column.name, self._source(column.name)) for column in coded]
        self._limited = [column for column in columns if column.low is not None or column.high is not None]
        self._days = [column for column in columns if column.type in ("relative-day", "day-list")]
        self._parted = _parted(columns)

    def read(self, record: Record, show: bool = False) -> tuple[dict[str, Any], list[Issue]]:
        """The values of a record by column name (None where a cell has none), study days unbound, and the findings."""
        issues: list[Issue] = []
        values: dict[str, Any] = {}
        cells = record.values
        for name, source, cell in self._zoned.get(record.zone) or self._in_zone(record.zone):
            try:
                values[name] = cell.deserialize(cells.get(source, ""))
            except ValidationError as problem:
                values[name] = None
                issues += [self._issue(record, source, told, show) for told in problem.messages]
        return values, issues

    def _cells_of(self, columns: Iterable[Column]) -> list[tuple[str, str, Cell]]:
        return [(one.name, one.source or one.name, TYPES[one.type](one, self._units)) for one in columns]

    def _in_zone(self, zone: str) -> list[tuple[str, str, Cell]]:
        """The cells where the file gives its times an offset."""
        made = self._cells_of(replace(column, zone=dates.offset(zone)) for column in self.columns.values())
        self._zoned[zone] = made
        return made

    def finish(self, record: Record, values: dict[str, Any], show: bool = False) -> list[Issue]:
        """Bind study days to their anchors, once looked-up values are in; the findings."""
        issues = self._bind_days(record, values, show) if self._days else []
        for source, columns in self._parted.items():
            if told := unread(record.values.get(source, ""), columns):
                issues.append(self._issue(record, source, told, show, None))
        for column in self._limited:
            if told := implausible(values[column.name], column):
                issues.append(self._issue(record, self._source(column.name), told, show, None))
        return issues

    def untranslated(self, values: dict[str, Any]) -> list[tuple[str, str]]:
        """(column of the file, code as written) of codes that their tables don't have."""
        found = []
        for name, source in self._coded:
            value = values[name]
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, Coded) and not one.mapped:
                    found.append((source, one.text))
        return found

    def doubts(self, record: Record) -> list[Issue]:
        """What the reader found odd about cells that the map uses and does not take for empty or missing."""
        return [
            finding("reader-doubt", doubt.text, replace(record.origin, column=doubt.column), severity=doubt.severity)
            for doubt in record.doubts
            if not doubt.column or self._uses(doubt.column, record.values.get(doubt.column, ""))
        ]

    def _uses(self, source: str, cell: object) -> bool:
        return any(
            source == (column.source or column.name) and cell not in column.empty and cell not in column.missing
            for column in self.columns.values()
        )

    def _source(self, name: str) -> str:
        column = self.columns[name]
        return column.source or column.name

    def _issue(self, record: Record, source: str, told: str, show: bool, severity: Severity | None = "error") -> Issue:
        origin = cell_origin(record.origin, source, record.values.get(source, ""), show)
        return finding(told.rule if isinstance(told, Told) else "type", str(told), origin, severity=severity)

    def _bind_days(self, record: Record, values: dict[str, Any], show: bool) -> list[Issue]:
        """Study days become dates by their anchor; a day without one is refused."""
        issues = []
        for column in self._days:
            numbers = values[column.name]
            if numbers is None or isinstance(numbers, Missing) or not column.anchor:
                continue
            try:
                values[column.name] = bind(numbers, values.get(column.anchor), column)
            except Refused as refused:
                values[column.name] = None
                issue = self._issue(record, self._source(column.name), refused.told, show)
                if issue.origin and (by := self._looked_up.get(column.anchor)):  # the fault may well be there
                    issue = replace(issue, origin=replace(issue.origin, column=f"{issue.origin.column}, {by}"))
                issues.append(issue)
        return issues


def bind(numbers: Any, anchor: Any, column: Column) -> Any:
    """Day numbers as Day values counted from `anchor`."""
    if isinstance(numbers, tuple):
        return tuple(bind(number, anchor, column) for number in numbers)
    if not isinstance(anchor, str) or not is_full(anchor):
        raise Refused("day-anchor-missing", f"The day counts from {column.anchor}, which has no full date here.")
    shift = from_anchor(numbers, column.calendar)
    return Day(shift, add_days(anchor, shift), anchor[:10])


def implausible(value: Any, column: Column) -> Told | None:
    """A sentence about a number beyond the limits that the map thinks plausible (a slipped decimal, another unit)."""
    number = value.value if isinstance(value, Amount) else value
    if not isinstance(number, (int, Decimal)) or isinstance(number, bool):
        return None
    if (column.low is not None and number < column.low) or (column.high is not None and number > column.high):
        limits = " to ".join("…" if limit is None else str(limit) for limit in (column.low, column.high))
        return Told("implausible", f"The number is outside {limits}, where such values are expected.")
    return None


def _parted(columns: Sequence[Column]) -> dict[str, list[Column]]:
    """Column of the file -> the columns of the map that take parts of its cells, where none takes the whole."""
    made: dict[str, list[Column]] = {}
    for column in columns:
        made.setdefault(column.source or column.name, []).append(column)
    return {source: found for source, found in made.items() if all(column.part for column in found)}


def unread(cell: Any, columns: Sequence[Column]) -> Told | None:
    """A sentence about what stands in a cell and is no part that the map takes: nothing is lost unsaid."""
    text = as_text(cell).strip() if cell is not None else ""
    if any(text in column.empty or text in column.missing for column in columns):
        return None
    found = [column.part.find(text) for column in columns if column.part]
    rest = parts.unread(text, [one[1] for one in found if one])
    return Told("part-unread", "Something stands in the cell that no `part` of the map takes.") if rest else None


def cell_origin(origin: Origin, column: str, value: object, show: bool) -> Origin:
    """The origin of one cell of a record."""
    text = "" if value in ("", None) else shape(value, show)
    return Origin(origin.file, origin.sheet, origin.row, column, text)
