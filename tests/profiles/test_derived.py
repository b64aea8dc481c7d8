"""Derived Observations: right values, traceable to their sources, valid, and never in place of a reported one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from cart_fhir.profiles import kinetics
from cart_fhir.profiles.derived import Limits, derive
from cart_fhir.profiles.elements import study_day
from cart_fhir.synth import Journey, journeys
from cart_fhir.synth.fhir import resources
from cart_fhir.validator import Validator

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text())
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


def _sampled(code: str, samples: list[list[Any]], infusion: date = date(2031, 3, 10)) -> list[dict[str, Any]]:
    """Observations of [day after the infusion, value, UCUM unit, comparator]."""
    made = []
    for day, value, unit, *sign in samples:
        on = infusion + timedelta(days=day)
        told = {"value": Decimal(value), "system": "http://unitsofmeasure.org", "code": unit}
        made.append(
            {
                "resourceType": "Observation",
                "id": f"{code}-{on}",
                "extension": [study_day(on, infusion)],
                "status": "final",
                "code": {"coding": [{"code": code}]},
                "subject": {"reference": "Patient/p"},
                "effectiveDateTime": str(on),
                "valueQuantity": {**told, **({"comparator": sign[0]} if sign else {})},
            }
        )
    return made


def _code(one: dict[str, Any]) -> str:
    return str(one["code"]["coding"][0]["code"])


@pytest.mark.parametrize("case", CASES["car_t_samples"], ids=str)
def test_the_curve_of_samples_as_they_are_sent(case: dict[str, Any]) -> None:
    made = derive(_sampled("cart-cells-per-ul", case["samples"]), _name, Limits(cells=Decimal(case["limit"])))
    values = {_code(one): one["valueQuantity"] for one in made}
    told = {
        code: " ".join([*([v["comparator"]] if "comparator" in v else ()), str(v["value"])])
        for code, v in values.items()
    }
    assert told == {code: str(value) for code, value in case["derived"].items()}


@pytest.mark.parametrize("case", CASES["b_cell_samples"], ids=str)
def test_loss_and_return_of_b_cells_as_they_are_sent(case: dict[str, Any]) -> None:
    made = derive(_sampled("8116-6", case["samples"]), _name, Limits(b_cells=Decimal(case["limit"])))
    days = {_code(one): one["extension"][0]["extension"][0]["valueInteger"] for one in made}
    assert days == case["derived"]


def test_each_infusion_has_its_own_curve() -> None:
    first = _sampled("cart-cells-per-ul", [[7, 40, "/uL"], [28, 20, "/uL"]])
    second = _sampled("cart-cells-per-ul", [[7, 15, "/uL"], [28, 5, "/uL"]], date(2032, 1, 5))
    made = {one["id"]: one for one in derive([*second, *first], _name)}
    assert made["cart-peak"]["valueQuantity"]["value"] == 40
    assert made["cart-peak-2032-01-05"]["valueQuantity"]["value"] == 15
    assert {one["reference"] for one in made["cart-peak"]["derivedFrom"]} == {
        f"Observation/{one['id']}" for one in first
    }
    told = {**made["cart-peak"], "id": "told"}  # the source tells the first one only
    again = {one["id"] for one in derive([*second, *first, told], _name)}
    assert "cart-peak-2032-01-05" in again
    assert "cart-peak" not in again
