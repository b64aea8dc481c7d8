"""Translation of codes: forwards, backwards, for codes that are not listed, and through circles of maps."""

from __future__ import annotations

from typing import Any

import pytest

from cart_fhir.definitions import Registry
from cart_fhir.definitions.concept_map import translate

Json = dict[str, Any]


def concept_map(name: str, **unmapped: str) -> Json:
    group: Json = {
        "source": "urn:ours",
        "target": "urn:theirs",
        "element": [
            {"code": "a", "target": [{"code": "A", "equivalence": "equal"}, {"code": "AA", "equivalence": "wider"}]},
            {"code": "b", "target": [{"equivalence": "unmatched"}]},
            {"code": "c"},
        ],
    }
    if unmapped:
        group["unmapped"] = unmapped
    return {
        "resourceType": "ConceptMap",
        "url": f"urn:map:{name}",
        "targetUri": "urn:valueset:theirs",
        "group": [group],
    }


def named(registry: Registry, url: str) -> list[Json]:
    found = registry.find("ConceptMap", url)
    return [found] if found else []


def codes(registry: Registry, code: str, **options: Any) -> list[tuple[str, str]]:
    return [(match.equivalence, match.code) for match in translate(registry, "urn:ours", code, **options)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a", [("equal", "A"), ("wider", "AA")]),
        ("b", [("unmatched", "")]),
        ("c", [("unmatched", "")]),
        ("d", []),
    ],
)
def test_a_code_is_translated(registry: Registry, code: str, expected: list[tuple[str, str]]) -> None:
    registry.add(concept_map("one"))
    assert codes(registry, code) == expected
    assert codes(registry, code, maps=named(registry, "urn:map:one")) == expected
    assert codes(registry, code, maps=named(registry, "urn:map:none")) == []
    assert codes(registry, code, target="urn:theirs") == expected
    assert codes(registry, code, target="urn:valueset:theirs") == expected
    assert codes(registry, code, target="urn:others") == []
    assert translate(registry, "urn:strange", code) == []


def test_only_a_match_is_one(registry: Registry) -> None:
    registry.add(concept_map("one"))
    assert [match.is_match for match in translate(registry, "urn:ours", "a")] == [True, True]
    assert [match.is_match for match in translate(registry, "urn:ours", "b")] == [False]


def test_backwards_turns_the_relation_round(registry: Registry) -> None:
    registry.add(concept_map("one"))
    matches = translate(registry, "urn:theirs", "AA", reverse=True)
    assert [(match.equivalence, match.system, match.code) for match in matches] == [("narrower", "urn:ours", "a")]


def test_codes_that_are_not_listed(registry: Registry) -> None:
    registry.add(concept_map("keep", mode="provided"))
    registry.add(concept_map("fix", mode="fixed", code="Z"))
    registry.add(concept_map("other", mode="other-map", url="urn:map:fix"))
    assert codes(registry, "d", maps=named(registry, "urn:map:keep")) == [("equal", "d")]
    assert codes(registry, "d", maps=named(registry, "urn:map:fix")) == [("equivalent", "Z")]
    assert codes(registry, "d", maps=named(registry, "urn:map:other")) == [("equivalent", "Z")]


def test_maps_that_name_each_other_come_to_an_end(registry: Registry) -> None:
    registry.add(concept_map("one", mode="other-map", url="urn:map:two"))
    registry.add(concept_map("two", mode="other-map", url="urn:map:one"))
    assert codes(registry, "d", maps=named(registry, "urn:map:one")) == []


def test_the_maps_of_r4_translate(core: Registry) -> None:
    matches = translate(core, "http://hl7.org/fhir/administrative-gender", "female")
    targets = {match.system: match.code for match in matches}
    assert targets["http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender"] == "F"


def test_one_code_has_one_answer_per_map_however_often_it_is_asked(registry: Registry) -> None:
    registry.add(concept_map("one"))
    assert len(translate(registry, "urn:ours", "a")) == len(set(translate(registry, "urn:ours", "a"))) == 2
