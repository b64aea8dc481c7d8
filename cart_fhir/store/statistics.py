"""What the database's planner knows of the tables: refreshed after much was written.

A planner that last saw small tables chooses plans for small tables. PostgreSQL looks again by itself only after a
minute or more; so a store that has written much has it look at once, after the commit. The waits double: a load of a
million rows is looked at eight times, and normal work hardly ever. SQLite is left without statistics: the queries
tell it where to begin (`conditions`), and measured with statistics they were no quicker.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from cart_fhir.store.tables import INDEXES, resource, version

FIRST = 5000
"""Rows written (resources and index rows together) before the first look."""


class Statistics:
    """Counts what one store writes and has the database look at its tables when that is due. For all threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._written = 0
        self._due = FIRST

    def wrote(self, rows: int) -> bool:
        """Note that so many rows were committed; True when the statistics were refreshed for it."""
        with self._lock:
            self._written += rows
            if self._written < self._due:
                return False
            self._due = self._written * 2
        with suppress(SQLAlchemyError):  # what was written is committed: statistics make searches quick, not right
            refresh(self._engine)
        return True


def refresh(engine: Engine) -> None:
    """Look at the tables now, each by a sample of bounded size; one that is being looked at already is passed over."""
    if engine.dialect.name != "postgresql":
        return
    names = ", ".join(table.name for table in (resource, version, *INDEXES.values()))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"ANALYZE (SKIP_LOCKED) {names}")
