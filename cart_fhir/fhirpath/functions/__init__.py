"""The functions of FHIRPath, one family a file; importing them registers them. https://hl7.org/fhirpath/N1/#functions"""

from __future__ import annotations

from cart_fhir.fhirpath.functions import (
    boundaries,
    collections,
    conversion,
    criteria,
    fhir,
    numbers,
    text,
    tree,
)
from cart_fhir.fhirpath.functions.registry import FUNCTIONS

__all__ = ["FUNCTIONS", "boundaries", "collections", "conversion", "criteria", "fhir", "numbers", "text", "tree"]
