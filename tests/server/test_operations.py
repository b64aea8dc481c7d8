"""Operations: $everything, $journey, the chain of a product, $meta, $convert, terminology."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Fhir, Json, observation, patient
from .test_search import journeys


@pytest.fixture
def filled(fhir: Fhir) -> tuple[Fhir, str]:
    """A server with two journeys; the id of the second patient."""
    bundles = journeys(2)
    for bundle in bundles:
        assert fhir.post("", bundle).status == 200
    return fhir, bundles[1]["entry"][0]["resource"]["id"]


def pages(fhir: Fhir, path: str) -> list[Json]:
    found: list[Json] = []
    while path:
        page = fhir.get(path)
        assert page.status == 200, page.data
        found += [entry["resource"] for entry in page.json.get("entry", ())]
        path = page.link("next").partition("/fhir/")[2]
    return found


def keys(resources: list[Json]) -> set[tuple[str, str]]:
    return {(one["resourceType"], one["id"]) for one in resources}


def test_everything_of_a_patient(filled: tuple[Fhir, str]) -> None:
    fhir, id = filled
    whole = keys(pages(fhir, f"Patient/{id}/$everything"))
    sent = keys([entry["resource"] for entry in journeys(2)[1]["entry"]])
    assert {one for one in sent if one[0] != "Provenance"} <= whole, "products and their twins too"
    others = keys([entry["resource"] for entry in journeys(2)[0]["entry"]])
    assert not whole & others, "nothing of another patient"
    assert keys(pages(fhir, f"Patient/{id}/$everything?_count=20")) == whole
    assert {type for type, _ in keys(pages(fhir, f"Patient/{id}/$everything?_type=AdverseEvent,Patient"))} <= {
        "AdverseEvent",
        "Patient",
    }
    assert not pages(fhir, f"Patient/{id}/$everything?_since=2100-01-01&_type=Observation")
    some = pages(fhir, f"Patient/{id}/$everything?_type=Observation&end=1990-01-01")
    assert not some
    assert fhir.get("Patient/absent/$everything").status == 404
    assert fhir.get(f"Patient/{id}/$everything?start=yesterday").status == 400


def test_the_journey_is_ordered_by_day(filled: tuple[Fhir, str]) -> None:
    fhir, id = filled
    answer = fhir.get(f"Patient/{id}/$journey")
    assert answer.status == 200, answer.data
    resources = [entry["resource"] for entry in answer.json["entry"]]
    assert resources[0]["resourceType"] == "Patient"

    def day(resource: Json) -> Any:
        for extension in resource.get("extension", ()):
            if extension["url"].endswith("/cart-study-day"):
                return next(part["valueInteger"] for part in extension["extension"] if part["url"] == "day")
        return None

    days = [day(one) for one in resources if day(one) is not None]
    assert days == sorted(days)
    assert days[0] < 0 < days[-1]
    narrow = fhir.get(f"Patient/{id}/$journey?from-day=-5&to-day=0").json["entry"]
    assert {day(entry["resource"]) for entry in narrow} <= {-5, -4, -3, -2, -1, 0}
    assert any(day(entry["resource"]) == 0 for entry in narrow)
    assert fhir.get(f"Patient/{id}/$journey?infusion=9").status == 400
    assert fhir.get(f"Patient/{id}/$journey?from-day=x").status == 400


def test_the_chain_of_a_product(filled: tuple[Fhir, str]) -> None:
    fhir, id = filled
    [product] = fhir.get(f"BiologicallyDerivedProduct?patient=Patient/{id}").ids
    chain = pages(fhir, f"BiologicallyDerivedProduct/{product}/$everything")
    types = [one["resourceType"] for one in chain]
    assert types[0] == "BiologicallyDerivedProduct"
    assert {"Patient", "MedicationAdministration", "Medication"} <= set(types)
    assert ("Patient", id) in keys(chain)


def test_meta(fhir: Fhir) -> None:
    fhir.put("Patient/p", patient(id="p"))
    tag = {"system": "urn:example", "code": "study"}
    body = {"resourceType": "Parameters", "parameter": [{"name": "meta", "valueMeta": {"tag": [tag]}}]}
    assert fhir.post("Patient/p/$meta-add", body).json["parameter"][0]["valueMeta"]["tag"] == [tag]
    again = fhir.post("Patient/p/$meta-add", body).json["parameter"][0]["valueMeta"]
    assert (again["tag"], again["versionId"]) == ([tag], "2")
    assert fhir.get("Patient/p/$meta").json["parameter"][0]["valueMeta"]["tag"] == [tag]
    assert fhir.get("Patient?_tag=urn:example|study").ids == ["p"]
    assert "tag" not in fhir.post("Patient/p/$meta-delete", body).json["parameter"][0]["valueMeta"]
    assert fhir.get("Patient/p/$meta-add").status == 405
    assert fhir.get("Patient/p/$meta?profile=x").status == 400
    assert fhir.post("Patient/p/$meta-add", {"resourceType": "Parameters"}).status == 400


def test_meta_of_a_type_and_of_everything(fhir: Fhir) -> None:
    profile, tags = "http://example.org/StructureDefinition/p", [{"system": "urn:a", "code": "red"}, {"code": "blue"}]
    for id, meta in (("1", {"tag": tags}), ("2", {"tag": tags[:1], "profile": [profile, profile + "|2"]}), ("3", {})):
        body = {"resourceType": "Basic", "id": id, "code": {"text": "x"}, **({"meta": meta} if meta else {})}
        assert fhir.put(f"Basic/{id}", body).status == 201
    fhir.put("Patient/p", patient(id="p", meta={"security": [{"system": "urn:s", "code": "R"}]}))
    assert value(fhir.get("Basic/$meta"), "return") == {
        "tag": [{"code": "blue"}, {"system": "urn:a", "code": "red"}],
        "profile": [profile, profile + "|2"],
    }
    assert value(fhir.get("Patient/$meta"), "return") == {"security": [{"system": "urn:s", "code": "R"}]}
    assert set(value(fhir.get("$meta"), "return")) == {"tag", "profile", "security"}
    assert fhir.get("Encounter/$meta").json == {"resourceType": "Parameters"}
    fhir.delete("Patient/p")
    assert "security" not in value(fhir.get("$meta"), "return")


def test_convert(fhir: Fhir) -> None:
    sent = observation("Patient/p", "1.500")
    as_xml = fhir.post("$convert", sent, Accept="application/fhir+xml")
    assert as_xml.status == 200
    assert b'<value value="1.500"/>' in as_xml.data
    back = fhir("POST", "$convert", as_xml.data, Content_Type="application/fhir+xml")
    assert back.json == sent
    assert b'"value":1.500' in back.data
    envelope = {"resourceType": "Parameters", "parameter": [{"name": "input", "resource": sent}]}
    assert fhir.post("$convert", envelope).json == sent


def value(answer: Any, name: str) -> Any:
    for parameter in answer.json["parameter"]:
        if parameter["name"] == name:
            return next(found for key, found in parameter.items() if key != "name")
    return None


def test_terminology(fhir: Fhir) -> None:
    grades = fhir.get("ValueSet/cart-grade-vs").json["url"]
    system = fhir.get("CodeSystem/cart-grade-cs").json["url"]
    expanded = fhir.get(f"ValueSet/$expand?url={grades}")
    assert expanded.status == 200, expanded.data
    codes = [one["code"] for one in expanded.json["expansion"]["contains"]]
    assert codes == ["0", "1", "2", "3", "4", "5"]
    assert fhir.get("ValueSet/cart-grade-vs/$expand?count=2&offset=1").json["expansion"]["contains"][0]["code"] == "1"
    found = fhir.get("ValueSet/cart-grade-vs/$expand?filter=grade 4").json["expansion"]
    assert (found["total"], found["contains"][0]["code"]) == (1, "4")
    assert value(fhir.get(f"ValueSet/$validate-code?url={grades}&system={system}&code=3"), "result") is True
    wrong = fhir.get(f"ValueSet/$validate-code?url={grades}&system={system}&code=9")
    assert value(wrong, "result") is False
    assert "'9'" in value(wrong, "message")
    display = fhir.get(f"ValueSet/$validate-code?url={grades}&system={system}&code=3&display=Mild")
    assert value(display, "result") is False
    assert value(fhir.get(f"CodeSystem/$lookup?system={system}&code=3"), "display") == "Grade 3"
    assert fhir.get(f"CodeSystem/$lookup?system={system}&code=9").status == 404
    same = fhir.get(f"CodeSystem/$subsumes?system={system}&codeA=3&codeB=3")
    assert value(same, "outcome") == "equivalent"
    assert fhir.get(f"CodeSystem/$subsumes?system={system}&codeA=3").status == 400
    assert fhir.get("ValueSet/$expand?url=http://example.org/none").status == 404
    assert fhir.get("ValueSet/$expand").status == 400
    unknown = fhir.get("ConceptMap/$translate?system=http://example.org&code=x")
    assert value(unknown, "result") is False
    for concept_map in fhir.get("ConceptMap").json.get("entry", ()):
        group = concept_map["resource"]["group"][0]
        code = group["element"][0]["code"]
        url = f"ConceptMap/$translate?url={concept_map['resource']['url']}&system={group.get('source', '')}&code={code}"
        assert fhir.get(url).status == 200
