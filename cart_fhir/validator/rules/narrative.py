"""Narratives: the XHTML that FHIR allows, and nothing that runs. https://hl7.org/fhir/R4/narrative.html"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lxml import etree

from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules.primitives import shown
from cart_fhir.validator.schema import Element
from cart_fhir.validator.shapes import Rule

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context

_XHTML = "{http://www.w3.org/1999/xhtml}"


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELEMENTS = _names("""
    a abbr acronym address b bdo big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6
    hr i img kbd li map area ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var
""")
ATTRIBUTES = _names("""
    abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char charoff charset cite
    class colspan compact coords datetime dir frame headers height href hreflang hspace id lang longdesc name nowrap rel
    rev rowspan rules scope shape span src start style summary tabindex title type valign value vspace width clear
""")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)([A-Za-z][A-Za-z0-9]{0,30});")


def parser() -> etree.XMLParser:
    """A parser that resolves nothing and fetches nothing."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def check(value: Any, context: Context) -> Found:
    """The div is well-formed XHTML, with the elements and attributes allowed, and says something."""
    div = value.get("div")
    if type(div) is not str:
        return None
    if "<!DOCTYPE" in div or "<!ENTITY" in div:
        return one("narrative", "The narrative has a DOCTYPE or entity declaration, which is not allowed.", "div")
    try:
        root = etree.fromstring(_known_entities(div).encode("utf-8", "replace"), parser())
    except etree.XMLSyntaxError as problem:
        return one("narrative", f"The narrative is not well-formed XHTML: {problem.msg}.", "div")
    found = links(root, value, context)
    if root.tag != f"{_XHTML}div":
        text = "The narrative must be a <div> in the XHTML namespace (http://www.w3.org/1999/xhtml)."
        found = one("narrative", text, "div")
    for node in root.iter():
        found = join(found, _node(node))
    if not "".join(str(part) for part in root.itertext()).strip() and root.find(f".//{_XHTML}img") is None:
        found = join(
            found, one("narrative-empty", "The narrative says nothing: it needs text or an image (txt-2).", "div")
        )
    return found


_LANGUAGES = "http://hl7.org/fhir/StructureDefinition/narrative-language-control"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def language_rule(element: Element) -> Rule | None:
    """A profile's word on sections by language: `_no` none, `_yes` some, `_resource` one in the resource's language."""
    wanted = [each.get("valueCode") for each in element.extensions if each.get("url") == _LANGUAGES]
    if not wanted:
        return None

    def check(value: Any, context: Context) -> Found:
        try:
            root = etree.fromstring(_known_entities(str(value.get("div", ""))).encode("utf-8", "replace"), parser())
        except etree.XMLSyntaxError:
            return None
        sections = [str(each.get(_LANG) or each.get("lang")) for each in root if each.get(_LANG) or each.get("lang")]
        found: Found = None
        for want in wanted:
            if text := _language_problem(str(want), sections, str(context.resource.get("language"))):
                made = one("narrative-language", text, profile=element.profile, definition=element.id)
                found = join(found, made)
        return found

    return check


def _language_problem(want: str, sections: list[str], own: str) -> str:
    there = ", ".join(sections)
    if want == "_no":
        return f"The narrative has sections by language ({there}), which the profile forbids." if sections else ""
    if not sections:
        return "The narrative has no sections by language, which the profile demands."
    language = own if want == "_resource" else want
    if language.startswith("_") or language in sections:
        return ""
    return f"The narrative has no section in the language '{language}', only {there}."


_SCHEMES = frozenset(("http", "https", "tel", "mailto", "data", "ftp", "file", "cid"))


def links(root: Any, value: Any, context: Context) -> Found:
    """Links lead somewhere: a scheme that people can follow, or an anchor in this narrative or a contained resource."""
    found: Found = None
    anchors: set[str] | None = None
    for node in root.iter(f"{_XHTML}a"):
        href = node.get("href")
        if not href:
            continue
        if href.startswith("#"):
            if anchors is None:
                anchors = {str(each.get(name)) for each in root.iter() for name in ("id", "name")}
                anchors.update(_ids(context.root))
            if href[1:] and href[1:] not in anchors:
                found = join(found, one("narrative-link", f"The link {shown(href)} leads to nothing here.", "div"))
            continue
        scheme, colon, _ = href.partition(":")
        if colon and scheme.isalpha() and scheme.lower() not in _SCHEMES and not scheme.lower().endswith("script"):
            text = f"The link {shown(href)} has the scheme '{scheme}', which nobody can follow."
            found = join(found, one("narrative-link", text, "div"))
    return found


def _ids(value: Any) -> Iterator[str]:
    """The ids of the elements of a resource."""
    stack = [value]
    while stack:
        each = stack.pop()
        if isinstance(each, dict):
            if isinstance(each.get("id"), str):
                yield each["id"]
            stack.extend(below for below in each.values() if isinstance(below, dict | list))
        elif isinstance(each, list):
            stack.extend(each)


def _known_entities(div: str) -> str:
    """HTML's named entities as characters: XML knows only five."""
    import html

    return _ENTITY.sub(lambda hit: html.unescape(hit.group(0)).replace("&", "&amp;"), div)


def _node(node: Any) -> Found:
    if not isinstance(node.tag, str):
        if isinstance(node, etree._ProcessingInstruction):
            return one("narrative", "The narrative has a processing instruction, which is not allowed.", "div")
        return None
    name = etree.QName(node).localname
    found: Found = None
    if name not in ELEMENTS:
        found = one(
            "narrative", f"The element <{name}> is not allowed in a narrative (txt-1).", "div", definition="txt-1"
        )
    for attribute, value in node.attrib.items():
        found = join(found, _attribute(name, str(attribute), str(value)))
    return found


def _attribute(element: str, attribute: str, value: str) -> Found:
    plain = attribute.rpartition("}")[2]
    if attribute.startswith("{http://www.w3.org/XML/1998/namespace}"):
        return None
    if plain not in ATTRIBUTES or plain.startswith("on"):
        return one(
            "narrative",
            f"The attribute {plain} of <{element}> is not allowed in a narrative (txt-1).",
            "div",
            definition="txt-1",
        )
    scheme = "".join(value.split()).lower()
    if plain in ("href", "src", "cite", "longdesc") and scheme.startswith(
        ("javascript:", "vbscript:", "data:text/html")
    ):
        return one("narrative", f"The {plain} {shown(value)} of <{element}> runs code, which is not allowed.", "div")
    return None
