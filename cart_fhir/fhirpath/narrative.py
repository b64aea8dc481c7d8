"""What FHIR allows in the XHTML of a narrative. https://hl7.org/fhir/R4/narrative.html#xhtml (txt-1, txt-2)

The one place that knows it: htmlChecks() asks here, and so does the validator, which says more about each fault.
"""

from __future__ import annotations

import re
from html.entities import html5

from lxml import etree

XHTML = "{http://www.w3.org/1999/xhtml}"
_ELEMENT_NAMES = (
    "p br div h1 h2 h3 h4 h5 h6 a span b em i strong small big tt dfn q var abbr acronym cite blockquote hr address "
    "bdo kbd sub sup ul ol li dl dt dd pre table caption colgroup col thead tr tfoot tbody th td code samp img map "
    "area"  # not ins and del: section 9.4 is left out
)
_ELEMENTS = frozenset(_ELEMENT_NAMES.split())
_ATTRIBUTE_NAMES = (
    "title style class id lang dir accesskey tabindex span width align valign char charoff abbr axis headers scope "
    "rowspan colspan {http://www.w3.org/XML/1998/namespace}lang {http://www.w3.org/XML/1998/namespace}space"
)
_ANYWHERE = frozenset(_ATTRIBUTE_NAMES.split())
_ATTRIBUTES = {
    "a": "charset type name href hreflang rel rev shape coords",
    "img": "src alt longdesc height width usemap ismap border",
    "map": "name",
    "area": "shape coords href nohref alt",
    "table": "summary width border frame rules cellspacing cellpadding",
    "blockquote": "cite",
    "q": "cite",
    "td": "nowrap",
    "th": "nowrap",
    "ol": "type start",
    "ul": "type",
    "li": "value",
}
_ALLOWED = {name: _ANYWHERE.union(_ATTRIBUTES.get(name, "").split()) for name in _ELEMENTS}
_BLANK = " \t\r\n"  # what XML calls whitespace: a no-break space says something
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_OF_XML = {"amp", "lt", "gt", "quot", "apos"}
_UNSAFE_LINK = re.compile(r"[\s\x00-\x1f]*(?:javascript|vbscript|data(?!\s*:\s*image/))[\s\x00-\x1f]*:", re.IGNORECASE)


def problems(text: str) -> list[str]:
    """What is wrong with the XHTML of a narrative, in plain words; empty when all is well.

    HTML's named entities are read, a DTD or entities of its own are not.
    """
    root, problem = read(text)
    if root is None:
        return [problem]
    found = [text for element in root.iter() for text in refused(element)]
    return found if says_something(root) else [*found, "The narrative says nothing: it needs text or an image."]


def read(text: str) -> tuple[etree._Element | None, str]:
    """The <div> of a narrative, or None and why it is none."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return None, "The narrative has a DOCTYPE or entity declaration, which is not allowed."
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(_ENTITY.sub(_character, text).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        return None, f"The narrative is not well-formed XHTML: {error.msg}."
    except ValueError as error:
        return None, f"The narrative is not well-formed XHTML: {error}."
    if root.tag != f"{XHTML}div":
        return None, "The narrative must be a <div> in the XHTML namespace (http://www.w3.org/1999/xhtml)."
    return root, ""


def entities(text: str) -> list[str]:
    """The entities of HTML that a narrative uses: XML does not know them, so FHIR asks for the character itself."""
    return sorted({name for name in _ENTITY.findall(text) if name not in _OF_XML})


def says_something(root: etree._Element) -> bool:
    """True when there is text, or an image (txt-2)."""
    return bool("".join(map(str, root.itertext())).strip(_BLANK)) or root.find(f".//{XHTML}img") is not None


def _character(match: re.Match[str]) -> str:
    """The character that an entity of HTML stands for; one that nobody knows is left for the parser to refuse."""
    return match[0] if match[1] in _OF_XML else html5.get(f"{match[1]};", match[0])


def refused(element: etree._Element) -> list[str]:
    """What of an element and its attributes is not allowed (txt-1)."""
    if not isinstance(element.tag, str):
        if isinstance(element, etree._ProcessingInstruction):
            return ["The narrative has a processing instruction, which is not allowed."]
        return []
    name = element.tag.removeprefix(XHTML)
    if name not in _ELEMENTS:
        return [f"The element <{name}> is not allowed in a narrative (txt-1)."]
    found = [
        f"The attribute {str(key).rpartition('}')[2]} of <{name}> is not allowed in a narrative (txt-1)."
        for key in element.attrib
        if str(key) not in _ALLOWED[name]
    ]
    for key in ("href", "src"):
        if _UNSAFE_LINK.match(element.get(key, "")):
            found.append(f"The {key} of <{name}> runs code or embeds content, which is not allowed.")
    return found
