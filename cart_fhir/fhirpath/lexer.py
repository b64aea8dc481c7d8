"""FHIRPath text to tokens. https://hl7.org/fhirpath/N1/#lexical-elements"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from cart_fhir.errors import BadSyntax

_TIME = r"\d{2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_TOKEN = re.compile(
    r"(?P<space>\s+|//[^\n]*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/)"
    rf"|(?P<datetime>@\d{{4}}(?:-\d{{2}}(?:-\d{{2}})?)?T(?:{_TIME}(?:Z|[+-]\d{{2}}:\d{{2}})?)?)"
    r"|(?P<date>@\d{4}(?:-\d{2}(?:-\d{2})?)?)"
    rf"|(?P<time>@T{_TIME})"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<string>'(?:[^'\\]|\\.)*')"
    r"|(?P<quoted>`(?:[^`\\]|\\.)*`)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<special>\$(?:this|index|total)\b)"
    r"|(?P<external>%(?:[A-Za-z_][A-Za-z0-9_-]*|`(?:[^`\\]|\\.)*`|'(?:[^'\\]|\\.)*'))"
    r"|(?P<symbol><=|>=|!=|!~|[=~<>|&+\-*/()\[\]{},.])",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_MEANING = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}
MAX_LENGTH = 20_000
"""Characters. The longest expression of R4 (a search parameter over every resource type) has about 3,000."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token: `kind` as the group names above or "end", `text` with quotes and escapes resolved, `at` its offset."""

    kind: str
    text: str
    at: int


def tokens(expression: str) -> list[Token]:
    """The tokens of an expression, without space and comments, ended by a token of kind "end"; or BadSyntax."""
    if len(expression) > MAX_LENGTH:
        refuse(expression, 0, f"The expression is longer than {MAX_LENGTH} characters.")
    found, at = [], 0
    while at < len(expression):
        match = _TOKEN.match(expression, at)
        if not match or not match.lastgroup:
            refuse(expression, at, _why(expression[at:]))
        if match.lastgroup != "space":
            found.append(Token(match.lastgroup, _text(match.lastgroup, match[0]), at))
        at = match.end()
    found.append(Token("end", "", at))
    return found


def refuse(expression: str, at: int, text: str, advice: str = "") -> NoReturn:
    """Raise BadSyntax that shows the expression and where in it the fault stands."""
    before = expression[:at]
    near = expression[max(0, at - 30) : at] + "⟨here⟩" + expression[at : at + 40]
    raise BadSyntax(
        f"{text} In the FHIRPath '{' '.join(near.split())}'.",
        line=before.count("\n") + 1,
        column=at - before.rfind("\n"),
        advice=advice,
    )


def _why(rest: str) -> str:
    if rest.startswith("/*"):
        return "This comment is not closed."
    if rest[0] in "'`":
        return "This quote is not closed."
    return f"'{rest[0]}' has no meaning here."


def _text(kind: str, raw: str) -> str:
    if kind in ("string", "quoted"):
        return _unescape(raw[1:-1])
    if kind == "external":
        return _unescape(raw[2:-1]) if raw[1] in "`'" else raw[1:]
    return raw


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else _MEANING.get(match[2], match[2]), text)
