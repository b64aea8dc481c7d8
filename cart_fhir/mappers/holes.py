"""Holes of a map: `=PATIENT`, `=ref(Patient, PATIENT)`; a value that does not start with = is text as it stands.

    hole  := "=" expr
    expr  := column | text | number | "true" | "false" | name "(" [ expr { "," expr } ] ")"
    column:= a word of letters, digits and _ . - + % that starts with a letter, or anything between [ and ]
    text  := "..." or '...'

As in a spreadsheet: = computes, and a column whose name has spaces stands in square brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from cart_fhir.errors import BadSyntax


@dataclass(frozen=True, slots=True)
class Name:
    """A column (or a variable of `each`), or a bare name where a function wants one; `marked`: it stood in [ ]."""

    name: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number or truth value written in the hole."""

    value: str | int | Decimal | bool


@dataclass(frozen=True, slots=True)
class Call:
    """A named function with its arguments."""

    name: str
    args: tuple[Expr, ...]


Expr = Name | Literal | Call

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"[^"]*"|'[^']*') | \[(?P<column>[^\]]+)\]
      | (?P<number>-?\d+(?:\.\d+)?)(?![\w.]) | (?P<name>[^\W\d_][\w.+%-]*|_\w*) | (?P<mark>[(),])
    )""",
    re.VERBOSE,
)


def is_hole(value: object) -> bool:
    """True for a text that starts with =."""
    return isinstance(value, str) and value.startswith("=")


def parse(text: str) -> Expr:
    """The expression of a hole; BadSyntax with the column in the hole where it goes wrong."""
    tokens = list(_tokens(text))
    expr, rest = _expr(tokens, text)
    if rest[0][0] != "end":
        raise _bad(text, rest[0][2], "the end of the hole")
    return expr


def names(expr: Expr) -> Iterator[str]:
    """Every bare name in an expression."""
    if isinstance(expr, Name):
        yield expr.name
    elif isinstance(expr, Call):
        for arg in expr.args:
            yield from names(arg)


_Tokens = list[tuple[str, str, int]]


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    place = 1
    end = len(text.rstrip())
    while place < end:
        found = _TOKEN.match(text, place)
        if not found or not found.lastgroup:
            raise _bad(text, place, "a column, a function or a text in quotes")
        yield found.lastgroup, found[found.lastgroup], found.start(found.lastgroup)
        place = found.end()
    yield "end", "", end


def _expr(tokens: _Tokens, text: str) -> tuple[Expr, _Tokens]:
    kind, word, place = tokens[0]
    rest = tokens[1:]
    if kind == "text":
        return Literal(word[1:-1]), rest
    if kind == "number":
        return Literal(Decimal(word) if "." in word else int(word)), rest
    if kind == "column":
        return Name(word.strip(), marked=True), rest
    if kind == "name":
        if rest[0][1] == "(" and rest[0][0] == "mark":
            args, rest = _args(rest[1:], text)
            return Call(word, tuple(args)), rest
        return (Literal(word == "true") if word in ("true", "false") else Name(word)), rest
    raise _bad(text, place, "a column, a function or a text in quotes")


def _args(tokens: _Tokens, text: str) -> tuple[list[Expr], _Tokens]:
    args: list[Expr] = []
    if tokens[0][1] == ")" and tokens[0][0] == "mark":
        return args, tokens[1:]
    while True:
        arg, tokens = _expr(tokens, text)
        args.append(arg)
        kind, word, place = tokens[0]
        tokens = tokens[1:]
        if (kind, word) == ("mark", ")"):
            return args, tokens
        if (kind, word) != ("mark", ","):
            raise _bad(text, place, "a comma or a closing parenthesis")


def _bad(text: str, place: int, wanted: str) -> BadSyntax:
    return BadSyntax(f"In the hole '{text}', character {place + 1}: {wanted} should stand here.", column=place + 1)
