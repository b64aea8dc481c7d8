"""A box around a point holds every place within the distance, wherever on the globe."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cart_fhir.errors import BadRequest
from cart_fhir.search import near
from cart_fhir.search.query import NumberValue

LATITUDE, LONGITUDE = some.floats(-90, 90), some.floats(-180, 180)


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points, by the haversine formula."""
    (up, along), (up2, along2) = (tuple(map(radians, point)) for point in (one, other))
    half = sin((up2 - up) / 2) ** 2 + cos(up) * cos(up2) * sin((along2 - along) / 2) ** 2
    return 2 * near.RADIUS * asin(min(1, sqrt(half)))


@given(LATITUDE, LONGITUDE, LATITUDE, LONGITUDE, some.floats(0, 20000))
def test_what_is_near_is_in_a_box(up: float, along: float, up2: float, along2: float, kilometres: float) -> None:
    if _apart((up, along), (up2, along2)) > kilometres:
        return
    boxes = near.read(f"{up:.9f}|{along:.9f}|{kilometres + 0.001:.3f}|km")
    assert any(_within(box.parts[0], up2) and _within(box.parts[1], along2) for box in boxes)


@given(some.floats(-80, 80), LONGITUDE, some.floats(1, 500))
def test_what_is_far_is_in_none(up: float, along: float, kilometres: float) -> None:
    boxes = near.read(f"{up:.9f}|{along:.9f}|{kilometres:.3f}")
    beyond = up + 1.01 * kilometres / 111
    assert not any(_within(box.parts[0], beyond) for box in boxes)


def _within(part: object, value: float) -> bool:
    assert isinstance(part, NumberValue)
    return part.low <= value < part.high


@pytest.mark.parametrize(
    "text", ["", "1", "x|1", "1|2|x", "91|0", "0|181", "1|2|-3", "1|2|3|mg", "1|2|3|km|5", "nan|0", "1|2|3|furlongs"]
)
def test_what_is_no_place(text: str) -> None:
    with pytest.raises(BadRequest):
        near.read(text)


def test_units_are_converted() -> None:
    assert near.read("1|2|3000|m") == near.read("1|2|3|km") == near.read("1|2|3")
    assert near.read("1|2") == near.read(f"1|2|{near.DISTANCE}|km")
