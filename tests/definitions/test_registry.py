"""The registry over the R4 core facts: what is found by which name, and what is refused."""

from __future__ import annotations

import pytest

from cart_fhir.definitions import Registry, Terminology

CORE = "http://hl7.org/fhir/StructureDefinition/"
OURS = "https://example.org/fhir"


@pytest.fixture
def registry() -> Registry:
    return Registry(guide=False)


@pytest.mark.parametrize("name", ["Patient", CORE + "Patient", CORE + "Patient|4.0.1", CORE + "Patient|4.0"])
def test_a_structure_is_found_by_type_name_and_by_canonical(registry: Registry, name: str) -> None:
    structure = registry.structure(name)
    assert structure is not None
    assert structure["url"] == CORE + "Patient"
    assert structure["snapshot"]["element"][0]["path"] == "Patient"


@pytest.mark.parametrize("name", ["Nothing", CORE + "Patient|5.0.0", "", "https://example.org/none", "|4.0.1"])
def test_what_is_not_there_is_none(registry: Registry, name: str) -> None:
    assert registry.structure(name) is None


def test_every_r4_resource_type_is_there(registry: Registry) -> None:
    assert len(registry.resource_types) == 146
    assert {"Observation", "BiologicallyDerivedProduct", "Parameters", "Bundle"} <= set(registry.resource_types)
    assert not {"DomainResource", "Resource", "MetadataResource", "Quantity"} & set(registry.resource_types)


def test_search_parameters_include_those_of_the_bases(registry: Registry) -> None:
    codes = {parameter["code"]: parameter for parameter in registry.search_parameters("Observation")}
    assert codes["_id"]["expression"] == "Resource.id"
    assert codes["code-value-quantity"]["component"]
    assert "_text" in codes
    assert "_text" not in {parameter["code"] for parameter in registry.search_parameters("Bundle")}
    assert registry.search_parameters("Nothing") == []


def test_no_example_is_taken_for_a_search_parameter(registry: Registry) -> None:
    urls = [parameter["url"] for name in registry.resource_types for parameter in registry.search_parameters(name)]
    assert not [url for url in urls if "/example" in url]


def test_the_highest_version_is_meant_unless_one_is_named(registry: Registry) -> None:
    for version in ("1.0.0", "1.10.0", "1.9.0", "1.10.0-ballot"):
        registry.add({"resourceType": "ValueSet", "url": f"{OURS}/ValueSet/v", "version": version})
    assert registry.value_set(f"{OURS}/ValueSet/v")["version"] == "1.10.0"  # type: ignore[index]  # it is there
    assert registry.value_set(f"{OURS}/ValueSet/v|1.9.0")["version"] == "1.9.0"  # type: ignore[index]  # it is there
    assert registry.value_set(f"{OURS}/ValueSet/v|1.9")["version"] == "1.9.0"  # type: ignore[index]  # it is there
    assert registry.value_set(f"{OURS}/ValueSet/v|2") is None


def test_a_bundle_gives_its_definitions(registry: Registry) -> None:
    value_set = {"resourceType": "ValueSet", "url": f"{OURS}/ValueSet/v"}
    registry.add({"resourceType": "Bundle", "entry": [{"resource": value_set}, {"fullUrl": "urn:x"}, None]})
    assert registry.value_set(f"{OURS}/ValueSet/v") == value_set
    assert registry.issues == []


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        ({"resourceType": "Patient"}, "Patient is no definition"),
        ({}, "None is no definition"),
        ({"resourceType": "ValueSet"}, "has no url"),
        ({"resourceType": "ValueSet", "url": 7}, "has no url"),
        ({"resourceType": "StructureDefinition", "url": f"{OURS}/x"}, "does not say its type"),
        (
            {"resourceType": "StructureDefinition", "url": CORE + "Patient", "type": "Patient", "version": "9"},
            "R4 4.0.1 itself defines it",
        ),
    ],
)
def test_what_cannot_be_added_is_told(registry: Registry, resource: dict[str, object], words: str) -> None:
    registry.add(resource, source="a file")
    assert [words in issue.text for issue in registry.issues] == [True]


def test_a_redefined_core_type_stays_what_it_is(registry: Registry) -> None:
    registry.add(
        {"resourceType": "StructureDefinition", "url": CORE + "Patient", "type": "Patient", "version": "4.0.1"}
    )
    assert len(registry.structure("Patient")["snapshot"]["element"]) > 40  # type: ignore[index]  # it is there


def test_a_new_search_parameter_is_seen_after_others_were_asked_for(registry: Registry) -> None:
    before = registry.revision
    assert registry.search_parameters("BiologicallyDerivedProduct")
    new = {
        "resourceType": "SearchParameter",
        "url": f"{OURS}/SearchParameter/s",
        "code": "collection-source",
        "base": ["BiologicallyDerivedProduct"],
        "type": "reference",
        "expression": "BiologicallyDerivedProduct.collection.source",
    }
    registry.add(new)
    assert registry.search_parameters("BiologicallyDerivedProduct")[-1] == new
    assert registry.revision > before


def test_nothing_is_in_an_empty_registry() -> None:
    empty = Registry(core=False, guide=False)
    assert empty.structure("Patient") is None
    assert empty.resource_types == ()


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ({"differential": []}, "StructureDefinition.differential is no object"),
        ({"differential": {"element": {}}}, "element is no list"),
        ({"differential": {"element": [{"path": 7}]}}, "element[0].path is no text"),
        ({"differential": {"element": [{"path": "Patient", "max": "many"}]}}, "element[0].max is no number or *"),
        ({"differential": {"element": [{"path": "Patient", "min": 0.5}]}}, "element[0].min is no whole number"),
        ({"differential": {"element": [{"path": "Patient", "min": True}]}}, "element[0].min is no whole number"),
        ({"snapshot": {"element": [{"id": "Patient"}]}}, "snapshot.element[0] has no path"),
    ],
)
def test_a_definition_without_the_least_shape_is_left_out(
    registry: Registry, part: dict[str, object], words: str
) -> None:
    url = f"{OURS}/StructureDefinition/x"
    registry.add({"resourceType": "StructureDefinition", "url": url, "type": "Patient", **part})
    assert registry.structure(url) is None
    assert [words in issue.text for issue in registry.issues] == [True], registry.issues[0].text


@pytest.mark.parametrize(
    "resource",
    [
        {
            "resourceType": "CodeSystem",
            "concept": [{"code": "a", "concept": [{"code": "b", "concept": [{"code": 7}]}]}],
        },
        {"resourceType": "ValueSet", "expansion": {"contains": [{"contains": ["a"]}]}},
        {"resourceType": "ConceptMap", "group": [{"element": [{"target": "a"}]}]},
        {"resourceType": "SearchParameter", "base": "Patient"},
    ],
)
def test_the_least_shape_holds_at_every_depth(registry: Registry, resource: dict[str, object]) -> None:
    registry.add({**resource, "url": f"{OURS}/x"})
    assert len(registry.issues) == 1


def test_depth_costs_no_stack(registry: Registry) -> None:
    concept: dict[str, object] = {"code": "0"}
    for number in range(1, 5000):
        concept = {"code": str(number), "concept": [concept]}
    registry.add({"resourceType": "CodeSystem", "url": f"{OURS}/deep", "content": "complete", "concept": [concept]})
    assert registry.issues == []
    assert Terminology(registry).subsumes(f"{OURS}/deep", "4999", "0") == "subsumes"
