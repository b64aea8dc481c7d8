"""FHIR XML in and out. https://hl7.org/fhir/R4/xml.html

`loads` and `dumps` change between XML and the JSON-shaped dicts that everything else works on; `types` tells them what
is a list, a number or a choice, and the order of elements. Nothing is resolved, included or fetched while reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from lxml import etree

from cart_fhir.errors import BadSyntax
from cart_fhir.fhirpath.types import TypeModel
from cart_fhir.formats import json_text, xml_places, xml_read, xml_write
from cart_fhir.issues import Issue

MAX_DEPTH = 60
"""Levels of elements; each may be two in JSON, which has its own limit."""


def parse(data: bytes) -> etree._Element:
    """The root element of an XML text, read without DTD, entities, XInclude or network.

    Raises BadSyntax with line and column for text that is not well-formed, that has a DOCTYPE (the door to entity
    bombs and foreign files), or that nests deeper than 60 levels.
    """
    if not data.strip():
        raise BadSyntax("There is nothing in it.", line=1, column=1, advice="Give one resource, in XML.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position if error.position else (1, 1)
        raise BadSyntax(
            f"This is not well-formed XML: {error.msg}.",
            line=max(1, line),
            column=max(1, column),
            advice="Check for a tag that is not closed, or a text that is not in the declared encoding.",
        ) from error
    except ValueError as error:
        raise BadSyntax(f"This is not XML: {error}.", line=1, column=1) from error
    for fault in parser.error_log.filter_from_errors():  # a namespace error goes by when a warning follows it
        raise BadSyntax(f"This is not well-formed XML: {fault.message}.", line=fault.line, column=fault.column)
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise BadSyntax("A DOCTYPE is not allowed in FHIR.", line=1, column=1, advice="Remove it, and any entities.")
    _check_depth(root)
    return root


_TOO_DEEP = etree.XPath(f"(//*[count(ancestor::*) >= {MAX_DEPTH}])[1]")


def _check_depth(root: etree._Element) -> None:
    for element in cast("list[etree._Element]", _TOO_DEEP(root)):
        raise BadSyntax(
            f"The text nests deeper than {MAX_DEPTH} levels.",
            line=cast("int | None", element.sourceline),
            column=1,
            advice="No FHIR resource needs that.",
        )


_DECLARED_ENCODING = re.compile(r"""\A(\s*<\?xml[^>]*?)\s+encoding\s*=\s*(?:"[^"]*"|'[^']*')""")


def loads(data: bytes | str, types: TypeModel, issues: list[Issue] | None = None) -> dict[str, Any]:
    """The resource in FHIR XML as a dict shaped like its JSON; decimals keep their digits, narratives are text.

    Elements that the type does not have are kept, so that the validator can name them. What JSON cannot show (text
    between elements, foreign namespaces and attributes, wrong order) is added to `issues`; without a list the first of
    these raises BadSyntax, so that nothing is lost in silence.
    Processing instructions hold nothing, so they are told only to who asks.
    """
    found: list[Issue] = []
    if isinstance(data, str):
        data = json_text.encoded(_DECLARED_ENCODING.sub(r"\1", data, count=1))
    root = parse(data)
    resource = xml_read.Reader(types, found).resource(root)
    if issues is not None:
        xml_read.refuse_instructions(root, found)
        issues.extend(found)
    elif found:
        first = found[0]
        raise BadSyntax(
            first.text, line=first.line, column=first.column, advice=first.advice, expression=first.expression
        )
    return resource


def dumps(resource: dict[str, Any], types: TypeModel, pretty: bool = False) -> bytes:
    """The FHIR XML of a resource in UTF-8, elements in the order of the definition; `pretty` indents by two spaces.

    Raises BadSyntax for what XML cannot say: control characters, a narrative that is not well-formed.
    """
    text = xml_write.Writer(types, pretty=pretty).document(resource)
    return text.encode()


def locate(data: bytes | str) -> Callable[[str], tuple[int, int] | None]:
    """A function from the FHIRPath expression of a finding to (line, column) of that element's tag.

    An element that is not there is placed where its nearest ancestor stands. The text is scanned at the first call.
    None for text that is not XML.
    """
    text = data.encode() if isinstance(data, str) else data
    scanned: list[tuple[xml_places.Place | None, json_text.Lines]] = []

    def place(expression: str) -> tuple[int, int] | None:
        if not scanned:
            scanned.append((xml_places.scan(text), json_text.Lines(text)))
        root, lines = scanned[0]
        return lines.position(xml_places.find(root, expression)) if root else None

    return place
