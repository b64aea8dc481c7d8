"""The schema of a database: made when there is none, brought up to date when it is an older one."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select, text

from cart_fhir.errors import ConfigError
from cart_fhir.store.tables import metadata, setting

HEAD = "0002"
"""The last step in `migrations/versions`, which `tables.py` agrees with."""

_LOCK = 0x636172745F6668
_STEP = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


def prepare(connection: Connection) -> bytes:
    """Make the schema or bring it up to date; the secret of this store's page tokens.

    ConfigError when the database was made by a later version of this software.
    """
    if connection.dialect.name == "postgresql":  # two processes may start at once; on SQLite the write lock is held
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    tables = set(inspect(connection).get_table_names())
    if _STEP.name not in tables and "resource" not in tables:
        metadata.create_all(connection)  # the same as all steps together (a test holds it), and quicker
        _STEP.create(connection)
        connection.execute(_STEP.insert().values(version_num=HEAD))
    else:
        found = connection.scalar(select(_STEP.c.version_num)) if _STEP.name in tables else None
        if found != HEAD:
            upgrade(connection, found)
    return _secret(connection)


def upgrade(connection: Connection, found: str | None) -> None:
    """Run the steps after `found` (None: all), in the connection's transaction."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise ConfigError(
            f"The database is at step {found}, which this version of cart_fhir does not know.",
            advice="Use the version that made it, or a later one.",
        )
    command.upgrade(config, "head")


def _secret(connection: Connection) -> bytes:
    found = connection.scalar(select(setting.c.value).where(setting.c.name == "page_secret"))
    if found is None:
        found = token_hex(32)
        connection.execute(setting.insert().values(name="page_secret", value=found))
    return bytes.fromhex(found)
