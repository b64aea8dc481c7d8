"""The axis and the journey: days land where they belong, whatever the record holds."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cart_fhir.profiles import canonical
from cart_fhir.server.journey import journey
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
