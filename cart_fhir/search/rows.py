"""What the index keeps of a resource: one small tuple for each value of each search parameter.

Every row begins with the parameter's code and the occurrence (the position of the element a composite belongs to; 0
for all other parameters). What follows is named in `COLUMNS`, in this order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Row = tuple[Any, ...]

COLUMNS: dict[str, tuple[str, ...]] = {
    "token": ("system", "code", "text"),
    "string": ("folded", "value"),
    "reference": ("type", "target", "url"),
    "date": ("low", "high"),
    "number": ("low", "high"),
    "quantity": ("low", "high", "system", "code", "unit", "base_low", "base_high", "base_code"),
    "uri": ("value",),
}
"""Table -> its columns after parameter and occurrence.

token: system "" when there is none, code None for text only, text folded or None. reference: type and target (id) of a
reference relative to this server, url of any other, "" where the other is used. date: microseconds, both ends
included. number, quantity: floats, infinite where open; base_*: the same in UCUM base units, or None.
"""


class Rows:
    """The index rows of one resource: a set of tuples for each table."""

    __slots__ = ("tables",)

    def __init__(self) -> None:
        self.tables: dict[str, set[Row]] = {}

    def add(self, table: str, row: Row) -> None:
        """Keep one row; the same row twice is one."""
        rows = self.tables.get(table)
        if rows is None:
            self.tables[table] = {row}
        else:
            rows.add(row)

    def __iter__(self) -> Iterator[tuple[str, Row]]:
        return ((table, row) for table, rows in self.tables.items() for row in rows)

    def __len__(self) -> int:
        return sum(map(len, self.tables.values()))
