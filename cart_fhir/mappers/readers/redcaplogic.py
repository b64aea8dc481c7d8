"""REDCap's branching logic: whether a question is shown, as far as one row of an export can tell.

    [sex] = '2' and ([symptoms(3)] = '1' or [age] >= 18)

Answers are True, False and None: a question of another event, a function or arithmetic cannot be told from the row.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation

Look = Callable[[str, str], str | None]  # (variable, code of a checkbox or "") -> cell; None where it cannot be known
Logic = Callable[[Look], bool | None]

_TOKEN = re.compile(
    r"\s*(?:(?P<refs>(?:\[[^\[\]]*\])+)|(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<sign><>|!=|<=|>=|[=<>(),+*/^%!-]))"
)
_REFERENCE = re.compile(r"\[([a-z][a-z0-9_]*)(?:\(([^()]*)\))?\]\Z")
_DEEPEST = 50
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "=": operator.eq, "<>": operator.ne, "!=": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le,
    ">=": operator.ge,
}  # fmt: skip


class _Beyond(Exception):
    """The logic uses what is not read here."""


def parse(text: str) -> Logic:
    """The logic of a field; one that is not understood answers None."""
    try:
        parser = _Parser(_tokens(text))
        found = parser.either(0)
        parser.end()
    except _Beyond:
        return lambda look: None
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    made, at = [], 0
    text = text.strip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise _Beyond
        at = found.end()
        made.append((found.lastgroup or "", found.group(found.lastgroup or 0)))
    return made


class _Parser:
    def __init__(self, tokens: Sequence[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    def either(self, depth: int) -> Logic:
        """One or more conditions joined by `or`, which binds less than `and`."""
        return _joined(self._several("or", lambda: self._all(depth)), any_of=True)

    def end(self) -> None:
        """Nothing may follow."""
        if self._at < len(self._tokens):
            raise _Beyond

    def _all(self, depth: int) -> Logic:
        return _joined(self._several("and", lambda: self._one(depth)), any_of=False)

    def _several(self, word: str, part: Callable[[], Logic]) -> list[Logic]:
        made = [part()]
        while self._peek() == ("word", word):
            self._at += 1
            made.append(part())
        return made

    def _one(self, depth: int) -> Logic:
        if self._peek() == ("sign", "("):
            if depth > _DEEPEST:
                raise _Beyond
            self._at += 1
            inner = self.either(depth + 1)
            if self._next() != ("sign", ")"):
                raise _Beyond
            return inner
        left = self._operand()
        sign = self._next()
        if sign[0] != "sign" or sign[1] not in _COMPARE:
            raise _Beyond
        return _comparison(left, sign[1], self._operand())

    def _operand(self) -> Callable[[Look], str | None]:
        kind, text = self._next()
        if kind == "sign" and text == "-":
            kind, text = self._next()
            text = f"-{text}"
            if kind != "number":
                raise _Beyond
        if kind == "refs":
            found = _REFERENCE.match(text)
            if not found:
                return lambda look: None  # another event's, or a smart variable
            name, code = found[1], found[2] or ""
            return lambda look: look(name, code)
        if kind in ("text", "number"):
            value = text[1:-1] if kind == "text" else text
            return lambda look: value
        raise _Beyond

    def _peek(self) -> tuple[str, str]:
        kind, text = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
        return (kind, text.lower() if kind == "word" else text)

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token


def _joined(parts: Sequence[Logic], *, any_of: bool) -> Logic:
    if len(parts) == 1:
        return parts[0]

    def joined(look: Look) -> bool | None:
        answers = [part(look) for part in parts]
        return any_of if any_of in answers else None if None in answers else not any_of

    return joined


def _comparison(left: Callable[[Look], str | None], sign: str, right: Callable[[Look], str | None]) -> Logic:
    def compare(look: Look) -> bool | None:
        one, other = left(look), right(look)
        if one is None or other is None:
            return None
        numbers = _number(one), _number(other)
        if numbers[0] is not None and numbers[1] is not None:
            return _COMPARE[sign](numbers[0], numbers[1])
        if sign in ("=", "<>", "!="):
            return (one == other) == (sign == "=")
        return None  # more or less than nothing: REDCap's versions differ

    return compare


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", ".")) if text and text.isascii() else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
