"""Search over HTTP: pages, links, totals, includes, forms, strict and lenient handling, the guide's own URLs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from cart_fhir.definitions import Registry
from cart_fhir.server import CartFHIR
from cart_fhir.server.extension import service_of

from .conftest import Fhir, Json, observation, patient


@pytest.fixture
def filled(fhir: Fhir) -> Fhir:
    rows: list[Json] = []
    for number in range(25):
        person = f"p{number:02}"
        rows.append(patient(id=person, gender="female" if number % 2 else "male", birthDate=f"19{60 + number}-01-01"))
        rows.append(observation(f"Patient/{person}", f"{number}.50", id=f"o{number:02}"))
    entries = [{"resource": r, "request": {"method": "PUT", "url": f"{r['resourceType']}/{r['id']}"}} for r in rows]
    assert fhir.transaction(*entries).status == 200
    return fhir


def follow(fhir: Fhir, path: str) -> list[str]:
    found: list[str] = []
    while path:
        page = fhir.get(path)
        assert page.status == 200, page.data
        found += page.ids
        path = page.link("next").partition("/fhir/")[2]
    return found


def test_pages_hold_everything_once(filled: Fhir) -> None:
    assert sorted(follow(filled, "Patient?_count=7")) == [f"p{number:02}" for number in range(25)]
    assert follow(filled, "Patient?_count=7&_sort=-birthdate") == [f"p{number:02}" for number in reversed(range(25))]


def test_links_say_what_ran(filled: Fhir) -> None:
    page = filled.get("Patient?gender=female&_count=3")
    assert page.link("self").endswith("/fhir/Patient?gender=female&_count=3")
    second = filled.get(page.link("next").partition("/fhir/")[2])
    assert "_page" not in second.link("self")
    assert not set(page.ids) & set(second.ids)
    stolen = page.link("next").partition("_page=")[2]
    assert filled.get(f"Patient?gender=male&_count=3&_page={stolen}").status == 400


def test_totals(filled: Fhir) -> None:
    assert filled.get("Patient?_summary=count").json["total"] == 25
    assert "entry" not in filled.get("Patient?_summary=count").json
    assert filled.get("Patient?_total=accurate&_count=2&gender=female").json["total"] == 12


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("Observation?value-quantity=gt20", 5),
        ("Observation?value-quantity=lt1.00|http://unitsofmeasure.org|10*9/L", 1),
        ("Observation?subject=Patient/p03", 1),
        ("Observation?patient=p03", 1),
        ("Observation?patient.gender=female", 12),
        ("Observation?code=http://loinc.org|26515-7", 25),
        ("Observation?date=ge2026-03-02", 0),
        ("Patient?_has:Observation:patient:value-quantity=gt22", 3),
        ("Patient?birthdate=lt1965", 5),
        ("Patient?name=qui&_summary=count", 0),
        ("Patient?_id=p01,p02", 2),
        ("Patient?gender:not=male", 12),
    ],
)
def test_searching(filled: Fhir, query: str, count: int) -> None:
    answer = filled.get(query)
    assert answer.status == 200, answer.data
    assert len(answer.json.get("entry", ())) == count


def test_includes_come_with_the_matches(filled: Fhir) -> None:
    answer = filled.get("Observation?_id=o05&_include=Observation:patient")
    assert [(e["resource"]["id"], e["search"]["mode"]) for e in answer.json["entry"]] == [
        ("o05", "match"),
        ("p05", "include"),
    ]
    reverse = filled.get("Patient?_id=p05&_revinclude=Observation:patient")
    assert reverse.ids == ["p05", "o05"]


def test_a_form_searches_too(filled: Fhir) -> None:
    answer = filled(
        "POST",
        "Patient/_search?_count=2",
        b"gender=female&birthdate=lt1970",
        Content_Type="application/x-www-form-urlencoded",
    )
    assert answer.status == 200, answer.data
    assert answer.ids == ["p01", "p03"]
    assert "gender=female" in answer.link("self")


def test_unknown_parameters(filled: Fhir) -> None:
    assert filled.get("Patient?nonsense=1").status == 400
    lenient = filled.get("Patient?nonsense=1&gender=male", Prefer="handling=lenient")
    assert lenient.status == 200
    outcome = lenient.json["entry"][-1]
    assert outcome["search"]["mode"] == "outcome"
    assert "nonsense" in outcome["resource"]["issue"][0]["details"]["text"]
    assert "nonsense" not in lenient.link("self")
    counted = filled.get("Patient?gender=male&_count=0&_totalMethod=count")
    assert counted.status == 200
    assert counted.json["total"] > 0
    assert "_totalMethod" in counted.json["entry"][-1]["resource"]["issue"][0]["details"]["text"]
    assert "_totalMethod" not in counted.link("self")


@pytest.mark.parametrize("app", [{"CART_FHIR_SEARCH_HANDLING": "lenient"}], indirect=True)
def test_lenient_by_configuration(fhir: Fhir) -> None:
    assert fhir.get("Patient?nonsense=1").status == 200
    assert fhir.get("Patient?nonsense=1", Prefer="handling=strict").status == 400


@pytest.mark.parametrize("app", [{"CART_FHIR_PAGE_SIZE": 3, "CART_FHIR_MAX_PAGE_SIZE": 4}], indirect=True)
def test_page_sizes_are_the_operators(filled: Fhir) -> None:
    assert len(filled.get("Patient").ids) == 3
    assert len(filled.get("Patient?_count=100").ids) == 4


def test_history_of_instance_type_and_system(fhir: Fhir) -> None:
    fhir.put("Patient/a", patient(id="a"))
    fhir.put("Patient/a", patient(id="a", active=False))
    fhir.delete("Patient/a")
    made = fhir.post("Observation", observation("Patient/a"))
    instance = fhir.get("Patient/a/_history").json
    assert [(e["request"]["method"], e["response"]["status"][:3]) for e in instance["entry"]] == [
        ("DELETE", "204"),
        ("PUT", "200"),
        ("PUT", "201"),
    ]
    assert "resource" not in instance["entry"][0]
    assert instance["total"] == 3
    assert fhir.get("Patient/_history").json["total"] == 3
    assert fhir.get("_history").json["total"] == 4
    assert fhir.get("_history").json["entry"][0]["request"] == {"method": "POST", "url": "Observation"}
    pages = fhir.get("_history?_count=3")
    assert len(pages.json["entry"]) == 3
    rest = fhir.get(pages.link("next").partition("/fhir/")[2])
    assert len(rest.json["entry"]) == 1
    since = made.json["meta"]["lastUpdated"]
    assert len(fhir.get(f"_history?_since={since}").json["entry"]) == 1
    assert fhir.get("_history?_since=2100-01-01").json["total"] == 0
    assert fhir.get("Patient/never/_history").status == 404


def test_the_guides_definitions_are_served(fhir: Fhir) -> None:
    profiles = fhir.get("StructureDefinition?type=MedicationAdministration&derivation=constraint")
    assert profiles.status == 200, profiles.data
    assert {"cart-administration", "cart-lymphodepletion"} <= set(profiles.ids)
    one = fhir.get("StructureDefinition/cart-administration")
    assert one.json["snapshot"]["element"]
    by_url = fhir.get(f"StructureDefinition?url={one.json['url']}")
    assert by_url.ids == ["cart-administration"]
    assert fhir.get("CodeSystem/cart-grade-cs").status == 200
    assert fhir.put("CodeSystem/cart-grade-cs", {"resourceType": "CodeSystem", "id": "cart-grade-cs"}).status == 405


def journeys(number: int) -> list[Json]:
    from cart_fhir.synth import journeys as synthetic
    from cart_fhir.synth.fhir import bundle

    return [bundle(journey) for journey in synthetic(number, 7)]


def test_the_journey_is_reached_by_plain_fhir(fhir: Fhir) -> None:
    """The endpoints a CAR-T client asks for: type plus `_profile`, no URL of our own."""
    for bundle in journeys(2):
        done = fhir.post("", bundle)
        assert done.status == 200, done.data[:2000]
        again = fhir.post("", bundle)
        assert {row["response"]["etag"] for row in again.json["entry"]} == {'W/"1"'}, "the same export changes nothing"
    base = fhir.get("StructureDefinition/cart-administration").json["url"].rpartition("/")[0]

    def count(type: str, profile: str, *more: str) -> Any:
        return fhir.get("&".join([f"{type}?_profile={base}/{profile}&_summary=count", *more])).json["total"]

    assert count("MedicationAdministration", "cart-administration") == 2
    assert count("MedicationAdministration", "cart-lymphodepletion") >= 4
    assert count("BiologicallyDerivedProduct", "cart-product") == 2
    assert count("Patient", "cart-patient") == 2
    assert count("Observation", "cart-laboratory") > 20


def test_search_over_every_type(filled: Fhir) -> None:
    found = filled.get("?_type=Patient,Observation&_id=p03,o04")
    assert found.status == 200, found.data
    assert sorted(found.ids) == ["o04", "p03"]
    form = filled("POST", "_search", b"_id=p03", Content_Type="application/x-www-form-urlencoded")
    assert form.ids == ["p03"]
    assert sorted(set(follow(filled, "?_type=Patient&_count=9"))) == [f"p{number:02}" for number in range(25)]


def test_compartments(filled: Fhir) -> None:
    assert filled.get("Patient/p03/Observation").ids == ["o03"]
    assert filled.get("Patient/p03/Observation?value-quantity=gt4").json.get("entry") is None
    assert sorted(filled.get("Patient/p03/*").ids) == ["o03", "p03"]
    assert filled.get("Patient/p03/Observation").link("self").endswith("/fhir/Patient/p03/Observation")
    assert filled.get("Patient/p03/Nonsense").status == 404
    assert 400 <= filled.get("Observation/o03/Patient").status < 500


def test_words_are_searched_where_the_store_keeps_them(tmp_path: Path) -> None:
    app = Flask("words")
    store = f"sqlite:///{tmp_path / 'words.db'}?full_text=on"
    CartFHIR(app, registry=Registry.default(), CART_FHIR_STORE=store)
    fhir = Fhir(app.test_client())
    try:
        fhir.put("Patient/p1", patient(id="p1", name=[{"family": "Windermere"}]))
        fhir.put("Patient/p2", patient(id="p2"))
        assert fhir.get("Patient?_content=windermere").ids == ["p1"]
        codes = {
            one["name"]
            for one in next(
                row for row in fhir.get("metadata").json["rest"][0]["resource"] if row["type"] == "Patient"
            )["searchParam"]
        }
        assert {"_text", "_content"} <= codes
    finally:
        service_of(app).shared.store.close()


def test_words_are_refused_where_the_store_keeps_none(fhir: Fhir) -> None:
    assert fhir.get("Patient?_content=windermere").status == 400
    codes = {one["name"] for row in fhir.get("metadata").json["rest"][0]["resource"] for one in row["searchParam"]}
    assert not {"_text", "_content"} & codes
