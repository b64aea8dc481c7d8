"""Where the elements of an XML text stand: read by expat, which knows line and column of every tag."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from cart_fhir.formats import paths


@dataclass(slots=True)
class Place:
    """An element: local name, url attribute, byte offset of its tag, elements within."""

    name: str
    url: str
    offset: int
    children: list[Place] = field(default_factory=list)


class _Refused(Exception):
    """A DOCTYPE: nothing is looked up in such text."""


def scan(data: bytes) -> Place | None:
    """The places of all elements; None for text that is not well-formed or has a DOCTYPE."""
    parser = expat.ParserCreate(namespace_separator=" ")
    open_places: list[Place] = [Place("", "", 0)]

    def start(name: str, attributes: dict[str, str]) -> None:
        place = Place(name.rpartition(" ")[2], attributes.get("url", ""), parser.CurrentByteIndex)
        open_places[-1].children.append(place)
        open_places.append(place)

    def end(name: str) -> None:
        open_places.pop()

    def doctype(*_: object) -> None:
        raise _Refused

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, _Refused, ValueError):
        return None
    return open_places[0].children[0]


def find(root: Place, expression: str) -> int:
    """The offset of the element at the path, or of its nearest ancestor that is there."""
    place = root
    for name, type_name, url, index in paths.walkable(expression):
        found = _children(place, name, type_name, url)
        if not found:
            break
        place = found[min(index, len(found) - 1)]
        if (
            place.name in ("contained", "resource")
            and len(place.children) == 1
            and place.children[0].name[:1].isupper()
        ):
            place = place.children[0]
    return place.offset


def _children(place: Place, name: str, type_name: str, url: str) -> list[Place]:
    if url:
        return [child for child in place.children if child.name == "extension" and child.url == url]
    typed = name + type_name[:1].upper() + type_name[1:]
    found = [child for child in place.children if child.name in (name, typed)]
    if found or type_name:
        return found
    return [child for child in place.children if child.name.startswith(name) and child.name[len(name)].isupper()]
