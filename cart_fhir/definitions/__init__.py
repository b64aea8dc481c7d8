"""FHIR's own definitions, knowing nothing of CAR-T: the R4 core facts, packages, snapshots, terminology and units.

`Registry` finds and loads, `Terminology` answers questions about codes, `ucum` about units.
"""

from cart_fhir.definitions.registry import Registry
from cart_fhir.definitions.terminology import Terminology

__all__ = ["Registry", "Terminology"]
