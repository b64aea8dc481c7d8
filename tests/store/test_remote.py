"""Another FHIR server as store: ours, behind `responses`, so that no network is needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import responses
from flask import Flask

from cart_fhir.definitions import Registry
from cart_fhir.errors import (
    BadRequest,
    Conflict,
    Gone,
    NotFound,
    NotSupported,
    PreconditionFailed,
    Unavailable,
    Unprocessable,
)
from cart_fhir.search.dates import interval, moment
from cart_fhir.server import CartFHIR
from cart_fhir.store import Store, open_store
from cart_fhir.store.contract.base import find, ids, patient, put
from cart_fhir.store.contract.history import History
from cart_fhir.store.contract.versions import Versions

BASE = "https://other.example.org/fhir"
REGISTRY = Registry(guide=False)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[responses.RequestsMock]:
    """A server of ours that answers at BASE."""
    app = Flask(__name__)
    store = open_store(f"sqlite:///{tmp_path / 'other.db'}?synchronous=OFF", REGISTRY)
    app.config.update(CART_FHIR_BASE_URL=BASE, CART_FHIR_VALIDATION="off")
    CartFHIR(app, store=store, registry=REGISTRY)
    client = app.test_client()

    def answer(request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(str(request.url))
        headers = {
            name: value for name, value in request.headers.items() if name not in ("Content-Length", "Accept-Encoding")
        }
        url = f"{parts.path}?{parts.query}" if parts.query else parts.path
        found = client.open(url, method=request.method, data=request.body, headers=headers)
        return found.status_code, {"Content-Type": found.content_type}, found.data

    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for method in ("GET", "POST"):
            mock.add_callback(method, re.compile(re.escape(BASE) + r"($|[/?])"), answer)
        yield mock
    store.close()


class Remote:
    durable = True

    @pytest.fixture
    def opened(self, other: responses.RequestsMock) -> Callable[[], Store]:
        return lambda: open_store(BASE, REGISTRY)


class TestVersions(Remote, Versions):
    pass


class TestHistory(Remote, History):
    def test_at(self, store: Store) -> None:
        put(store, patient(id="p"))
        now = store.read("Patient", "p").updated
        assert len(store.history("Patient", "p", at=(now, now)).matches) == 1
        year = interval(str(now.year))
        assert year
        assert len(store.history("Patient", "p", at=(moment(year[0]), moment(year[1]))).matches) == 1
        with pytest.raises(NotSupported):
            store.history("Patient", "p", at=(now, now + timedelta(seconds=3)))


@pytest.fixture
def store(other: responses.RequestsMock) -> Iterator[Store]:
    store = open_store(BASE, REGISTRY)
    yield store
    store.close()


def test_searches_are_passed_on_with_their_pages(store: Store) -> None:
    put(store, *(patient(f"Name {number}", id=f"p{number}") for number in range(5)))
    put(store, {"resourceType": "Observation", "id": "o", "status": "final", "subject": {"reference": "Patient/p1"}})
    assert sorted(ids(find(store, "Patient", "family=name&_total=accurate"))) == ["p0", "p1", "p2", "p3", "p4"]
    assert find(store, "Patient", "_summary=count").total == 5
    found, token = [], ""
    while True:
        page = find(
            store, "Patient", "_count=2&family:contains=name" + (f"&_page={token}" if token else ""), caller="anna"
        )
        found += ids(page)
        token = page.next
        if not token:
            break
        assert "Name" not in token
        with pytest.raises(BadRequest):
            find(store, "Patient", f"_count=2&family:contains=name&_page={token}", caller="ben")
    assert found == ["p0", "p1", "p2", "p3", "p4"]
    page = find(store, "Observation", "_include=Observation:subject&patient.family=name")
    assert (ids(page), [one.id for one in page.included]) == (["o"], ["p1"])
    assert store.counts() == {"Observation": 1, "Patient": 5}


def test_a_transaction_is_one_bundle(store: Store, other: responses.RequestsMock) -> None:
    put(store, patient("Old", id="p"))
    before = len(other.calls)
    with store.transaction() as tx:
        tx.exclusive(["Patient"])
        tx.update(patient("New", id="p"), expected="1")
        tx.update(patient("Newer", id="p"))
        assert tx.read("Patient", "p").version == 3
        tx.create(patient(), "q")
        tx.delete("Patient", "q")
        with pytest.raises(Gone):
            tx.read("Patient", "q")
    assert [call.request.method for call in other.calls][before:].count("POST") == 1
    assert store.read("Patient", "p").resource["name"][0]["family"] == "Newer"


def test_a_search_in_a_transaction_sees_what_that_changed(store: Store) -> None:
    put(store, patient("Stays", id="a"), patient("Old", id="b"), patient("Goes", id="c"))
    with store.transaction() as tx:
        tx.update(patient("New", id="b"))
        tx.delete("Patient", "c")
        found = find(tx, "Patient", "active:missing=true&_sort=_id")
        assert [(one.id, one.resource["name"][0]["family"]) for one in found.matches] == [("a", "Stays"), ("b", "New")]


def test_our_own_address_in_a_reference_means_a_resource_of_the_other(store: Store) -> None:
    put(store, {"resourceType": "Observation", "id": "o", "status": "final", "subject": {"reference": "Patient/p1"}})
    named = "https://us.example.org/fhir/Patient/p1"
    assert ids(find(store, "Observation", f"subject={named}", base_url="https://us.example.org/fhir")) == ["o"]
    assert ids(find(store, "Observation", f"subject=Patient/x,{named}", base_url="https://us.example.org/fhir")) == [
        "o"
    ]
    assert ids(find(store, "Observation", f"subject={named}", base_url="https://others.example.org/fhir")) == []


def test_a_change_in_between_is_no_lost_update(store: Store) -> None:
    put(store, patient("One", id="p"))
    with pytest.raises((PreconditionFailed, Conflict)):
        two_at_once(store)
    assert store.read("Patient", "p").resource["name"][0]["family"] == "Theirs"


def two_at_once(store: Store) -> None:
    with store.transaction() as tx:
        tx.update(patient("Mine", id="p"))
        with store.transaction() as other:
            other.update(patient("Theirs", id="p"))


REFUSED = [
    (400, BadRequest), (401, Unavailable), (403, Unavailable), (404, NotFound), (409, Conflict), (410, Gone),
    (412, PreconditionFailed), (418, Unavailable), (422, Unprocessable), (500, Unavailable), (302, Unavailable),
]  # fmt: skip


@pytest.mark.parametrize(("status", "error"), REFUSED)
def test_errors_are_ours_with_the_others_words(status: int, error: type[Exception]) -> None:
    issue = {"severity": "error", "code": "invalid", "details": {"text": "their words"}, "expression": ["Patient.name"]}
    with responses.RequestsMock() as mock:
        body = {"resourceType": "OperationOutcome", "issue": [issue]}
        mock.get(f"{BASE}/Patient/p", status=status, json=body, headers={"Location": "https://elsewhere.example.org"})
        store = open_store(BASE, REGISTRY)
        with pytest.raises(error) as caught:
            store.read("Patient", "p")
        store.close()
    if error is not Unavailable:
        assert "their words" in str(caught.value)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"a": 1}', b'{"resourceType": "Patient", "meta": {"versionId": "x-y"}}']
)
def test_answers_that_are_none(body: bytes) -> None:
    with responses.RequestsMock() as mock:
        mock.get(f"{BASE}/Patient/p", body=body)
        store = open_store(BASE, REGISTRY)
        with pytest.raises(Unavailable):
            store.read("Patient", "p")
        store.close()


def test_a_compartment_is_a_path() -> None:
    with responses.RequestsMock() as mock:
        mock.get(f"{BASE}/Patient/p/Observation", json={"resourceType": "Bundle", "type": "searchset", "total": 0})
        store = open_store(BASE, REGISTRY)
        assert find(store, "Observation", compartment=("Patient", "p")).matches == []
        store.close()


def test_a_next_page_elsewhere_is_not_followed() -> None:
    with responses.RequestsMock() as mock:
        link = {"relation": "next", "url": f"{BASE}.evil.example.org/?page=2"}
        mock.get(f"{BASE}/Patient", json={"resourceType": "Bundle", "type": "searchset", "link": [link]})
        store = open_store(BASE, REGISTRY)
        with pytest.raises(Unavailable):
            find(store, "Patient")
        store.close()


def test_credentials_go_to_the_other_server_only_in_the_header() -> None:
    with responses.RequestsMock() as mock:
        mock.get(f"{BASE}/metadata", json={"resourceType": "CapabilityStatement"})
        store = open_store(BASE.replace("https://", "https://user:secret@"), REGISTRY)
        store.ping()
        request = mock.calls[0].request
        assert "secret" not in str(request.url)
        assert request.headers["Authorization"].startswith("Basic ")
        store.close()


def test_no_connection() -> None:
    with responses.RequestsMock():
        store = open_store(BASE, REGISTRY)
        with pytest.raises(Unavailable):
            store.ping()
        store.close()
