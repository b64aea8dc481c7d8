"""HOW IT IS CHECKED: a resource goes in, issues come out.

StructureDefinitions are compiled to tables of checks once; one walk over the data runs those of the base type and every
claimed profile. `rules/` has one rule family a file, `catalogue.py` lists every rule.
"""

from __future__ import annotations

from cart_fhir.validator.validator import Validator

__all__ = ["Validator"]
