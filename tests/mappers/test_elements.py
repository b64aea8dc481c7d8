"""Columns of type `element`: parts of another guide's FHIR taken over, and what of them is not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from marshmallow import ValidationError

from cart_fhir.mappers.fields import Column, Whole
from cart_fhir.mappers.units import Units

UCUM = "http://unitsofmeasure.org"


def taken(value: Any) -> Any:
    return Whole(Column("X", "element"), Units()).deserialize(value)


def test_what_it_refers_to_stays_behind_and_what_it_says_of_it_does_not() -> None:
    assert taken([{"reference": "Practitioner/1", "display": "Dr Doc"}, {"reference": "Practitioner/2"}]) == (
        {"display": "Dr Doc"},
    )
    (performer,) = taken([{"function": {"text": "gave it"}, "actor": {"reference": "Practitioner/1"}}])
    assert performer["actor"]["extension"][0]["valueCode"] == "unsupported"  # an element that must be there


@pytest.mark.parametrize(
    ("code", "made"),
    [
        ("mmHg", {"value": 120, "unit": "mm[Hg]", "system": UCUM, "code": "mm[Hg]"}),
        ("mm[Hg]", {"value": 120, "unit": "x", "system": UCUM, "code": "mm[Hg]"}),
        ("puffs", {"value": 120, "unit": "puffs"}),
    ],
)
def test_units_are_put_into_ucum_or_stay_words(code: str, made: dict[str, Any]) -> None:
    assert taken({"value": Decimal(120), "unit": "x", "system": UCUM, "code": code}) == made


def test_extensions_of_another_guide_and_displays_of_codes_of_hl7_stay_behind() -> None:
    own = {
        "url": "http://hl7.org/fhir/StructureDefinition/translation",
        "extension": [{"url": "lang", "valueCode": "de"}],
    }
    other = {"url": "http://example.org/laterality", "valueCode": "left"}
    coding = {"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR", "display": "Record"}
    found = taken({"coding": [coding], "extension": [own, other]})
    assert found == {"coding": [{"system": coding["system"], "code": "MR"}], "extension": [own]}


def test_nothing_is_nothing_and_a_modifier_is_refused() -> None:
    assert taken("") is None
    assert taken([]) is None
    with pytest.raises(ValidationError, match="modifierExtension"):
        taken({"text": "X", "modifierExtension": [{"url": "http://example.org/not", "valueBoolean": True}]})
    with pytest.raises(ValidationError, match="no element with parts"):
        taken("word")
