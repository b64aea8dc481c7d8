"""Observations derived from reported ones: CAR-T expansion and persistence, loss and return of B cells, vein-to-vein
time.

Each says what it was derived from (`derivedFrom`, or `partOf` and `focus` where R4 admits no more) and how
(`method.text`), and none replaces a reported one: what the source already tells is left out. Resources are plain
dicts of one or many patients; a sample takes part in a series when it has the study day extension.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from cart_fhir.definitions import Registry, ucum
from cart_fhir.profiles import canonical, kinetics
from cart_fhir.profiles.elements import Json, local, quantity, study_day
from cart_fhir.profiles.fill import fill

# (patient reference, business key) -> what names the resource: {"id": ...}, and "identifier" if it gets one
Identify = Callable[[str, tuple[str, ...]], Json]

_PER_UL: Final = "{cells}/uL"
_CELLS: Final = "cart-cells-per-ul"
_B_CELLS: Final = "8116-6"  # LOINC, CD19 cells per volume of blood
# derived code -> profile, code system; the others are of the kinetics
_IMMUNE: Final = {
    "b-cell-aplasia": ("cart-immune-state", "cart-immune-state"),
    "b-cell-reconstitution": ("cart-immune-state", "cart-immune-state"),
    "vein-to-vein-time": ("cart-vein-to-vein", "cart-outcome"),
}
_REPORTED: Final = frozenset({"final", "amended", "corrected"})


@dataclass(frozen=True, slots=True)
class Limits:
    """The laboratory's thresholds in cells per uL: least CAR+ T cells that count as seen, B cells that count as back.

    Without a limit, what needs it isn't derived.
    """

    cells: Decimal | None = None
    b_cells: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Sample:
    """A count in cells per uL; `sign` is its comparator, empty where it was measured and not only bounded."""

    day: int
    value: Decimal
    sign: str
    on: str
    infusion: date
    source: Json

    def reaches(self, limit: Decimal) -> bool | None:
        """Whether the count is at least the limit; None where its bound leaves that open (< 20 against 10)."""
        if self.sign in (">", ">="):
            return True if self.value >= limit else None
        if self.sign in ("<", "<="):
            return False if self.value < limit or (self.sign == "<" and self.value == limit) else None
        return self.value >= limit


class _Series:
    """The samples of one quantity of one patient after one infusion, in order of time."""

    def __init__(self, samples: Sequence[_Sample]) -> None:
        self.samples = sorted((sample for sample in samples if sample.day >= 0), key=lambda sample: sample.day)

    def usable(self) -> bool:
        """False when there is nothing after infusion, or two samples on a day so that neither can be chosen."""
        return bool(self.samples) and len({sample.day for sample in self.samples}) == len(self.samples)

    def curve(self) -> list[kinetics.Point]:
        """The counts by day, 0 for one below the limit of quantification; empty where one is only known to be above."""
        if any(sample.sign.startswith(">") for sample in self.samples):
            return []
        return [(sample.day, Decimal(0) if sample.sign else sample.value) for sample in self.samples]

    def against(self, limit: Decimal) -> list[kinetics.Point]:
        """The samples that tell whether the limit is reached, by day: their count, or 0 for one bounded below it."""
        told = [(sample, sample.reaches(limit)) for sample in self.samples]
        return [
            (one.day, one.value if reached or not one.sign else Decimal(0))
            for one, reached in told
            if reached is not None
        ]

    def at(self, day: int) -> _Sample:
        """The first sample on or after a day."""
        return next(sample for sample in self.samples if sample.day >= day)

    def observation(self, day: int, how: str, **value: object) -> Json:
        """An Observation of what was derived, dated as the sample of that day, made from all samples."""
        sample = self.at(day)
        return {
            "extension": [study_day(date.fromisoformat(sample.on), sample.infusion)],
            "status": "final",
            "subject": sample.source["subject"],
            "effectiveDateTime": sample.on,
            "method": {"text": how},
            "derivedFrom": [
                {"reference": f"Observation/{one.source['id']}", "type": "Observation"} for one in self.samples
            ],
            **value,
        }


def derive(
    resources: Sequence[Json],
    identify: Identify,
    limits: Limits = Limits(),
    registry: Registry | None = None,
) -> list[Json]:
    """The Observations that follow from the resources and aren't among them.

    Peak, time to peak and area (days 0-28) of CAR+ T cells per uL, their persistence, the B-cell aplasia and its end,
    and the vein-to-vein time. A series that can't be computed gives nothing rather than something doubtful.
    """
    known = registry or Registry.default()
    told = _told(resources)
    made = []
    for code, body in [
        *_each(resources, _CELLS, lambda series: _expansion(series, limits.cells)),
        *_each(resources, _B_CELLS, lambda series: _aplasia(series, limits.b_cells)),
        *_vein_to_vein(resources),
    ]:
        subject = _subject(body)
        if told.get((subject, code), set()).isdisjoint({"", _infusion(body)}):
            made.append(_named(code, {**identify(subject, _key(code, body, resources)), **body}, known))
    return made


def _told(resources: Sequence[Json]) -> Mapping[tuple[str, str], set[str]]:
    """(patient, code) -> the infusions of which the source tells the value itself; "" where it doesn't say of which."""
    told: dict[tuple[str, str], set[str]] = {}
    for one in resources:
        if one["resourceType"] == "Observation":
            for coding in one.get("code", {}).get("coding", ()):
                told.setdefault((_subject(one), str(coding.get("code"))), set()).add(_infusion(one))
    return told


