"""The quick paths give what FHIRPath gives, for every R4 search parameter, on made-up resources of every type."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from cart_fhir import fhirpath
from cart_fhir.definitions import Registry
from cart_fhir.search import path
from cart_fhir.search.parameters import parameters

REGISTRY = Registry(guide=False)
TYPES = REGISTRY.types
REFERENCES = ("Patient", "Group", "Practitioner", "Organization", "Device", "Location", "Encounter")
TEXTS = ("phone", "email", "depends-on", "composed-of", "text")


def _value(random: Random, type_name: str, depth: int) -> Any:
    """A value of a type: not a valid one, but of the right shape."""
    if type_name == "Reference":
        return {"reference": f"{random.choice(REFERENCES)}/{random.randrange(9)}"}
    if type_name[0].islower():
        return {"boolean": True, "integer": 3, "positiveInt": 3, "unsignedInt": 3}.get(type_name, random.choice(TEXTS))
    return _element(random, type_name, depth - 1)


def _element(random: Random, type_name: str, depth: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if depth < 0:
        return made
    for element in TYPES.children(type_name).values():
        if (
            "Resource" in element.types
            or element.name in ("id", "extension", "modifierExtension")
            or random.random() < 0.2
        ):
            continue
        json, child = random.choice(list(element.json_names.items()))
        values = [_value(random, child, depth) for _ in range(random.randrange(1, 3))]
        made[json] = values if element.max_is_many else values[0]
    return made


def _resource(random: Random, type_name: str) -> dict[str, Any]:
    extension = [{"url": "http://hl7.org/fhir/StructureDefinition/observation-geneticsGene", "valueString": "x"}]
    return {"resourceType": type_name, **_element(random, type_name, 4), "extension": extension}


@pytest.mark.parametrize("type_name", REGISTRY.resource_types)
def test_a_path_finds_what_fhirpath_finds(type_name: str) -> None:
    random = Random(type_name)
    resources = [_resource(random, type_name) for _ in range(3)]
    for parameter in REGISTRY.search_parameters(type_name):
        for part in path.alternatives(parameter.get("expression") or ""):
            compiled = path.compile_path(part, TYPES, type_name)
            if compiled is None:
                continue
            slow = fhirpath.compile(part, TYPES, type_name, any_root=True)
            for resource in resources:
                env = fhirpath.Env(resource=resource, root_resource=resource, resolve=_target)
                found = path.run(compiled[1], type_name, resource)
                if not compiled[0] or any(name in resource for name in compiled[0]):
                    assert found == slow.typed(resource, env), part
                else:
                    assert slow.typed(resource, env) == [], part


def _target(reference: str) -> dict[str, str]:
    return {"resourceType": reference.split("/")[0]}


def test_nearly_all_parameters_are_paths() -> None:
    parts = [
        (type_name, part)
        for type_name in REGISTRY.resource_types
        for parameter in REGISTRY.search_parameters(type_name)
        for part in path.alternatives(parameter.get("expression") or "")
        if part.lstrip("(").startswith(type_name + ".")
    ]
    others = sorted({part for type_name, part in parts if path.compile_path(part, TYPES, type_name) is None})
    assert len(parts) > 1500
    assert others == [
        "Bundle.entry[0].resource",
        "Patient.deceased.exists() and Patient.deceased != false",
        "QuestionnaireResponse.item.where(hasExtension('http://hl7.org/fhir/StructureDefinition/"
        "questionnaireresponse-isSubject')).answer.value.ofType(Reference)",
    ]


def test_every_parameter_of_r4_compiles() -> None:
    known = parameters(REGISTRY)
    for type_name in REGISTRY.resource_types:
        codes = {one["code"] for one in REGISTRY.search_parameters(type_name) if one.get("expression")}
        assert codes - set(known.of(type_name)) <= {"_id", "_lastUpdated", "near"}
    assert known.issues == []


@pytest.mark.parametrize(
    "expression", ["", "Patient.", "Patient.name.first()", "(Patient.name", "Patient name", "Patient.name[0]", "'x'"]
)
def test_more_than_a_path_is_left_to_fhirpath(expression: str) -> None:
    assert path.compile_path(expression, TYPES, "Patient") is None


def test_alternatives_are_split_outside_brackets_and_quotes() -> None:
    assert path.alternatives("a | b.where(c = 'x|y') | (d | e)") == ["a", "b.where(c = 'x|y')", "(d | e)"]
    assert path.alternatives("") == []
