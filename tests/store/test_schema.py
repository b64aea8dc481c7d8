"""The schema's steps give what tables.py says; older databases are brought up to date, later ones are refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from cart_fhir.definitions import Registry
from cart_fhir.errors import ConfigError
from cart_fhir.store import open_store, schema
from cart_fhir.store.engine import connect, writing
from cart_fhir.store.sql import SQLStore

REGISTRY = Registry(guide=False)


def _said_by_sqlite(path: Path) -> set[str]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()
    return {" ".join(sql.replace('"', "").split()).replace("( ", "(").replace(" )", ")") for (sql,) in rows}


def test_the_steps_make_the_same_schema_on_sqlite(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'whole.db'}", REGISTRY).close()
    engine = connect(f"sqlite:///{tmp_path / 'steps.db'}")
    with writing(engine) as connection:
        schema.upgrade(connection, None)
    engine.dispose()
    whole, steps = _said_by_sqlite(tmp_path / "whole.db"), _said_by_sqlite(tmp_path / "steps.db")
    assert {sql for sql in whole if "alembic" not in sql} == {sql for sql in steps if "alembic" not in sql}
    store = SQLStore(f"sqlite:///{tmp_path / 'steps.db'}", REGISTRY)
    with store.transaction() as tx:
        tx.create({"resourceType": "Patient"})
    assert store.counts() == {"Patient": 1}
    store.close()


def _said_by_postgresql(connection: Connection) -> set[tuple[str, ...]]:
    columns = "SELECT table_name, column_name, data_type, is_nullable, collation_name FROM information_schema.columns"
    indexes = "SELECT indexname, replace(indexdef, current_schema(), '') FROM pg_indexes"
    statistics = (
        "SELECT stxname, CAST(stxkeys AS text), CAST(stxkind AS text) FROM pg_statistic_ext"
        " WHERE stxnamespace = CAST(current_schema() AS regnamespace)"
    )
    found = [
        *connection.execute(text(statistics)),
        *connection.execute(text(f"{columns} WHERE table_schema = current_schema()")),
        *connection.execute(text(f"{indexes} WHERE schemaname = current_schema()")),
    ]
    return {tuple(map(str, row)) for row in found}


@pytest.mark.postgres
def test_the_steps_make_the_same_schema_on_postgresql(postgres_url: str) -> None:
    engine = create_engine(postgres_url.replace("postgresql://", "postgresql+psycopg://", 1))
    said = []
    for name in ("whole", "steps"):
        with engine.connect() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
            connection.execute(text(f"SET search_path TO {name}"))
            if name == "whole":
                schema.prepare(connection)
            else:
                schema.upgrade(connection, None)
            said.append({row for row in _said_by_postgresql(connection) if "alembic" not in row[0]})
            connection.rollback()
    engine.dispose()
    assert said[0] == said[1]
    assert len(said[0]) > 60


def test_a_database_made_by_a_later_version_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cart.db'}"
    open_store(url, REGISTRY).close()
    with sqlite3.connect(tmp_path / "cart.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(ConfigError, match="9999"):
        open_store(url, REGISTRY)


def test_the_head_is_the_last_step() -> None:
    steps = sorted((Path(schema.__file__).parent / "migrations" / "versions").glob("[0-9]*.py"))
    assert steps[-1].name.startswith(schema.HEAD)


def test_a_backup_made_while_writing_goes_on_is_whole(tmp_path: Path) -> None:
    """What docs/backup.md tells operators of SQLite to do."""
    store = open_store(f"sqlite:///{tmp_path / 'cart.db'}", REGISTRY)
    with store.transaction() as tx:
        tx.create({"resourceType": "Patient"}, "before")
    with store.transaction() as tx:
        tx.create({"resourceType": "Patient"}, "meanwhile")
        source, target = sqlite3.connect(tmp_path / "cart.db"), sqlite3.connect(tmp_path / "backup.db")
        source.backup(target)
        source.close()
        target.close()
    store.close()
    restored = open_store(f"sqlite:///{tmp_path / 'backup.db'}", REGISTRY)
    assert restored.counts() == {"Patient": 1}
    assert restored.read("Patient", "before").version == 1
    restored.close()
