"""FHIR JSON in and out: decimals keep their digits, and what is wrong is told by line and column.

https://hl7.org/fhir/R4/json.html, RFC 8259. Reading is done by msgspec (C); this module adds what FHIR needs and no
fast parser does: repeated keys are refused, nesting is bounded, and numbers stay what was written.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from cart_fhir.errors import BadSyntax
from cart_fhir.formats import json_text

_decode = msgspec.json.Decoder(float_hook=json_text.decimal).decode
_encode = msgspec.json.Encoder(decimal_format="number").encode
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LARGE = 1024 * 1024
_BRACKETS_GONE = bytes(set(range(256)) - set(b"[]{}"))


def loads(data: bytes | str) -> Any:
    """The value of a JSON text: objects as dict in their order, integers as int, other numbers as Decimal.

    Raises BadSyntax with line, column and advice for text that is not strict JSON in UTF-8, and for what parsers
    disagree about: a key twice in one object, NaN, lone surrogates, more than 128 levels. A byte order mark is passed
    over, as RFC 8259 (8.1) allows: editors on Windows write one.
    """
    if isinstance(data, str):
        data = json_text.encoded(data)
    if data[:3] == _BYTE_ORDER_MARK:
        data = data[3:]
    try:
        value = _decode(data) if len(data) < _LARGE else _decode_large(data)
        again = _encode(value)  # shorter where a repeated key was dropped
        sound = not _too_deep(data) and (again == data or _quotes(again) == _quotes(data))
    except (msgspec.DecodeError, UnicodeError, ValueError, RecursionError) as error:
        json_text.scan(data)  # raises with line and column; the message below is for a disagreement between the two
        raise BadSyntax(f"This is not JSON: {error}") from error
    if not sound:
        json_text.scan(data)
    return value


def _decode_large(data: bytes) -> Any:
    """Decode without the garbage collector, which would walk through all that is being made, again and again.

    Nobody else is kept waiting for it: the decoder is one call that lets no other thread run.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _decode(data)
    finally:
        if collecting:
            gc.enable()


def _quotes(data: bytes) -> int:
    """How many quotes delimit strings: what spacing, escapes and the spelling of numbers do not change."""
    if b"\\" not in data:
        return data.count(b'"')
    data = data.replace(b"\\\\", b"")
    return data.count(b'"') - data.count(b'\\"')


def _too_deep(data: bytes) -> bool:
    """True when brackets nest deeper than allowed, or when brackets inside strings prevent a cheap answer."""
    if data.count(b"{") + data.count(b"[") <= json_text.MAX_DEPTH:
        return False
    brackets = data.translate(None, _BRACKETS_GONE)
    for _ in range(json_text.MAX_DEPTH):
        shorter = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if not shorter or len(shorter) == len(brackets):
            return bool(shorter)
        brackets = shorter
    return True


def dumps(value: Any, pretty: bool = False) -> bytes:
    """The JSON text of a value in UTF-8, key order kept, decimals with their digits; `pretty` indents by two spaces.

    Raises BadSyntax for NaN or infinity, which JSON cannot say.
    """
    try:
        text = _encode(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise _not_a_number(value) or BadSyntax(f"This value cannot be written as JSON: {error}.") from error
    return msgspec.json.format(text, indent=2) if pretty else text


def _not_a_number(value: Any, depth: int = 0) -> BadSyntax | None:
    """The error of the first decimal in a value that is NaN or infinite, None where there is none."""
    if isinstance(value, Decimal) and not value.is_finite():
        advice = "Leave the value out, with a data-absent-reason."
        return BadSyntax(f"The number {value} cannot be written as JSON.", advice=advice)
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    if depth > json_text.MAX_DEPTH:
        return None
    return next((found for child in children if (found := _not_a_number(child, depth + 1))), None)


def locate(data: bytes | str) -> Callable[[str], tuple[int, int] | None]:
    """A function from the FHIRPath expression of a finding to (line, column) of that element in the JSON text.

    An element that is not there is placed where its nearest ancestor stands. The text is looked at from the first
    call on, so text without findings costs nothing. None for text that is not JSON.
    """
    known: list[Any] = []

    def place(expression: str) -> tuple[int, int] | None:
        from cart_fhir.formats import json_places

        try:
            if not known:
                text = (json_text.encoded(data) if isinstance(data, str) else data).removeprefix(_BYTE_ORDER_MARK)
                known.extend((json_places.root(text), json_text.Lines(text)))
            root, lines = known
            found: tuple[int, int] = lines.position(json_places.find(root, expression))
        except (BadSyntax, msgspec.DecodeError, UnicodeError):
            return None
        return found

    return place
