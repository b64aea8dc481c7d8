"""Erasure: nothing of a resource is left, and nothing else is touched."""

from __future__ import annotations

import pytest

from cart_fhir.errors import NotFound
from cart_fhir.store.base import Store
from cart_fhir.store.contract.base import Contract, find, ids, patient, platelets, put


class Erasure(Contract):
    """purge."""

    @pytest.mark.parametrize("deleted", [False, True])
    def test_all_versions_and_the_index_go(self, store: Store, deleted: bool) -> None:
        put(store, patient("Erased", id="gone"), patient("Kept", id="kept"), platelets(id="o", subject="Patient/gone"))
        with store.transaction() as tx:
            tx.update(patient("Later", id="gone"))
            if deleted:
                tx.delete("Patient", "gone")
        line = store.purge("Patient", "gone")
        assert "Patient/gone" in line
        assert f"versions {3 if deleted else 2}" in line
        assert "\n" not in line
        assert "Erased" not in line
        for ask in (
            lambda: store.read("Patient", "gone"),
            lambda: store.vread("Patient", "gone", "1"),
            lambda: store.history("Patient", "gone"),
            lambda: store.purge("Patient", "gone"),
        ):
            with pytest.raises(NotFound):
                ask()
        assert ids(find(store, "Patient")) == ["kept"]
        assert ids(find(store, "Patient", "family=erased,later")) == []
        assert [one.id for one in store.history("Patient").matches] == ["kept"]
        assert ids(find(store, "Observation", "subject=Patient/gone")) == ["o"]

    def test_the_id_is_free_again(self, store: Store) -> None:
        put(store, patient("Erased", id="p"))
        store.purge("Patient", "p")
        with store.transaction() as tx:
            assert tx.update(patient("New", id="p")).created
        assert store.read("Patient", "p").version == 1
        assert ids(find(store, "Patient", "family=new")) == ["p"]

    def test_what_never_was(self, store: Store) -> None:
        with pytest.raises(NotFound):
            store.purge("Patient", "nobody")
