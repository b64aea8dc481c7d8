"""Measurements that cannot well be: a hundredfold slip of the point, a gram taken for a milligram, height and weight
swapped.

Limits (data/plausible.csv, by LOINC code) are as wide as what patients are known to live with, so that only slips are
told; a map sets narrower ones by a column's `low` and `high`. A unit of another kind is told too: an IgG in 10*9/L is
one in g/L that a feed in capitals wrote G/L, and the code of a mass does not go with moles. Nothing is corrected.
"""

from __future__ import annotations

import re
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
    """A sentence about a value or unit that cannot well be; "" where all is well, or nothing is known of the code."""
    value = observation.get("valueQuantity")
    if not value or "value" not in value:
        return ""
    for coding in observation.get("code", {}).get("coding", ()):
        if told := _other_property(str(coding.get("display", "")), str(value.get("code", ""))):
            return told
        known = limits().get(coding.get("code"))
        if known is None:
            continue
        unit = str(value.get("code", ""))
        number = _converted(Decimal(value["value"]), unit, known.unit)
        if unit and number is None and not _is_kin(unit, known.unit):
            return f"{known.what}: values are in {known.unit} or the like; {unit} measures something else."
        if number is not None and not known.low <= number <= known.high:
            return f"{known.what}: values lie between {known.low} and {known.high} {known.unit}, and this is outside."
    return ""


def _other_property(name: str, unit: str) -> str:
    """A sentence about a LOINC code for mass with a unit of moles, or the other way: LOINC has a code for each."""
    measured = re.search(r"\[(Mass|Moles)/volume\]", name)
    if measured and measured[1] == "Mass" and "mol" in unit:
        return f"The code is for {measured[0]}, and {unit} counts moles: LOINC has another code for [Moles/volume]."
    if measured and measured[1] == "Moles" and re.match(r"[a-z]?g/", unit):
        return f"The code is for {measured[0]}, and {unit} is a mass: LOINC has another code for [Mass/volume]."
    return ""


def _is_kin(unit: str, known: str) -> bool:
    """Whether the unit measures the same in another way: moles for grams, or enzymes in [IU], which UCUM sets apart."""
    from cart_fhir.definitions import ucum

    # a mole is a plain number to UCUM, so that only its name tells it from a count
    return ucum.is_comparable(unit.replace("[IU]", "U"), known.replace("g/", "mol/") if "mol" in unit else known)


def _converted(value: Decimal, unit: str, target: str) -> Decimal | None:
    if unit == target:
        return value
    from cart_fhir.definitions import ucum

    return ucum.convert(value, unit, target)
