"""The store's contract on SQLite (file and memory) and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cart_fhir.definitions import Registry
from cart_fhir.store import Store, open_store
from cart_fhir.store.contract import StoreContract
from cart_fhir.store.contract.races import Races
from cart_fhir.store.contract.transactions import Transactions
from cart_fhir.store.contract.versions import Versions

REGISTRY = Registry(guide=False)


class TestSQLiteFile(StoreContract):
    @pytest.fixture
    def opened(self, tmp_path: Path) -> Callable[[], Store]:
        return lambda: open_store(f"sqlite:///{tmp_path / 'cart.db'}?synchronous=OFF", REGISTRY)


class TestSQLiteMemory(Versions, Transactions, Races):
    isolated = False
    durable = False

    @pytest.fixture
    def opened(self) -> Callable[[], Store]:
        return lambda: open_store("sqlite://", REGISTRY)


@pytest.mark.postgres
class TestPostgreSQL(StoreContract):
    @pytest.fixture
    def opened(self, empty_postgres: str) -> Callable[[], Store]:
        return lambda: open_store(empty_postgres, REGISTRY)