def _key(code: str, body: Json, resources: Sequence[Json]) -> tuple[str, ...]:
    """The business key: of a curve there is one after each infusion, however it grows; the first needs no date."""
    counted = _infusion(body)
    if not counted:
        return code, str(body["effectiveDateTime"])
    first = min(found for one in resources if _subject(one) == _subject(body) and (found := _infusion(one)))
    return (code,) if counted == first else (code, counted)


def _named(code: str, body: Json, registry: Registry) -> Json:
    profile, system = _IMMUNE.get(code, ("cart-kinetics", "cart-kinetics"))
    return fill(canonical.url(profile), {**body, "code": local(system, code)}, registry)


Derived = Iterator[tuple[str, Json]]


def _each(resources: Sequence[Json], code: str, rule: Callable[[_Series], Derived]) -> Derived:
    samples: dict[tuple[str, str], list[_Sample | None]] = {}
    for resource in resources:
        if _is_sample(resource, code):
            samples.setdefault((_subject(resource), _infusion(resource)), []).append(_sample(resource))
    for found in samples.values():
        whole = [sample for sample in found if sample is not None]
        series = _Series(whole)
        if len(whole) == len(found) and series.usable():
            yield from rule(series)


def _expansion(series: _Series, limit: Decimal | None) -> Derived:
    points = series.curve()
    day, highest = kinetics.peak(points) if points else (0, Decimal(0))
    if highest > 0:  # cells that were never quantified have no peak
        yield "cart-peak", series.observation(day, "Highest sample", valueQuantity=quantity(highest, _PER_UL))
        how = "Study day of the highest sample, the first of equals"
        yield "cart-time-to-peak", series.observation(day, how, valueQuantity=quantity(day, "d"))
        if points[-1][0] >= 28:
            area = kinetics.area_under_curve(points).quantize(Decimal("0.1"), ROUND_HALF_UP)
            how = "Linear trapezoidal rule, from 0 on day 0 to day 28 (interpolated)"
            yield "cart-auc-0-28", series.observation(28, how, valueQuantity=quantity(area, "d.{cells}/uL"))
    told = series.against(limit) if limit is not None else []
    seen = kinetics.persistence(told, limit) if limit is not None and told else None
    if seen:
        lasted = quantity(seen.day, "d")
        if seen.ongoing:
            lasted["comparator"] = ">="
        how = f"Study day of the last sample of at least {limit} cells/uL"
        yield "cart-persistence", series.observation(seen.day, how, valueQuantity=lasted)


