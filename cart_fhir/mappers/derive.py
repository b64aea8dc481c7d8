"""Clinical arithmetic on what was mapped: totals from items, curves from samples, doses that cannot be right.

    derive: {totals: true, expansion: true, persistence: 10, b-cells: 10, vein-to-vein: true}

A derived value is added where the source gives none and never overwrites one; whatever is computed is also compared
with what was reported, and a difference is told with the row it comes from. Formulas stand in `cart_fhir.profiles`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from cart_fhir.formats import json
from cart_fhir.issues import Issue, Origin
from cart_fhir.mappers.doses import doubts
from cart_fhir.mappers.identity import Identity, resource_id
from cart_fhir.mappers.rules import finding
from cart_fhir.mappers.spool import Spool
from cart_fhir.profiles import derived, totals

Json = dict[str, Any]
Where = Callable[[str, str], Origin | None]  # ("Type/id", FHIRPath) -> a row that made it and the columns behind

_SCORES: Final = (b'"sledai-2k"', b'"jdm-das-total"', b'"mg-adl"', b'"astct-crs"', b'"astct-icans"')
# word of the map -> codes of the Observations it asks for
_WORDS: Final = {
    "expansion": ("cart-peak", "cart-time-to-peak", "cart-auc-0-28"),
    "persistence": ("cart-persistence",),
    "b-cells": ("b-cell-aplasia", "b-cell-reconstitution"),
    "vein-to-vein": ("vein-to-vein-time",),
}
_LIMITED: Final = ("persistence", "b-cells")
# what a resource holds that takes part: planned doses and body sizes; samples, and what is derived, perhaps reported
_DOSES: Final = (b"/cart-planned-dose", b'"29463-7"', b'"8277-6"', b'"3140-1"')
_SAMPLES: Final = (
    b'"cart-cells-per-ul"', b'"8116-6"', b'"collectedDateTime"', b"/cart-administration",
    *(f'"{code}"'.encode() for codes in _WORDS.values() for code in codes),
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What a map asks to derive: totals and grades, Observations by code, and the laboratory's limits in cells/uL."""

    totals: bool = False
    codes: frozenset[str] = frozenset()
    limits: derived.Limits = field(default_factory=derived.Limits)

    @classmethod
    def of(cls, given: Any) -> Wanted:
        """From the map's `derive`: a mapping, or a list of words and mappings; ValueError in a plain sentence."""
        asked: Json = {}
        for part in given if isinstance(given, list) else [given]:
            asked |= part if isinstance(part, dict) else {str(part): True}
        for word, value in asked.items():
            if word != "totals" and word not in _WORDS:
                raise ValueError(f"'{word}' cannot be derived; there are totals, {', '.join(_WORDS)}.")
            number = isinstance(value, (int, Decimal)) and not isinstance(value, bool) and value > 0
            if word in _LIMITED and value is not False and not number:
                raise ValueError(f"'{word}' needs the laboratory's limit in cells per uL: {{{word}: 10}}.")
            if word not in _LIMITED and not isinstance(value, bool):
                raise ValueError(f"'{word}' is true or false.")
        limits = {word: Decimal(asked[word]) for word in _LIMITED if asked.get(word)}
        codes = frozenset(code for word, found in _WORDS.items() if asked.get(word) for code in found)
        found = derived.Limits(limits.get("persistence"), limits.get("b-cells"))
        return cls(bool(asked.get("totals")), codes, found)


class Arithmetic:
    """The arithmetic of one map; to be done again whenever rows were refused."""

    def __init__(self, wanted: Wanted, identity: Identity, source: str, registry: Any) -> None:
        self._wanted = wanted
        self._identity = identity
        self._source = {"source": source} if source else {}
        self._registry = registry

    def __call__(self, spool: Spool, where: Where, barred: set[str]) -> list[Issue]:
        """Add what follows to the spool; doubts about what was reported. `barred` ("Type/id") is not added again."""
        issues = list(self._scores(spool, where))
        marks = (*_DOSES, *_SAMPLES) if self._wanted.codes else _DOSES
        for patient in spool.patients():
            found = [json.loads(text) for text in spool.of_patient(patient) if any(mark in text for mark in marks)]
            for ref, element, told in doubts(found):
                issues.append(finding("implausible", told, where(ref, element), expression=element))
            if self._wanted.codes:
                self._patient(spool, found, barred)
        return issues

    def _scores(self, spool: Spool, where: Where) -> Iterator[Issue]:
        """Totals and grades: compared where reported, added where the map asks for it."""
        for ref, content in spool.holding("Observation", _SCORES):
            observation = json.loads(content)
            told = totals.disagreement(observation)
            if told:
                place = where(ref, "Observation.value")
                yield finding("score-disagrees", told, place, expression="Observation.value")
            if self._wanted.totals:
                whole = totals.complete(observation)
                if whole is not observation:
                    spool.put(ref, json.dumps(whole))

    def _patient(self, spool: Spool, resources: Sequence[Json], barred: set[str]) -> None:
        for made in derived.derive(resources, self._named, self._wanted.limits, self._registry):
            ref = f"Observation/{made['id']}"
            code = made["code"]["coding"][0]["code"]
            if code not in self._wanted.codes or ref in barred:
                continue
            sources = [one["reference"] for key in ("derivedFrom", "partOf", "focus") for one in made.get(key, ())]
            head = {"resourceType": "Observation", "id": made["id"], "meta": {**self._source, **made["meta"]}}
            content = json.dumps({**head, **{key: value for key, value in made.items() if key not in head}})
            spool.derive(ref, content, sources, [*sources, made["subject"]["reference"]])

    def _named(self, subject: str, key: tuple[str, ...]) -> Json:
        """The id and identifier of a derived Observation: of a curve there is one a patient, however it grows."""
        code, on = key
        parts = [subject.removeprefix("Patient/"), "derived", code, *([on] if code == "vein-to-vein-time" else [])]
        identifier = {"system": self._identity.records, "value": "|".join(parts)}
        return {
            "id": resource_id("Observation", self._identity.system, parts[0], *parts[1:]),
            "identifier": [identifier],
        }
