"""The server against a model in memory: whatever is created, updated, deleted and searched, both agree."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from cart_fhir.server.extension import service_of

from .conftest import Fhir, make_app, patient

GENDERS = st.sampled_from(["female", "male", "other", "unknown"])


class ServerAgreesWithModel(RuleBasedStateMachine):
    """`model` holds id -> (gender, version); version counts deletions too."""

    ids: Bundle[str] = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.app = make_app(Path(self.folder.name))
        self.fhir = Fhir(self.app.test_client())
        self.model: dict[str, tuple[str | None, int]] = {}

    def teardown(self) -> None:
        service_of(self.app).shared.store.close()
        self.folder.cleanup()

    @rule(target=ids, gender=GENDERS)
    def create(self, gender: str) -> str:
        made = self.fhir.post("Patient", patient(gender=gender))
        assert made.status == 201
        id: str = made.json["id"]
        assert id not in self.model
        self.model[id] = (gender, 1)
        return id

    @rule(id=ids, gender=GENDERS)
    def update(self, id: str, gender: str) -> None:
        before, version = self.model[id]
        answer = self.fhir.put(f"Patient/{id}", patient(id=id, gender=gender))
        assert answer.status == (201 if before is None else 200)
        if before != gender:
            version += 1
        self.model[id] = (gender, version)
        assert answer.headers["ETag"] == f'W/"{version}"'

    @rule(id=ids, gender=GENDERS, stale=st.booleans())
    def update_a_version(self, id: str, gender: str, stale: bool) -> None:
        before, version = self.model[id]
        seen = version - 1 if stale else version
        answer = self.fhir.put(f"Patient/{id}", patient(id=id, gender=gender), If_Match=f'W/"{seen}"')
        if stale or before is None:
            assert answer.status == 412
        else:
            assert answer.status == 200
            self.model[id] = (gender, version + (before != gender))

    @rule(id=ids)
    def delete(self, id: str) -> None:
        before, version = self.model[id]
        assert self.fhir.delete(f"Patient/{id}").status == 204
        self.model[id] = (None, version + (before is not None))

    @rule(id=consumes(ids), gender=GENDERS)
    def transaction(self, id: str, gender: str) -> None:
        before, version = self.model[id]
        rows: list[dict[str, Any]] = [
            {"request": {"method": "PUT", "url": f"Patient/{id}"}, "resource": patient(id=id, gender=gender)},
            {"request": {"method": "GET", "url": "Patient/absent"}},
        ]
        assert self.fhir.transaction(*rows).status == 404, "nothing is done"
        assert self.fhir.transaction(rows[0]).status == 200
        self.model[id] = (gender, version + (before != gender))

    @rule(gender=GENDERS)
    def search(self, gender: str) -> None:
        answer = self.fhir.get(f"Patient?gender={gender}&_count=500&_total=accurate")
        expected = {id for id, (held, _) in self.model.items() if held == gender}
        assert set(answer.ids) == expected
        assert answer.json["total"] == len(expected)

    @invariant()
    def reads_agree(self) -> None:
        for id, (gender, version) in self.model.items():
            answer = self.fhir.get(f"Patient/{id}")
            assert answer.status == (410 if gender is None else 200)
            if gender is not None:
                assert answer.json["gender"] == gender
                assert answer.headers["ETag"] == f'W/"{version}"'


TestServerAgreesWithModel = ServerAgreesWithModel.TestCase
TestServerAgreesWithModel.settings = settings(max_examples=12, stateful_step_count=20, deadline=None)
