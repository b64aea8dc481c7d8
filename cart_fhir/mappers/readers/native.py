"""Typed values of databases and column files as a CSV export would write them, so that one map reads them all."""

from __future__ import annotations

import math
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from cart_fhir.formats import json


def cell(value: Any) -> str:
    """A value as text: nothing for null and NaN, dates and times in ISO form with a space between, plain numbers."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else ""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return json.dumps(value).decode() if isinstance(value, (dict, list)) else str(value)


def _number(value: float) -> str:
    """The shortest digits that are this number; a whole number has no point (identifiers often come as floats)."""
    if not math.isfinite(value):
        return "" if math.isnan(value) else str(value)
    number = Decimal(repr(value))
    return str(int(number)) if number == number.to_integral_value() else format(number, "f")
