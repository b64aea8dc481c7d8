"""Cells of other tables: the infusion date of the patient as day 0, the weight of the day of infusion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cart_fhir.mappers.mapspec import Lookup
from cart_fhir.mappers.values import Missing, Refused, key_text

Rows = Callable[[str], Iterable[dict[str, Any]]]  # table name -> typed rows of its files


class Lookups:
    """Indexes of the tables that others look into, each read once, when it is first asked for."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._indexes: dict[tuple[str, str, tuple[str, ...]], dict[tuple[str, ...], list[Any]]] = {}

    def find(self, lookup: Lookup, values: Mapping[str, Any]) -> Any:
        """The value a row looks up; None when the other table has no such row, Refused when it has several."""
        here = [values.get(name) for name in lookup.on]
        if any(part is None or isinstance(part, Missing) for part in here):
            return None
        found = self._index(lookup).get(tuple(key_text(part) for part in here), [])
        if len(found) > 1 and lookup.which == "only":
            raise Refused(
                "lookup-ambiguous", f"The table {lookup.table} has several values of {lookup.take} for this row."
            )
        if not found:
            return None
        return found[-1] if lookup.which == "last" else found[0]

    def _index(self, lookup: Lookup) -> dict[tuple[str, ...], list[Any]]:
        columns = tuple(lookup.on.values())
        name = (lookup.table, lookup.take, columns)
        if name not in self._indexes:
            self._indexes[name] = _indexed(self._rows(lookup.table), lookup.take, columns)
        return self._indexes[name]


def _indexed(rows: Iterable[dict[str, Any]], take: str, columns: tuple[str, ...]) -> dict[tuple[str, ...], list[Any]]:
    """Key -> the different values, in their order as text (so that the order of rows does not matter)."""
    made: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in rows:
        value, key = row.get(take), [row.get(column) for column in columns]
        if value is None or isinstance(value, Missing) or any(part is None for part in key):
            continue
        made.setdefault(tuple(key_text(part) for part in key), {})[key_text(value)] = value
    return {key: [found[text] for text in sorted(found)] for key, found in made.items()}
