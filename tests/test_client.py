"""The client without a server: retries, waits, refusals, pages, and what it must never do."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests
import responses
from responses import matchers

from cart_fhir.client import FHIRClient, RemoteError
from cart_fhir.errors import BadRequest

BASE = "https://registry.example.org/fhir"
PATIENT = {"resourceType": "Patient", "id": "p"}
OUTCOME = {
    "resourceType": "OperationOutcome",
    "issue": [
        {
            "severity": "error",
            "code": "invalid",
            "details": {"text": "Wrong."},
            "diagnostics": "more",
            "expression": ["Patient.gender"],
        }
    ],
}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the client would have slept."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


@pytest.fixture
def client() -> Any:
    with FHIRClient(BASE, token="s3cret", retries=3) as made:
        yield made


@responses.activate
@pytest.mark.parametrize("status", [429, 503, 502, 504])
def test_reading_is_tried_again(client: FHIRClient, waits: list[float], status: int) -> None:
    responses.get(f"{BASE}/Patient/p", status=status)
    responses.get(f"{BASE}/Patient/p", json=PATIENT)
    assert client.read("Patient", "p") == PATIENT
    assert len(waits) == 1
    assert responses.calls[0].request.headers["Authorization"] == "Bearer s3cret"


@responses.activate
def test_the_server_says_how_long_to_wait(client: FHIRClient, waits: list[float]) -> None:
    responses.get(f"{BASE}/Patient/p", status=429, headers={"Retry-After": "7"})
    responses.get(f"{BASE}/Patient/p", status=429, headers={"Retry-After": "9999"})
    responses.get(f"{BASE}/Patient/p", status=429, headers={"Retry-After": "Mon, 01 Jan 2001 00:00:00 GMT"})
    responses.get(f"{BASE}/Patient/p", json=PATIENT)
    client.read("Patient", "p")
    assert waits == [7.0, 60.0, 0.0]


@responses.activate
def test_waits_grow_and_attempts_end(client: FHIRClient, waits: list[float]) -> None:
    responses.get(f"{BASE}/Patient/p", status=503)
    with pytest.raises(RemoteError) as refused:
        client.read("Patient", "p")
    assert refused.value.http_status == 503
    assert len(waits) == 3
    assert waits[0] < waits[1] < waits[2]


@responses.activate
def test_a_create_is_not_done_twice(client: FHIRClient, waits: list[float]) -> None:
    responses.post(f"{BASE}/Patient", status=502)
    with pytest.raises(RemoteError):
        client.create(PATIENT)
    assert len(responses.calls) == 1, "502: the server may have stored it"
    responses.reset()
    responses.post(f"{BASE}/Patient", status=503)
    responses.post(f"{BASE}/Patient", json=PATIENT, status=201)
    assert client.create(PATIENT) == PATIENT


@responses.activate
def test_a_lost_answer_is_asked_for_again_only_when_that_is_safe(client: FHIRClient, waits: list[float]) -> None:
    puts = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [{"request": {"method": "PUT", "url": "Patient/p"}}],
    }
    posts = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [{"request": {"method": "POST", "url": "Patient"}}],
    }
    responses.post(BASE, body=requests.ReadTimeout())
    responses.post(BASE, json={"resourceType": "Bundle"})
    assert client.transaction(puts)["resourceType"] == "Bundle"
    responses.reset()
    responses.post(BASE, body=requests.ReadTimeout())
    with pytest.raises(RemoteError, match="no answer in time"):
        client.transaction(posts)
    assert len(responses.calls) == 1, "responses.reset forgets the calls before"


@responses.activate
def test_refusals_carry_the_outcome(client: FHIRClient) -> None:
    responses.post(f"{BASE}/Patient", json=OUTCOME, status=422)
    with pytest.raises(RemoteError) as refused:
        client.create(PATIENT)
    assert refused.value.http_status == 422
    assert refused.value.outcome == OUTCOME
    assert str(refused.value) == "POST Patient: refused with status 422.\n  error: Patient.gender: Wrong."
    responses.get(f"{BASE}/metadata", body="<html>not found</html>", status=404)
    with pytest.raises(RemoteError, match="GET metadata: refused with status 404"):
        client.capabilities()
    responses.get(f"{BASE}/Patient/html", body="<html>hello</html>")
    with pytest.raises(RemoteError, match="did not answer in FHIR JSON"):
        client.read("Patient", "html")


@responses.activate
def test_pages_are_followed_on_the_same_server_only(client: FHIRClient) -> None:
    def page(id: str, following: str) -> dict[str, Any]:
        entries = [
            {"resource": {"resourceType": "Patient", "id": id}, "search": {"mode": "match"}},
            {"resource": {"resourceType": "Organization", "id": "o"}, "search": {"mode": "include"}},
        ]
        return {"resourceType": "Bundle", "entry": entries, "link": [{"relation": "next", "url": following}]}

    query = matchers.query_param_matcher({"name": ["a", "b"], "active": "true"})
    responses.get(f"{BASE}/Patient", json=page("1", f"{BASE}?page=2"), match=[query])
    responses.get(f"{BASE}?page=2", json=page("2", "https://evil.example/fhir?page=3"))
    found = client.search("Patient", name=["a", "b"], active=True)
    assert next(found)["id"] == "1"
    assert next(found)["id"] == "2"
    with pytest.raises(RemoteError, match=r"another origin: evil\.example"):
        next(found)
    assert all("evil" not in str(call.request.url) for call in responses.calls)


@responses.activate
def test_redirects_are_told_not_followed(client: FHIRClient) -> None:
    responses.get(f"{BASE}/Patient/p", status=302, headers={"Location": "https://evil.example/"})
    with pytest.raises(RemoteError, match=r"redirects to https://evil\.example/"):
        client.read("Patient", "p")
    assert len(responses.calls) == 1


@responses.activate
def test_a_page_that_leads_to_itself_ends(client: FHIRClient) -> None:
    again = {"resourceType": "Bundle", "link": [{"relation": "next", "url": f"{BASE}/Patient"}]}
    responses.get(f"{BASE}/Patient", json=again)
    assert list(client.search("Patient")) == []


@responses.activate
def test_digits_survive(client: FHIRClient) -> None:
    responses.get(f"{BASE}/Observation/o", body='{"resourceType":"Observation","valueQuantity":{"value":1.50}}')
    assert str(client.read("Observation", "o")["valueQuantity"]["value"]) == "1.50"


@pytest.mark.parametrize("url", ["registry.example.org", "ftp://registry.example.org", ""])
def test_base_urls_are_checked(url: str) -> None:
    with pytest.raises(BadRequest):
        FHIRClient(url)


def test_nobody_there() -> None:
    with FHIRClient("http://127.0.0.1:9", retries=0) as client, pytest.raises(RemoteError, match="does not answer"):
        client.read("Patient", "p")
