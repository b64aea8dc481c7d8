"""Derived Observations: right values, traceable to their sources, valid, and never in place of a reported one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cart_fhir.profiles import kinetics
from cart_fhir.profiles.derived import Limits, derive
from cart_fhir.synth import Journey, journeys
from cart_fhir.synth.fhir import resources
from cart_fhir.validator import Validator

LIMITS = Limits(cells=Decimal("0.1"), b_cells=Decimal(1))


def _name(patient: str, key: tuple[str, ...]) -> dict[str, Any]:
    return {"id": "-".join(key)}


@pytest.fixture(scope="module")
def journey() -> Journey:
    return next(one for one in journeys(50, 2) if one.labs[-1].day >= 365)


@pytest.fixture(scope="module")
def made(journey: Journey) -> dict[str, dict[str, Any]]:
    return {one["code"]["coding"][0]["code"]: one for one in derive(resources(journey), _name, LIMITS)}


def test_what_is_derived(made: dict[str, dict[str, Any]], journey: Journey) -> None:
    cells = [(point.day, point.value) for point in journey.kinetics if point.code == "cart-cells-per-ul"]
    day, highest = kinetics.peak(cells)
    assert made["cart-peak"]["valueQuantity"]["value"] == highest
    assert made["cart-time-to-peak"]["valueQuantity"]["value"] == day
    assert made["cart-auc-0-28"]["valueQuantity"]["value"] == round(kinetics.area_under_curve(cells), 1)
    seen = kinetics.persistence(cells, Decimal("0.1"))
    assert seen
    assert made["cart-persistence"]["valueQuantity"]["value"] == seen.day
    assert ("comparator" in made["cart-persistence"]["valueQuantity"]) == seen.ongoing
    assert made["b-cell-aplasia"]["valueBoolean"] is True
    assert made["b-cell-reconstitution"]["valueDateTime"] == made["b-cell-reconstitution"]["effectiveDateTime"]
    waited = (journey.infusion.on - journey.product.collected).days
    assert made["vein-to-vein-time"]["valueQuantity"]["value"] == waited


def test_each_names_its_sources_and_its_method(made: dict[str, dict[str, Any]], journey: Journey) -> None:
    ids = {f"{one['resourceType']}/{one['id']}" for one in resources(journey)}
    for one in made.values():
        sources = [*one.get("derivedFrom", ()), *one.get("partOf", ())]
        assert sources
        assert {source["reference"] for source in sources} <= ids
        assert one["method"]["text"]


def test_all_are_valid(made: dict[str, dict[str, Any]]) -> None:
    validator = Validator()
    problems = [(name, issue.text) for name, one in made.items() for issue in validator.validate(one) if issue.is_error]
    assert problems == []


def test_a_reported_one_stands(journey: Journey, made: dict[str, dict[str, Any]]) -> None:
    reported = {**made["cart-peak"], "id": "reported"}
    again = derive([*resources(journey), reported], _name, LIMITS)
    assert "cart-peak" not in [one["code"]["coding"][0]["code"] for one in again]


def test_without_a_threshold_nothing_that_needs_it(journey: Journey) -> None:
    codes = {one["code"]["coding"][0]["code"] for one in derive(resources(journey), _name)}
    assert codes == {"cart-peak", "cart-time-to-peak", "cart-auc-0-28", "vein-to-vein-time"}


def test_two_samples_on_a_day_give_nothing(journey: Journey) -> None:
    everything = resources(journey)
    sample = next(
        one for one in everything if one["resourceType"] == "Observation" and "kinetics" in str(one.get("meta"))
    )
    twice = {**sample, "id": "again", "valueQuantity": {**sample["valueQuantity"], "value": Decimal(1)}}
    codes = {one["code"]["coding"][0]["code"] for one in derive([*everything, twice], _name)}
    assert codes == {"vein-to-vein-time"}


def test_partial_dates_give_nothing(journey: Journey) -> None:
    vague = [
        {**one, "collection": {**one["collection"], "collectedDateTime": "2024-01"}} if "collection" in one else one
        for one in resources(journey)
        if one["resourceType"] != "Observation"
    ]
    assert derive(vague, _name, LIMITS) == []


def test_many_patients_at_once() -> None:
    two = [made for journey in journeys(2, 3) for made in resources(journey)]
    peaks = [one for one in derive(two, _name) if one["code"]["coding"][0]["code"] == "cart-peak"]
    assert len({peak["subject"]["reference"] for peak in peaks}) == 2
