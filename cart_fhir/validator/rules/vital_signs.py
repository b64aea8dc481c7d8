"""Vital signs: R4 demands its vital signs profiles of every Observation that has one of their LOINC codes.

https://hl7.org/fhir/R4/observation-vitalsigns.html
"""

from __future__ import annotations

from typing import Any

_BASE = "http://hl7.org/fhir/StructureDefinition/"
_NAMES = {
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
_PROFILES = {code: _BASE + name for code, name in _NAMES.items()}


def profiles(resource: dict[str, Any]) -> tuple[str, ...]:
    """The profiles that this Observation must meet because of its code."""
    code = resource.get("code")
    codings = code.get("coding") if isinstance(code, dict) else None
    if not isinstance(codings, list):
        return ()
    found: tuple[str, ...] = ()
    for each in codings:
        if isinstance(each, dict) and each.get("system") == "http://loinc.org":
            code = each.get("code")
            if isinstance(code, str) and code in _PROFILES:
                found += (_PROFILES[code],)
    return found
