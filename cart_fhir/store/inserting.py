"""Many rows into one table, the fastest way each database has."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table

Lines = Sequence[tuple[Any, ...]]

_COPY_FROM = 20
"""Below this many rows COPY costs more to set up than it saves."""


@lru_cache(maxsize=64)
def _names(table: Table) -> tuple[str, ...]:
    return tuple(f'"{column.name}"' for column in table.columns)


def insert(connection: Connection, table: Table, lines: Lines) -> None:
    """Insert the lines (values in the order of the table's columns); nothing happens for none."""
    if not lines:
        return
    columns = _names(table)
    names = ", ".join(columns)
    if connection.dialect.name == "postgresql":
        if len(lines) >= _COPY_FROM:
            _copy(connection, f"COPY {table.name} ({names}) FROM STDIN", lines)
            return
        mark = "%s"
    else:
        mark = "?"
    marks = ", ".join([mark] * len(columns))
    # Table and column names are ours (tables.py); the values are bound.
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(lines))  # noqa: S608


def _copy(connection: Connection, statement: str, lines: Lines) -> None:
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(statement) as copy:
            for line in lines:
                copy.write_row(line)
    finally:
        cursor.close()
