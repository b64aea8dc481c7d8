"""What follows from measurements of one day or one course: body surface, cumulative doses, DORIS and LLDAS.

Each Observation says what it was derived from and how. A surface that the source reports is never computed; nothing is
computed from a height or weight older than the map allows, nor where a dose's unit differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cart_fhir.profiles import canonical, remission
from cart_fhir.profiles.dose import Formula, body_surface_area, check_age, cumulative
from cart_fhir.profiles.elements import concept, local, quantity
from cart_fhir.profiles.fill import fill

Json = dict[str, Any]
Identify = Callable[[str, tuple[str, ...]], Json]
_LOINC = "http://loinc.org"
_NAMED = frozenset({"mosteller", "du-bois", "haycock"})  # formulas that the guide has codes for
_HEIGHT, _WEIGHT, _AREA = "8302-2", "29463-7", "8277-6"


@dataclass(frozen=True)
class Visits:
    """What a map asks to derive: a formula for body surfaces, cumulative doses, states of lupus.

    `max_age`: how many days a height serves a weight. `lupus` are the two statements that no Observation holds: stable
    therapy, new activity.
    """

    formula: Formula | None = None
    max_age: int = 365
    doses: bool = False
    lupus: tuple[bool, bool] | None = None

    def derive(self, resources: Sequence[Json], identify: Identify, registry: Any) -> Iterator[Json]:
        """The Observations that follow from the resources of one patient and aren't among them."""
        if self.formula:
            yield from _surfaces(resources, self.formula, self.max_age, identify, registry)
        if self.doses:
            yield from _cumulative(resources, identify)
        if self.lupus:
            yield from _states(resources, self.lupus, identify, registry)


def _surfaces(
    resources: Sequence[Json], formula: Formula, max_age: int, identify: Identify, registry: Any
) -> Iterator[Json]:
    """A body surface for each weight, with the newest height that is not too old for it."""
    heights = [(one["effectiveDateTime"][:10], one) for one in _measured(resources, _HEIGHT, "cm")]
    reported = {one["effectiveDateTime"][:10] for one in _measured(resources, _AREA, "m2")}
    for weight in _measured(resources, _WEIGHT, "kg"):
        day = weight["effectiveDateTime"][:10]
        fit = [one for taken, one in sorted(heights, key=lambda item: item[0]) if _serves(taken, day, max_age)]
        if day in reported or not fit:
            continue
        try:
            area = body_surface_area(_value(fit[-1]), _value(weight), formula)
        except ValueError:  # not in cm and kg: told as implausible where it stands
            continue
        body = {
            **identify(weight["subject"]["reference"], (_AREA, day)),
            **_study_day(weight),
            "status": "final",
            "code": concept(_LOINC, _AREA, "Body surface area"),
            "subject": weight["subject"],
            "effectiveDateTime": day,
            "valueQuantity": quantity(area, "m2"),
            "method": local("cart-bsa-formula", formula) if formula in _NAMED else {"text": "Gehan and George"},
            "derivedFrom": [_reference(fit[-1]), _reference(weight)],
        }
        yield fill(canonical.url("cart-body-size"), body, registry)


def _serves(taken: str, used: str, max_age: int) -> bool:
    try:
        check_age("height", date.fromisoformat(taken), date.fromisoformat(used), max_age)
    except ValueError:
        return False
    return True


