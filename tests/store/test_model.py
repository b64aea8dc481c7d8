"""A store against a model in memory: whatever is created, updated, deleted, rolled back and searched, both agree."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cart_fhir.definitions import Registry
from cart_fhir.errors import Conflict, Gone, NotFound, PreconditionFailed
from cart_fhir.store import open_store
from cart_fhir.store.base import Transaction
from cart_fhir.store.contract.base import find, ids

REGISTRY = Registry(guide=False)
IDS = some.sampled_from(["a", "b", "c"])
NAMES = some.sampled_from(["Meyer", "Müller", "meyer", "Ott"])
VERSIONS = some.sampled_from([None, "1", "2", "3"])


class StoreAndModel(RuleBasedStateMachine):
    """The model holds, for each id, the family name of every version; None stands for a deletion."""

    def __init__(self) -> None:
        super().__init__()
        self.store = open_store("sqlite://", REGISTRY)
        self.model: dict[str, list[str | None]] = {}

    def teardown(self) -> None:
        self.store.close()

    @rule(id=IDS, name=NAMES)
    def create(self, id: str, name: str) -> None:
        if id in self.model:
            with pytest.raises(Conflict):
                self._do(lambda tx: tx.create(_patient(name), id))
        else:
            self._do(lambda tx: tx.create(_patient(name), id))
            self.model[id] = [name]

    @rule(id=IDS, name=NAMES, expected=VERSIONS)
    def update(self, id: str, name: str, expected: str | None) -> None:
        versions = self.model.get(id, [])
        if self._is_refused(versions, expected):
            with pytest.raises(PreconditionFailed):
                self._do(lambda tx: tx.update(_patient(name, id=id), expected=expected))
            return
        written = self._do(lambda tx: tx.update(_patient(name, id=id), expected=expected))
        assert written.changed == (not versions or versions[-1] != name)
        assert written.created == (not versions or versions[-1] is None)
        if written.changed:
            self.model.setdefault(id, []).append(name)
        assert written.stored.version == len(self.model[id])

    @rule(id=IDS, expected=VERSIONS)
    def delete(self, id: str, expected: str | None) -> None:
        versions = self.model.get(id, [])
        if self._is_refused(versions, expected):
            with pytest.raises(PreconditionFailed):
                self._do(lambda tx: tx.delete("Patient", id, expected=expected))
            return
        gone = self._do(lambda tx: tx.delete("Patient", id, expected=expected))
        assert (gone is None) == (not versions or versions[-1] is None)
        if gone:
            self.model[id].append(None)

    @rule(id=IDS, name=NAMES)
    def roll_back(self, id: str, name: str) -> None:
        def work(tx: Transaction) -> None:
            tx.update(_patient(name, id=id))
            tx.delete("Patient", id)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            self._do(work)

    @rule(name=NAMES)
    def search(self, name: str) -> None:
        same = {id for id, versions in self.model.items() if (versions[-1] or "").casefold() == name.casefold()}
        exact = {id for id, versions in self.model.items() if versions[-1] == name}
        assert set(ids(find(self.store, "Patient", f"family={name}"))) == same
        assert set(ids(find(self.store, "Patient", f"family:exact={name}"))) == exact

    @invariant()
    def everything_is_there(self) -> None:
        there = {id for id, versions in self.model.items() if versions[-1] is not None}
        assert self.store.counts() == ({"Patient": len(there)} if there else {})
        assert set(ids(find(self.store, "Patient"))) == there
        assert self.store.history().total == sum(map(len, self.model.values()))
        for id in ("a", "b", "c"):
            self._same(id)

    def _same(self, id: str) -> None:
        versions = self.model.get(id)
        if not versions:
            with pytest.raises(NotFound):
                self.store.read("Patient", id)
            return
        if versions[-1] is None:
            with pytest.raises(Gone):
                self.store.read("Patient", id)
        else:
            assert _name(self.store.read("Patient", id).resource) == versions[-1]
        for number, name in enumerate(versions, 1):
            found = self.store.vread("Patient", id, str(number))
            assert (None if found.deleted else _name(found.resource)) == name

    def _do(self, work: Any) -> Any:
        with self.store.transaction() as tx:
            return work(tx)

    @staticmethod
    def _is_refused(versions: list[str | None], expected: str | None) -> bool:
        if expected is None:
            return False
        return not versions or versions[-1] is None or str(len(versions)) != expected


def _patient(name: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "name": [{"family": name}], **more}


def _name(resource: dict[str, Any]) -> str:
    name: str = resource["name"][0]["family"]
    return name


TestStoreAndModel = StoreAndModel.TestCase
TestStoreAndModel.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
