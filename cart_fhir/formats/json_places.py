"""Where the values of a JSON text stand. For text that has been read without fault: nothing is checked here.

A value is taken apart when something inside it is looked for, one level at a time: a finding costs the levels above
it, not the whole text.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from cart_fhir.formats import paths

_OBJECT, _ARRAY = 0x7B, 0x5B
_members_of = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_items_of = msgspec.json.Decoder(list[msgspec.Raw]).decode
_string = msgspec.json.Decoder(str).decode
# What stands between the start of an object, or the end of a member, and the next value; the same in an array.
_BEFORE_MEMBER = re.compile(rb'\s*[{,]\s*"(?:[^"\\]|\\.)*"\s*:\s*', re.DOTALL)
_BEFORE_ITEM = re.compile(rb"\s*[\[,]\s*")
_SPACE = re.compile(rb"\s*")


class Place:
    """A value: its byte offset in the text `data`, and its own part of it, `raw`."""

    __slots__ = ("_data", "_items", "_members", "_raw", "offset")

    def __init__(self, data: bytes, offset: int, raw: Any) -> None:
        self.offset = offset
        self._data = data
        self._raw = raw
        self._members: dict[str, Place] | None = None
        self._items: list[Place] | None = None

    @property
    def members(self) -> dict[str, Place]:
        """The places in an object by name; empty for any other value."""
        if self._members is None:
            self._members = {}
            at = self.offset
            for name, raw in _members_of(self._raw).items() if self._data[at] == _OBJECT else ():
                at = _end(_BEFORE_MEMBER, self._data, at)
                self._members[name] = Place(self._data, at, raw)
                at += len(raw)
        return self._members

    @property
    def items(self) -> list[Place]:
        """The places in an array; empty for any other value."""
        if self._items is None:
            self._items = []
            at = self.offset
            for raw in _items_of(self._raw) if self._data[at] == _ARRAY else ():
                at = _end(_BEFORE_ITEM, self._data, at)
                self._items.append(Place(self._data, at, raw))
                at += len(raw)
        return self._items

    @property
    def text(self) -> str:
        """The string that stands here, "" for any other value."""
        return _string(self._raw) if self._data[self.offset : self.offset + 1] == b'"' else ""


def _end(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    found = pattern.match(data, at)
    return found.end() if found else at


def root(data: bytes) -> Place:
    """The place of the value of the text."""
    return Place(data, _end(_SPACE, data, 0), data)


def find(place: Place, expression: str) -> int:
    """The offset of the element at the path, or of its nearest ancestor that is there; `place` is that of the text."""
    for name, type_name, url, index in paths.walkable(expression):
        found = _extension(place, url) if url else _child(place.members, name, type_name)
        if found is None:
            break
        place = found.items[min(index, len(found.items) - 1)] if found.items else found
    return place.offset


def _child(members: dict[str, Place], name: str, type_name: str) -> Place | None:
    typed = name + type_name[:1].upper() + type_name[1:]
    for key in (name, typed, f"_{name}", f"_{typed}"):
        if key in members:
            return members[key]
    choices = [key for key in members if key.startswith(name) and key[len(name)].isupper()]
    return members[choices[0]] if len(choices) == 1 and not type_name else None


def _extension(place: Place, url: str) -> Place | None:
    """The extension with this url, for `extension('http://...')`; all of them when there is none."""
    every = place.members.get("extension")
    for item in every.items if every is not None else ():
        if (stated := item.members.get("url")) is not None and stated.text == url:
            return item
    return every
