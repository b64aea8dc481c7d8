"""What was measured: laboratory, CAR-T expansion, scores, CRS and ICANS assessments, response."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from cart_fhir.profiles.elements import extension, local, quantity
from cart_fhir.synth.codes import ANALYTES
from cart_fhir.synth.fhir.parts import Json, Maker, loinc
from cart_fhir.synth.model import Grading, Score

_KINETIC_UNIT: Final = {"cart-cells-per-ul": "{cells}/uL", "cart-percent-of-t-cells": "%"}
# instrument -> (profile, code system of its items)
_INSTRUMENT: Final = {
    "sledai-2k": ("cart-sledai-2k", "cart-sledai-2k-item"),
    "jdm-das-total": ("cart-jdm-das", "cart-disease-activity"),
    "mg-adl": ("cart-mg-adl", "cart-mg-adl-item"),
    "mrss": ("cart-mrss", ""),
}


def resources(make: Maker) -> Iterator[Json]:
    """Every Observation that the guide profiles, by kind and then in order of time."""
    yield from _labs(make)
    yield from _kinetics(make)
    yield from (_score(make, score) for score in make.journey.scores)
    yield from (_grading(make, grading) for grading in make.journey.gradings)
    yield from _responses(make)


def _labs(make: Maker) -> Iterator[Json]:
    for lab in make.journey.labs:
        analyte = ANALYTES[lab.analyte]
        body = {
            **_observed(make, lab.on),
            "code": {
                **loinc(analyte.loinc, analyte.display),
                **({} if analyte.display else {"text": analyte.name}),
            },
            "valueQuantity": quantity(lab.value, analyte.unit),
        }
        yield make.resource("Observation", (analyte.loinc, str(lab.on)), body, "cart-laboratory")


def _kinetics(make: Maker) -> Iterator[Json]:
    for point in make.journey.kinetics:
        body = {
            **_observed(make, point.on),
            "code": local("cart-kinetics", point.code),
            "valueQuantity": quantity(point.value, _KINETIC_UNIT[point.code]),
            "method": local("cart-kinetics-method", "flow"),
        }
        yield make.resource("Observation", (point.code, str(point.on)), body, "cart-kinetics")


def _score(make: Maker, score: Score) -> Json:
    profile, items = _INSTRUMENT[score.instrument]
    body = {
        **_observed(make, score.on, score.visit),
        "code": local("cart-disease-activity", score.instrument),
        "valueQuantity": quantity(score.total, "{score}"),
    }
    if score.items:
        body["component"] = [_item(items, code, value) for code, value in score.items.items()]
    return make.resource("Observation", (score.instrument, str(score.on)), body, profile)


def _item(system: str, code: str, value: int) -> Json:
    if system == "cart-sledai-2k-item":
        return {"code": local(system, code), "valueBoolean": bool(value)}
    return {"code": local(system, code), "valueQuantity": quantity(value, "{score}")}


def _grading(make: Maker, grading: Grading) -> Json:
    body = {
        **_observed(make, grading.on),
        "valueCodeableConcept": local("cart-grade", str(grading.grade)),
        "component": list(_criteria(grading)),
    }
    profile = {"astct-crs": "cart-crs-grading", "astct-icans": "cart-icans-grading"}[grading.system]
    return make.resource("Observation", (grading.system, str(grading.on)), body, profile)


def _criteria(grading: Grading) -> Iterator[Json]:
    if grading.temperature is not None:
        yield {"code": loinc("8310-5", "Body temperature"), "valueQuantity": quantity(grading.temperature, "Cel")}
    if grading.ice is not None:
        yield {"code": _criterion("ice-score"), "valueQuantity": quantity(grading.ice, "{score}")}
    for name, system, level in (
        ("hypotension-level", "cart-hypotension-level", grading.hypotension),
        ("hypoxia-level", "cart-hypoxia-level", grading.hypoxia),
        ("consciousness", "cart-consciousness", grading.consciousness),
        ("seizure", "cart-seizure", grading.seizure),
    ):
        if level is not None:
            yield {"code": _criterion(name), "valueCodeableConcept": local(system, level)}


def _criterion(code: str) -> Json:
    return local("cart-toxicity-criterion", code)


def _responses(make: Maker) -> Iterator[Json]:
    for judged in make.journey.responses:
        body = {
            **_observed(make, judged.on, judged.visit),
            "focus": [make.reference("Condition", "index-disease")],
            "valueCodeableConcept": local("cart-response", judged.value),
        }
        yield make.resource("Observation", ("response", str(judged.on)), body, "cart-response")


def _observed(make: Maker, on: date, visit: str = "") -> Json:
    extensions = [make.study_day(on)]
    if visit:
        extensions.append(extension("cart-visit", valueCodeableConcept=local("cart-visit", visit)))
    return {"extension": extensions, "status": "final", "subject": make.subject, "effectiveDateTime": str(on)}