def _aplasia(series: _Series, limit: Decimal | None) -> Derived:
    told = series.against(limit) if limit is not None else []
    aplasia = kinetics.b_cell_aplasia(told, limit) if limit is not None and told else None
    if aplasia is None:
        return
    how = f"First sample after infusion below {limit} cells/uL"
    yield "b-cell-aplasia", series.observation(aplasia.began, how, valueBoolean=True)
    if aplasia.ended is not None:
        how = f"First sample of at least {limit} cells/uL after the aplasia"
        back = series.at(aplasia.ended).on
        yield "b-cell-reconstitution", series.observation(aplasia.ended, how, valueDateTime=back)


def _vein_to_vein(resources: Sequence[Json]) -> Derived:
    products = {f"{one['resourceType']}/{one['id']}": one for one in resources if "collection" in one}
    for infusion in resources:
        if canonical.url("cart-administration") not in infusion.get("meta", {}).get("profile", ()):
            continue
        for used in infusion.get("supportingInformation", ()):
            product = products.get(used.get("reference", ""), {})
            collected = _whole(product.get("collection", {}).get("collectedDateTime"))
            infused = _whole(infusion.get("effectiveDateTime"))
            if collected and infused:
                yield (
                    "vein-to-vein-time",
                    {
                        "partOf": [{"reference": f"MedicationAdministration/{infusion['id']}"}],
                        "status": "final",
                        "subject": infusion["subject"],
                        "focus": [used],
                        "effectiveDateTime": infusion["effectiveDateTime"],
                        "valueQuantity": quantity((infused - collected).days, "d"),
                        "method": {"text": "Date of infusion minus date of collection"},
                    },
                )


def _is_sample(resource: Json, code: str) -> bool:
    """Whether the Observation is a sample of this code; not when it isn't final, or has no day or no value."""
    return bool(
        resource["resourceType"] == "Observation"
        and resource.get("status") in _REPORTED
        and any(coding.get("code") == code for coding in resource.get("code", {}).get("coding", ()))
        and resource.get("valueQuantity", {}).get("value") is not None
        and _infusion(resource)
        and _whole(resource.get("effectiveDateTime"))
    )


def _sample(resource: Json) -> _Sample | None:
    """The sample in cells per uL; None when its unit is of another kind."""
    told = resource["valueQuantity"]
    value, unit = Decimal(told["value"]), str(told.get("code", ""))
    if unit != _PER_UL:
        converted = ucum.convert(value, unit, _PER_UL) if unit else None
        if converted is None:
            return None
        value = converted
    day, infusion = _counted(resource)["day"]["valueInteger"], date.fromisoformat(_infusion(resource))
    return _Sample(day, value, told.get("comparator", ""), resource["effectiveDateTime"][:10], infusion, resource)


def _counted(resource: Json) -> dict[str, Json]:
    """The parts of the study day extension, by name; none where there is no such extension."""
    days = [part for part in resource.get("extension", ()) if part.get("url") == canonical.url("cart-study-day")]
    return {part["url"]: part for part in days[0].get("extension", ())} if days else {}


def _infusion(resource: Json) -> str:
    """The date of the infusion that the study day counts from; empty where none is told whole."""
    counted = _counted(resource)
    found = str(counted.get("infusionDate", {}).get("valueDate", "")) if "day" in counted else ""
    return found if len(found) == 10 else ""


def _whole(text: str | None) -> date | None:
    """The day of a date or a date with a time; None for a partial date, which has no day to count from."""
    return date.fromisoformat(text[:10]) if text and len(text) >= 10 else None


def _subject(resource: Json) -> str:
    return str(resource.get("subject", {}).get("reference", ""))
