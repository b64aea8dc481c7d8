"""Transactions: all or none, seen from inside at once and from outside only when committed."""

from __future__ import annotations

import pytest

from cart_fhir.errors import Gone, NotFound
from cart_fhir.store.base import Store, Transaction
from cart_fhir.store.contract.base import Contract, find, ids, patient, platelets, put


class Transactions(Contract):
    """transaction, run."""

    def test_an_error_leaves_nothing(self, store: Store) -> None:
        put(store, patient("Old", id="kept"), patient(id="still"))
        with pytest.raises(ZeroDivisionError):
            _change_all_and_fail(store)
        with pytest.raises(NotFound):
            store.read("Patient", "new")
        assert store.read("Patient", "kept").resource["name"][0]["family"] == "Old"
        assert store.read("Patient", "still").version == 1
        assert ids(find(store, "Patient", "family=New")) == []

    def test_changes_are_seen_inside(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.create(patient("Meyer"), "p")
            assert tx.read("Patient", "p").version == 1
            assert tx.vread("Patient", "p", "1").version == 1
            assert ids(find(tx, "Patient", "family=meyer")) == ["p"]
            tx.update(patient("Schmidt", id="p"))
            assert ids(find(tx, "Patient", "family=meyer")) == []
            assert [stored.version for stored in tx.history("Patient", "p").matches] == [2, 1]
            tx.delete("Patient", "p")
            with pytest.raises(Gone):
                tx.read("Patient", "p")
            assert ids(find(tx, "Patient")) == []
        assert store.history("Patient", "p").total == 3

    def test_changes_are_not_seen_outside_before_the_end(self, store: Store) -> None:
        if not self.isolated:
            pytest.skip("one connection: nothing can look from outside meanwhile")
        with store.transaction() as tx:
            tx.create(patient(), "p")
            assert ids(find(tx, "Patient")) == ["p"]
            assert ids(find(store, "Patient")) == []
            with pytest.raises(NotFound):
                store.read("Patient", "p")
        assert ids(find(store, "Patient")) == ["p"]

    def test_several_changes_of_one_resource(self, store: Store) -> None:
        with store.transaction() as tx:
            for number in range(5):
                tx.update(patient(f"Name {number}", id="p"))
        assert store.read("Patient", "p").version == 5
        assert ids(find(store, "Patient", "family=name 4")) == ["p"]
        assert ids(find(store, "Patient", "family=name 3")) == []

    def test_a_large_bundle(self, store: Store) -> None:
        wanted = [("Observation", f"o{number}") for number in range(2500)]
        with store.transaction() as tx:
            tx.expect(wanted)
            for number, (_, id) in enumerate(wanted):
                tx.update(platelets(str(number), id=id))
        with store.transaction() as tx:
            tx.expect(wanted)
            written = [tx.update(platelets(str(max(number, 1)), id=id)) for number, (_, id) in enumerate(wanted)]
        assert [one.stored.id for one in written if one.changed] == ["o0"]
        assert find(store, "Observation", "_total=accurate&_count=1").total == 2500
        assert store.history("Observation").total == 2501

    def test_an_empty_transaction(self, store: Store) -> None:
        with store.transaction():
            pass
        assert store.counts() == {}

    def test_run_gives_back_what_the_work_gives(self, store: Store) -> None:
        def work(tx: Transaction) -> str:
            return tx.create(patient()).stored.id

        assert store.read("Patient", store.run(work)).version == 1
        with pytest.raises(ZeroDivisionError):
            store.run(lambda tx: [tx.create(patient(id="x"), "x"), 1 // 0])
        with pytest.raises(NotFound):
            store.read("Patient", "x")


def _change_all_and_fail(store: Store) -> None:
    with store.transaction() as tx:
        tx.create(patient(), "new")
        tx.update(patient("New", id="kept"))
        tx.delete("Patient", "still")
        assert tx.read("Patient", "kept").version == 2
        raise ZeroDivisionError
