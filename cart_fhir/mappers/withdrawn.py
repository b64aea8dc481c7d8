"""What an export holds no more, once it is said to be complete: the same resource, entered in error.

A type whose status knows no such word (Patient, AdverseEvent, BiologicallyDerivedProduct) can't be withdrawn that way.
https://hl7.org/fhir/R4/lifecycle.html
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from cart_fhir.definitions import Registry, Terminology

_WORD: Final = "entered-in-error"
# type -> code system of its verificationStatus; where that says so, clinicalStatus must go (con-5, ait-2)
_VERIFIED: Final = {
    "Condition": "http://terminology.hl7.org/CodeSystem/condition-ver-status",
    "AllergyIntolerance": "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
}


def withdrawn(resource: dict[str, Any]) -> dict[str, Any] | None:
    """The resource entered in error; None where its type has no way to say so."""
    kind = resource["resourceType"]
    if kind in _VERIFIED:
        rest = {key: value for key, value in resource.items() if key != "clinicalStatus"}
        return {**rest, "verificationStatus": {"coding": [{"system": _VERIFIED[kind], "code": _WORD}]}}
    return {**resource, "status": _WORD} if _can_say(kind) else None


@lru_cache(maxsize=256)
def _can_say(kind: str) -> bool:
    """Whether the value set of `status` has the word."""
    registry = Registry.default()
    structure = registry.structure(kind) or {}
    elements = structure.get("snapshot", {}).get("element", [])
    status: dict[str, Any] = next((one for one in elements if one["path"] == f"{kind}.status"), {})
    url = status.get("binding", {}).get("valueSet", "").split("|")[0]
    concepts = Terminology(registry).expand(url) if url else None
    return any(concept.code == _WORD for concept in concepts or ())
