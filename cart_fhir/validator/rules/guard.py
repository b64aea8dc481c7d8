"""Invariants that are asked only where they can fail: most hold as soon as one element that they name is absent.

`contained.meta.security.empty()` cannot fail without `contained`, nor `a.exists() implies ...` without `a`. Which
elements these are is read off the expression once, by evaluating it with one element absent and the others unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cart_fhir.errors import CartFHIRError
from cart_fhir.fhirpath import parser, syntax
from cart_fhir.validator.findings import Found
from cart_fhir.validator.shapes import Rule

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context


@dataclass(frozen=True, slots=True)
class Guarded:
    """A rule that finds nothing unless the value has all elements of `needs`, which are asked when it is first used."""

    rule: Rule
    needs: Callable[[], frozenset[str]]

    def __call__(self, value: Any, context: Context) -> Found:
        return self.rule(value, context)


def when_present(rule: Rule, present: Mapping[str, int]) -> tuple[int, Rule]:
    """The bits that must be seen for the rule to be asked, and the rule; `present` are the bits of the elements."""
    if not isinstance(rule, Guarded):
        return 0, rule
    bits = 0
    for name in rule.needs():
        bits |= present.get(name, 0)
    return bits, rule.rule


class _Known(Enum):
    """What is known of a part while one element is absent."""

    EMPTY = "no items"
    TRUE = "true"
    FALSE = "false"
    OPEN = "depends on the data"


_NOT = {_Known.TRUE: _Known.FALSE, _Known.FALSE: _Known.TRUE, _Known.EMPTY: _Known.EMPTY}
# What functions make of a collection without items; those not named here may make anything of it.
_OF_EMPTY = {
    "exists": _Known.FALSE,
    "empty": _Known.TRUE,
    "all": _Known.TRUE,
    "not": _Known.EMPTY,
    "where": _Known.EMPTY,
    "select": _Known.EMPTY,
    "extension": _Known.EMPTY,
    "first": _Known.EMPTY,
    "ofType": _Known.EMPTY,
    "resolve": _Known.EMPTY,
}


@lru_cache(maxsize=2048)
def needed(expression: str) -> frozenset[str]:
    """The elements each of which must be there for the expression to be anything but true."""
    try:
        tree = parser.parse(expression)
    except CartFHIRError:
        return frozenset()
    return frozenset(name for name in _starts(tree) if _without(name, tree) is _Known.TRUE)


def _starts(tree: syntax.Syntax) -> Collection[str]:
    """The elements that the expression reads from the value that it stands on, and perhaps some of items within."""
    names = set()
    for part in syntax.walk(tree):
        match part:
            case syntax.Name(base=None, name=name) if name[:1].islower():
                names.add(name)
            case syntax.Call(base=None, name="extension"):
                names.add("extension")
    return names


def _without(absent: str, part: syntax.Syntax) -> _Known:
    """What is known of a part of an expression whose context lacks an element."""
    match part:
        case syntax.Literal(value=bool() as value):
            return _Known.TRUE if value else _Known.FALSE
        case syntax.Name(base=None, name=name):
            return _Known.EMPTY if name == absent else _Known.OPEN
        case syntax.Name(base=base) if base is not None:
            return _Known.EMPTY if _without(absent, base) is _Known.EMPTY else _Known.OPEN
        case syntax.Call():
            return _call(absent, part)
        case syntax.Binary(operator="and" | "or" | "implies" as operator, left=left, right=right):
            return _logic(operator, _without(absent, left), _without(absent, right))
    return _Known.OPEN


def _call(absent: str, call: syntax.Call) -> _Known:
    if call.base is None:
        return _Known.EMPTY if call.name == absent == "extension" else _Known.OPEN
    base = _without(absent, call.base)
    if base is _Known.EMPTY:
        return _OF_EMPTY.get(call.name, _Known.OPEN)
    return _NOT.get(base, _Known.OPEN) if call.name == "not" else _Known.OPEN


def _logic(operator: str, left: _Known, right: _Known) -> _Known:
    if operator == "implies":
        operator, left = "or", _NOT.get(left, _Known.OPEN)
    decides, other = (_Known.FALSE, _Known.TRUE) if operator == "and" else (_Known.TRUE, _Known.FALSE)
    if decides in (left, right):
        return decides
    return other if left is right is other else _Known.OPEN
