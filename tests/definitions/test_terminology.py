"""Codes: membership, expansion, look-up and subsumption over small code systems and over those of R4."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cart_fhir.definitions import Registry, Terminology, syntactic

Json = dict[str, Any]
HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "terminology.yaml").read_text("utf-8"))
FORMS = list(csv.DictReader((HERE / "syntactic.csv").read_text("utf-8").splitlines()))
KNOWN = {"yes": True, "no": False, "maybe": None}
STATUS = "http://hl7.org/fhir/ValueSet/observation-status"


def url(name: str) -> str:
    return f"https://example.org/{name}"


@pytest.fixture(scope="module")
def terminology() -> Terminology:
    registry = Registry(guide=False)
    registry.add(CASES["system"])
    for case in CASES["sets"]:
        parts = {key: case[key] for key in ("compose", "expansion") if key in case}
        registry.add({"resourceType": "ValueSet", "url": url(case["name"]), **parts})
    assert registry.issues == []
    return Terminology(registry)


@pytest.mark.parametrize("case", CASES["sets"], ids=lambda case: case["name"])
def test_a_value_set(terminology: Terminology, case: Json) -> None:
    for key, expected in (("in", True), ("out", False), ("unknown", None)):
        for name in case.get(key, []):
            system, _, code = name.rpartition("#")
            answer = terminology.member(url(case["name"]), system or "urn:colours", code)
            assert answer is expected, name
    expanded = terminology.expand(url(case["name"]))
    assert (expanded and [concept.code for concept in expanded]) == case["expands"]
    assert terminology.why(url(case["name"])) == case.get("why", "")


def test_a_code_without_a_system_takes_that_of_the_value_set(terminology: Terminology) -> None:
    assert terminology.member(STATUS, None, "final") is True
    assert terminology.member(STATUS + "|4.0.1", None, "finished") is False
    assert terminology.member(url("units"), None, "mg") is True


def test_a_value_set_that_is_not_here_knows_nothing(terminology: Terminology) -> None:
    assert terminology.member(url("none"), "urn:colours", "red") is None
    assert terminology.expand(url("none")) is None
    assert "is not loaded" in terminology.why(url("none"))


def test_lookup_gives_names_properties_and_parents(terminology: Terminology) -> None:
    red = terminology.lookup("urn:colours", "red")
    assert red is not None
    assert (red.display, red.names, red.properties["hue"]) == ("Red", ("Rot",), (0,))
    teal = terminology.lookup("urn:colours", "teal")
    assert teal is not None
    assert teal.parents == ("blue", "green")
    assert terminology.lookup("urn:colours", "Red") is None
    assert terminology.displays("urn:colours", "red") == ("Red", "Rot")
    assert terminology.display("urn:colours", "purple") is None
    assert terminology.displays("http://loinc.org", "1988-5") == ()


def test_abstract_and_inactive_concepts_are_told_apart(terminology: Terminology) -> None:
    concepts = {code: terminology.lookup("urn:colours", code) for code in ("green", "pink", "red")}
    assert [(c.is_abstract, c.is_inactive) for c in concepts.values() if c] == [
        (True, False),
        (False, True),
        (False, False),
    ]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("red", "red", "equivalent"),
        ("red", "rose", "subsumes"),
        ("rose", "red", "subsumed-by"),
        ("red", "blue", "not-subsumed"),
        ("green", "teal", "subsumes"),
        ("red", "purple", None),
    ],
)
def test_subsumption(terminology: Terminology, a: str, b: str, expected: str | None) -> None:
    assert terminology.subsumes("urn:colours", a, b) == expected


def test_supplements_add_names_and_properties(registry: Registry) -> None:
    registry.add(CASES["system"])
    concept = {
        "code": "red",
        "display": "Rosso",
        "designation": [{"value": "Rouge"}],
        "property": [{"code": "mood", "valueString": "angry"}],
    }
    supplement = {"url": "urn:colours:it", "content": "supplement", "supplements": "urn:colours", "concept": [concept]}
    registry.add({"resourceType": "CodeSystem", **supplement})
    terminology = Terminology(registry)
    assert terminology.displays("urn:colours", "red") == ("Red", "Rot", "Rouge", "Rosso")
    assert terminology.lookup("urn:colours", "red").properties["mood"] == ("angry",)  # type: ignore[union-attr]  # there


def test_a_system_that_does_not_mind_letter_case(registry: Registry) -> None:
    registry.add({**CASES["system"], "caseSensitive": False})
    registry.add({"resourceType": "ValueSet", "url": url("v"), "compose": {"include": [{"system": "urn:colours"}]}})
    terminology = Terminology(registry)
    assert terminology.member(url("v"), "urn:colours", "RED") is True
    assert terminology.display("urn:colours", "Rose") == "Rose"
    assert terminology.subsumes("urn:colours", "Red", "ROSE") == "subsumes"


def test_a_part_of_a_system_does_not_know_what_it_lacks(registry: Registry) -> None:
    registry.add({**CASES["system"], "content": "fragment"})
    registry.add({"resourceType": "ValueSet", "url": url("v"), "compose": {"include": [{"system": "urn:colours"}]}})
    terminology = Terminology(registry)
    assert terminology.member(url("v"), "urn:colours", "red") is True
    assert terminology.member(url("v"), "urn:colours", "purple") is None
    assert "only a part" in terminology.why(url("v"))


def test_what_is_loaded_later_is_seen(registry: Registry) -> None:
    terminology = Terminology(registry)
    registry.add({"resourceType": "ValueSet", "url": url("v"), "compose": {"include": [{"system": "urn:colours"}]}})
    assert terminology.member(url("v"), "urn:colours", "red") is None
    registry.add(CASES["system"])
    assert terminology.member(url("v"), "urn:colours", "red") is True


def test_a_circle_of_concepts_comes_to_an_end(registry: Registry) -> None:
    concepts = [{"code": a, "property": [{"code": "parent", "valueCode": b}]} for a, b in ("ab", "ba", "ca")]
    registry.add({"resourceType": "CodeSystem", "url": "urn:c", "content": "complete", "concept": concepts})
    assert Terminology(registry).subsumes("urn:c", "a", "c") == "subsumes"


def test_the_value_set_that_a_code_system_names_as_its_own(core: Registry) -> None:
    # R4 lists no such resource, but the code system says which value set holds all its codes.
    terminology = Terminology(core)
    system = core.code_system("http://hl7.org/fhir/observation-status")
    assert system is not None
    assert terminology.member(system["valueSet"], "http://hl7.org/fhir/observation-status", "final") is True


@pytest.mark.parametrize("row", FORMS, ids=lambda row: f"{row['system']} {row['code']}")
def test_a_system_known_by_its_form(row: dict[str, str]) -> None:
    assert syntactic.check(row["system"], row["code"]) is KNOWN[row["known"]]


@given(st.sampled_from([row["system"] for row in FORMS]), st.text(max_size=30))
def test_no_text_breaks_a_form(system: str, code: str) -> None:
    assert syntactic.check(system, code) in (True, False, None)


def test_member_agrees_with_expand_for_every_value_set_of_r4(core: Registry) -> None:
    """What expands is in the set; every code of its systems that does not expand is out."""
    terminology = Terminology(core)
    expanded = 0
    for resource in core.all("ValueSet", core=True):
        concepts = terminology.expand(resource["url"])
        if concepts is None:
            assert terminology.why(resource["url"])
            continue
        expanded += 1
        names = {(concept.system, concept.code) for concept in concepts}
        assert all(terminology.member(resource["url"], *name) for name in names)
        for system in {system for system, _ in names}:
            known = terminology.code_system(system)
            others = known.concepts.values() if known else []
            for concept in list(others)[:50]:
                assert terminology.member(resource["url"], system, concept.code) == ((system, concept.code) in names)
    assert expanded > 1200


def test_every_required_binding_of_r4_can_be_decided_or_says_why_not(core: Registry) -> None:
    terminology = Terminology(core)
    gaps = set()
    for name in (*core.resource_types, "Money", "Attachment", "Quantity", "Timing", "ElementDefinition"):
        structure = core.structure(name)
        assert structure is not None
        for element in structure["snapshot"]["element"]:
            binding = element.get("binding", {})
            if binding.get("strength") == "required" and terminology.why(binding["valueSet"]):
                gaps.add(binding["valueSet"])
    # Media types, currencies and units are known by their form. The answer list of LOINC is not here.
    assert gaps == {
        "http://hl7.org/fhir/ValueSet/mimetypes|4.0.1",
        "http://hl7.org/fhir/ValueSet/currencies|4.0.1",
        "http://hl7.org/fhir/ValueSet/ucum-units|4.0.1",
        "http://loinc.org/vs/LL379-9|4.0.1",
    }


CODES = ["red", "crimson", "pink", "rose", "blue", "green", "teal", "purple"]
FILTERS = st.one_of(
    st.fixed_dictionaries(
        {
            "property": st.just("concept"),
            "op": st.sampled_from(["is-a", "descendent-of", "is-not-a", "generalizes"]),
            "value": st.sampled_from(CODES),
        }
    ),
    st.fixed_dictionaries(
        {
            "property": st.just("code"),
            "op": st.sampled_from(["regex", "in", "not-in"]),
            "value": st.sampled_from(["r.*", "red", "red,teal"]),
        }
    ),
)
PARTS = st.one_of(
    st.fixed_dictionaries({"system": st.just("urn:colours")}, optional={"filter": st.lists(FILTERS, max_size=2)}),
    st.fixed_dictionaries(
        {
            "system": st.just("urn:colours"),
            "concept": st.lists(st.sampled_from(CODES).map(lambda code: {"code": code}), min_size=1, max_size=3),
        }
    ),
)


@given(st.lists(PARTS, min_size=1, max_size=3), st.lists(PARTS, max_size=2))
def test_a_value_set_has_exactly_what_it_expands_to(include: list[Json], exclude: list[Json]) -> None:
    """Each code is in the expansion when it is a member; excludes take away, includes add, order does not matter."""
    registry = Registry(core=False, guide=False)
    registry.add(CASES["system"])
    for name, one, two in (
        ("there", include, exclude),
        ("turned", include[::-1], exclude[::-1]),
        ("wide", include, []),
    ):
        compose = {"include": one, "exclude": two}
        registry.add({"resourceType": "ValueSet", "url": url(name), "compose": compose})
    terminology = Terminology(registry)
    expanded = {name: {c.code for c in terminology.expand(url(name)) or ()} for name in ("there", "turned", "wide")}
    assert expanded["there"] == {code for code in CODES if terminology.member(url("there"), "urn:colours", code)}
    assert expanded["there"] == expanded["turned"] <= expanded["wide"]
    taken = {"resourceType": "ValueSet", "url": url("taken"), "compose": {"include": exclude}}
    registry.add(taken)
    assert all(not terminology.member(url("taken"), "urn:colours", code) for code in expanded["there"])
