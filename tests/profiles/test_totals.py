"""Totals and grades: added only where missing and computable, and told where they disagree."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from cart_fhir.profiles import canonical
from cart_fhir.profiles.elements import local, quantity
from cart_fhir.profiles.totals import complete, disagreement
from cart_fhir.synth import journeys
from cart_fhir.synth.fhir import resources

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text())
SCORED = ("cart-sledai-2k", "cart-jdm-das", "cart-mg-adl", "cart-crs-grading", "cart-icans-grading")


@pytest.fixture(scope="module")
def observations() -> list[dict[str, Any]]:
    profiles = {canonical.url(name) for name in SCORED}
    return [
        made
        for journey in journeys(120, 9)
        for made in resources(journey)
        if profiles & set(made.get("meta", {}).get("profile", ()))
    ]


def _value(observation: dict[str, Any]) -> str:
    return next(key for key in observation if key.startswith("value"))


def _grade(observation: dict[str, Any]) -> str | None:
    codings = observation.get("valueCodeableConcept", {}).get("coding", ())
    return next((one["code"] for one in codings), None)


def _is_fever_gone(observation: dict[str, Any]) -> bool:
    """A CRS assessment without fever counts only with the treatment given before, which it doesn't carry itself."""
    found = [part for part in observation["component"] if part["code"]["coding"][0]["code"] == "8310-5"]
    return bool(found) and found[0]["valueQuantity"]["value"] < 38


def test_what_is_missing_is_added(observations: list[dict[str, Any]]) -> None:
    kinds = set()
    for observation in observations:
        if _is_fever_gone(observation):
            continue
        kinds.update(observation["meta"]["profile"])
        key = _value(observation)
        without = {name: part for name, part in observation.items() if name != key}
        made = complete(without)
        assert made[key] == observation[key]
        assert made["method"]["text"]
        assert key not in without, "the input isn't changed"
    assert kinds == {canonical.url(name) for name in SCORED}


def test_what_is_reported_stays_and_agrees(observations: list[dict[str, Any]]) -> None:
    for observation in observations:
        assert complete(observation) is observation
        assert disagreement(observation) == ""


def test_a_wrong_total_is_told(observations: list[dict[str, Any]]) -> None:
    score = next(one for one in observations if canonical.url("cart-sledai-2k") in one["meta"]["profile"])
    right = score["valueQuantity"]["value"]
    wrong = {**score, "valueQuantity": quantity(right + 4, "{score}")}
    assert disagreement(wrong) == f"The reported total of sledai-2k is {right + 4}; its items give {right}."


def test_a_wrong_grade_is_told_but_not_death(observations: list[dict[str, Any]]) -> None:
    grading = next(one for one in observations if canonical.url("cart-icans-grading") in one["meta"]["profile"])
    right = grading["valueCodeableConcept"]["coding"][0]["code"]
    assert f"its criteria give {right}" in disagreement({**grading, "valueCodeableConcept": local("cart-grade", "4")})
    assert disagreement({**grading, "valueCodeableConcept": local("cart-grade", "5")}) == ""


def test_nothing_is_computed_from_a_part(observations: list[dict[str, Any]]) -> None:
    for observation in observations:
        less = deepcopy(observation)
        del less[_value(observation)]
        del less["component"][0]
        assert complete(less) == less
        assert disagreement({**observation, "component": less["component"]}) == ""


def test_a_reason_for_absence_stands(observations: list[dict[str, Any]]) -> None:
    absent = {name: part for name, part in observations[0].items() if not name.startswith("value")}
    absent["dataAbsentReason"] = {"text": "not assessed"}
    assert complete(absent) is absent


@pytest.mark.parametrize("case", CASES["icans_criteria"], ids=str)
def test_the_grade_of_icans_from_its_criteria(case: dict[str, Any]) -> None:
    given = {name: value for name, value in case.items() if name != "grade"}
    parts = [
        {
            "code": local("cart-toxicity-criterion", name),
            **(
                {"valueQuantity": quantity(Decimal(value), "{score}")}
                if name.endswith("-score")
                else {"valueCodeableConcept": local("cart-consciousness", value)}
            ),
        }
        for name, value in given.items()
    ]
    made = complete({"code": local("cart-ae-grading-system", "astct-icans"), "component": parts})
    assert _grade(made) == case["grade"]


@pytest.mark.parametrize(("given", "grade"), [((), None), ((True,), None), ((False, False), "0")])
def test_crs_without_fever_hangs_on_treatment(given: tuple[bool, ...], grade: str | None) -> None:
    names = ("tocilizumab-given", "steroid-given")
    told = [
        {"code": local("cart-toxicity-criterion", name), "valueBoolean": answer}
        for name, answer in zip(names, given, strict=False)
    ]
    levels = [
        {
            "code": local("cart-toxicity-criterion", f"{name}-level"),
            "valueCodeableConcept": local(f"cart-{name}-level", "none"),
        }
        for name in ("hypotension", "hypoxia")
    ]
    warm = {"code": {"coding": [{"code": "8310-5"}]}, "valueQuantity": quantity(37, "Cel")}
    made = complete({"code": local("cart-ae-grading-system", "astct-crs"), "component": [warm, *levels, *told]})
    assert _grade(made) == grade


@pytest.mark.parametrize("case", CASES["crs_temperatures"], ids=str)
def test_fever_begins_at_38_degrees_in_any_unit(case: dict[str, Any]) -> None:
    told = {name: case[name] for name in ("comparator",) if name in case}
    warm = {
        "code": {"coding": [{"code": "8310-5"}]},
        "valueQuantity": {**quantity(Decimal(case["value"]), case["unit"]), **told},
    }
    levels = [
        {
            "code": local("cart-toxicity-criterion", f"{name}-level"),
            "valueCodeableConcept": local(f"cart-{name}-level", "none"),
        }
        for name in ("hypotension", "hypoxia")
    ]
    made = complete({"code": local("cart-ae-grading-system", "astct-crs"), "component": [warm, *levels]})
    assert _grade(made) == case["grade"]


def test_other_observations_are_left_alone() -> None:
    other = {"code": {"coding": [{"code": "26515-7"}]}, "component": [{"code": {}}]}
    assert complete(other) is other
    assert disagreement({}) == ""
