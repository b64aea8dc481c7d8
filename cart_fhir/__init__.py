"""CAR-T cell therapy in autoimmune disease on FHIR R4: validator, mappers, server plug-in and the guide they rest on.

The public names are loaded on first use, so that importing the package stays cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cart_fhir.client import FHIRClient
    from cart_fhir.mappers import load_map
    from cart_fhir.server import CartFHIR
    from cart_fhir.validator import Validator

__version__ = "0.1.0"
__all__ = ["CartFHIR", "FHIRClient", "Validator", "__version__", "load_map"]

_HOME = {
    "CartFHIR": "cart_fhir.server",
    "FHIRClient": "cart_fhir.client",
    "Validator": "cart_fhir.validator",
    "load_map": "cart_fhir.mappers",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'cart_fhir' has no attribute '{name}'")
