"""A policy of the application hides resources of another centre from everything that reads, counts or overwrites."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cart_fhir.server.extension import service_of
from cart_fhir.server.http import Request
from cart_fhir.store.base import Stored

from .conftest import Fhir, observation, patient

CENTRE = "http://example.org/centre"
ALL = "all"
HIDDEN = {"reference": "Patient/pb"}


def of(centre: str, resource: dict[str, Any]) -> dict[str, Any]:
    """The resource, labelled as a centre's own."""
    return resource | {"meta": {"security": [{"system": CENTRE, "code": centre}]}}


@pytest.fixture
def guarded(app: Flask, fhir: Fhir) -> Fhir:
    """A server where `X-Centre` says who calls, and each centre sees its own (`all`: everything; nobody: nothing)."""
    hooks = service_of(app).shared.hooks

    def identify(interaction: str, request: Request) -> Request:
        return replace(request, caller=request.caller or request.header("x-centre"))

    def own(request: Request, stored: Stored) -> bool:
        labels = stored.resource.get("meta", {}).get("security", [])
        return request.caller == ALL or {"system": CENTRE, "code": request.caller} in labels

    hooks.before.append(identify)
    hooks.visible.append(own)
    made = [
        of("A", patient(id="pa")),
        of("B", patient(id="pb")),
        of("A", observation("Patient/pa", id="a1")),
        of("B", observation("Patient/pa", id="b1")),
        of("A", observation("Patient/pa", id="a2")),
        of("A", observation("Patient/pb", id="a3")),
        of("A", {"resourceType": "BiologicallyDerivedProduct", "id": "pr", "collection": {"source": HIDDEN}}),
        of("B", {"resourceType": "Organization", "id": "ob", "name": "Hidden clinic"}),
    ]
    made[0]["managingOrganization"] = {"reference": "Organization/ob"}
    for one in made:
        answer = fhir.put(f"{one['resourceType']}/{one['id']}", one, X_Centre=ALL)
        assert answer.status == 201, answer.data
    return fhir


def names(answer: Any) -> set[str]:
    """What an answer shows, as Type/id."""
    assert answer.status == 200, answer.data
    return {f"{row['resource']['resourceType']}/{row['resource']['id']}" for row in answer.json.get("entry", ())}


OWN = {"Patient/pa", "Observation/a1", "Observation/a2", "Observation/a3"}


@pytest.mark.parametrize(
    "path",
    [
        "Observation/b1",
        "Observation/b1/_history",
        "Observation/b1/_history/1",
        "Observation/b1/$meta",
        "Observation/b1/$validate",
        "Patient/pb",
        "Patient/pb/$everything",
        "Patient/pb/$journey",
    ],
)
def test_hidden_is_absent(guarded: Fhir, path: str) -> None:
    assert guarded.get(path, X_Centre="B").status == 200
    hidden = guarded.get(path, X_Centre="A")
    unknown = guarded.get(path.replace("b1", "no").replace("pb", "no"), X_Centre="A")
    assert (hidden.status, hidden.issues) == (404, unknown.issues)
    assert hidden.text.replace("b1", "no").replace("pb", "no") == unknown.text, "nothing tells the two apart"
    assert guarded.get(path).status == 404, "nobody sees anything"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("Observation", {"Observation/a1", "Observation/a2", "Observation/a3"}),
        ("?_type=Patient,Observation", OWN),
        ("Patient/pa/Observation", {"Observation/a1", "Observation/a2"}),
        ("Patient/pa/*", {"Patient/pa", "Observation/a1", "Observation/a2"}),
        ("Patient?_revinclude=Observation:subject", {"Patient/pa", "Observation/a1", "Observation/a2"}),
        ("Observation?_id=a3&_include=Observation:subject", {"Observation/a3"}),
        ("Observation?_id=a1,b1&_include=Observation:subject", {"Observation/a1", "Patient/pa"}),
        ("Patient?_include=Patient:organization", {"Patient/pa"}),
        ("Patient/pa/$everything", {"Patient/pa", "Observation/a1", "Observation/a2"}),
        ("Patient/pa/$journey", {"Patient/pa", "Observation/a1", "Observation/a2"}),
        ("BiologicallyDerivedProduct/pr/$everything", {"BiologicallyDerivedProduct/pr"}),
        ("_history", {*OWN, "BiologicallyDerivedProduct/pr"}),
        ("Observation/_history", {"Observation/a1", "Observation/a2", "Observation/a3"}),
    ],
)
def test_only_what_is_visible_is_found(guarded: Fhir, path: str, shown: set[str]) -> None:
    answer = guarded.get(path, X_Centre="A")
    assert names(answer) == shown
    assert b'"id":"b1"' not in answer.data
    assert b"Hidden" not in answer.data
    assert names(guarded.get(path, X_Centre=ALL)) > shown or "a1,b1" in path or path.endswith("_id=a3")
    nobody = guarded.get(path)
    assert nobody.status == 404 or names(nobody) == set()


def test_a_hidden_match_brings_nothing_along(guarded: Fhir) -> None:
    "An Observation that is hidden includes a Patient that is not: showing the Patient would tell of the Observation."
    assert names(guarded.get("Observation?_id=b1&_include=Observation:subject", X_Centre="A")) == set()


