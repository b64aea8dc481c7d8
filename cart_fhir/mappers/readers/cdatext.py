"""CDA as text: the documents of a file, whole, in fragments or several behind one another, and their narratives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lxml import etree

from cart_fhir.errors import BadSyntax
from cart_fhir.formats import xml
from cart_fhir.mappers.readers import Unreadable
from cart_fhir.mappers.readers.odmlists import line_of, local

_V3 = "urn:hl7-org:v3"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PREFIXES = {"xsi": _XSI, "sdtc": "urn:hl7-org:sdtc", "voc": "urn:hl7-org:v3/voc", "cda": _V3, "hl7": _V3}
_TYPE = f"{{{_XSI}}}type"
_LARGEST = 200 << 20
_ROW_ENDS = frozenset(["br", "tr", "paragraph", "item", "caption", "list", "table"])
_CELL_ENDS = frozenset(["td", "th"])


@dataclass
class Document:
    """One document, or fragment of one; `before` is how many lines of the file stand before it."""

    root: etree._Element
    before: int = 0

    def line(self, element: etree._Element) -> int:
        """The line of an element in the file."""
        return self.before + line_of(element)

    def text(self, element: etree._Element) -> str:
        """What an element says: its own text, or else the narrative that it refers to."""
        parts = map(str, element.itertext()) if local(element) == "text" else [element.text or ""]
        text = " ".join("".join(parts).split())
        if text:
            return text
        for child in element:
            if local(child) == "reference" and (name := child.get("value", "")).startswith("#"):
                found = self._anchors.get(name[1:])
                return "" if found is None else told(found)
        return ""

    def narrative(self, section: etree._Element | None) -> str:
        """The text of a section, its rows on lines of their own."""
        text = None if section is None else next((child for child in section if local(child) == "text"), None)
        return "" if text is None else told(text)

    @cached_property
    def _anchors(self) -> dict[str, etree._Element]:
        return {name: element for element in self.root.iter() if (name := element.get("ID"))}


def told(element: etree._Element) -> str:
    """A piece of narrative as plain text: cells parted by a bar, rows and paragraphs by line ends."""
    parts: list[str] = []
    _tell(element, parts)
    lines = (" ".join(line.split()).strip("| ") for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _tell(element: etree._Element, parts: list[str]) -> None:
    if isinstance(element.tag, str):
        parts.append(" ".join((element.text or "").split("\n")))
        for child in element:
            _tell(child, parts)
            parts.append(" ".join((child.tail or "").split("\n")))
        name = local(element)
        parts.append("\n" if name in _ROW_ENDS else " | " if name in _CELL_ENDS else "")


def kind_of(element: etree._Element) -> str:
    """The data type that an element says it has (xsi:type), without its prefix."""
    return (element.get(_TYPE) or element.get("type") or "").rpartition(":")[2]


def documents(path: Path) -> Iterator[Document]:
    """The documents of a file; Unreadable where it is no XML, or nothing in it is CDA."""
    try:
        if path.stat().st_size > _LARGEST:
            raise Unreadable("The document is larger than 200 MB.")
        data = path.read_bytes()
    except OSError as problem:
        raise Unreadable(f"The file cannot be opened: {problem.strerror}.") from None
    starts = [found.start() for found in re.finditer(rb"<\?xml\s", data)][1:]
    for start, end in zip([0, *starts], [*starts, len(data)], strict=True):
        before = data.count(b"\n", 0, start)
        document = Document(_root(data[start:end], before), before)
        if not any(_is_cda(element) for element in document.root.iter()):
            raise Unreadable("This is XML and no CDA document, nor a part of one.", row=before + 1)
        several = list(document.root.iter("{*}ClinicalDocument"))
        yield from [document] if len(several) < 2 else [Document(one, before) for one in several]


def _root(data: bytes, before: int) -> etree._Element:
    """The root of a document; a fragment that lost its namespace declarations, or its root, gets them back."""
    try:
        return xml.parse(_declared(data))
    except BadSyntax as problem:
        try:
            return xml.parse(_declared(b"<fragments>" + re.sub(rb"\A\s*<\?xml[^>]*>", b"", data) + b"</fragments>"))
        except BadSyntax:
            raise Unreadable(problem.message, row=before + (problem.line or 1)) from None


def _declared(data: bytes) -> bytes:
    """The text with the prefixes that it uses and does not declare, declared at its first element."""
    lacking = [
        prefix
        for prefix in _PREFIXES
        if f"{prefix}:".encode() in data  # the plain searches first: they are much quicker
        and f"xmlns:{prefix}=".encode() not in data
        and re.search(rb"[<\s/]%s:" % prefix.encode(), data)
    ]
    declarations = "".join(f' xmlns:{prefix}="{_PREFIXES[prefix]}"' for prefix in lacking).encode()
    first = re.search(rb"<[A-Za-z][\w.:-]*", data)
    return data[: first.end()] + declarations + data[first.end() :] if first and lacking else data


def _is_cda(element: etree._Element) -> bool:
    """Whether an element is of CDA; fragments may have lost the namespace too."""
    if not isinstance(element.tag, str):
        return False
    space = element.tag.rpartition("}")[0].lstrip("{")
    return space == _V3 or (not space and local(element) in ("section", "entry", "ClinicalDocument", "recordTarget",
                                                                "observation", "substanceAdministration", "procedure",
                                                                "act", "supply", "encounter", "organizer"))  # fmt: skip
