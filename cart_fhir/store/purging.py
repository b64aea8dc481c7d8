"""Erasure: a resource with all its versions and index rows, as if it had never been there.

Not the FHIR delete, which keeps every version. Regulation (EU) 2016/679 (GDPR), Article 17, is what it is for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, delete, select

from cart_fhir.errors import NotFound
from cart_fhir.store import fulltext
from cart_fhir.store.engine import translated, writing
from cart_fhir.store.lines import instant
from cart_fhir.store.tables import INDEXES, resource, version


def purge(engine: Engine, type: str, id: str, full_text: bool) -> str:
    """Erase a resource; one line for the audit log. NotFound when there never was one."""
    with writing(engine) as connection:
        wanted = select(resource.c.key).where(resource.c.type == type, resource.c.id == id).with_for_update()
        key = connection.scalar(wanted)
        if key is None:
            raise NotFound(f"There is no {type} with the id '{id}'.")
        with _overwriting(connection):
            rows = sum(
                connection.execute(delete(one).where(one.c.resource == key)).rowcount for one in INDEXES.values()
            )
            if full_text:
                fulltext.erase(connection, key)
            versions = connection.execute(delete(version).where(version.c.key == key)).rowcount
            connection.execute(delete(resource).where(resource.c.key == key))
    if engine.dialect.name == "sqlite":
        _empty_log(engine)
    return f"{instant(datetime.now(UTC))} erased {type}/{id}: versions {versions}, index rows {rows}"


@contextmanager
def _overwriting(connection: Connection) -> Iterator[None]:
    """Within this block SQLite writes zeros over what it deletes. (PostgreSQL frees it when it vacuums.)"""
    if connection.dialect.name != "sqlite":
        yield
        return
    before = int(connection.exec_driver_sql("PRAGMA secure_delete").scalar() or 0)
    connection.exec_driver_sql("PRAGMA secure_delete=ON").close()
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA secure_delete={before}").close()


def _empty_log(engine: Engine) -> None:
    """Work SQLite's write-ahead log into the database and cut it, as the log still holds what was erased."""
    with translated(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()
