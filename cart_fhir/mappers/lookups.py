"""Cells of other tables: the infusion date of the patient as day 0, the weight of the day of infusion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cart_fhir.mappers.feeds import Source
from cart_fhir.mappers.mapspec import Lookup
from cart_fhir.mappers.readers import Record
from cart_fhir.mappers.values import Missing, Refused, key_text

Rows = Callable[[set[str]], Iterable[tuple[Source, Record, dict[str, Any]]]]  # tables -> their rows, as typed
Name = tuple[str, str, tuple[str, ...]]  # an index by its table, what is taken from it, and the columns of its key
Key = tuple[str, ...]


class Lookups:
    """Indexes of the tables that others look into, all read once, when the first is asked for."""

    def __init__(self, rows: Rows, lookups: Sequence[Lookup]) -> None:
        self._rows = rows
        self._names = {_name(lookup) for lookup in lookups}
        self._indexes: dict[Name, dict[Key, list[Any]]] = {}

    def find(self, lookup: Lookup, values: Mapping[str, Any]) -> Any:
        """The value a row looks up; None when the other table has no such row, Refused when it has several.

        `by` chooses among several: the last that is not after the row's date, or the first when all are after it; a
        row without a date gets none.
        """
        here = [values.get(name) for name in lookup.on]
        if not all(map(present, here)):
            return None
        found = self._index(lookup).get(tuple(key_text(part) for part in here), [])
        day = next((values[name] for name in lookup.by if present(values.get(name))), None)
        if day is not None:
            return next(
                (value for value in reversed(found) if key_text(value) <= key_text(day)), next(iter(found), None)
            )
        if len(found) > 1 and lookup.by:
            return None
        if len(found) > 1 and lookup.which == "only":
            raise Refused(
                "lookup-ambiguous", f"The table {lookup.table} has several values of {lookup.take} for this row."
            )
        if not found:
            return None
        return found[-1] if lookup.which == "last" else found[0]

    def _index(self, lookup: Lookup) -> dict[Key, list[Any]]:
        if not self._indexes:
            self._indexes = self._read()
        return self._indexes[_name(lookup)]

    def _read(self) -> dict[Name, dict[Key, list[Any]]]:
        """Key -> the different values, in their order as text (so that the order of rows does not matter)."""
        made: dict[Name, dict[Key, dict[str, Any]]] = {name: {} for name in self._names}
        for source, _, row in self._rows({name[0] for name in self._names}):
            table = source.compiled.table.name
            for name in self._names:
                value, key = row.get(name[1]), [row.get(column) for column in name[2]]
                if name[0] != table or value is None or isinstance(value, Missing) or None in key:
                    continue
                made[name].setdefault(tuple(key_text(part) for part in key), {})[key_text(value)] = value
        return {
            name: {key: [found[text] for text in sorted(found)] for key, found in index.items()}
            for name, index in made.items()
        }


def present(value: Any) -> bool:
    """Whether a cell holds a value."""
    return value is not None and not isinstance(value, Missing)


def _name(lookup: Lookup) -> Name:
    return lookup.table, lookup.take, tuple(lookup.on.values())