def _cumulative(resources: Sequence[Json], identify: Identify) -> Iterator[Json]:
    """The sum of each drug's doses of one course, where all are in one unit; a course counts to one infusion.

    A dose of 0, which some write for one that was withheld, was not given; a negative one leaves the sum unknown.
    """
    courses: dict[tuple[str, str], list[Json]] = {}
    for one in resources:
        if one["resourceType"] != "MedicationAdministration" or one.get("status") != "completed":
            continue
        codes = one.get("medicationCodeableConcept", {}).get("coding", ())
        if codes and one.get("dosage", {}).get("dose", {}).get("value") and _day(one):
            courses.setdefault((codes[0]["code"], _infusion(one)), []).append(one)
    for (code, infusion), doses in sorted(courses.items()):
        units = {one["dosage"]["dose"].get("code") for one in doses}
        if len(doses) < 2 or len(units) > 1 or any(one["dosage"]["dose"]["value"] < 0 for one in doses):
            continue
        last = max(doses, key=_day)
        coding = last["medicationCodeableConcept"]["coding"][0]
        name = coding.get("display") or last["medicationCodeableConcept"].get("text") or code
        total = cumulative([Decimal(one["dosage"]["dose"]["value"]) for one in doses])
        yield {
            "resourceType": "Observation",
            **identify(last["subject"]["reference"], ("cumulative-dose", code, infusion)),
            "status": "final",
            "code": {"coding": [coding], "text": f"Cumulative dose of {name}"},
            "subject": last["subject"],
            "effectivePeriod": {"start": min(map(_day, doses)), "end": _day(last)},
            "valueQuantity": quantity(total, str(units.pop())),
            "method": {"text": f"Sum of {len(doses)} doses given"},
            "partOf": [
                {"reference": f"MedicationAdministration/{one['id']}", "type": "MedicationAdministration"}
                for one in sorted(doses, key=lambda one: (_day(one), one["id"]))
            ],
        }


def _states(resources: Sequence[Json], told: tuple[bool, bool], identify: Identify, registry: Any) -> Iterator[Json]:
    """DORIS and LLDAS of each day that has SLEDAI-2K, global assessment and prednisone dose, and no reported state."""
    by_day: dict[str, dict[str, Json]] = {}
    for one in resources:
        if one["resourceType"] == "Observation" and len(one.get("effectiveDateTime", "")) >= 10:
            for coding in one.get("code", {}).get("coding", ()):
                by_day.setdefault(one["effectiveDateTime"][:10], {}).setdefault(str(coding.get("code")), one)
    for _, found in sorted(by_day.items()):
        sources = [found.get(code) for code in ("sledai-2k", "pga", "prednisone-equivalent-dose")]
        sledai, pga, prednisone = sources
        if sledai is None or pga is None or prednisone is None:
            continue
        if len({one["effectiveDateTime"] for one in (sledai, pga, prednisone)}) > 1:
            continue
        stable, new = told
        for made in remission.lupus_states(
            (sledai, pga, prednisone), stable_therapy=stable, new_activity=new, identify=identify, registry=registry
        ):
            if made["code"]["coding"][0]["code"] not in found:
                yield made


def _measured(resources: Sequence[Json], code: str, unit: str) -> list[Json]:
    """Observations of a code with a value in a unit and a full day, in order of time."""
    found = [
        one
        for one in resources
        if one["resourceType"] == "Observation"
        and len(one.get("effectiveDateTime", "")) >= 10
        and one.get("valueQuantity", {}).get("code") == unit
        and "value" in one["valueQuantity"]
        and "comparator" not in one["valueQuantity"]
        and any(coding.get("code") == code for coding in one.get("code", {}).get("coding", ()))
    ]
    return sorted(found, key=lambda one: (one["effectiveDateTime"], one["id"]))


def _value(one: Json) -> Decimal:
    return Decimal(one["valueQuantity"]["value"])


def _reference(one: Json) -> Json:
    return {"reference": f"Observation/{one['id']}", "type": "Observation"}


def _study_day(one: Json) -> Json:
    """The study day of the source, which is that of the result."""
    found = [part for part in one.get("extension", ()) if part.get("url") == canonical.url("cart-study-day")]
    return {"extension": found} if found else {}


def _day(one: Json) -> str:
    return str(one.get("effectiveDateTime") or one.get("effectivePeriod", {}).get("start", ""))[:10]


def _infusion(one: Json) -> str:
    for part in _study_day(one).get("extension", ()):
        inner = {each["url"]: each for each in part["extension"]}
        return str(inner.get("infusionDate", {}).get("valueDate", ""))
    return ""
