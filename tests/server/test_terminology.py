"""A table of terminology questions and the answers of R4: by GET, by POST, with definitions that the client brings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cart_fhir.server.extension import service_of

from .conftest import Fhir, Json, make_app

SHORT = {
    "$genders": "http://hl7.org/fhir/administrative-gender",
    "$gender": "http://hl7.org/fhir/ValueSet/administrative-gender",
    "$acts": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    "$map": "http://hl7.org/fhir/ConceptMap/cm-administrative-gender-v2",
}
GENDERS = SHORT["$genders"]
GERMAN = [{"language": "de", "value": "männlich"}]
RESOURCES: dict[str, Json] = {
    "own": {
        "resourceType": "ValueSet",
        "compose": {
            "include": [{"system": GENDERS, "concept": [{"code": "male", "designation": GERMAN}, {"code": "other"}]}]
        },
    },
    "branch": {
        "resourceType": "ValueSet",
        "compose": {
            "include": [
                {
                    "system": SHORT["$acts"],
                    "filter": [{"property": "concept", "op": "is-a", "value": "_ActEncounterCode"}],
                }
            ]
        },
    },
    "bad": {"resourceType": "ValueSet", "status": "draft", "compose": {"include": "all of it"}},
    "system": {
        "resourceType": "CodeSystem",
        "url": "urn:own",
        "content": "complete",
        "concept": [{"code": "a"}, {"code": "b", "display": "Bee"}],
    },
    "map": {
        "resourceType": "ConceptMap",
        "group": [
            {
                "source": GENDERS,
                "target": "urn:own",
                "element": [
                    {"code": "male", "target": [{"code": "a", "equivalence": "wider"}]},
                    {"code": "female", "target": [{"equivalence": "unmatched", "comment": "none"}]},
                ],
            }
        ],
    },
}


def written_out(value: Any) -> Any:
    """The short names of the table replaced by what they stand for."""
    if isinstance(value, dict):
        return RESOURCES[value["ref"]] if "ref" in value else {key: written_out(one) for key, one in value.items()}
    if isinstance(value, list):
        return [written_out(one) for one in value]
    if isinstance(value, str):
        for short, long in SHORT.items():
            value = value.replace(short, long)
    return value


CASES = yaml.safe_load((Path(__file__).parent / "terminology.yaml").read_text(encoding="utf-8"))
_OUTPUT = ("result", "display", "name", "version", "outcome")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fhir]:
    app = make_app(tmp_path_factory.mktemp("terminology"))
    yield Fhir(app.test_client())
    service_of(app).shared.store.close()


def body(given: Json) -> Json:
    """A resource as it is; anything else as Parameters."""
    sent: Json = written_out(given)
    if "resourceType" in sent:
        return sent
    kinds = {"coding": "valueCoding", "codeableConcept": "valueCodeableConcept", "url": "valueUri"}
    rows = []
    for name, value in sent.items():
        kind = "resource" if isinstance(value, dict) and "resourceType" in value else kinds.get(name, "valueString")
        rows.append({"name": name, "valueBoolean" if isinstance(value, bool) else kind: value})
    return {"resourceType": "Parameters", "parameter": rows}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['call']} {case.get('body', '')}")
def test_a_question_has_the_answer_of_the_specification(server: Fhir, case: Json) -> None:
    call = written_out(case["call"])
    answer = server.post(call, body(case["body"])) if "body" in case else server.get(call)
    text = answer.data.decode()
    assert answer.status == case.get("status", 200), text
    assert case.get("says", "") in text
    if "codes" in case:
        assert [one["code"] for one in answer.json["expansion"].get("contains", ())] == case["codes"]
    if "total" in case:
        assert answer.json["expansion"]["total"] == case["total"]
    assert all(name in answer.json for name in case.get("has", ()))
    assert not any(name in answer.json for name in case.get("lacks", ()))
    for name in _OUTPUT:
        if name in case:
            found = next(row for row in answer.json["parameter"] if row["name"] == name)
            assert next(value for key, value in found.items() if key != "name") == case[name]


def test_an_expansion_tells_how_it_was_made(server: Fhir) -> None:
    call = written_out("ValueSet/$expand?url=$gender&filter=male&count=1&activeOnly=true")
    parameters = server.get(call).json["expansion"]["parameter"]
    assert {row["name"]: next(value for key, value in row.items() if key != "name") for row in parameters} == {
        "filter": "male",
        "count": 1,
        "activeOnly": True,
        "version": f"{GENDERS}|4.0.1",
    }
