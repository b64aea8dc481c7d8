"""The store's contract on SQLite (file and memory) and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from cart_fhir.definitions import Registry
from cart_fhir.store import Store, open_store
from cart_fhir.store.contract import StoreContract
from cart_fhir.store.tables import metadata

REGISTRY = Registry(guide=False)


class TestSQLiteFile(StoreContract):
    @pytest.fixture
    def opened(self, tmp_path: Path) -> Callable[[], Store]:
        return lambda: open_store(f"sqlite:///{tmp_path / 'cart.db'}?synchronous=OFF", REGISTRY)


class TestSQLiteMemory(StoreContract):
    isolated = False
    durable = False

    @pytest.fixture
    def opened(self) -> Callable[[], Store]:
        return lambda: open_store("sqlite://", REGISTRY)


@pytest.mark.postgres
class TestPostgreSQL(StoreContract):
    @pytest.fixture
    def opened(self, postgres_url: str) -> Callable[[], Store]:
        open_store(postgres_url, REGISTRY).close()
        engine = create_engine(postgres_url.replace("postgresql://", "postgresql+psycopg://", 1))
        with engine.begin() as connection:
            connection.execute(
                text("TRUNCATE " + ", ".join(table.name for table in metadata.sorted_tables) + " CASCADE")
            )
        engine.dispose()
        return lambda: open_store(postgres_url, REGISTRY)
