"""History of one resource, of a type, of everything: newest first, in pages, since and at a time."""

from __future__ import annotations

from datetime import timedelta
from time import sleep

import pytest

from cart_fhir.errors import BadRequest, NotFound
from cart_fhir.store.base import Page, Store
from cart_fhir.store.contract.base import Contract, patient, platelets, put


class History(Contract):
    """history."""

    def test_of_one_resource(self, store: Store) -> None:
        _three_versions(store)
        assert _said(store.history("Patient", "p")) == ["p/3 deleted", "p/2", "p/1"]
        assert store.history("Patient", "p").total == 3
        with pytest.raises(NotFound):
            store.history("Patient", "never")

    def test_of_a_type_and_of_everything(self, store: Store) -> None:
        _three_versions(store)
        put(store, platelets(id="o"), patient(id="q"))
        assert _said(store.history("Patient")) == ["q/1", "p/3 deleted", "p/2", "p/1"]
        assert _said(store.history()) == ["q/1", "o/1", "p/3 deleted", "p/2", "p/1"]
        assert store.history("Device").total == 0

    def test_in_pages(self, store: Store) -> None:
        put(store, *(patient(id=f"p{number}") for number in range(7)))
        found: list[str] = []
        page = store.history(count=3)
        while True:
            assert page.total == 7
            found += _said(page)
            if not page.next:
                break
            page = store.history(count=3, page=page.next)
        assert found == [f"p{number}/1" for number in reversed(range(7))]
        assert store.history(count=0).matches == []
        assert not store.history(count=7).next
        with pytest.raises(BadRequest):
            store.history("Patient", count=3, page=store.history(count=3).next)

    def test_since(self, store: Store) -> None:
        _three_versions(store)
        times = {stored.version: stored.updated for stored in store.history("Patient", "p").matches}
        assert _said(store.history("Patient", "p", since=times[2])) == ["p/3 deleted", "p/2"]
        assert _said(store.history(since=times[3] + timedelta(milliseconds=1))) == []

    def test_at(self, store: Store) -> None:
        _three_versions(store)
        times = {stored.version: stored.updated for stored in store.history("Patient", "p").matches}
        between = times[1] + timedelta(milliseconds=1)
        assert _said(store.history("Patient", "p", at=(between, between))) == ["p/1"]
        assert _said(store.history("Patient", "p", at=(between, times[2]))) == ["p/2", "p/1"]
        before = times[1] - timedelta(seconds=1)
        assert _said(store.history("Patient", "p", at=(before, before))) == []


def _three_versions(store: Store) -> None:
    """Patient p created, updated and deleted, at times that differ."""
    put(store, patient("One", id="p"))
    sleep(0.01)
    with store.transaction() as tx:
        tx.update(patient("Two", id="p"))
    sleep(0.01)
    with store.transaction() as tx:
        tx.delete("Patient", "p")


def _said(page: Page) -> list[str]:
    return [f"{one.id}/{one.version}{' deleted' if one.deleted else ''}" for one in page.matches]
