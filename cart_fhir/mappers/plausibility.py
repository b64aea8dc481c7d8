"""Measurements that cannot well be: a hundredfold slip of the point, a gram taken for a milligram, height and weight
swapped.

Limits (data/plausible.csv, by LOINC code) are as wide as what patients are known to live with, so that only slips are
told; a map sets narrower ones by a column's `low` and `high`. Nothing is corrected.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from cart_fhir.mappers import tables

_FILE = Path(__file__).parent / "data" / "plausible.csv"


class Limits(NamedTuple):
    """The least and the highest value of one quantity, in a UCUM unit."""

    unit: str
    low: Decimal
    high: Decimal
    what: str


@lru_cache(maxsize=1)
def limits() -> Mapping[str, Limits]:
    """LOINC code -> its limits."""
    return {
        row["code"]: Limits(row["unit"], Decimal(row["low"]), Decimal(row["high"]), row["what"])
        for _, row in tables.rows(_FILE, ("code", "unit", "low", "high", "what"))
    }


def doubt(observation: Mapping[str, Any]) -> str:
    """A sentence about a value that cannot well be; "" where all is well, or no limit is known in such a unit."""
    value = observation.get("valueQuantity")
    if not value or "value" not in value:
        return ""
    for coding in observation.get("code", {}).get("coding", ()):
        known = limits().get(coding.get("code"))
        if known is None:
            continue
        number = _converted(Decimal(value["value"]), value.get("code", ""), known.unit)
        if number is not None and not known.low <= number <= known.high:
            return f"{known.what}: values lie between {known.low} and {known.high} {known.unit}, and this is outside."
    return ""


def _converted(value: Decimal, unit: str, target: str) -> Decimal | None:
    if unit == target:
        return value
    from cart_fhir.definitions import ucum

    return ucum.convert(value, unit, target)
