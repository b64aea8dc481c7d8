"""Invariants remembered by what they read: the labs of one day ask the same of the same date a dozen times.

An expression that reads only certain elements of the value it stands on (no `%resource`, `resolve()` or clock) gives
the same answer for the same elements. `Memo` finds those elements in the expression and keys the answers by their JSON.
"""

from __future__ import annotations

from typing import Any

import orjson

from cart_fhir.fhirpath import parser, syntax

_CONSTANTS = ("ucum", "sct", "loinc")
_CONSTANT_PREFIXES = ("vs-", "ext-")
# Functions whose answer depends on more than their input, or that reach all elements.
_WIDE = frozenset(
    (
        "resolve",
        "conformsTo",
        "now",
        "today",
        "timeOfDay",
        "trace",
        "descendants",
        "children",
        "repeat",
        "defineVariable",
    )
)
# Functions that may start an expression without reading the whole value.
_NARROW = frozenset(("extension", "iif"))
_LEAST_PARTS = 12
_MOST_ANSWERS = 4096
_MOST_BYTES = 2048


class Memo:
    """The `answers` of one expression, by the elements that it reads."""

    __slots__ = ("_names", "_reads", "answers")

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._reads: dict[str, bool] = {}
        self.answers: dict[bytes, bool] = {}

    @classmethod
    def of(cls, expression: str) -> Memo | None:
        """The memo of an expression; None when it is too short to gain, or may read more than it names."""
        tree = parser.parse(expression)
        parts = list(syntax.walk(tree))
        if len(parts) < _LEAST_PARTS:
            return None
        names: set[str] = set()
        for part in parts:
            found = _names(part)
            if found is None:
                return None
            names.update(found)
        return cls(frozenset(names))

    def key(self, value: Any) -> bytes | None:
        """What the expression reads of a value, as a key; None when it cannot be one."""
        if type(value) is not dict:
            return None
        reads = self._reads
        try:
            picked = [item for item in value.items() if reads[item[0]]]
        except KeyError:
            picked = [item for item in value.items() if self._is_read(item[0])]
        try:
            made = orjson.dumps(picked, default=number)
        except TypeError:
            return None
        return made if len(made) <= _MOST_BYTES else None

    def keep(self, key: bytes, answer: bool) -> None:
        """Remember an answer; all are forgotten when there are too many."""
        if len(self.answers) >= _MOST_ANSWERS:
            self.answers.clear()
        self.answers[short(key)] = answer

    def _is_read(self, key: str) -> bool:
        """Whether a JSON property belongs to an element that the expression names, choices and companions too."""
        known = self._reads.get(key)
        if known is None:
            plain = key.removeprefix("_")
            known = plain in self._names or any(
                plain.startswith(name) and plain[len(name) : len(name) + 1].isupper() for name in self._names
            )
            if len(self._reads) < _MOST_ANSWERS:
                self._reads[key] = known
        return known


def short(key: bytes) -> bytes:
    """The key in as much memory as it needs: what orjson makes holds 4 KB or more, however few bytes it has."""
    return bytes(memoryview(key))


def number(value: Any) -> Any:
    """A Decimal, told apart from a string of the same digits."""
    return {"decimal": str(value)}


def _names(part: syntax.Syntax) -> tuple[str, ...] | None:
    """The elements of the start that a part may read; None when it cannot be told."""
    match part:
        case syntax.Name(base=None, name=name):
            return (name,)
        case syntax.Call(base=base, name=name):
            if name in _WIDE or (base is None and name not in _NARROW):
                return None
            return ("extension",) if name == "extension" else ()
        case syntax.Special():
            return None
        case syntax.External(name=name):
            return () if name in _CONSTANTS or name.startswith(_CONSTANT_PREFIXES) else None
    return ()
