"""Many writers at once: no update is lost, and a conditional create creates exactly once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest

from cart_fhir.errors import Conflict, PreconditionFailed
from cart_fhir.store.base import Store, Transaction
from cart_fhir.store.contract.base import Contract, find, ids, patient, put

_WRITERS = 6
_ROUNDS = 5
Result = TypeVar("Result")


class Races(Contract):
    """Concurrent transactions of one store."""

    def test_no_update_is_lost(self, store: Store) -> None:
        put(store, patient(id="p", telecom=[]))

        def add(tx: Transaction, name: str) -> None:
            found = tx.read("Patient", "p")
            resource = found.resource
            resource["telecom"].append({"value": name})
            tx.update(resource, expected=str(found.version))

        def writer(number: int) -> None:
            for turn in range(_ROUNDS):
                _until_done(store, lambda tx, turn=turn: add(tx, f"{number}.{turn}"))  # type: ignore[misc]

        _at_once(writer)
        found = store.read("Patient", "p")
        assert sorted(one["value"] for one in found.resource["telecom"]) == sorted(
            f"{number}.{turn}" for number in range(_WRITERS) for turn in range(_ROUNDS)
        )
        assert found.version == 1 + _WRITERS * _ROUNDS

    def test_a_conditional_create_creates_once(self, store: Store) -> None:
        def create(tx: Transaction) -> bool:
            tx.exclusive(["Patient"])
            if ids(find(tx, "Patient", "identifier=urn:site|4711")):
                return False
            tx.create(patient(identifier=[{"system": "urn:site", "value": "4711"}]))
            return True

        made = _at_once(lambda number: store.run(create))
        assert made.count(True) == 1
        assert find(store, "Patient", "identifier=urn:site|4711&_total=accurate").total == 1

    def test_one_of_two_gets_an_id(self, store: Store) -> None:
        def create(number: int) -> bool:
            try:
                with store.transaction() as tx:
                    tx.create(patient(str(number)), "wanted")
            except Conflict:
                return False
            return True

        assert _at_once(create).count(True) == 1
        assert store.read("Patient", "wanted").version == 1

    def test_crossed_transactions_end(self, store: Store) -> None:
        put(store, patient(id="a"), patient(id="b"))

        def swap(number: int) -> None:
            first, second = ("a", "b") if number % 2 else ("b", "a")

            def work(tx: Transaction) -> None:
                for id in (first, second):
                    tx.update(patient(f"by {number}", id=id))

            _until_done(store, work)

        _at_once(swap)
        versions = {store.read("Patient", id).version for id in ("a", "b")}
        assert versions == {1 + _WRITERS}


def _at_once(work: Callable[[int], Result]) -> list[Result]:
    """Call work(0), work(1) ... in threads that start together."""
    barrier = Barrier(_WRITERS)

    def start(number: int) -> Result:
        barrier.wait(timeout=30)
        return work(number)

    with ThreadPoolExecutor(_WRITERS) as pool:
        return list(pool.map(start, range(_WRITERS)))


def _until_done(store: Store, work: Callable[[Transaction], None]) -> None:
    """Run the work until no other writer is in its way."""
    for _ in range(100):
        try:
            store.run(work)
        except (Conflict, PreconditionFailed):
            continue
        return
    pytest.fail("A writer never got its turn.")
