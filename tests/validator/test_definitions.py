"""Definitions that are odd: what the validator can still work with, and what it says when it cannot know."""

from __future__ import annotations

from typing import Any

import pytest

from cart_fhir.definitions import Registry
from cart_fhir.validator import Validator

URL = "http://test.invalid/StructureDefinition/sliced"
SNAPSHOT = {"id": "Observation", "path": "Observation", "min": 0, "max": "*"}


def profile(**parts: Any) -> dict[str, Any]:
    """A profile on Observation."""
    return {
        "resourceType": "StructureDefinition",
        "url": URL,
        "type": "Observation",
        "kind": "resource",
        "derivation": "constraint",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Observation",
        **parts,
    }


def checked(definition: dict[str, Any], **parts: Any) -> list[tuple[str, str]]:
    """Rule and severity of what is found on an observation that claims the profile."""
    registry = Registry(guide=False)
    registry.add(definition)
    resource = {
        "resourceType": "Observation",
        "meta": {"profile": [URL]},
        "status": "final",
        "code": {"coding": [{"system": "http://test.invalid/codes", "code": "score"}]},
        "subject": {"display": "somebody"},
        "performer": [{"display": "somebody"}],
        **parts,
    }
    return [(issue.rule, issue.severity) for issue in Validator(registry=registry).validate(resource)]


def bound(rules: str, path: str, *inner: dict[str, Any]) -> dict[str, Any]:
    """A mandatory slice of categories that are told apart by a value set which nobody has."""
    slicing = {"discriminator": [{"type": "value", "path": path}], "rules": rules}
    binding = {"strength": "required", "valueSet": "http://test.invalid/ValueSet/none"}
    slice: dict[str, Any] = {
        "id": "Observation.category:kind", "path": "Observation.category", "sliceName": "kind", "min": 1, "max": "1",
    }  # fmt: skip
    if not inner:
        slice["binding"] = binding
    element = [
        {"id": "Observation", "path": "Observation"},
        {"id": "Observation.category", "path": "Observation.category", "slicing": slicing},
        slice,
        *({**each, "binding": binding} for each in inner),
    ]
    return profile(differential={"element": element})


CODING = {"id": "Observation.category:kind.coding", "path": "Observation.category.coding", "min": 1}


@pytest.mark.parametrize("rules", ["open", "closed"])
@pytest.mark.parametrize(
    "definition", [("$this",), ("$this", CODING), ("coding", CODING)], ids=["concept", "nested coding", "coding"]
)
@pytest.mark.parametrize("category", [None, [{"coding": [{"system": "http://test.invalid/codes", "code": "a"}]}]])
def test_a_slice_by_an_unknown_value_set_is_not_checked(definition: Any, rules: str, category: Any) -> None:
    parts = {} if category is None else {"category": category}
    found = checked(bound(rules, definition[0], *definition[1:]), **parts)
    assert ("value-set-not-checked", "information") in found
    assert not {"slice-min", "slice-closed"} & {rule for rule, _ in found}


def test_a_pattern_whose_coding_is_no_list() -> None:
    element = {"id": "Observation.code", "path": "Observation.code", "patternCodeableConcept": {"coding": 1}}
    found = checked(profile(differential={"element": [{"id": "Observation", "path": "Observation"}, element]}))
    assert ("pattern", "error") in found


def test_a_choice_of_an_unknown_primitive_in_a_published_snapshot() -> None:
    value = {"id": "Observation.value[x]", "path": "Observation.value[x]", "min": 0, "max": "1"}
    published = profile(snapshot={"element": [SNAPSHOT, {**value, "type": [{"code": "number"}]}]})
    assert not any(rule == "type" for rule, _ in checked(published, valueNumber="1"))


def test_problems_of_definitions_can_be_asked_for() -> None:
    nowhere = {"id": "Observation.nowhere", "path": "Observation.nowhere", "min": 1}
    odd = profile(differential={"element": [{"id": "Observation", "path": "Observation"}, nowhere]})
    validator = Validator([odd], registry=Registry(guide=False))
    assert [issue.definition for issue in validator.definition_issues] == ["Observation.nowhere"]
    assert validator.definition_issues == validator.definition_issues
