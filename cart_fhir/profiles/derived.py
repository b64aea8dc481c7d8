"""Observations derived from reported ones: CAR-T expansion and persistence, loss and return of B cells, vein-to-vein
time.

Each says what it was derived from (`derivedFrom`, or `partOf` and `focus` where R4 admits no more) and how
(`method.text`), and none replaces a reported one: what the source already tells is left out. Resources are plain
dicts of one or many patients; a sample takes part in a series when it has the study day extension.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from cart_fhir.definitions import Registry
from cart_fhir.profiles import canonical, kinetics
from cart_fhir.profiles.elements import Json, local, quantity, study_day
from cart_fhir.profiles.fill import fill

# (patient reference, business key) -> what names the resource: {"id": ...}, and "identifier" if it gets one
Identify = Callable[[str, tuple[str, ...]], Json]

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
    day: int
    value: Decimal
    on: str
    infusion: date
    source: Json


class _Series:
    """The samples of one quantity of one patient after infusion, in order of time."""

    def __init__(self, samples: Sequence[_Sample]) -> None:
        self.samples = sorted((sample for sample in samples if sample.day >= 0), key=lambda sample: sample.day)
        self.points = [(sample.day, sample.value) for sample in self.samples]

    def usable(self) -> bool:
        """False when there is nothing after infusion, or two samples on a day so that neither can be chosen."""
        return bool(self.points) and len({day for day, _ in self.points}) == len(self.points)

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
    told = {
        (_subject(one), coding.get("code"))
        for one in resources
        if one["resourceType"] == "Observation"
        for coding in one.get("code", {}).get("coding", ())
    }
    made = []
    for code, body in [
        *_each(resources, _CELLS, lambda series: _expansion(series, limits.cells)),
        *_each(resources, _B_CELLS, lambda series: _aplasia(series, limits.b_cells)),
        *_vein_to_vein(resources),
    ]:
        subject = _subject(body)
        if (subject, code) not in told:
            made.append(_named(code, {**identify(subject, (code, body["effectiveDateTime"])), **body}, known))
    return made


def _named(code: str, body: Json, registry: Registry) -> Json:
    profile, system = _IMMUNE.get(code, ("cart-kinetics", "cart-kinetics"))
    return fill(canonical.url(profile), {**body, "code": local(system, code)}, registry)


Derived = Iterator[tuple[str, Json]]


def _each(resources: Sequence[Json], code: str, rule: Callable[[_Series], Derived]) -> Derived:
    samples: dict[str, list[_Sample]] = {}
    for resource in resources:
        sample = _sample(resource, code)
        if sample:
            samples.setdefault(_subject(resource), []).append(sample)
    for found in samples.values():
        series = _Series(found)
        if series.usable():
            yield from rule(series)


def _expansion(series: _Series, limit: Decimal | None) -> Derived:
    day, highest = kinetics.peak(series.points)
    yield "cart-peak", series.observation(day, "Highest sample", valueQuantity=quantity(highest, "{cells}/uL"))
    how = "Study day of the highest sample, the first of equals"
    yield "cart-time-to-peak", series.observation(day, how, valueQuantity=quantity(day, "d"))
    if series.points[-1][0] >= 28:
        area = kinetics.area_under_curve(series.points).quantize(Decimal("0.1"))
        how = "Linear trapezoidal rule, from 0 on day 0 to day 28 (interpolated)"
        yield "cart-auc-0-28", series.observation(28, how, valueQuantity=quantity(area, "d.{cells}/uL"))
    seen = kinetics.persistence(series.points, limit) if limit is not None else None
    if seen:
        lasted = quantity(seen.day, "d")
        if seen.ongoing:
            lasted["comparator"] = ">="
        how = f"Study day of the last sample of at least {limit} cells/uL"
        yield "cart-persistence", series.observation(seen.day, how, valueQuantity=lasted)


def _aplasia(series: _Series, limit: Decimal | None) -> Derived:
    aplasia = kinetics.b_cell_aplasia(series.points, limit) if limit is not None else None
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


def _sample(resource: Json, code: str) -> _Sample | None:
    """The Observation as a sample of this code; None when it is another, isn't final, or has no day or no value."""
    if resource["resourceType"] != "Observation" or resource.get("status") not in _REPORTED:
        return None
    codes = [coding.get("code") for coding in resource.get("code", {}).get("coding", ())]
    value = resource.get("valueQuantity", {}).get("value")
    days = [part for part in resource.get("extension", ()) if part.get("url") == canonical.url("cart-study-day")]
    on = _whole(resource.get("effectiveDateTime"))
    if code not in codes or value is None or not days or not on:
        return None
    inner = {part["url"]: part for part in days[0]["extension"]}
    infusion = date.fromisoformat(inner["infusionDate"]["valueDate"])
    return _Sample(inner["day"]["valueInteger"], Decimal(value), on.isoformat(), infusion, resource)


def _whole(text: str | None) -> date | None:
    """The day of a date or a date with a time; None for a partial date, which has no day to count from."""
    return date.fromisoformat(text[:10]) if text and len(text) >= 10 else None


def _subject(resource: Json) -> str:
    return str(resource.get("subject", {}).get("reference", ""))
