"""Erasure leaves no trace in the files of SQLite; another server's resources cannot be erased from here."""

from __future__ import annotations

from pathlib import Path

import pytest

from cart_fhir.definitions import Registry
from cart_fhir.errors import NotSupported
from cart_fhir.store import open_store

REGISTRY = Registry(guide=False)


def test_nothing_is_left_in_the_files(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'cart.db'}", REGISTRY)
    with store.transaction() as tx:
        for id in range(50):
            tx.update({"resourceType": "Patient", "id": str(id), "name": [{"family": "Wiedergeburt"}]})
        tx.update({"resourceType": "Patient", "id": "erased", "name": [{"family": "Nimmerland"}]})
    assert any(b"Nimmerland" in path.read_bytes() for path in tmp_path.iterdir())
    store.purge("Patient", "erased")
    said = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Nimmerland" not in said
    assert b"nimmerland" not in said
    assert b"Wiedergeburt" in said
    store.close()


def test_not_on_another_server() -> None:
    store = open_store("https://fhir.example.org/r4", REGISTRY)
    with pytest.raises(NotSupported):
        store.purge("Patient", "p")
    store.close()
