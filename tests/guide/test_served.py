"""The guide is executable: every example is served by our server, which does what the guide asks of a registry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import guide_package
import pytest
from flask import Flask
from flask.testing import FlaskClient

from cart_fhir.definitions import Registry
from cart_fhir.formats import json
from cart_fhir.server import CartFHIR
from cart_fhir.server.extension import service_of

Json = dict[str, Any]

EXAMPLES = guide_package.examples()
JOURNEYS = [one for one in EXAMPLES if one["resourceType"] == "Bundle" and one["type"] == "collection"]
SUBMISSIONS = [one for one in EXAMPLES if one["resourceType"] == "Bundle" and one["type"] == "transaction"]
TYPES = sorted({one["resourceType"] for one in EXAMPLES} - {"Bundle"})
REGISTRY = next(one for one in guide_package.definitions() if one["id"] == "cart-registry")["rest"][0]


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    """A server in memory that refuses what breaks the guide, with every journey sent to it as one transaction."""
    app = Flask(__name__)
    maps = str(Path(__file__).parents[2] / "examples")
    app.config.update(CART_FHIR_STORE="sqlite://", CART_FHIR_VALIDATION="enforce", CART_FHIR_MAPS=maps)
    CartFHIR(app, registry=Registry.default())
    client = app.test_client()
    for bundle in [*map(_transaction, JOURNEYS), *SUBMISSIONS]:
        answer = client.post("/fhir", data=json.dumps(bundle), content_type="application/fhir+json")
        assert answer.status_code == 200, answer.data.decode()
    yield client
    service_of(app).shared.store.close()


def _transaction(journey: Json) -> Json:
    entries = [
        {**entry, "request": {"method": "PUT", "url": f"{one['resourceType']}/{one['id']}"}}
        for entry in journey["entry"]
        for one in (entry["resource"],)
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def _get(client: FlaskClient, path: str) -> Json:
    answer = client.get(f"/fhir/{path}")
    assert answer.status_code == 200, answer.data.decode()
    return dict(json.loads(answer.data))


def _ids(bundle: Json) -> set[str]:
    return {f"{one['resourceType']}/{one['id']}" for one in (entry["resource"] for entry in bundle.get("entry", []))}


def test_every_example_is_given_back_unchanged(client: FlaskClient) -> None:
    for example in EXAMPLES:
        if example["resourceType"] != "Bundle":
            found = _get(client, f"{example['resourceType']}/{example['id']}")
            server_made = {key: found["meta"].pop(key) for key in ("versionId", "lastUpdated")}
            assert server_made["versionId"] == "1"
            assert found == {**example, "meta": example.get("meta", {})}, example["id"]


def test_an_example_sent_again_changes_nothing(client: FlaskClient) -> None:
    bundle = _transaction(JOURNEYS[0])
    answer = client.post("/fhir", data=json.dumps(bundle), content_type="application/fhir+json")
    assert {entry["response"]["etag"] for entry in json.loads(answer.data)["entry"]} == {'W/"1"'}


@pytest.mark.parametrize("type", TYPES)
def test_every_example_is_found(client: FlaskClient, type: str) -> None:
    wanted = {f"{type}/{one['id']}" for one in EXAMPLES if one["resourceType"] == type}
    assert _ids(_get(client, f"{type}?_count=1000")) == wanted
    profiles = Counter(
        url for one in EXAMPLES if one["resourceType"] == type for url in one.get("meta", {}).get("profile", [])
    )
    for url, number in profiles.items():
        assert len(_ids(_get(client, f"{type}?_profile={url}&_count=1000"))) == number, url


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda one: one["id"])
def test_a_patient_is_answered_whole_and_in_order(client: FlaskClient, journey: Json) -> None:
    """$everything gives the record, with what it leans on; $journey the same in the order of the days."""
    sent = {f"{one['resourceType']}/{one['id']}" for one in (entry["resource"] for entry in journey["entry"])}
    patient = next(name for name in sent if name.startswith("Patient/"))
    everything, ordered = _get(client, f"{patient}/$everything"), _get(client, f"{patient}/$journey")
    assert _ids(everything) <= sent
    about = {name for name in sent if _is_about(journey, name, patient)}
    assert about <= _ids(everything)
    assert about <= _ids(ordered) <= sent
    first = min(date for entry in ordered["entry"] for _, date in _study_days(entry["resource"]))
    days = [day for entry in ordered["entry"] for day, date in _study_days(entry["resource"]) if date == first]
    assert days == sorted(days)
    assert days[0] < 0 < days[-1]


def _is_about(journey: Json, name: str, patient: str) -> bool:
    one = next(
        e["resource"] for e in journey["entry"] if f"{e['resource']['resourceType']}/{e['resource']['id']}" == name
    )
    return any(one.get(key, {}) == {"reference": patient} for key in ("subject", "patient", "individual"))


def _study_days(resource: Json) -> list[tuple[int, str]]:
    """The study day as the resource itself says it, and the infusion that it counts from."""
    parts = [
        {part["url"]: part for part in extension["extension"]}
        for extension in resource.get("extension", [])
        if extension["url"].endswith("/cart-study-day")
    ]
    return [(part["day"]["valueInteger"], part["infusionDate"]["valueDate"]) for part in parts]


def test_the_server_does_what_the_guide_asks_of_a_registry(client: FlaskClient) -> None:
    """Interactions, formats, profiles, search parameters with type and definition, operations: all that is asked."""
    told = _get(client, "metadata")
    rest = told["rest"][0]
    assert {f"application/fhir+{word}" for word in ("json", "xml")} <= set(told["format"])
    assert not {one["code"] for one in REGISTRY["interaction"]} - {one["code"] for one in rest["interaction"]}
    assert not _operations(REGISTRY) - _operations(rest)
    offered = {one["type"]: one for one in rest["resource"]}
    for asked in REGISTRY["resource"]:
        found = offered[asked["type"]]
        profiles = {url.partition("|")[0] for url in found["supportedProfile"]}
        assert not set(asked["supportedProfile"]) - profiles
        assert not {one["code"] for one in asked["interaction"]} - {one["code"] for one in found["interaction"]}
        assert not _operations(asked) - _operations(found), asked["type"]
        parameters = {one["name"]: one for one in found["searchParam"]}
        for one in asked["searchParam"]:
            assert one.items() <= parameters[one["name"]].items(), (asked["type"], one["name"])


def _operations(part: Json) -> set[tuple[str, str]]:
    return {(one["name"], one["definition"]) for one in part.get("operation", [])}


@pytest.mark.parametrize("asked", REGISTRY["resource"], ids=lambda one: one["type"])
def test_every_search_that_the_guide_asks_for_is_answered(client: FlaskClient, asked: Json) -> None:
    """Each parameter runs in strict mode, with `:missing`, and finds together all examples of the type."""
    number = sum(one["resourceType"] == asked["type"] for one in EXAMPLES)
    for one in asked["searchParam"]:
        counts = [
            _get(client, f"{asked['type']}?{one['name']}:missing={word}&_summary=count")["total"]
            for word in ("true", "false")
        ]
        assert sum(counts) == number, one["name"]
