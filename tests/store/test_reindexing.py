"""The index follows the search parameters, and a reindex that was stopped goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cart_fhir.cli import reindex
from cart_fhir.definitions import Registry
from cart_fhir.errors import NotFound, NotSupported
from cart_fhir.formats import json
from cart_fhir.search import parse
from cart_fhir.store import open_store
from cart_fhir.store.reindexing import STEP
from cart_fhir.store.sql import SQLStore

MARITAL = {
    "resourceType": "SearchParameter",
    "url": "https://example.org/SearchParameter/marital",
    "name": "marital",
    "status": "active",
    "code": "marital",
    "base": ["Patient"],
    "type": "token",
    "expression": "Patient.maritalStatus",
}


def _count(store: SQLStore, registry: Registry) -> int | None:
    return store.search(parse("Patient", [("marital", "M"), ("_summary", "count")], registry)).total


def test_a_new_parameter_is_found_after_a_reindex(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cart.db'}"
    plain, more = Registry(guide=False), Registry(guide=False)
    more.add(MARITAL)
    number = STEP * 2 + 7
    store = SQLStore(url, plain)
    with store.transaction() as tx:
        for id in range(number):
            tx.update({"resourceType": "Patient", "id": str(id), "maritalStatus": {"coding": [{"code": "M"}]}})
        tx.update({"resourceType": "Observation", "id": "o", "status": "final"})
        tx.delete("Patient", "3")
    assert store.stale() == []
    assert store.reindex() == 0
    with pytest.raises(NotSupported):
        _count(store, plain)
    store.close()

    store = SQLStore(url, more)
    assert store.stale() == ["Patient"]
    assert _count(store, more) == 0

    def stop(done: int, total: int) -> None:
        assert (done, total) == (STEP, number - 1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.reindex(stop)
    assert _count(store, more) == STEP
    assert store.stale() == ["Patient"]
    told: list[tuple[int, int]] = []
    assert store.reindex(lambda done, total: told.append((done, total))) == number - 1 - STEP
    assert told
    assert _count(store, more) == number - 1
    assert store.stale() == []
    assert store.reindex() == 0
    store.close()


def test_what_is_written_meanwhile_is_indexed_at_once(tmp_path: Path) -> None:
    registry = Registry(guide=False)
    store = SQLStore(f"sqlite:///{tmp_path / 'cart.db'}", registry)
    registry.add(MARITAL)
    store.close()
    store = SQLStore(f"sqlite:///{tmp_path / 'cart.db'}", registry)
    with store.transaction() as tx:
        tx.create({"resourceType": "Patient", "maritalStatus": {"coding": [{"code": "M"}]}})
    assert store.stale() == []
    assert _count(store, registry) == 1
    store.close()


def test_a_stale_index_is_told_and_the_command_mends_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    url = f"sqlite:///{tmp_path / 'cart.db'}"
    store = open_store(url, Registry())
    with store.transaction() as tx:
        for id in range(3):
            tx.update({"resourceType": "Patient", "id": str(id), "maritalStatus": {"coding": [{"code": "M"}]}})
    store.close()
    open_store(url, Registry()).close()
    assert not caplog.records
    more = Registry()
    more.add(MARITAL)
    open_store(url, more).close()
    assert "of Patient" in caplog.text
    assert "cart-fhir reindex" in caplog.text

    (tmp_path / "marital.json").write_bytes(json.dumps(MARITAL))
    arguments = ["--store", url, "--definitions", str(tmp_path / "marital.json")]
    first, second = (CliRunner().invoke(reindex.command, arguments, standalone_mode=False) for _ in range(2))
    assert "3 resources indexed anew" in first.output
    assert "up to date" in second.output
    assert (first.return_value, second.return_value) == (0, 0)
    caplog.clear()
    store = SQLStore(url, more)
    assert _count(store, more) == 3
    store.close()
    assert not caplog.records


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    file = tmp_path / "typo.db"
    outcome = CliRunner().invoke(reindex.command, ["--store", f"sqlite:///{file}"], standalone_mode=False)
    assert isinstance(outcome.exception, NotFound)
    assert "typo.db" in str(outcome.exception)
    assert not file.exists()
