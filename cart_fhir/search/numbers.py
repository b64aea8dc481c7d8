"""Numbers with the precision they were written with: 100 means 99.5 up to 100.5, 100.0 means 99.95 up to 100.05.

Index and comparison use binary floating point (15 digits), which is more than any measurement has; the resources
themselves keep their decimals. https://hl7.org/fhir/R4/search.html#number
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from cart_fhir.search.query import NumberValue, Prefix

_ABOUT = Decimal("0.1")


def decimal(text: str) -> Decimal | None:
    """The decimal a FHIR number text says, or None: no NaN, no infinity, no underscores or spaces."""
    if not text or any(sign not in "0123456789+-.eE" for sign in text) or len(text) > 64:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if abs(value.adjusted()) <= 300 else None  # beyond it a float is infinite or zero


def number_value(prefix: Prefix, value: Decimal) -> NumberValue:
    """What a search for this number accepts; `ap` takes a tenth of the value to either side."""
    low, high = around(prefix, value)
    return NumberValue(prefix, float(low), float(high), float(value))


def around(prefix: Prefix, value: Decimal) -> tuple[Decimal, Decimal]:
    """Lower and upper end of what the digits of the number stand for (half a unit of the last digit either side)."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    if exponent > 0:  # R4 reads 1e2 as [95, 105): one digit more than was written
        exponent -= 1
    half = abs(value) * _ABOUT if prefix == "ap" else Decimal(5).scaleb(exponent - 1)
    return value - half, value + half


def as_float(value: Any) -> float | None:
    """A JSON number (int or Decimal) as the index keeps it; None for anything else, booleans too."""
    if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            return None
    return None
