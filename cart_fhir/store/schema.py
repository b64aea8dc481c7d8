"""Making the schema."""

from __future__ import annotations

from secrets import token_hex

from sqlalchemy import Connection, select, text

from cart_fhir.store.tables import metadata, setting

_LOCK = 0x636172745F6668


def prepare(connection: Connection) -> bytes:
    """Make what is missing of the schema; the secret of this store's page tokens."""
    if connection.dialect.name == "postgresql":  # two processes may start at once; on SQLite the write lock is held
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    metadata.create_all(connection)
    found = connection.scalar(select(setting.c.value).where(setting.c.name == "page_secret"))
    if found is None:
        found = token_hex(32)
        connection.execute(setting.insert().values(name="page_secret", value=found))
    return bytes.fromhex(found)
