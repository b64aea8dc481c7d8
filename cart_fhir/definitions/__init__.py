"""FHIR's own definitions, knowing nothing of CAR-T: the R4 core facts, packages, snapshots, terminology and units.

`registry.Registry` finds and loads, `terminology.Terminology` answers questions about codes, `ucum` about units.
"""

from cart_fhir.definitions.registry import Registry

__all__ = ["Registry"]
