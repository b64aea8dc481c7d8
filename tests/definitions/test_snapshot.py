"""Snapshots of small differentials, one per way of constraining (snapshots.yaml), and what must hold for all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cart_fhir.definitions import Registry
from cart_fhir.definitions.snapshot import with_snapshot

Json = dict[str, Any]
CORE = "http://hl7.org/fhir/StructureDefinition/"
CASES = yaml.safe_load((Path(__file__).parent / "snapshots.yaml").read_text("utf-8"))


def profile(on: str, differential: list[Any], **more: Any) -> Json:
    return {
        "resourceType": "StructureDefinition",
        "url": "https://example.org/StructureDefinition/ours",
        "kind": "resource",
        "type": on,
        "baseDefinition": CORE + on,
        "derivation": "constraint",
        "differential": {"element": differential},
        **more,
    }


def part(element: Json, key: str) -> Any:
    if key == "keys":
        return sorted(item["key"] for item in element.get("constraint", []))
    if key == "sliced":
        return "slicing" in element
    if key == "rules":
        return element.get("slicing", {}).get("rules")
    return element.get(key, "absent")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_differential(core: Registry, case: Json) -> None:
    made, issues = with_snapshot(profile(case["base"], case["differential"]), core)
    elements = {element["id"]: element for element in made["snapshot"]["element"]}
    for name, expected in case["expect"].items():
        if expected == "absent":
            assert name not in elements
        else:
            assert {key: part(elements[name], key) for key in expected} == expected
    places = [list(elements).index(name) for name in case.get("order", [])]
    assert places == sorted(places)
    told = case.get("issues", [])
    assert len(issues) == len(told), [issue.text for issue in issues]
    assert all(words in issue.text for words, issue in zip(told, issues, strict=True))


def test_a_problem_says_where_it_is(core: Registry) -> None:
    _, issues = with_snapshot(profile("Patient", [None, {"path": "Patient"}, {"path": "Patient.colour"}]), core)
    (issue,) = issues
    assert issue.expression == "StructureDefinition.differential.element[2]"
    assert issue.definition == "Patient.colour"


def test_a_base_that_is_not_there_leaves_an_empty_snapshot(core: Registry) -> None:
    orphan = profile("Patient", [{"path": "Patient.name", "min": 1}], baseDefinition="https://example.org/none")
    made, issues = with_snapshot(orphan, core)
    assert made["snapshot"] == {"element": []}
    assert "https://example.org/none is not loaded" in issues[0].text


def test_a_profile_on_itself_comes_to_an_end(registry: Registry) -> None:
    circular = profile("Patient", [{"path": "Patient.name", "min": 1}])
    registry.add({**circular, "baseDefinition": circular["url"]})
    assert registry.structure(circular["url"])["snapshot"] == {"element": []}  # type: ignore[index]  # it is there
    assert len(registry.issues) == 1


def test_a_profile_on_a_profile_is_made_when_asked_for(registry: Registry) -> None:
    first = profile("Patient", [{"path": "Patient.name", "min": 1}])
    second = profile("Patient", [{"path": "Patient.name", "max": "1"}], baseDefinition=first["url"])
    second["url"] += "-2"
    registry.add(second)
    registry.add(first)
    made = registry.structure(second["url"])
    assert made is not None
    name = next(element for element in made["snapshot"]["element"] if element["id"] == "Patient.name")
    assert (name["min"], name["max"]) == (1, "1")
    assert registry.structure(second["url"]) is made


def test_a_logical_model_adds_elements(core: Registry) -> None:
    model = profile("Element", [], type="https://example.org/StructureDefinition/form", derivation="specialization")
    model["differential"]["element"] = [
        {"path": "form", "min": 0, "max": "*"},
        {"path": "form.day", "min": 1, "max": "1", "type": [{"code": "integer"}]},
        {"path": "form.part", "min": 0, "max": "*", "type": [{"code": "BackboneElement"}]},
        {"path": "form.part.name", "min": 0, "max": "1", "type": [{"code": "string"}]},
    ]
    made, issues = with_snapshot(model, core)
    assert issues == []
    ids = [element["id"] for element in made["snapshot"]["element"]]
    assert ids[:2] == ["form", "form.id"]
    assert ids[-1] == "form.part.name"
    assert "form.day" in ids
    assert "form.part.modifierExtension" in ids


PATHS = st.sampled_from(
    ["Observation", "Observation.status", "Observation.component", "Observation.value[x]", "Observation.code.coding"]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries({"path": PATHS}, optional={"min": st.integers(0, 3), "max": st.sampled_from("013*")})
    )
)
def test_nothing_of_the_base_is_lost_and_ids_are_unique(core: Registry, differential: list[Json]) -> None:
    base = core.structure("Observation")
    assert base is not None
    made, _ = with_snapshot(profile("Observation", differential), core)
    ids = [element["id"] for element in made["snapshot"]["element"]]
    assert len(ids) == len(set(ids))
    assert {element["id"] for element in base["snapshot"]["element"]} <= set(ids)
    for entry in differential:
        element = next(e for e in made["snapshot"]["element"] if e["id"] == entry["path"])
        last = {key: value for other in differential if other["path"] == entry["path"] for key, value in other.items()}
        assert {key: element[key] for key in last} == last


@settings(max_examples=40, deadline=None)
@given(st.permutations([f"{name}" for name in "abcd"]))
def test_slices_stand_in_the_order_of_the_differential(core: Registry, names: list[str]) -> None:
    slicing = {"discriminator": [{"type": "value", "path": "code"}], "rules": "open"}
    differential: list[Json] = [{"path": "Observation.component", "slicing": slicing}]
    differential += [
        {"id": f"Observation.component:{name}", "path": "Observation.component", "sliceName": name} for name in names
    ]
    made, _ = with_snapshot(profile("Observation", differential), core)
    found = [e["sliceName"] for e in made["snapshot"]["element"] if e.get("sliceName")]
    assert found == list(names)


def test_no_thread_sees_a_snapshot_in_the_making(registry: Registry) -> None:
    """A profile that is asked for by many threads at once is whole for each of them."""
    from concurrent.futures import ThreadPoolExecutor

    for number in range(8):
        differential = [{"path": "Observation.component.code.coding.system", "min": 1}]
        registry.add({**profile("Observation", differential), "url": f"https://example.org/{number}"})

    def ask(number: int) -> int:
        made = registry.structure(f"https://example.org/{number % 8}")
        return len(made["snapshot"]["element"]) if made else 0

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(64)))) == 1
