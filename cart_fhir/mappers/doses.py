"""Doses of one patient against what was published and against the patient's own size (`profiles.plausible`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from cart_fhir.profiles import canonical, plausible

Json = dict[str, Any]

_KG: Final = ("29463-7",)
_M2: Final = ("3140-1", "8277-6")  # LOINC: body surface area, derived and by another name
_RECENT: Final = 90  # days that a weight serves a dose
# unit of the planned dose, of the one that was given, and what it is per
_TOTALS: Final = (
    ("mg/m2/d", "mg", "m2", _M2),
    ("mg/m2", "mg", "m2", _M2),
    ("10*6/kg", "10*6", "kg", _KG),
)


def doubts(resources: Sequence[Json]) -> Iterator[tuple[str, str, str]]:
    """("Type/id", FHIRPath, sentence) for each dose of a patient that cannot well be right."""
    for one in resources:
        planned = _planned(one)
        if one["resourceType"] != "MedicationAdministration" or planned is None:
            continue
        ref, (value, unit) = f"{one['resourceType']}/{one['id']}", planned
        told = _unpublished(one, value, unit)
        if told:
            yield ref, "MedicationAdministration.extension", told
        told = _wrong_total(one, value, unit, resources)
        if told:
            yield ref, "MedicationAdministration.dosage", told


def _unpublished(one: Json, value: Decimal, unit: str) -> str:
    cells = _in(value, unit, "10*6/kg")
    if cells is not None:
        return plausible.cell_dose(cells)
    daily = _in(value, unit, "mg/m2/d")
    if daily is None:
        return ""
    codes = [coding.get("code", "") for coding in one.get("medicationCodeableConcept", {}).get("coding", ())]
    return next((told for code in codes if (told := plausible.lymphodepletion(code, daily))), "")


def _wrong_total(one: Json, value: Decimal, unit: str, resources: Sequence[Json]) -> str:
    """Planned times size against given, where both convert to one unit and the size was taken not long before."""
    dose = one.get("dosage", {}).get("dose", {})
    start = one.get("effectiveDateTime") or one.get("effectivePeriod", {}).get("start", "")
    if "value" not in dose or len(start) < 10 or one.get("status") != "completed":
        return ""
    for planned_in, given_in, per, codes in _TOTALS:
        planned = _in(value, unit, planned_in)
        given = _in(Decimal(dose["value"]), str(dose.get("code", "")), given_in)
        if planned is not None and given is not None:
            size = _size(resources, per, codes, date.fromisoformat(start[:10]))
            return plausible.total(planned, size, given, per=per) if size is not None else ""
    return ""


def _in(value: Decimal, unit: str, wanted: str) -> Decimal | None:
    """The value in another unit; None where its own does not convert."""
    if unit == wanted:
        return value
    from cart_fhir.definitions import ucum

    return ucum.convert(value, unit, wanted) if unit else None


def _size(resources: Sequence[Json], unit: str, codes: Sequence[str], on: date) -> Decimal | None:
    """The newest size of that code taken on the day or up to 90 days before; None where there is none."""
    found = []
    for one in resources:
        coded = {coding.get("code") for coding in one.get("code", {}).get("coding", ())}
        value, taken = one.get("valueQuantity", {}), one.get("effectiveDateTime", "")
        if coded.isdisjoint(codes) or value.get("code") != unit or "value" not in value or len(taken) < 10:
            continue
        if 0 <= (on - date.fromisoformat(taken[:10])).days <= _RECENT:
            found.append((taken, Decimal(value["value"])))
    return max(found)[1] if found else None


def _planned(one: Json) -> tuple[Decimal, str] | None:
    url = canonical.url("cart-planned-dose")
    for extension in one.get("extension", ()):
        planned = extension.get("valueQuantity", {})
        if extension.get("url") == url and "value" in planned:
            return Decimal(planned["value"]), str(planned.get("code", ""))
    return None
