"""`_filter`: one expression over search parameters, read into the same conditions as all other searches.

    filter = test | filter (and|or) filter | not (filter) | (filter)
    test   = path operator value        path = name | name.path | name[filter].path

`and` and `or` are taken from left to right, neither binds closer. An operator is asked of each value of the resource,
so that `ne` finds those that have another value too. https://hl7.org/fhir/R4/search_filter.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from cart_fhir.errors import BadRequest, NotSupported
from cart_fhir.formats import json
from cart_fhir.search.query import (
    AllOf,
    AnyOf,
    Condition,
    DateValue,
    Match,
    Not,
    Parameter,
    ReferenceValue,
    SimpleValue,
    StringValue,
    TokenValue,
    Unlike,
    UriValue,
)

MAX_NESTED = 20
"""Brackets within one another."""
MAX_TESTS = 100
"""Comparisons of one expression."""
_TOKEN = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|([()\[\]])|([^\s()\[\]"]+))')
_STRINGS = {"eq": "equal", "ne": "equal", "co": "contains", "sw": "start", "ew": "end"}
_MODIFIERS = {"ss": "below", "sb": "above", "in": "in"}
_ORDERED = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")


@dataclass(frozen=True, slots=True)
class _Test:
    """`name[within].rest operator value`."""

    name: str
    operator: str = ""
    value: str = ""
    within: _Filter | None = None
    rest: _Test | None = None


@dataclass(frozen=True, slots=True)
class _Joined:
    """`left and right`, `left or right`; `not (left)`."""

    joint: str
    left: _Filter
    right: _Filter | None = None


_Filter = _Test | _Joined


class Reader(Protocol):
    """What is needed of `Criteria`."""

    def condition(self, name: str, value: str) -> Condition:
        """The condition of `name=value`."""

    def parameter(self, code: str) -> Parameter:
        """The search parameter with this code."""

    def simple(self, parameter: Parameter, text: str) -> SimpleValue:
        """One value."""

    def linked(self, code: str, modifier: str, read: Callable[[Reader], Condition]) -> Condition:
        """What the reference leads to meets the condition that is read there."""


def read(text: str, reader: Reader) -> Condition:
    """The condition of `_filter=text`; BadRequest where it breaks the grammar."""
    return _condition(_Parser(text).whole(), reader)


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[str] = []
        place = 0
        while text[place:].strip():
            found = _TOKEN.match(text, place)
            if found is None:
                raise BadRequest(f"_filter cannot be read from '{text[place : place + 40].strip()}' on.")
            self._tokens.append(found[0].strip())
            place = found.end()
        self._tokens.reverse()
        self._depth = self._tests = 0

    def whole(self) -> _Filter:
        made = self._filter()
        if self._tokens:
            raise self._wrong("the end")
        return made

    def _filter(self) -> _Filter:
        made = self._term()
        while self._next() in ("and", "or"):
            made = _Joined(self._tokens.pop(), made, self._term())
        return made

    def _term(self) -> _Filter:
        negated = self._next() == "not" and self._tokens[-2:-1] == ["("]
        if negated:
            self._tokens.pop()
        if self._next() != "(":
            return self._test()
        made = self._bracketed("(", ")")
        return _Joined("not", made) if negated else made

    def _bracketed(self, opening: str, closing: str) -> _Filter:
        self._depth += 1
        if self._depth > MAX_NESTED:
            raise BadRequest(f"_filter has more than {MAX_NESTED} brackets within one another.")
        self._take(opening)
        made = self._filter()
        self._take(closing)
        self._depth -= 1
        return made

    def _test(self) -> _Test:
        self._tests += 1
        if self._tests > MAX_TESTS:
            raise BadRequest(f"_filter has more than {MAX_TESTS} comparisons.")
        names = self._word("a parameter").split(".")
        if not all(names):
            raise self._wrong("a parameter")
        within = self._bracketed("[", "]") if self._next() == "[" else None
        if within is None:
            made = _Test(names[-1], self._word("an operator"), self._value())
        else:
            if not self._next().startswith("."):
                raise self._wrong("a dot")
            self._tokens.append(self._tokens.pop()[1:])
            made = _Test(names[-1], within=within, rest=self._test())
        for name in reversed(names[:-1]):
            made = _Test(name, rest=made)
        return made

    def _value(self) -> str:
        token = self._next()
        if not token.startswith('"'):
            return self._word("a value")
        text = json.loads(self._tokens.pop())
        return str(text)

    def _next(self) -> str:
        return self._tokens[-1] if self._tokens else ""

    def _word(self, wanted: str) -> str:
        if self._next()[:1] in ("", "(", ")", "[", "]", '"'):
            raise self._wrong(wanted)
        return self._tokens.pop()

    def _take(self, wanted: str) -> None:
        if self._next() != wanted:
            raise self._wrong(f"'{wanted}'")
        self._tokens.pop()

    def _wrong(self, wanted: str) -> BadRequest:
        there = f"'{self._next()}'" if self._tokens else "its end"
        return BadRequest(
            f"_filter has {there} where {wanted} is expected.",
            advice='Write e.g. code eq http://loinc.org|777-3 and (subject.name co "mey" or not (status eq final)).',
        )


def _condition(node: _Filter, reader: Reader) -> Condition:
    if isinstance(node, _Test):
        return _tested(node, reader)
    left = _condition(node.left, reader)
    if node.right is None:
        return Not(left)
    both = (left, _condition(node.right, reader))
    return AllOf(both) if node.joint == "and" else AnyOf(both)


def _tested(test: _Test, reader: Reader) -> Condition:
    rest, within = test.rest, test.within
    if rest is None:
        return _compared(test, reader)
    code, _, modifier = test.name.partition(":")

    def there(reader: Reader) -> Condition:
        last = _tested(rest, reader)
        return last if within is None else AllOf((_condition(within, reader), last))

    return reader.linked(code, modifier, there)


def _compared(test: _Test, reader: Reader) -> Condition:
    parameter, operator = reader.parameter(test.name), test.operator
    text = test.value.replace("\\", "\\\\")  # a value is not escaped here, as it is in all other searches
    if operator == "pr":
        if test.value not in ("true", "false"):
            raise BadRequest(f"'pr' takes true or false, not '{test.value}'.")
        return reader.condition(f"{test.name}:missing", "false" if test.value == "true" else "true")
    if parameter.kind == "token" and operator in _MODIFIERS:
        return reader.condition(f"{test.name}:{_MODIFIERS[operator]}", text.replace(",", "\\,"))
    if parameter.code == "_id" and operator == "ne":
        return Not(Match(parameter, (reader.simple(parameter, text),)))
    value = _value(parameter, operator, text, test.value, reader)
    if value is None:
        raise NotSupported(f"'{test.name}' ({parameter.kind}) is not compared by '{operator}' in _filter here.")
    return Match(parameter, (value,))


def _value(parameter: Parameter, operator: str, text: str, said: str, reader: Reader) -> SimpleValue | None:
    """What one value of the resource is compared with; None for an operator that the kind of parameter lacks."""
    kind = parameter.kind
    if kind in ("date", "number", "quantity"):
        if operator == "po" and kind == "date":
            value = reader.simple(parameter, f"eq{text}")
            assert isinstance(value, DateValue)
            return replace(value, prefix="ap")
        return reader.simple(parameter, operator + text) if operator in _ORDERED else None
    made: SimpleValue | None = None
    if kind == "string" and operator in _STRINGS:
        made = StringValue(said, _STRINGS[operator])  # type: ignore[arg-type]  # the table holds its ways
    elif kind == "uri" and operator == "sw":
        made = UriValue(said, "below")
    elif operator in ("eq", "ne") or (operator == "re" and kind == "reference"):
        made = reader.simple(parameter, text) if kind in ("token", "reference", "uri") else None
    if operator == "ne" and isinstance(made, TokenValue | StringValue | ReferenceValue | UriValue):
        return Unlike(made)
    return made