@pytest.mark.parametrize(
    ("query", "total"),
    [("_summary=count", 3), ("_count=0", 3), ("_total=accurate&_count=1", 3), ("_id=b1&_summary=count", 0)],
)
def test_counts(guarded: Fhir, query: str, total: int) -> None:
    assert guarded.get(f"Observation?{query}", X_Centre="A").json["total"] == total


@pytest.mark.parametrize(
    "query", ["Observation?subject:Patient.name=Quill", "Patient?_has:Observation:subject:code=26515-7"]
)
def test_nothing_is_asked_of_what_is_hidden(guarded: Fhir, query: str) -> None:
    assert guarded.get(query, X_Centre="A").status == 403


def test_pages_are_filled_with_what_is_visible(guarded: Fhir) -> None:
    seen: list[list[str]] = []
    path = "Observation?_count=2&_sort=_id"
    while path:
        page = guarded.get(path, X_Centre="A")
        seen.append(page.ids)
        path = page.link("next").partition("/fhir/")[2]
    assert seen == [["a1", "a2"], ["a3"]]


def test_nobody_writes_over_what_is_hidden(guarded: Fhir) -> None:
    mine = of("A", observation("Patient/pa", id="b1"))
    patch = b'[{"op": "replace", "path": "/status", "value": "amended"}]'
    kind = {"Content_Type": "application/json-patch+json"}
    assert guarded.put("Observation/b1", mine, X_Centre="A").status == 403
    assert guarded.put("Observation/b1", mine, X_Centre="A", If_Match='W/"1"').status in (403, 412)
    assert guarded("PATCH", "Observation/b1", patch, X_Centre="A", **kind).status == 404
    assert guarded.delete("Observation/b1", X_Centre="A").status == 403
    assert guarded.delete("Observation?_id=b1", X_Centre="A").status == 204
    entry = {"request": {"method": "PUT", "url": "Observation/b1"}, "resource": mine}
    assert guarded.transaction(entry, X_Centre="A").status == 403
    kept = guarded.get("Observation/b1", X_Centre="B")
    assert (kept.status, kept.headers["ETag"]) == (200, 'W/"1"')


def test_bundles_read_for_their_caller(guarded: Fhir) -> None:
    entries = [{"request": {"method": "GET", "url": url}} for url in ("Observation/b1", "Observation?_summary=count")]
    batch = guarded.transaction(*entries, type="batch", X_Centre="A").json["entry"]
    assert batch[0]["response"]["status"].startswith("404")
    assert batch[1]["resource"]["total"] == 3
    assert guarded.transaction(*entries, X_Centre="A").status == 404
    assert guarded.transaction(*entries, X_Centre="B").status == 200


def test_what_was_deleted_stays_hidden(guarded: Fhir) -> None:
    assert guarded.delete("Observation/b1", X_Centre="B").status == 204
    assert guarded.get("Observation/b1", X_Centre="B").status == 410
    assert guarded.get("Observation/b1", X_Centre="A").status == 404
    assert names_of_history(guarded, "B") == ["DELETE", "PUT"]
    assert guarded.get("Observation/b1/_history", X_Centre="A").status == 404


def names_of_history(fhir: Fhir, centre: str) -> list[str]:
    """The methods of the versions that a centre sees."""
    rows = fhir.get("Observation/b1/_history", X_Centre=centre).json["entry"]
    return [row["request"]["method"] for row in rows]


def test_moved_away_is_hidden_with_its_past(guarded: Fhir) -> None:
    assert guarded.put("Observation/a1", of("B", observation("Patient/pa", id="a1")), X_Centre="A").status == 200
    for path in ("Observation/a1", "Observation/a1/_history/1", "Observation/a1/_history"):
        assert guarded.get(path, X_Centre="A").status == 404
    # the other centre sees what is its own now, not what it was before
    assert guarded.get("Observation/a1", X_Centre="B").status == 200
    assert guarded.get("Observation/a1/_history/1", X_Centre="B").status == 404


def test_a_policy_that_fails_shows_nothing(app: Flask, guarded: Fhir) -> None:
    def broken(request: Request, stored: Stored) -> bool:
        raise RuntimeError("the directory of centres does not answer")

    service_of(app).shared.hooks.visible.append(broken)
    for path in ("Observation/a1", "Observation", "Patient/pa/$everything", "_history"):
        assert guarded.get(path, X_Centre=ALL).status == 500


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(centres=st.lists(st.sampled_from("AB"), min_size=1, max_size=25), count=st.integers(1, 7))
def test_pages_hold_every_visible_one_once(guarded: Fhir, centres: list[str], count: int) -> None:
    guarded.transaction(
        *(
            {
                "request": {"method": "PUT", "url": f"Basic/x{number}"},
                "resource": of(one, {"resourceType": "Basic", "id": f"x{number}", "code": {"text": "page"}}),
            }
            for number, one in enumerate(centres)
        ),
        X_Centre=ALL,
    )
    wanted = {row["resource"]["id"] for row in guarded.get("Basic?_count=100", X_Centre=ALL).json["entry"]}
    seen: list[str] = []
    path = f"Basic?_count={count}"
    while path:
        page = guarded.get(path, X_Centre="A")
        assert len(page.ids) == count or not page.link("next"), "only the last page may be short"
        seen += page.ids
        path = page.link("next").partition("/fhir/")[2]
    hidden = {f"x{n}" for n in range(30) if guarded.get(f"Basic/x{n}", X_Centre="A").status != 200}
    assert len(seen) == len(set(seen))
    assert set(seen) == wanted - hidden
