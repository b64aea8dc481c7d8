"""JSON that is nearly right, read as it was meant: for the validator, which says each fault and goes on.

A name twice in one object (the first is kept), a comma too many or missing, comments, names and words without quotes,
numbers with a leading zero or plus. Everything else is refused as by the strict reader; nobody else reads so loosely.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import msgspec

from cart_fhir.errors import BadSyntax
from cart_fhir.formats import json_text

Fault = tuple[int, str, str]
"""Of a fault: its offset, the path of the object or array that has it (without the resource's type), what it is."""

_GAP = re.compile(r"(?:[ \t\n\r]+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER = re.compile(r"(-?)\+?0*([0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9]+)(?![0-9A-Za-z.])")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_./:+-]*")
_EXACT = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_KNOWN = {"true": True, "false": False, "null": None}


def read(text: str) -> tuple[Any, list[Fault]]:
    """The value meant by a text that is no JSON, and its faults; BadSyntax where that cannot be told."""
    reader = _Reader(text)
    value, end = reader.value(reader.gap(0, ""), "", 0)
    if reader.gap(end, "") < len(text):
        raise BadSyntax("There is more text after the end of the JSON value.")
    return value, reader.faults


class _Reader:
    """One pass over the text; methods take an offset and the path there, and give the offset after what they read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.faults: list[Fault] = []

    def fault(self, at: int, path: str, said: str) -> None:
        self.faults.append((at, path, said))

    def gap(self, at: int, path: str) -> int:
        match = _GAP.match(self.text, at)
        end = match.end() if match else at
        if "/" in self.text[at:end]:
            self.fault(at, path, "JSON has no comments; this one was passed over.")
        return end

    def value(self, at: int, path: str, depth: int) -> tuple[Any, int]:
        head = self.text[at : at + 1]
        if depth > json_text.MAX_DEPTH:
            raise BadSyntax(f"The text nests deeper than {json_text.MAX_DEPTH} levels.")
        if head == "{":
            return self.object(at, path, depth)
        if head == "[":
            return self.array(at, path, depth)
        if head == '"':
            return self.string(at)
        if match := _NUMBER.match(self.text, at):
            if not _EXACT.fullmatch(match[0]):
                self.fault(at, path, f"The number {match[0][:40]} is not written as JSON wants it.")
            return self.number(match[1] + match[2]), match.end()
        if match := _WORD.match(self.text, at):
            if match[0] not in _KNOWN:
                self.fault(at, path.rpartition(".")[0], f"The value {match[0][:40]} has no quotes around it.")
            return _KNOWN.get(match[0], match[0]), match.end()
        raise BadSyntax("There is no value here.")

    def number(self, text: str) -> int | Decimal:
        try:
            return json_text.decimal(text) if re.search("[.eE]", text) else int(text)
        except ValueError as problem:
            raise BadSyntax(f"The number {text[:40]} is out of range.") from problem

    def string(self, at: int) -> tuple[str, int]:
        match = _STRING.match(self.text, at)
        if not match:
            raise BadSyntax("This text has no closing quote, or has a control character in it.")
        try:
            return msgspec.json.decode(match[0], type=str), match.end()
        except (msgspec.DecodeError, UnicodeError) as problem:
            raise BadSyntax(f"This text cannot be read: {problem}.") from problem

    def array(self, at: int, path: str, depth: int) -> tuple[list[Any], int]:
        made: list[Any] = []
        at = self.gap(at + 1, path)
        while self.text[at : at + 1] != "]":
            item, at = self.value(at, f"{path}[{len(made)}]", depth + 1)
            made.append(item)
            at = self.comma(at, path, "]", f"{path}[{len(made)}]")
        return made, at + 1

    def object(self, at: int, path: str, depth: int) -> tuple[dict[str, Any], int]:
        made: dict[str, Any] = {}
        at = self.gap(at + 1, path)
        while self.text[at : at + 1] != "}":
            name, end = self.name(at, path)
            if name in made:
                self.fault(at, path, f"The property '{name}' stands twice in one object; the first was taken.")
            colon = self.gap(end, path)
            if self.text[colon : colon + 1] != ":":
                raise BadSyntax(f"A colon is expected after '{name}'.")
            below = f"{path}.{name.removeprefix('_')}"
            item, at = self.value(self.gap(colon + 1, path), below, depth + 1)
            made.setdefault(name, item)
            at = self.comma(at, path, "}", path)
        return made, at + 1

    def name(self, at: int, path: str) -> tuple[str, int]:
        if self.text[at : at + 1] == '"':
            return self.string(at)
        match = _NAME.match(self.text, at)
        if not match:
            raise BadSyntax("A property name is expected here.")
        self.fault(at, path, f"The property name {match[0][:40]} has no quotes around it.")
        return match[0], match.end()

    def comma(self, at: int, path: str, close: str, following: str) -> int:
        """The offset of the next item or of the closing bracket, over the comma before it; `following` is its path."""
        at = self.gap(at, path)
        head = self.text[at : at + 1]
        if head == close:
            return at
        if head != ",":
            if not head or head in "]}:":
                raise BadSyntax(f"A comma or '{close}' is expected here.")
            self.fault(at, following, "A comma is missing here.")
            return at
        after = self.gap(at + 1, path)
        if self.text[after : after + 1] == close:
            self.fault(at, path, f"There is a comma too many before '{close}'.")
        return after
