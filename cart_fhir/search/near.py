"""`near`: places around a point, as a box of latitudes and longitudes that holds the circle asked for.

R4 leaves the way of measuring to the server. The earth is a sphere of 6371 km here; the corners of the box are up to
41 % farther away than asked for. https://hl7.org/fhir/R4/location.html#positional
"""

from __future__ import annotations

from decimal import Decimal
from math import cos, degrees, radians

from cart_fhir.definitions import ucum
from cart_fhir.errors import BadRequest
from cart_fhir.search.numbers import decimal
from cart_fhir.search.query import CompositeValue, NumberValue, Parameter

DISTANCE = "50"
"""Kilometres, where the search names no distance."""
RADIUS = 6371.0
"""Kilometres."""

PARAMETER = Parameter("near", "composite", (), (Parameter("near$1", "number"), Parameter("near$2", "number")))
"""Latitude and longitude of a position, which the index keeps as the two parts of a composite."""


def read(text: str) -> tuple[CompositeValue, ...]:
    """The boxes of `latitude|longitude[|distance[|unit]]`: one, or two where the circle crosses the 180th meridian."""
    parts = text.split("|")
    if not 2 <= len(parts) <= 4:
        raise _wrong(text)
    latitude, longitude, distance = (decimal(part) for part in (*parts[:2], (*parts[2:3], "")[0] or DISTANCE))
    unit = (*parts[3:], "")[0] or "km"
    length = ucum.convert(distance, unit, "km") if distance is not None else None
    if latitude is None or longitude is None or length is None or length < 0:
        raise _wrong(text)
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise _wrong(text)
    return _boxes(latitude, longitude, float(length))


def _boxes(latitude: Decimal, longitude: Decimal, kilometres: float) -> tuple[CompositeValue, ...]:
    up = degrees(kilometres / RADIUS)
    middle, along = float(latitude), float(longitude)
    south, north = middle - up, middle + up
    rows = _range(south, north)
    if south <= -90 or north >= 90:
        return (CompositeValue((rows, _range(-180, 180))),)
    # meridians are closest to one another where the box is farthest from the equator
    side = up / cos(radians(max(abs(south), abs(north))))
    if side >= 180:
        return (CompositeValue((rows, _range(-180, 180))),)
    west, east = along - side, along + side
    columns = [_range(max(west, -180), min(east, 180))]
    columns += [_range(west + 360, 180)] if west < -180 else []
    columns += [_range(-180, east - 360)] if east > 180 else []
    return tuple(CompositeValue((rows, column)) for column in columns)


def _range(low: float, high: float) -> NumberValue:
    """Numbers from low to high; a hair wider, so that the point itself is within a distance of nothing."""
    return NumberValue("eq", low - 1e-9, high + 1e-9, (low + high) / 2)


def _wrong(text: str) -> BadRequest:
    return BadRequest(
        f"'{text}' is no place as 'near' takes it.",
        advice="Write latitude|longitude|distance|unit in degrees and a UCUM length, e.g. 47.37|8.54|20|km.",
    )
