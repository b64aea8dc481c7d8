"""Functions on text. https://hl7.org/fhirpath/N1/#string-manipulation and https://hl7.org/fhirpath/#additional-string-functions"""

from __future__ import annotations

import base64
import binascii
import html
from typing import TYPE_CHECKING, Any

from cart_fhir.errors import BadSyntax
from cart_fhir.fhirpath import regex, syntax
from cart_fhir.fhirpath.code import Code, Scope, boolean
from cart_fhir.fhirpath.functions.registry import Builder, builder, check_kind, scalar, value_of
from cart_fhir.fhirpath.nodes import MOST, Collection, Env, EvaluationError, bounded

if TYPE_CHECKING:
    from cart_fhir.fhirpath.compiler import Compiler


@scalar("indexOf", "String", "String", returns="Integer")
def index_of(text: str, part: str) -> int:
    """Where the part starts, from 0; -1 where it is not there."""
    return text.find(part)


@scalar("lastIndexOf", "String", "String", returns="Integer")
def last_index_of(text: str, part: str) -> int:
    """Where the part starts last, from 0; -1 where it is not there."""
    return text.rfind(part)


@scalar("substring", "String", "Integer", "Integer", optional=1, returns="String")
def substring(text: str, start: int, length: int | None = None) -> str | None:
    """The text from a place, from 0, and at most so long."""
    if not 0 <= start < len(text):
        return None
    return text[start:] if length is None else text[start : start + max(0, length)]


@scalar("startsWith", "String", "String", returns="Boolean")
def starts_with(text: str, part: str) -> bool:
    """True when the text starts so."""
    return text.startswith(part)


@scalar("endsWith", "String", "String", returns="Boolean")
def ends_with(text: str, part: str) -> bool:
    """True when the text ends so."""
    return text.endswith(part)


@scalar("contains", "String", "String", returns="Boolean")
def contains(text: str, part: str) -> bool:
    """True when the part is in the text."""
    return part in text


@scalar("upper", "String", returns="String")
def upper(text: str) -> str:
    """The text in capitals."""
    return text.upper()


@scalar("lower", "String", returns="String")
def lower(text: str) -> str:
    """The text in small letters."""
    return text.lower()


@scalar("replace", "String", "String", "String", returns="String")
def replace(text: str, part: str, other: str) -> str:
    """Every part replaced; an empty part stands between all letters."""
    if (text.count(part) + 1) * len(other) > MOST:
        raise EvaluationError("replace() would make a text of over a million characters.")
    return text.replace(part, other) if part else other + "".join(letter + other for letter in text)


@scalar("length", "String", returns="Integer")
def length(text: str) -> int:
    """How many characters the text has."""
    return len(text)


@scalar("toChars", "String", returns="String")
def to_chars(text: str) -> list[str]:
    """The characters."""
    return list(text)


@scalar("trim", "String", returns="String")
def trim(text: str) -> str:
    """The text without space around it."""
    return text.strip()


@scalar("split", "String", "String", returns="String")
def split(text: str, separator: str) -> list[str]:
    """The parts between separators."""
    return text.split(separator) if separator else list(text)


@builder("join", 0, 1)
def join(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """All texts in one, with a separator between."""
    check_kind(compiler, call, source.shape, "String")
    items = source.run
    separator = compiler.compile(call.arguments[0], scope).run if call.arguments else None

    def run(this: Collection, env: Env) -> Collection:
        between = value_of(separator(this, env), "String", "join()") if separator else ""
        texts = [value_of((item,), "String", "join()") for item in items(this, env)]
        return (bounded((between or "").join(text for text in texts if text is not None)),)

    return Code(run, source.shape)


def _encoded(text: str, form: str) -> str | None:
    data = text.encode("utf-8", "surrogatepass")
    if form == "hex":
        return data.hex()
    if form == "base64":
        return base64.b64encode(data).decode()
    return base64.urlsafe_b64encode(data).decode() if form == "urlbase64" else None


@scalar("encode", "String", "String", returns="String")
def encode(text: str, form: str) -> str | None:
    """The text in base64, urlbase64 or hex."""
    return _encoded(text, form)


@scalar("decode", "String", "String", returns="String")
def decode(text: str, form: str) -> str | None:
    """The text that base64, urlbase64 or hex stands for; nothing for what does not decode."""
    try:
        if form == "hex":
            return bytes.fromhex(text).decode()
        if form == "base64":
            return base64.b64decode(text, validate=True).decode()
        return base64.b64decode(text, altchars=b"-_", validate=True).decode() if form == "urlbase64" else None
    except (ValueError, binascii.Error):
        return None


_JSON_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f", "\b": "\\b"}


@scalar("escape", "String", "String", returns="String")
def escape(text: str, form: str) -> str | None:
    """The text escaped for html or json."""
    if form == "html":
        return html.escape(text)
    return "".join(_JSON_ESCAPES.get(letter, letter) for letter in text) if form == "json" else None


@scalar("unescape", "String", "String", returns="String")
def unescape(text: str, form: str) -> str | None:
    """The text that an escaped html or json text stands for."""
    if form == "html":
        return html.unescape(text)
    if form != "json":
        return None
    for letter, escaped in _JSON_ESCAPES.items():
        if letter != "\\":
            text = text.replace(escaped, letter)
    return text.replace("\\\\", "\\")


def _matcher(name: str, *, full: bool) -> Builder:
    """matches() and matchesFull(): a constant pattern is compiled, and refused, with the expression."""

    def build(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
        check_kind(compiler, call, source.shape, "String")
        constant = call.arguments[0].value if isinstance(call.arguments[0], syntax.Literal) else None
        items, pattern, what = source.run, compiler.compile(call.arguments[0], scope).run, f"{name}()"
        if isinstance(constant, str):
            try:
                regex.compiled(constant)
            except BadSyntax as error:
                compiler.refuse(call, error.message, error.advice)

        def truth(this: Collection, env: Env) -> bool | None:
            text, wanted = value_of(items(this, env), "String", what), value_of(pattern(this, env), "String", what)
            if text is None or wanted is None:
                return None
            expression: Any = regex.compiled(wanted)
            return (expression.fullmatch(text) if full else expression.search(text)) is not None

        return boolean(truth)

    return build


builder("matches", 1)(_matcher("matches", full=False))
builder("matchesFull", 1)(_matcher("matchesFull", full=True))


@scalar("replaceMatches", "String", "String", "String", returns="String")
def replace_matches(text: str, pattern: str, other: str) -> str:
    """Every match of a regular expression replaced; `$1` is its first group."""
    if (len(text) + 1) * len(other) > MOST:
        raise EvaluationError("replaceMatches() could make a text of over a million characters.")
    return regex.replace(pattern, text, other)
