"""The extensions that HL7 has published beside R4 core, by name: one that is not at hand is not one that is not.

From the package hl7.fhir.uv.extensions.r4 5.3.0, less those that R4 core has itself.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

EXTENSIONS = "http://hl7.org/fhir/StructureDefinition/"


def is_published(url: str) -> bool:
    """True when HL7's extensions pack defines the extension."""
    return url.startswith(EXTENSIONS) and url.removeprefix(EXTENSIONS) in _names()


@cache
def _names() -> frozenset[str]:
    return frozenset((files("cart_fhir.definitions") / "data" / "hl7-extensions.txt").read_text("ascii").split())
