"""What FHIR allows in the XHTML of a narrative. https://hl7.org/fhir/R4/narrative.html#xhtml (txt-1, txt-2)"""

from __future__ import annotations

import re
from html.entities import html5

from lxml import etree

_XHTML = "{http://www.w3.org/1999/xhtml}"
_ELEMENT_NAMES = (
    "p br div h1 h2 h3 h4 h5 h6 a span b em i strong small big tt dfn q var abbr acronym cite blockquote hr address "
    "bdo kbd sub sup ul ol li dl dt dd pre table caption colgroup col thead tr tfoot tbody th td code samp img map "
    "area ins del"
)
_ELEMENTS = frozenset(_ELEMENT_NAMES.split())
_ATTRIBUTE_NAMES = (
    "title style class id lang dir accesskey tabindex span width align valign char charoff abbr axis headers scope "
    "rowspan colspan {http://www.w3.org/XML/1998/namespace}lang {http://www.w3.org/XML/1998/namespace}space"
)
_ANYWHERE = frozenset(_ATTRIBUTE_NAMES.split())
_ATTRIBUTES = {
    "a": "charset type name href hreflang rel rev shape coords target",
    "img": "src alt longdesc height width usemap ismap border",
    "map": "name",
    "area": "shape coords href nohref alt",
    "table": "summary width border frame rules cellspacing cellpadding",
    "blockquote": "cite",
    "q": "cite",
    "ins": "cite datetime",
    "del": "cite datetime",
    "td": "nowrap",
    "th": "nowrap",
    "ol": "type start",
    "ul": "type",
    "li": "value",
}
_ALLOWED = {name: _ANYWHERE.union(_ATTRIBUTES.get(name, "").split()) for name in _ELEMENTS}
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
_OF_XML = {"amp;", "lt;", "gt;", "quot;", "apos;"}
_UNSAFE_LINK = re.compile(r"[\s\x00-\x1f]*(?:javascript|vbscript|data(?!:image/))[\s\x00-\x1f]*:", re.IGNORECASE)


def problems(text: str) -> list[str]:
    """What is wrong with the XHTML of a narrative, in plain words; empty when all is well.

    HTML's named entities are read, a DTD or entities of its own are not.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return ["A narrative has no DOCTYPE and declares no entities."]
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(_ENTITY.sub(_character, text).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return [f"The narrative is not well-formed XHTML: {error}."]
    if root.tag != f"{_XHTML}div":
        return ["A narrative is one <div> in the namespace http://www.w3.org/1999/xhtml."]
    found = [text for element in root.iter() for text in _of_element(element)]
    if not "".join(map(str, root.itertext())).strip() and root.find(f".//{_XHTML}img") is None:
        found.append("A narrative says something: text or an image.")
    return found


def _character(match: re.Match[str]) -> str:
    return match[0] if match[1] in _OF_XML else html5.get(match[1], match[0])


def _of_element(element: etree._Element) -> list[str]:
    if not isinstance(element.tag, str):
        if isinstance(element, etree._ProcessingInstruction):
            return ["A narrative has no processing instructions."]
        return []
    name = element.tag.removeprefix(_XHTML)
    if name not in _ELEMENTS:
        return [f"The element <{name}> is not allowed in a narrative."]
    found = [
        f"The attribute {key!s} of <{name}> is not allowed in a narrative."
        for key in element.attrib
        if str(key) not in _ALLOWED[name]
    ]
    for key in ("href", "src"):
        if _UNSAFE_LINK.match(element.get(key, "")):
            found.append(f"The {key} of <{name}> runs or embeds content.")
    return found
