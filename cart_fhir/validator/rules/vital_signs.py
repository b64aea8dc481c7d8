"""Vital signs: R4 demands its vital signs profiles of every Observation that has one of their LOINC codes.

https://hl7.org/fhir/R4/observation-vitalsigns.html
"""

from __future__ import annotations

from typing import Any

_BASE = "http://hl7.org/fhir/StructureDefinition/"
_PROFILES = {
    "85353-1": "vitalspanel",
    "9279-1": "resprate",
    "8867-4": "heartrate",
    "2708-6": "oxygensat",
    "8310-5": "bodytemp",
    "8302-2": "bodyheight",
    "9843-4": "headcircum",
    "29463-7": "bodyweight",
    "39156-5": "bmi",
    "85354-9": "bp",
}


def profiles(resource: dict[str, Any]) -> tuple[str, ...]:
    """The profiles that an Observation must meet because of its code."""
    if resource.get("resourceType") != "Observation":
        return ()
    code = resource.get("code")
    codings = code.get("coding") if isinstance(code, dict) else None
    if not isinstance(codings, list):
        return ()
    names = [
        _PROFILES[each["code"]]
        for each in codings
        if isinstance(each, dict)
        and each.get("system") == "http://loinc.org"
        and isinstance(each.get("code"), str)
        and each["code"] in _PROFILES
    ]
    return tuple(_BASE + name for name in names)
