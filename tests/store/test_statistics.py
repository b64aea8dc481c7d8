"""After much was written PostgreSQL's planner is told, not before, and a failure of that is no failure of the load."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from cart_fhir.definitions import Registry
from cart_fhir.store.engine import connect
from cart_fhir.store.sql import SQLStore
from cart_fhir.store.statistics import FIRST, Statistics, refresh

REGISTRY = Registry(guide=False)


def _load(store: SQLStore, number: int) -> None:
    with store.transaction() as tx:
        for id in range(number):
            tx.update({"resourceType": "Patient", "id": str(id), "active": True, "gender": "other"})


@pytest.mark.postgres
def test_the_planner_is_told_after_much_was_written(empty_postgres: str) -> None:
    engine = connect(empty_postgres)
    seen = text("SELECT reltuples FROM pg_class WHERE oid = 'resource'::regclass")
    with engine.begin() as connection:
        connection.execute(text("UPDATE pg_class SET reltuples = -1 WHERE oid = 'resource'::regclass"))
    store = SQLStore(empty_postgres, REGISTRY)
    _load(store, 5)
    with engine.begin() as connection:
        assert connection.scalar(seen) == -1
    _load(store, FIRST // 2)
    store.close()
    with engine.begin() as connection:
        assert connection.scalar(seen) == pytest.approx(FIRST // 2, rel=0.1)
    engine.dispose()


@pytest.mark.parametrize("database", ["sqlite", "gone"])
def test_the_waits_double_whatever_the_database_says(database: str) -> None:
    engine = create_engine("sqlite://" if database == "sqlite" else "postgresql+psycopg://nobody@/x?host=/nowhere")
    statistics = Statistics(engine)
    told = [statistics.wrote(1000) for _ in range(50)]
    assert [place for place, was in enumerate(told, 1) if was] == [5, 10, 20, 40]
    engine.dispose()


def test_sqlite_is_left_as_it_is(tmp_path: Path) -> None:
    store = SQLStore(f"sqlite:///{tmp_path / 'cart.db'}", REGISTRY)
    _load(store, FIRST)
    engine = connect(f"sqlite:///{tmp_path / 'cart.db'}")
    refresh(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")) == 0
    engine.dispose()
    assert store.counts() == {"Patient": FIRST}
    store.close()
