"""Values that come again: the same code, the same unit, the same metadata, the same study day are checked once.

What was found right, by a check that asked nothing beyond the value itself, is right the next time too.
`context.touched` counts what was asked beyond it (a reference followed, a note made, `%resource`), and then nothing is
remembered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from cart_fhir.validator.findings import Found
from cart_fhir.validator.rules.memo import number, short
from cart_fhir.validator.rules.primitives import Sure
from cart_fhir.validator.shapes import Rule

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context

# Types whose values are few and whole: codes, metadata, extensions.
TYPES = frozenset(("CodeableConcept", "Coding", "Extension", "Meta"))
# Primitives of which the same holds; those that have no rules beyond their format are surely right sooner.
_WORDS = frozenset(("canonical", "code", "uri", "url"))
_MOST = 1024
_MOST_BYTES = 1024


def remembered(rule: Rule) -> Rule:
    """The rule, not run again on a value that it has found right."""
    right: set[bytes] = set()

    def check(value: Any, context: Context) -> Found:
        try:
            key = orjson.dumps(value, default=number)
        except TypeError:
            return rule(value, context)
        if key in right:
            return None
        before = context.touched
        found = rule(value, context)
        if found is None and context.touched == before and len(key) <= _MOST_BYTES:
            if len(right) >= _MOST:
                right.clear()
            right.add(short(key))
        return found

    return check


def remembered_words(rule: Rule, code: str) -> tuple[Sure, Rule]:
    """Of a primitive that has rules: the values found right so far, and the rule that adds to them."""
    if code not in _WORDS:
        return {}, rule
    right: set[Any] = set()

    def check(value: Any, context: Context) -> Found:
        before = context.touched
        found = rule(value, context)
        if found is None and context.touched == before and type(value) is str and len(value) <= _MOST_BYTES:
            if len(right) >= _MOST:
                right.clear()
            right.add(value)
        return found

    return {str: right.__contains__}, check
