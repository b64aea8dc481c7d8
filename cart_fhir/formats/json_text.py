"""A strict JSON scanner that says where and why a text is not JSON: slow and exact, used only when that is to be told.

RFC 8259. `scan` raises BadSyntax with line and column, or returns when there is no fault. Lines and columns count
from 1; a column is a character, not a byte.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from cart_fhir.errors import BadSyntax

MAX_DEPTH = 128
"""Levels of objects and arrays, two for most elements; the deepest official example has about 30."""


_LINE_END = re.compile(rb"\n")
_SPACE = re.compile(rb"[ \t\n\r]*")
_STRING = re.compile(rb'"((?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*)"')
_GOOD_PART = re.compile(rb'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*')
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?![0-9.A-Za-z+-])")
_WORD = re.compile(rb"true(?![A-Za-z0-9])|false(?![A-Za-z0-9])|null(?![A-Za-z0-9])")
_NEAR = re.compile(rb"[^\s,:\[\]{}]{1,20}")
_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|(["\\/bfnrt]))')
_MEANING = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_FRACTION = re.compile(rb"[.eE]")
_MAX_EXPONENT = 1000
"""No quantity needs more; 1E+999999999 would fill the memory of whoever turns it into an integer."""


def decimal(text: str) -> Decimal:
    """The number, digits kept; ValueError for exponents out of range."""
    try:
        number = Decimal(text)
    except InvalidOperation:  # the exponent has more digits than the computer
        number = Decimal("Infinity")
    if not number.is_finite() or not -_MAX_EXPONENT < number.adjusted() < _MAX_EXPONENT:
        raise ValueError(f"the exponent of {text[:40]} is out of range")
    return number


def encoded(text: str) -> bytes:
    """The text in UTF-8; BadSyntax for lone surrogates."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        before = text[: error.start]
        raise BadSyntax(
            "The text holds half of a surrogate pair, which is no character.",
            line=before.count("\n") + 1,
            column=error.start - before.rfind("\n"),
            advice="Read the source as UTF-8 again.",
        ) from error


