"""One patient's journey: the resources of a record in, events and series on the day-0 axis out.

Day 0 is the day of the first CAR-T infusion; days before it are negative. Days are counted on dates, as the study day
of the guide is, and the study day that a resource states is taken where it has no date. What was entered in error,
refuted or only feared is no part of it. For `$journey` and the pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from cart_fhir.profiles import canonical
from cart_fhir.profiles.study_day import day_of

Json = dict[str, Any]
Label = Callable[[Json], str]
"""A CodeableConcept or Coding -> what to call it."""

LANES = (
    "prior therapy",
    "collection",
    "lymphodepletion",
    "infusion",
    "other medication",
    "expansion",
    "activity",
    "laboratory",
    "grading",
    "adverse event",
    "therapy",
    "response",
    "state",
)
_DATES = (
    "effectiveDateTime",
    "effectiveInstant",
    "effectivePeriod",
    "performedDateTime",
    "performedPeriod",
    "date",
    "onsetDateTime",
    "recordedDate",
)
# NCI Thesaurus concepts of the grades of CTCAE, as bound in cart-ae-grade-vs
_GRADES = {"C41338": 1, "C41339": 2, "C41340": 3, "C41337": 4, "C48275": 5}
_LANES_OF = {
    "prior therapy": "prior-immunosuppression prior-procedure",
    "collection": "leukapheresis",
    "lymphodepletion": "lymphodepletion",
    "infusion": "administration",
    "expansion": "kinetics",
    "activity": "disease-activity sledai-2k jdm-das jdm-das-modified mg-adl mmt-8 cmas cdasi mrss qmg pga bilag-2004 "
    "performance-status",
    "laboratory": "laboratory lung-function imaging-finding renal-biopsy",
    "grading": "grading-base crs-grading icans-grading ctcae-grading icaht-grading iec-hs-grading licats-grading",
    "adverse event": "adverse-event",
    "therapy": "therapy-state",
    "response": "response organ-outcome",
    "state": "remission-state immune-state relapse vital-status pregnancy",
}
_LANE_OF = {f"cart-{profile}": lane for lane, profiles in _LANES_OF.items() for profile in profiles.split()}
# since when a remission is free of drugs: all of them, so from the last one that was stopped
_FREE_SINCE = ("off-steroids-since", "off-immunosuppressants-since")
_POWER = re.compile(r"10[*^](-?\d+)")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# lanes whose events need no name of their own
_NAMED = {"infusion": "CAR-T infusion", "collection": "Leukapheresis"}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: in which lane, what, from which day to which, with grade or number where it has one."""

    lane: str
    name: str
    reference: str
    day: int | None = None
    until: int | None = None
    when: str = ""
    detail: str = ""
    grade: int | None = None
    value: Decimal | None = None
    unit: str = ""
    code: str = ""
    resource: Json = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Journey:
    """The events of one patient in the order of their days; `day_zero` is None before any infusion."""

    patient: Json
    conditions: tuple[str, ...]
    product: str
    day_zero: date | None
    events: tuple[Event, ...]

    def lane(self, name: str) -> list[Event]:
        """The events of one lane."""
        return [event for event in self.events if event.lane == name]

    def series(self, lane: str) -> list[list[Event]]:
        """The events of a lane that carry a number and a day, by name and unit, each in the order of their days.

        Two units of one test are two series: on one axis a change of the unit would look like one of the patient.
        """
        found: dict[tuple[str, str], list[Event]] = {}
        for event in self.lane(lane):
            if event.value is not None and event.day is not None:
                found.setdefault((event.name, event.unit), []).append(event)
        return list(found.values())


def journey(resources: Iterable[Json], label: Label) -> Journey:
    """The journey in a patient's record, in whatever order its resources come."""
    record = [one for one in resources if is_told(one)]
    dates = infusion_dates(record)
    zero = dates[0] if dates else None
    events = [event for one in record if (event := _event(one, zero, label)) is not None]
    events.sort(key=lambda event: (event.day is None, event.day or 0, LANES.index(event.lane), event.name))
    patients = [one for one in record if one["resourceType"] == "Patient"]
    conditions = [label(one.get("code", {})) for one in record if one["resourceType"] == "Condition"]
    return Journey(patients[0] if patients else {}, tuple(conditions), _product(record, label), zero, tuple(events))


