"""Doses against what was published and against the patient's size, in whatever units they are told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cart_fhir.mappers.doses import doubts
from cart_fhir.profiles.elements import planned_dose, quantity

SIZES = [
    {"resourceType": "Observation", "code": {"coding": [{"code": code}]}, "effectiveDateTime": "2031-03-01", **value}
    for code, value in (
        ("29463-7", {"valueQuantity": quantity(Decimal("67"), "kg")}),
        ("8277-6", {"valueQuantity": quantity(Decimal("1.75"), "m2")}),
    )
]


def given(atc: str, planned: tuple[str, str], total: tuple[str, str]) -> dict[str, Any]:
    return {
        "resourceType": "MedicationAdministration",
        "id": "x",
        "status": "completed",
        "extension": [planned_dose(Decimal(planned[0]), planned[1])],
        "medicationCodeableConcept": {"coding": [{"code": atc}]},
        "effectiveDateTime": "2031-03-06",
        "dosage": {"dose": quantity(Decimal(total[0]), total[1])},
    }


@pytest.mark.parametrize(
    ("atc", "planned", "total", "told"),
    [
        ("L01AA01", ("500", "mg/m2/d"), ("875", "mg"), ""),
        ("L01AA01", ("0.5", "g/m2/d"), ("0.875", "g"), ""),
        ("L01AA01", ("5", "g/m2/d"), ("8.75", "g"), "published regimens"),
        ("L01AA01", ("0.5", "g/m2"), ("8.75", "g"), "times the planned"),
        ("L01BB05", ("30", "mg/m2"), ("30", "mg"), "planned dose per m2"),
        ("x", ("1", "10*6/kg"), ("67", "10*6"), ""),
        ("x", ("1000000", "{cells}/kg"), ("0.67", "10*8"), ""),
        ("x", ("1000000", "10*6/kg"), ("67", "10*6"), "published regimens"),
        ("x", ("1000000", "{cells}/kg"), ("0.067", "10*8"), "one 10th of the planned"),
        ("x", ("100", "10*6"), ("100", "10*6"), ""),  # flat
        ("x", ("10", "mg/kg"), ("5", "mg"), ""),  # no cells and no lymphodepletion
    ],
)
def test_a_dose_that_cannot_well_be_right_is_told_in_any_unit(
    atc: str, planned: tuple[str, str], total: tuple[str, str], told: str
) -> None:
    found = [sentence for _, _, sentence in doubts([*SIZES, given(atc, planned, total)])]
    assert bool(found) == bool(told), found
    assert not told or any(told in sentence for sentence in found)
