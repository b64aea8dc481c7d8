"""The axis and the journey: days land where they belong, whatever the record holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cart_fhir.definitions import Registry
from cart_fhir.profiles import canonical
from cart_fhir.server.journey import journey, lane_of
from cart_fhir.web.picture import draw
from cart_fhir.web.scale import label, scale

DAYS = st.integers(-4000, 4000)


@given(st.lists(DAYS, max_size=6), DAYS, DAYS)
def test_the_axis_keeps_the_order_of_days(shown: list[int], one: int, other: int) -> None:
    axis = scale(shown, 100, 900)
    assert axis.at[0] == 100
    assert abs(axis.at[-1] - 900) < 1e-6
    if one < other:
        assert axis.place(one) <= axis.place(other)
    for day in shown:
        if -3650 <= day <= 1825:
            assert axis.days[0] <= day <= axis.days[-1]


def test_days_between_two_grid_lines_are_even_steps() -> None:
    axis = scale([], 100, 900)
    zero, fortnight = axis.place(0), axis.place(14)
    assert abs(axis.place(3.5) - (zero + (fortnight - zero) / 4)) < 1e-6


def test_rows_beyond_nine_are_counted() -> None:
    drugs = [
        of(
            "x",
            "MedicationAdministration",
            medicationCodeableConcept={"text": f"{n:02}"},
            effectiveDateTime="2026-03-11",
        )
        for n in range(12)
    ]
    found = journey([INFUSION, *drugs], lambda concept: str(concept.get("text", "")))
    (lane,) = [lane for lane in draw(found).lanes if lane.name == "Treatment"]
    assert [name for name, _ in lane.rows][-2:] == ["08", "and 3 more below"]


def test_labels() -> None:
    assert [label(day) for day in (-365, -60, -7, 0, 14, 90, 365, 730)] == [
        "-12 mo", "-60", "-7", "day 0", "+14", "+3 mo", "+12 mo", "+2 y",
    ]  # fmt: skip


def of(profile: str, type: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": type, "id": "x", "meta": {"profile": [canonical.url(profile)]}, **more}


def test_days_are_counted_on_dates_from_the_first_infusion() -> None:
    record = [
        of("cart-administration", "MedicationAdministration", effectiveDateTime="2026-03-10T23:30:00-10:00"),
        of("cart-administration", "MedicationAdministration", effectiveDateTime="2026-09-01"),
        of("cart-lymphodepletion", "MedicationAdministration", effectiveDateTime="2026-03-05"),
        of("cart-adverse-event", "AdverseEvent", date="2026-03-12"),
        of("cart-prior-immunosuppression", "MedicationStatement", effectivePeriod={"start": "2020"}),
    ]
    found = journey(record, lambda concept: "something")
    assert str(found.day_zero) == "2026-03-10"
    assert [(event.lane, event.day) for event in found.events] == [
        ("lymphodepletion", -5),
        ("infusion", 0),
        ("adverse event", 2),
        ("infusion", 175),
        ("prior therapy", None),
    ]
    assert draw(found).lanes


def test_an_empty_or_odd_record_is_drawn_all_the_same() -> None:
    assert draw(journey([], lambda concept: "")).lanes == []
    odd = [
        of("cart-laboratory", "Observation", effectiveDateTime="2026"),
        of("cart-laboratory", "Observation", valueQuantity={"value": 3}),
        of("cart-adverse-event", "AdverseEvent", date="not a date"),
        of("cart-administration", "MedicationAdministration", status="not-done", effectiveDateTime="2026-01-01"),
    ]
    found = journey(odd, lambda concept: "")
    assert found.day_zero is None
    draw(found)


def observed(profile: str, code: str, on: str, **value: Any) -> dict[str, Any]:
    return of(profile, "Observation", code={"coding": [{"code": code}]}, effectiveDateTime=on, **value)


def scored(profile: str, code: str, on: str, value: int) -> dict[str, Any]:
    return observed(profile, code, on, valueQuantity={"value": value, "code": "{score}"})


INFUSION = of("cart-administration", "MedicationAdministration", effectiveDateTime="2026-03-10")


def code_of(concept: dict[str, Any]) -> str:
    return str(next((one["code"] for one in concept.get("coding", ())), ""))


def test_drug_free_time_runs_from_the_last_drug_to_the_assessment() -> None:
    since = [
        {"code": {"coding": [{"code": "off-steroids-since"}]}, "valueDateTime": "2026-03-20"},
        {"code": {"coding": [{"code": "off-immunosuppressants-since"}]}, "valueDateTime": "2026-03-05"},
    ]
    free = observed("cart-remission-state", "drug-free-remission", "2027-03-20", valueBoolean=True, component=since)
    not_free = free | {"valueBoolean": False}
    found = journey([INFUSION, free], code_of)
    (event,) = found.lane("state")
    assert (event.day, event.until, event.detail) == (10, 375, "yes")
    (lane,) = [lane for lane in draw(found).lanes if lane.name == "States"]
    (mark,) = lane.marks
    assert (mark.kind, mark.style, mark.text) == ("bar", "yes", "12 mo")
    (event,) = journey([INFUSION, not_free], code_of).lane("state")
    assert (event.day, event.until, event.detail) == (375, None, "no")


def test_states_and_doses_stand_on_their_own_days() -> None:
    record = [
        INFUSION,
        observed("cart-immune-state", "b-cell-aplasia", "2026-03-20", valueBoolean=True),
        observed("cart-immune-state", "b-cell-reconstitution", "2026-09-01", valueDateTime="2026-06-18"),
        observed("cart-therapy-state", "ist-discontinued", "2026-03-10", valueDateTime="2026-03-01"),
        *(
            observed("cart-therapy-state", "prednisone", on, valueQuantity={"value": dose, "code": "mg/d"})
            for on, dose in (("2026-03-01", 10), ("2026-06-10", 0))
        ),
    ]
    found = journey(record, code_of)
    assert {(event.name, event.day) for event in found.lane("state")} == {
        ("b-cell-aplasia", 10),
        ("b-cell-reconstitution", 100),
    }
    drawn = {lane.name: lane for lane in draw(found).lanes}
    assert [row for row, _ in drawn["States"].rows] == ["ist-discontinued", "b-cell-aplasia", "b-cell-reconstitution"]
    assert [curve.text for curve in drawn["Therapy"].curves] == ["10 mg/d"]


def test_every_score_is_drawn_or_said_to_be_left_out() -> None:
    profiles = ["sledai-2k", "jdm-das", "mg-adl", "mrss", "cmas", "mmt-8", "qmg"]
    days = ("2026-03-01", "2026-06-01")
    record = [scored(f"cart-{name}", name, day, 3) for name in profiles for day in days]
    (lane,) = [lane for lane in draw(journey([INFUSION, *record], code_of)).lanes if lane.name == "Disease activity"]
    assert len(lane.curves) == 5
    assert lane.rows[-1][0] == "and 2 more below"


def test_a_day_that_is_only_stated_counts_from_the_infusion_it_names() -> None:
    second = INFUSION | {"effectiveDateTime": "2026-09-10"}
    lab = of("cart-laboratory", "Observation", code={"coding": [{"code": "26515-7"}]}, effectiveDateTime="2026-09")
    stated = [{"url": "day", "valueInteger": 7}, {"url": "infusionDate", "valueDate": "2026-09-10"}]
    lab["extension"] = [{"url": canonical.url("cart-study-day"), "extension": stated}]
    assert [event.day for event in journey([INFUSION, second, lab], code_of).lane("laboratory")] == [191]
    assert [event.day for event in journey([second, lab], code_of).lane("laboratory")] == [7]


def test_what_was_entered_in_error_or_only_feared_is_no_part_of_the_journey() -> None:
    wrong = INFUSION | {"status": "entered-in-error", "effectiveDateTime": "2026-01-01"}
    record = [
        wrong,
        INFUSION,
        observed("cart-laboratory", "26515-7", "2026-03-20", status="entered-in-error"),
        of("cart-adverse-event", "AdverseEvent", date="2026-03-12", actuality="potential"),
        of("cart-autoimmune-condition", "Condition", code={"coding": [{"code": "sle"}]}),
        of("cart-autoimmune-condition", "Condition", verificationStatus={"coding": [{"code": "refuted"}]}),
    ]
    found = journey(record, code_of)
    assert str(found.day_zero) == "2026-03-10"
    assert [(event.lane, event.day) for event in found.events] == [("infusion", 0)]
    assert found.conditions == ("sle",)


def test_a_change_of_the_unit_is_not_drawn_as_one_of_the_patient() -> None:
    counts = (("2026-03-01", 150, "10*9/L"), ("2026-03-05", 90000, "/uL"), ("2026-03-20", 140, "10*9/L"))
    labs = [
        observed("cart-laboratory", "26515-7", on, valueQuantity={"value": value, "code": unit})
        for on, value, unit in counts
    ]
    series = journey([INFUSION, *labs], code_of).series("laboratory")
    assert [[event.value for event in one] for one in series] == [[150, 140], [90000]]


def test_the_product_is_the_manufactured_one() -> None:
    record = [
        of("cart-apheresis-product", "BiologicallyDerivedProduct", productCode={"coding": [{"code": "apheresis"}]}),
        of("cart-medication", "Medication", code={"coding": [{"code": "twin"}]}),
        of("cart-product", "BiologicallyDerivedProduct", productCode={"coding": [{"code": "kyv-101"}]}),
    ]
    assert journey(record, code_of).product == "kyv-101"
    assert journey(record[:2], code_of).product == "twin"


def test_each_profile_of_an_event_has_its_lane() -> None:
    """What the guide derives from disease activity or a grading is on the picture, whatever comes later."""
    registry = Registry.default()
    parents = {one["url"]: one["baseDefinition"] for one in registry.profiles()}
    for lane, parent in (("activity", "cart-disease-activity"), ("grading", "cart-grading-base")):
        below = [url for url, base in parents.items() if base == canonical.url(parent)]
        assert below
        for url in below:
            assert lane_of({"resourceType": "Observation", "meta": {"profile": [url]}}) == lane, url


@pytest.mark.parametrize(
    ("unit", "shown"), [("10*9/L", "×10⁹/L"), ("10^6", "×10⁶"), ("{cells}/uL", "cells/uL"), ("mg/m2/d", "mg/m2/d")]
)
def test_units_are_written_for_people(unit: str, shown: str) -> None:
    value = {"value": Decimal("1.50"), "unit": unit}
    sample = of("cart-kinetics", "Observation", effectiveDateTime="2026-03-11", valueQuantity=value)
    found = journey([INFUSION, sample], lambda concept: "")
    assert [event.detail for event in found.events if event.unit] == [f"1.50 {shown}"]