def is_told(resource: Json) -> bool:
    """Whether a resource says something of the patient: not what was entered in error, refuted or could have been."""
    verified = resource.get("verificationStatus")
    codings = verified.get("coding", ()) if isinstance(verified, dict) else ()  # of other types it may be a code
    return not (
        resource.get("status") in ("entered-in-error", "cancelled")
        or resource.get("actuality") == "potential"
        or any(coding.get("code") in ("entered-in-error", "refuted") for coding in codings)
    )


def _product(record: Sequence[Json], label: Label) -> str:
    """What to call the product: the manufactured one, not the cells it was made from."""
    for kind in ("cart-product", "cart-medication"):
        for one in record:
            if canonical.url(kind) in (profile.partition("|")[0] for profile in one.get("meta", {}).get("profile", ())):
                return label(one.get("productCode") or one.get("code") or {})
    return ""


def infusion_dates(record: Iterable[Json]) -> list[date]:
    """The days on which CAR-T cells were infused, in their order."""
    infusions = [one for one in record if lane_of(one) == "infusion" and was_given(one)]
    return sorted({found for one in infusions if (found := _first_date(one)) is not None})


def was_given(administration: Json) -> bool:
    """Whether a drug or product reached the patient, in whole or in part."""
    return administration.get("status") != "not-done" and is_told(administration)


def lane_of(resource: Json) -> str:
    """The lane a resource belongs to, by the profile it claims; empty when it is no event of the journey."""
    for profile in resource.get("meta", {}).get("profile", ()):
        lane = _LANE_OF.get(profile.partition("|")[0].rpartition("/")[2])
        if lane:
            return lane
    if resource["resourceType"] == "MedicationAdministration":
        return "other medication"
    return "adverse event" if resource["resourceType"] == "AdverseEvent" else ""


def study_day(resource: Json, zero: date | None) -> int | None:
    """The study day of a resource: counted from its date, or as its extension states it from its infusion."""
    when = _first_date(resource)
    if when is not None and zero is not None:
        return day_of(when, zero)
    parts = {part.get("url"): part for part in (_extension(resource, "cart-study-day") or {}).get("extension", ())}
    stated, infusion = parts.get("day", {}).get("valueInteger"), parts.get("infusionDate", {}).get("valueDate", "")
    if not isinstance(stated, int):
        return None
    counted_from = _date(infusion) if isinstance(infusion, str) else None
    return stated + (day_of(counted_from, zero) if counted_from is not None and zero is not None else 0)


def _event(resource: Json, zero: date | None, label: Label) -> Event | None:
    lane = lane_of(resource)
    if not lane:
        return None
    value = _quantity(resource)
    first, last = _days(resource, zero)
    return Event(
        lane,
        _name(resource, label),
        f"{resource['resourceType']}/{resource.get('id', '')}",
        first,
        last,
        _when(resource),
        _detail(resource, label),
        grade_of(resource),
        value.get("value"),
        _unit(value),
        _code(resource),
        resource,
    )


def _days(resource: Json, zero: date | None) -> tuple[int | None, int | None]:
    """From which day to which something was so: a state from the day it tells of to the day it was assessed."""
    assessed = study_day(resource, zero)
    told = [resource.get("valueDateTime", "")]
    if resource.get("valueBoolean") is True:
        parts = resource.get("component", ())
        told += [part.get("valueDateTime", "") for part in parts if _code(part) in _FREE_SINCE]
    dates = [found for text in told if (found := _date(text)) is not None]
    if not dates or zero is None:
        return assessed, _last_day(resource, zero)
    since = day_of(max(dates), zero)
    return since, assessed if assessed is not None and assessed > since and "valueDateTime" not in resource else None


