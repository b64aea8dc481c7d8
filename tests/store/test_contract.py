"""The store's contract on SQLite (file and memory) and PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
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


MINE = """
from cart_fhir.store import open_store

def MyStore(path, registry):
    return open_store(f"sqlite:///{path}", registry)
"""


def test_the_contract_runs_as_the_documentation_says(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "stores.md").read_text(encoding="utf-8")
    (tmp_path / "test_mine.py").write_text(page.split("```python\n")[1].split("```")[0], encoding="utf-8")
    (tmp_path / "my_package.py").write_text(MINE, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "total_and_count or test_order"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout
    assert "2 passed" in ran.stdout
