"""Terminology answers as FHIR resources."""

from __future__ import annotations

from typing import Any

import pytest

from cart_fhir.definitions import Registry, Terminology, answers
from cart_fhir.definitions.concept_map import translate
from cart_fhir.errors import NotFound, Unprocessable

Json = dict[str, Any]
STATUS = "http://hl7.org/fhir/ValueSet/observation-status"
SYSTEM = "http://hl7.org/fhir/observation-status"


@pytest.fixture(scope="module")
def terminology(core: Registry) -> Terminology:
    return Terminology(core)


def values(parameters: Json, name: str) -> list[Any]:
    parts = [part for part in parameters["parameter"] if part["name"] == name]
    return [next((value for key, value in part.items() if key.startswith("value")), part.get("part")) for part in parts]


def test_expansion_can_be_searched_and_paged(terminology: Terminology) -> None:
    whole = answers.expansion(terminology, STATUS)
    assert whole["resourceType"] == "ValueSet"
    assert whole["expansion"]["total"] == 8
    assert whole["expansion"]["contains"][0] == {"system": SYSTEM, "code": "registered", "display": "Registered"}
    page = answers.expansion(terminology, STATUS, offset=2, count=2)["expansion"]
    assert page["contains"] == whole["expansion"]["contains"][2:4]
    assert (page["total"], page["offset"]) == (8, 2)
    found = answers.expansion(terminology, STATUS, text="ENT")["expansion"]["contains"]
    assert [one["code"] for one in found] == ["entered-in-error"]


def test_expansion_marks_what_is_not_to_be_chosen(terminology: Terminology) -> None:
    found = answers.expansion(terminology, "http://terminology.hl7.org/ValueSet/v3-Confidentiality")["expansion"]
    abstract = {one["code"] for one in found["contains"] if one.get("abstract")}
    assert "_ConfidentialityModifiers" in abstract
    assert "N" not in abstract
    assert "N" in {one["code"] for one in found["contains"]}


def test_what_cannot_be_expanded_says_why(terminology: Terminology) -> None:
    with pytest.raises(NotFound):
        answers.expansion(terminology, "urn:none")
    with pytest.raises(Unprocessable, match=r"loinc\.org is not available"):
        answers.expansion(terminology, "http://hl7.org/fhir/ValueSet/observation-codes")


def test_lookup_tells_what_is_known_of_a_code(terminology: Terminology) -> None:
    found = answers.lookup(terminology, SYSTEM, "amended")
    assert values(found, "display") == ["Amended"]
    assert [values({"parameter": parts}, "value") for parts in values(found, "property")] == [["corrected"]]
    assert values(answers.lookup(terminology, "http://unitsofmeasure.org", "mg"), "display") == ["mg"]
    with pytest.raises(NotFound):
        answers.lookup(terminology, SYSTEM, "nonsense")


@pytest.mark.parametrize(
    ("code", "display", "result", "told"),
    [
        ("final", "", True, 0),
        ("final", "Final", True, 0),
        ("final", "FINAL", True, 0),
        ("final", "The end", False, 1),
        ("nonsense", "", False, 1),
    ],
)
def test_validate_code(terminology: Terminology, code: str, display: str, result: bool, told: int) -> None:
    found = answers.validate_code(terminology, STATUS, SYSTEM, code, display)
    assert values(found, "result") == [result]
    assert len(values(found, "message")) == told


def test_validate_code_says_when_it_cannot_know(terminology: Terminology) -> None:
    assert values(answers.validate_code(terminology, STATUS, None, "final"), "result") == [True]
    with pytest.raises(Unprocessable):
        answers.validate_code(terminology, "urn:none", SYSTEM, "final")


def test_subsumes(terminology: Terminology) -> None:
    assert values(answers.subsumes(terminology, SYSTEM, "amended", "corrected"), "outcome") == ["subsumes"]
    with pytest.raises(NotFound):
        answers.subsumes(terminology, SYSTEM, "amended", "nonsense")


def test_translations(core: Registry) -> None:
    made = answers.translations(translate(core, "http://hl7.org/fhir/administrative-gender", "female"))
    assert values(made, "result") == [True]
    matches = [{part["name"]: part for part in parts} for parts in values(made, "match")]
    assert {"system", "code"} <= set(matches[0]["concept"]["valueCoding"])
    nothing = answers.translations([])
    assert values(nothing, "result") == [False]