def position(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of a byte offset in UTF-8 text."""
    start = data.rfind(b"\n", 0, offset) + 1
    return data.count(b"\n", 0, offset) + 1, len(data[start:offset].decode("utf-8", "replace")) + 1


class Lines:
    """Line and column of many offsets of one text: its line ends are looked for once."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._starts = [0, *[match.end() for match in _LINE_END.finditer(data)]]
        self._is_ascii = data.isascii()
        self._last = (0, 0, 1)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1."""
        line = bisect_right(self._starts, offset)
        start = self._starts[line - 1]
        if self._is_ascii:
            return line, offset - start + 1
        last_line, last_offset, last_column = self._last  # findings mostly come in the order of the text
        if line != last_line or offset < last_offset:
            last_offset, last_column = start, 1
        column = last_column + len(self._data[last_offset:offset].decode("utf-8", "replace"))
        self._last = (line, offset, column)
        return line, column


def scan(data: bytes) -> None:
    """Raise BadSyntax at the first fault of a JSON text."""
    _check_encoding(data)
    scanner = _Scanner(data)
    end = scanner.space(scanner.value(scanner.space(0), 0))
    if end < len(data):
        scanner.refuse(
            end, "There is more text after the end of the JSON value.", "Keep one value; NDJSON has one a line."
        )


def _check_encoding(data: bytes) -> None:
    if b"\x00" in data[:4]:
        raise BadSyntax(
            "The text is not UTF-8; it looks like UTF-16 or UTF-32.", line=1, column=1, advice="Save it as UTF-8."
        )
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line, column = position(data, error.start)
        raise BadSyntax(
            f"Byte 0x{data[error.start]:02X} is not valid UTF-8.",
            line=line,
            column=column,
            advice="Save the text as UTF-8; it may be Windows-1252 or Latin-1.",
        ) from error
    if not data.strip(b" \t\n\r"):
        raise BadSyntax("There is nothing in it.", line=1, column=1, advice="Give one resource, in JSON or XML.")


def _unescape(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else _MEANING.get(match[2], match[2])


class _Scanner:
    """One pass over the bytes; each method takes an offset and returns the offset after it."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def refuse(self, offset: int, text: str, advice: str = "") -> NoReturn:
        line, column = position(self.data, offset)
        raise BadSyntax(text, line=line, column=column, advice=advice)

    def space(self, offset: int) -> int:
        match = _SPACE.match(self.data, offset)
        return match.end() if match else offset

    def value(self, offset: int, depth: int) -> int:
        head = self.data[offset : offset + 1]
        if head in (b"{", b"["):
            if depth >= MAX_DEPTH:
                self.refuse(offset, f"The text nests deeper than {MAX_DEPTH} levels.", "No FHIR resource needs that.")
            return self.object(offset, depth) if head == b"{" else self.array(offset, depth)
        if head == b'"':
            return self.string(offset)[1]
        match = _WORD.match(self.data, offset) or _NUMBER.match(self.data, offset)
        if not match:
            self.not_a_value(offset)
        try:
            if head not in b"tfn":
                (decimal if _FRACTION.search(match[0]) else int)(match[0].decode())
        except ValueError:  # Python refuses integers of over 4300 digits, whose conversion takes long
            self.refuse(
                offset, f"The number {match[0][:40].decode()} is out of range.", "Check the value at its source."
            )
        return match.end()

    def not_a_value(self, offset: int) -> NoReturn:
        if offset >= len(self.data):
            self.refuse(offset, "The text ends in the middle of a value.", "It may have been cut off; send it again.")
        match = _NEAR.match(self.data, offset)
        word = (match[0] if match else self.data[offset : offset + 1]).decode("utf-8", "replace")
        advice = "Write true, false, null, a number, or text in double quotes."
        if word.lstrip("-") in ("NaN", "Infinity"):
            advice = "JSON has no such number; leave the element out, with a data-absent-reason."
        elif word[0] == "'":
            advice = "JSON wants double quotes."
        elif word[0] in "+-.0123456789":
            advice = "Numbers have no leading + or 0, and a digit on both sides of the point."
        self.refuse(offset, f"'{word}' is not a JSON value.", advice)

    def string(self, offset: int) -> tuple[str, int]:
        match = _STRING.match(self.data, offset)
        if not match:
            self.broken_string(offset)
        text = match[1].decode()
        if "\\" in text:
            try:
                text = _ESCAPE.sub(_unescape, text).encode("utf-16", "surrogatepass").decode("utf-16")
            except UnicodeDecodeError:
                self.refuse(offset, "This text holds half of a surrogate pair.", "Write both halves, or the character.")
        return text, match.end()

    def broken_string(self, offset: int) -> NoReturn:
        good = _GOOD_PART.match(self.data, offset)
        end = good.end() if good else offset
        if end >= len(self.data):
            self.refuse(offset, "This text has no closing quote.", "The file may have been cut off; send it again.")
        if self.data[end] == 0x5C:
            shown = self.data[end : end + 2].decode("utf-8", "replace")
            self.refuse(end, f"'{shown}' is not a JSON escape.", 'Write \\\\ for a backslash, \\" for a quote.')
        code = self.data[end]
        advice = f"Write it as \\u{code:04x}." if code in b"\t\n\r" else "Take it out: FHIR allows no such character."
        self.refuse(end, f"The control character U+{code:04X} stands inside a text.", advice)

    def array(self, offset: int, depth: int) -> int:
        at = self.space(offset + 1)
        if self.data[at : at + 1] == b"]":
            return at + 1
        while True:
            at, closed = self.next(self.value(at, depth + 1), b"]")
            if closed:
                return at

    def object(self, offset: int, depth: int) -> int:
        at, first = self.space(offset + 1), dict[str, int]()
        if self.data[at : at + 1] == b"}":
            return at + 1
        while True:
            if self.data[at : at + 1] != b'"':
                self.refuse(at, "A property name in double quotes is expected here.", "Check for a comma too many.")
            name, end = self.string(at)
            if name in first:
                line, _ = position(self.data, first[name])
                self.refuse(at, f"The property '{name}' stands twice in one object, first in line {line}.", "Keep one.")
            colon = self.space(end)
            if self.data[colon : colon + 1] != b":":
                self.refuse(colon, f"A colon is expected after '{name}'.")
            first[name] = at
            at, closed = self.next(self.value(self.space(colon + 1), depth + 1), b"}")
            if closed:
                return at

    def next(self, offset: int, close: bytes) -> tuple[int, bool]:
        """The offset after `,` or after the closing bracket, and which it was."""
        at = self.space(offset)
        head = self.data[at : at + 1]
        if head == close:
            return at + 1, True
        if head != b",":
            self.refuse(at, f"A comma or '{close.decode()}' is expected here.", "The text may have been cut off.")
        after = self.space(at + 1)
        if self.data[after : after + 1] == close:
            self.refuse(at, f"There is a comma too many before '{close.decode()}'.", "Remove it.")
        return after, False
