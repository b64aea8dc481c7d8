"""HOW IT IS CHECKED: a resource goes in, issues come out.

StructureDefinitions are compiled to tables of checks once; one walk over the data runs those of the base type and every
claimed profile. `rules/` has one rule family a file, `catalogue.py` lists every rule.

Four files only make it faster, and laws in the tests hold them to change nothing: `rules/primitives.py` ends with what
is right at sight, `rules/guard.py` tells which invariants need not be asked, `rules/memo.py` remembers their answers,
`rules/repeat.py` values that were right before.
"""

from __future__ import annotations

from cart_fhir.validator.validator import Validator

__all__ = ["Validator"]
