"""The small parts that resources of the guide are made of: codes, quantities, extensions, study days. Plain dicts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from cart_fhir.profiles import canonical
from cart_fhir.profiles.study_day import day_of

Json = dict[str, Any]

UCUM: Final = "http://unitsofmeasure.org"
# how a unit is written for people where its UCUM code isn't
_UNIT: Final = {"{score}": "score", "{cells}/uL": "cells/uL", "Cel": "°C", "[IU]/mL": "IU/mL"}


def coding(system: str, code: str, display: str = "") -> Json:
    """A Coding."""
    return {"system": system, "code": code, **({"display": display} if display else {})}


def concept(system: str, code: str, display: str = "") -> Json:
    """A CodeableConcept of one coding."""
    return {"coding": [coding(system, code, display)]}


def local(system: str, code: str) -> Json:
    """A CodeableConcept of a code system of the guide, named by its noun: `local("cart-grade", "2")`."""
    return concept(canonical.system(system), code)


def quantity(value: Decimal | int, code: str) -> Json:
    """A Quantity in UCUM: `quantity(Decimal("48.6"), "mg")`."""
    return {"value": value, "unit": _UNIT.get(code, code), "system": UCUM, "code": code}


def extension(name: str, **value: Any) -> Json:
    """An extension of the guide by its id, with its value: `extension("cart-generation", valueInteger=2)`."""
    return {"url": canonical.url(name), **value}


def study_day(on: date, infusion: date) -> Json:
    """The study day extension of an event: its day (0 = infusion) and the date of infusion that it counts from."""
    day = {"url": "day", "valueInteger": day_of(on, infusion)}
    return extension("cart-study-day", extension=[day, {"url": "infusionDate", "valueDate": str(infusion)}])


def planned_dose(value: Decimal | int, code: str) -> Json:
    """The planned dose extension, by the protocol: `planned_dose(30, "mg/m2/d")`, `planned_dose(1, "10*6/kg")`."""
    return extension("cart-planned-dose", valueQuantity=quantity(value, code))
