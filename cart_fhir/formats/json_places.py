"""Where the values of a JSON text stand. For text that has been read without fault: nothing is checked here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cart_fhir.formats import json, paths

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]]|[^\s,:{}\[\]"]+', re.DOTALL)


@dataclass(slots=True)
class Holder:
    """Where an object or array starts (byte offset), and what is in it: by name, or in order.

    A value within is a Holder, or for text, numbers and words just its offset.
    """

    offset: int
    members: dict[str, Any] | None
    items: list[Any] | None


def scan(data: bytes) -> Any:
    """The place of the value of the text."""
    top = holder = Holder(0, None, [])
    above: list[Holder] = []
    name: str | None = None
    for match in _TOKEN.finditer(data):
        token, place = match[0], match.start()
        head = token[0]
        if head in b"}]":
            holder = above.pop()
            continue
        if holder.members is not None and name is None:
            name = json.loads(token) if b"\\" in token else token[1:-1].decode()
            continue
        found: Any = place
        if head in b"{[":
            found = Holder(place, {}, None) if head == 0x7B else Holder(place, None, [])
        if holder.members is not None:
            holder.members[name or ""] = found
            name = None
        elif holder.items is not None:
            holder.items.append(found)
        if head in b"{[":
            above.append(holder)
            holder = found
    return (top.items or [0])[0]


def find(data: bytes, root: Any, expression: str) -> int:
    """The offset of the element at the path, or of its nearest ancestor that is there."""
    place = root
    for name, type_name, url, index in paths.walkable(expression):
        members = place.members if isinstance(place, Holder) else None
        if not members:
            break
        found = _extension(data, members, url) if url else _child(members, name, type_name)
        if found is None:
            break
        place = found
        if isinstance(place, Holder) and place.items:
            place = place.items[min(index, len(place.items) - 1)]
    return place.offset if isinstance(place, Holder) else int(place)


def _child(members: dict[str, Any], name: str, type_name: str) -> Any:
    typed = name + type_name[:1].upper() + type_name[1:]
    for key in (name, typed, f"_{name}", f"_{typed}"):
        if key in members:
            return members[key]
    choices = [key for key in members if key.startswith(name) and key[len(name)].isupper()]
    return members[choices[0]] if len(choices) == 1 and not type_name else None


def _extension(data: bytes, members: dict[str, Any], url: str) -> Any:
    """The extension with this url, for `extension('http://...')`; all of them when there is none."""
    every = members.get("extension")
    for item in (every.items or ()) if isinstance(every, Holder) else ():
        place = item.members.get("url") if isinstance(item, Holder) and item.members else None
        match = _TOKEN.match(data, place) if isinstance(place, int) else None
        if match and match[0][:1] == b'"' and json.loads(match[0]) == url:
            return item
    return every
