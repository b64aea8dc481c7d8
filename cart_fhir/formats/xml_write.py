"""From a resource shaped like JSON to XML text. https://hl7.org/fhir/R4/xml.html"""

from __future__ import annotations

import re
from html.entities import html5
from typing import Any

from lxml import etree

from cart_fhir.errors import BadSyntax
from cart_fhir.fhirpath.types import TypeModel, is_primitive

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_TO_ESCAPE = re.compile(r'[&<>"\n\r\t]')
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*", re.ASCII)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
_OF_XML = {"amp;", "lt;", "gt;", "quot;", "apos;"}


class Writer:
    """Writes one document as text."""

    def __init__(self, types: TypeModel, *, pretty: bool) -> None:
        self._types = types
        self._pretty = pretty
        self._out: list[str] = []

    def document(self, resource: dict[str, Any]) -> str:
        """The document of a resource."""
        self._out = ['<?xml version="1.0" encoding="UTF-8"?>']
        self._resource(resource, 0, ' xmlns="http://hl7.org/fhir"')
        return "".join(self._out)

    def _line(self, level: int, text: str) -> None:
        self._out.append(f"\n{'  ' * level}{text}" if self._pretty else text)

    def _resource(self, resource: Any, level: int, namespace: str = "") -> None:
        name = resource.get("resourceType") if isinstance(resource, dict) else None
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise BadSyntax("A resource needs a resourceType to be written as XML.")
        body = {key: value for key, value in resource.items() if key != "resourceType"}
        self._element(name, body, name, level, namespace)

    def _element(self, tag: str, value: Any, type_name: str, level: int, attributes: str = "") -> None:
        """An element of a complex type."""
        if not isinstance(value, dict):
            self._simple(tag, value, level)
            return
        children = self._types.children(type_name)
        known = {key for element in children.values() for key in element.json_names}
        in_attributes = self._in_attributes(type_name)
        for name in in_attributes:
            if isinstance(value.get(name), str):
                attributes += f' {name}="{_escaped(value[name])}"'
        self._line(level, f"<{tag}{attributes}>")
        empty = len(self._out)
        for element in children.values():
            if element.name not in in_attributes:
                for key, child in element.json_names.items():
                    if key in value or f"_{key}" in value:
                        self._property(key, value.get(key), value.get(f"_{key}"), child, level + 1)
        for key, child_value in value.items():
            if key.removeprefix("_") not in known and key not in in_attributes and key != "fhir_comments":
                self._unknown(key, child_value, level + 1)
        if len(self._out) == empty:
            self._out[-1] = f"{self._out[-1][:-1]}/>"
        else:
            self._line(level, f"</{tag}>")

    def _in_attributes(self, type_name: str) -> tuple[str, ...]:
        if not type_name or self._types.is_a(type_name, "Resource"):
            return ()
        return ("id", "url") if type_name == "Extension" else ("id",)

    def _property(self, key: str, value: Any, beside: Any, type_name: str, level: int) -> None:
        if is_primitive(type_name) and type_name != "xhtml":
            values, extras = _listed(value), _listed(beside)
            for number in range(max(len(values), len(extras))):
                one = values[number] if number < len(values) else None
                extra = extras[number] if number < len(extras) else None
                self._primitive(key, one, extra, level)
            return
        for one in _listed(value):
            if type_name == "xhtml":
                self._line(level, narrative(one))
            elif type_name in ("Resource", "DomainResource"):
                self._line(level, f"<{key}>")
                self._resource(one, level + 1)
                self._line(level, f"</{key}>")
            else:
                self._element(key, one, type_name, level)

    def _primitive(self, key: str, value: Any, extra: Any, level: int) -> None:
        if isinstance(value, dict | list):
            self._unknown(key, value, level)
            return
        attributes, extra = "", extra if isinstance(extra, dict) else {}
        if isinstance(extra.get("id"), str):
            attributes += f' id="{_escaped(extra["id"])}"'
        if value is not None:
            attributes += f' value="{_escaped(_text(value))}"'
        below = [(name, child) for name, child in extra.items() if name != "id"]
        if not below:
            self._line(level, f"<{key}{attributes}/>")
            return
        self._line(level, f"<{key}{attributes}>")
        for name, child in below:
            for one in _listed(child):
                self._element(name, one, "Extension" if name == "extension" else "", level + 1)
        self._line(level, f"</{key}>")

    def _unknown(self, key: str, value: Any, level: int) -> None:
        """What the type does not have is written as it looks, so that nothing is lost before a validator sees it."""
        name = key.removeprefix("_")
        if not _NAME.fullmatch(name):
            raise BadSyntax(f"The property '{name[:60]}' cannot be written as XML.")
        for one in _listed(value):
            self._element(name, one, "", level)

    def _simple(self, tag: str, value: Any, level: int) -> None:
        if isinstance(value, list):
            for one in value:
                self._element(tag, one, "", level)
            return
        attributes = "" if value is None else f' value="{_escaped(_text(value))}"'
        self._line(level, f"<{tag}{attributes}/>")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _escaped(text: str) -> str:
    bad = _NOT_XML.search(text)
    if bad:
        raise BadSyntax(
            f"The character U+{ord(bad[0]):04X} cannot be written as XML.", advice="Remove it at its source."
        )
    return _TO_ESCAPE.sub(lambda match: _ESCAPES[match[0]], text)


def narrative(text: Any) -> str:
    """The XHTML of a narrative as it may stand in a document; HTML's named entities become characters."""
    from cart_fhir.formats import xml

    if not isinstance(text, str):
        raise BadSyntax("A narrative is text.")
    text = _ENTITY.sub(lambda match: match[0] if match[1] in _OF_XML else html5.get(match[1], match[0]), text).strip()
    try:
        root = xml.parse(text.encode())
    except (BadSyntax, UnicodeEncodeError) as error:
        raise BadSyntax(f"A narrative cannot be written as XML: {error}") from error
    return text if text.startswith("<div") and text.endswith(">") else etree.tostring(root, encoding="unicode")
