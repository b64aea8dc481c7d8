"""Clinical arithmetic on what was mapped: totals from items, curves from samples, doses that cannot be right.

    derive: {totals: true, expansion: true, persistence: 10, b-cells: 10, vein-to-vein: true, body-surface: mosteller}

A derived value is added where the source gives none and never overwrites one; whatever is computed is also compared
with what was reported, and a difference is told with the row it comes from. Formulas stand in `cart_fhir.profiles`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from cart_fhir.formats import json
from cart_fhir.issues import Issue, Origin
from cart_fhir.mappers.doses import doubts
from cart_fhir.mappers.identity import Identity, resource_id
from cart_fhir.mappers.rules import finding
from cart_fhir.mappers.spool import Spool
from cart_fhir.mappers.wanted import WORDS, Wanted
from cart_fhir.profiles import derived, totals

Json = dict[str, Any]
Where = Callable[[str, str], Origin | None]  # ("Type/id", FHIRPath) -> a row that made it and the columns behind

_VOID: Final = ("entered-in-error", "cancelled")  # says nothing of the patient
_SCORES: Final = (b'"sledai-2k"', b'"jdm-das-total"', b'"mg-adl"', b'"astct-crs"', b'"astct-icans"')
# what a resource holds that takes part: planned doses and body sizes; samples, and what is derived, perhaps reported
_DOSES: Final = (b"/cart-planned-dose", b'"29463-7"', b'"8277-6"', b'"3140-1"')
_SAMPLES: Final = (
    b'"cart-cells-per-ul"', b'"8116-6"', b'"collectedDateTime"', b"/cart-administration",
    *(f'"{code}"'.encode() for codes in WORDS.values() for code in codes),
)  # fmt: skip
_VISITS: Final = (
    b'"8302-2"', b'"sledai-2k"', b'"pga"', b'"prednisone-equivalent-dose"', b'"doris-2021"', b'"lldas"',
    b'"MedicationAdministration"',
)  # fmt: skip


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
        marks = (*_DOSES, *(_SAMPLES if self._wanted.codes else ()), *(_VISITS if self._wanted.visits else ()))
        for patient in spool.patients():
            read = [json.loads(text) for text in spool.of_patient(patient) if any(mark in text for mark in marks)]
            found = [one for one in read if one.get("status") not in _VOID]
            for ref, element, told in doubts(found):
                issues.append(finding("implausible", told, where(ref, element), expression=element))
            self._patient(spool, found, barred)
        return issues

    def _scores(self, spool: Spool, where: Where) -> Iterator[Issue]:
        """Totals and grades: compared where reported, added where the map asks for it."""
        for ref, content in spool.holding("Observation", _SCORES):
            observation = json.loads(content)
            if observation.get("status") in _VOID:
                continue
            told = totals.disagreement(observation)
            if told:
                place = where(ref, "Observation.value")
                yield finding("score-disagrees", told, place, expression="Observation.value")
            if self._wanted.totals:
                whole = totals.complete(observation)
                if whole is not observation:
                    spool.put(ref, json.dumps(whole))

    def _patient(self, spool: Spool, resources: Sequence[Json], barred: set[str]) -> None:
        wanted = self._wanted
        if wanted.codes:
            for made in derived.derive(resources, self._named, wanted.limits, self._registry):
                if made["code"]["coding"][0]["code"] in wanted.codes:
                    self._add(spool, made, barred)
        if wanted.visits:
            for made in wanted.visits.derive(resources, self._named, self._registry):
                self._add(spool, made, barred)

    def _add(self, spool: Spool, made: Json, barred: set[str]) -> None:
        ref = f"Observation/{made['id']}"
        if ref in barred:
            return
        sources = [one["reference"] for key in ("derivedFrom", "partOf", "focus") for one in made.get(key, ())]
        meta = {**self._source, **made.get("meta", {})}
        head = {"resourceType": "Observation", "id": made["id"], **({"meta": meta} if meta else {})}
        content = json.dumps({**head, **{key: value for key, value in made.items() if key not in head}})
        spool.derive(ref, content, sources, [*sources, made["subject"]["reference"]])

    def _named(self, subject: str, key: tuple[str, ...]) -> Json:
        parts = [subject.removeprefix("Patient/"), "derived", *key]
        return {
            "id": resource_id("Observation", self._identity.system, parts[0], *parts[1:]),
            "identifier": [{"system": self._identity.records, "value": "|".join(parts)}],
        }
