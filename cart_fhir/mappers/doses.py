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
    if unit == "10*6/kg":
        return plausible.cell_dose(value)
    if unit == "mg/m2/d":
        codes = [coding.get("code", "") for coding in one.get("medicationCodeableConcept", {}).get("coding", ())]
        return next((told for code in codes if (told := plausible.lymphodepletion(code, value))), "")
    return ""


def _wrong_total(one: Json, value: Decimal, unit: str, resources: Sequence[Json]) -> str:
    """Planned times size against given, where both are in one unit and the size was taken not long before."""
    dose = one.get("dosage", {}).get("dose", {})
    start = one.get("effectiveDateTime") or one.get("effectivePeriod", {}).get("start", "")
    wanted = {"mg/m2/d": ("mg", "m2", _M2), "mg/m2": ("mg", "m2", _M2), "10*6/kg": ("10*6", "kg", _KG)}.get(unit)
    if wanted is None or dose.get("code") != wanted[0] or len(start) < 10 or one.get("status") != "completed":
        return ""
    size = _size(resources, wanted[1], wanted[2], date.fromisoformat(start[:10]))
    return plausible.total(value, size, Decimal(dose["value"]), per=wanted[1]) if size is not None else ""


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