def _name(resource: Json, label: Label) -> str:
    lane = lane_of(resource)
    if lane in _NAMED:
        return _NAMED[lane]
    for key in ("medicationCodeableConcept", "event", "code"):
        if key in resource:
            return label(resource[key])
    return str(resource["resourceType"])


def _code(resource: Json) -> str:
    codings = (resource.get("code") or resource.get("event") or {}).get("coding") or [{}]
    return str(codings[0].get("code", ""))


def _detail(resource: Json, label: Label) -> str:
    if "valueCodeableConcept" in resource:
        return label(resource["valueCodeableConcept"])
    if "valueBoolean" in resource:
        return "yes" if resource["valueBoolean"] else "no"
    for key in ("valueString", "valueDateTime"):
        if key in resource:
            return str(resource[key])
    parts = [_said(quantity) for quantity in (resource.get("dosage", {}).get("dose"), resource.get("valueQuantity"))]
    planned = (_extension(resource, "cart-planned-dose") or {}).get("valueQuantity")
    if planned:
        parts.append(f"planned {_said(planned)}")
    for key in ("outcome", "statusReason"):
        if isinstance(resource.get(key), dict):
            parts.append(label(resource[key]))
    if resource.get("status") in ("not-taken", "not-done"):
        parts.append(resource["status"].replace("-", " "))
    return ", ".join(part for part in parts if part)


def _said(quantity: Json | None) -> str:
    if not quantity or "value" not in quantity:
        return ""
    words = (quantity.get("comparator", ""), str(quantity["value"]), _unit(quantity))
    return " ".join(word for word in words if word)


def _unit(quantity: Json) -> str:
    """The unit as people write it: without UCUM's braces around its annotations, 10*9/L as ×10⁹/L."""
    unit = str(quantity.get("unit") or quantity.get("code", "")).replace("{", "").replace("}", "")
    return _POWER.sub(lambda power: "×10" + power[1].translate(_RAISED), unit)


def _quantity(resource: Json) -> Json:
    found = resource.get("valueQuantity")
    return found if isinstance(found, dict) else {}


def grade_of(resource: Json) -> int | None:
    """The toxicity grade that an adverse event or a grading carries; 0 is assessed and absent."""
    stated = (_extension(resource, "cart-ae-grade") or {}).get("valueCodeableConcept", {})
    for coding in stated.get("coding", ()):
        if coding.get("code") in _GRADES:
            return _GRADES[coding["code"]]
    if lane_of(resource) == "grading":
        for coding in resource.get("valueCodeableConcept", {}).get("coding", ()):
            if coding.get("code") in ("0", "1", "2", "3", "4", "5"):
                return int(coding["code"])
    return None


def _extension(resource: Json, name: str) -> Json | None:
    url = canonical.url(name)
    return next((one for one in resource.get("extension", ()) if one.get("url") == url), None)


def _moments(resource: Json) -> Iterator[str]:
    """First and, where it has one, last moment of a resource, as written."""
    for key in _DATES:
        value = resource.get(key)
        if isinstance(value, str):
            yield value
            return
        if isinstance(value, dict):
            yield from (value[end] for end in ("start", "end") if isinstance(value.get(end), str))
            return


def _first_date(resource: Json) -> date | None:
    return next((found for text in _moments(resource) if (found := _date(text)) is not None), None)


def _last_day(resource: Json, zero: date | None) -> int | None:
    resolved = (_extension(resource, "cart-resolve-date") or {}).get("valueDateTime")
    texts = list(_moments(resource))[1:] + ([resolved] if resolved else [])
    dates = [found for text in texts if (found := _date(text)) is not None]
    return day_of(dates[-1], zero) if dates and zero is not None else None


def _when(resource: Json) -> str:
    return next((text[:10] for text in _moments(resource)), "")


def _date(text: str) -> date | None:
    """The day of a FHIR date of full precision; a month or a year alone is no day."""
    try:
        return date.fromisoformat(text[:10]) if len(text) >= 10 else None
    except ValueError:
        return None
