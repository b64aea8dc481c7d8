"""Versions: what was stored comes back digit for digit, each change makes one, and no change is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cart_fhir.errors import BadRequest, Conflict, Gone, NotFound, PreconditionFailed
from cart_fhir.store.base import Store
from cart_fhir.store.contract.base import Contract, Opened, patient, platelets, put


class Versions(Contract):
    """create, read, vread, update, delete."""

    def test_create_gives_an_id_and_version_one(self, store: Store) -> None:
        with store.transaction() as tx:
            written = tx.create(patient())
        assert written.created
        assert written.changed
        found = store.read("Patient", written.stored.id)
        assert (found.version, found.deleted) == (1, False)
        assert found.resource["id"] == written.stored.id
        assert found.resource["meta"]["versionId"] == "1"

    def test_an_id_can_be_chosen_once(self, store: Store) -> None:
        assert put(store, patient(id="p1")) == ["p1"]
        with pytest.raises(Conflict), store.transaction() as tx:
            tx.create(patient(), "p1")

    def test_the_same_id_on_two_types(self, store: Store) -> None:
        put(store, patient(id="x"), platelets(id="x"))
        assert store.read("Patient", "x").type == "Patient"
        assert store.read("Observation", "x").type == "Observation"

    @pytest.mark.parametrize("digits", ["1.50", "1.5", "0.000001", "100", "1E+2", "-0.0", "12345678901234567890.123"])
    def test_decimals_keep_their_digits(self, store: Store, digits: str) -> None:
        put(store, platelets(digits, id="o"))
        text = store.read("Observation", "o").text.decode()
        assert f'"value":{digits}' in text
        assert str(store.read("Observation", "o").resource["valueQuantity"]["value"]) == digits

    @pytest.mark.parametrize("name", ["Ünal-Łódź", "日本語", "a\\b\"c'd", "%_;--", "🧬", "tab\there"])
    def test_text_keeps_its_signs(self, store: Store, name: str) -> None:
        put(store, patient(name, id="p"))
        assert store.read("Patient", "p").resource["name"][0]["family"] == name

    def test_elements_keep_their_order_and_meta_its_content(self, store: Store) -> None:
        meta = {"tag": [{"code": "b"}, {"code": "a"}], "versionId": "77", "lastUpdated": "1999-01-01T00:00:00Z"}
        put(store, {"resourceType": "Patient", "id": "p", "meta": meta, "gender": "male", "active": True})
        found = store.read("Patient", "p").resource
        assert list(found) == ["resourceType", "id", "meta", "gender", "active"]
        assert found["meta"]["tag"] == meta["tag"]
        assert found["meta"]["versionId"] == "1"
        assert not found["meta"]["lastUpdated"].startswith("1999")

    def test_last_updated_says_the_time_with_milliseconds(self, store: Store) -> None:
        put(store, patient(id="p"))
        stored = store.read("Patient", "p")
        said = datetime.fromisoformat(stored.resource["meta"]["lastUpdated"])
        assert said == stored.updated
        assert abs(datetime.now(UTC) - said) < timedelta(minutes=1)

    def test_the_callers_resource_is_left_as_it_was(self, store: Store) -> None:
        mine = patient(id="p", meta={"tag": [{"code": "a"}]})
        put(store, mine)
        assert mine == patient(id="p", meta={"tag": [{"code": "a"}]})

    def test_what_is_not_there(self, store: Store) -> None:
        put(store, patient(id="p"))
        for type, id in (("Patient", "other"), ("Observation", "p"), ("Patient", "p' OR '1'='1")):
            with pytest.raises(NotFound):
                store.read(type, id)
        for version in ("2", "0", "x", "9" * 40):
            with pytest.raises(NotFound):
                store.vread("Patient", "p", version)

    def test_an_update_makes_the_next_version_and_keeps_the_last(self, store: Store) -> None:
        put(store, patient("Old", id="p"))
        with store.transaction() as tx:
            written = tx.update(patient("New", id="p"))
        assert (written.created, written.changed, written.stored.version) == (False, True, 2)
        assert store.read("Patient", "p").resource["name"][0]["family"] == "New"
        first = store.vread("Patient", "p", "1")
        assert first.resource["name"][0]["family"] == "Old"
        assert first.resource["meta"]["versionId"] == "1"
        assert first.updated <= written.stored.updated

    def test_an_update_of_nothing_creates(self, store: Store) -> None:
        with store.transaction() as tx:
            written = tx.update(patient(id="chosen"))
        assert written.created
        assert written.stored.version == 1
        assert store.read("Patient", "chosen").version == 1

    def test_the_same_content_makes_no_version(self, store: Store) -> None:
        put(store, platelets("1.50", id="o"))
        with store.transaction() as tx:
            again = tx.update(
                store.read("Observation", "o").resource if self.isolated else tx.read("Observation", "o").resource
            )
        assert (again.changed, again.created, again.stored.version) == (False, False, 1)
        with store.transaction() as tx:
            other_digits = tx.update(platelets("1.5", id="o"))
        assert (other_digits.changed, other_digits.stored.version) == (True, 2)

    def test_an_update_needs_an_id(self, store: Store) -> None:
        with pytest.raises(BadRequest), store.transaction() as tx:
            tx.update(patient())

    def test_the_expected_version_is_checked(self, store: Store) -> None:
        put(store, patient("One", id="p"))
        with store.transaction() as tx:
            tx.update(patient("Two", id="p"), expected="1")
        for expected in ("1", "3", "x"):
            with pytest.raises(PreconditionFailed), store.transaction() as tx:
                tx.update(patient("Three", id="p"), expected=expected)
        with pytest.raises(PreconditionFailed), store.transaction() as tx:
            tx.update(patient(id="new"), expected="1")
        with pytest.raises(PreconditionFailed), store.transaction() as tx:
            tx.delete("Patient", "p", expected="1")
        assert store.read("Patient", "p").version == 2

    def test_delete_and_after(self, store: Store) -> None:
        put(store, patient("One", id="p"))
        with store.transaction() as tx:
            gone = tx.delete("Patient", "p", expected="1")
        assert gone is not None
        assert (gone.version, gone.deleted, gone.text) == (2, True, b"")
        with pytest.raises(Gone):
            store.read("Patient", "p")
        assert store.vread("Patient", "p", "2").deleted
        assert store.vread("Patient", "p", "1").resource["name"][0]["family"] == "One"
        with store.transaction() as tx:
            assert tx.delete("Patient", "p") is None
            assert tx.delete("Patient", "never") is None

    def test_a_deleted_resource_can_come_back(self, store: Store) -> None:
        put(store, patient("One", id="p"))
        with store.transaction() as tx:
            tx.delete("Patient", "p")
        with store.transaction() as tx:
            back = tx.update(patient("One", id="p"))
        assert (back.created, back.changed, back.stored.version) == (True, True, 3)
        assert store.read("Patient", "p").version == 3

    def test_what_was_written_is_there_after_a_new_start(self, store: Store, opened: Opened) -> None:
        if not self.durable:
            pytest.skip("this store lives as long as it is open")
        put(store, patient(id="p"))
        store.close()
        again = opened()
        try:
            assert again.read("Patient", "p").version == 1
            with again.transaction() as tx:
                assert tx.update(patient("New", id="p")).stored.version == 2
        finally:
            again.close()

    def test_ping_and_counts(self, store: Store) -> None:
        store.ping()
        assert store.counts() == {}
        put(store, patient(id="p"), patient(id="q"), platelets())
        with store.transaction() as tx:
            tx.delete("Patient", "q")
        assert store.counts() == {"Observation": 1, "Patient": 1}
