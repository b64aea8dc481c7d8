"""Narratives: the XHTML that FHIR allows, in its place, leading somewhere. https://hl7.org/fhir/R4/narrative.html

Which elements and attributes are allowed (txt-1, txt-2) is known to `cart_fhir.fhirpath.narrative`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules.primitives import shown
from cart_fhir.validator.schema import Element
from cart_fhir.validator.shapes import Rule

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context


def check(value: Any, context: Context) -> Found:
    """The div is well-formed XHTML, with the elements and attributes allowed, and says something."""
    from cart_fhir.fhirpath import narrative as allowed  # loads lxml, which data without narratives need not
    from cart_fhir.validator.rules import xhtml

    div = value.get("div")
    if type(div) is not str:
        return None
    root, problem = allowed.read(div)
    if root is None:
        return one("narrative", problem, "div")
    found = links(root, context)
    for name in allowed.entities(div):
        text = f"XML, and so FHIR, does not know HTML's &{name};: write the character itself."
        found = join(found, one("narrative", text, "div"))
    for node in root.iter():
        for text in allowed.refused(node):
            found = join(found, one("narrative", text, "div", definition="txt-1"))
    for text in xhtml.misplaced(root):
        found = join(found, one("narrative", text, "div"))
    if not allowed.says_something(root):
        text = "The narrative says nothing: it needs text or an image (txt-2)."
        found = join(found, one("narrative-empty", text, "div"))
    return found


_LANGUAGES = "http://hl7.org/fhir/StructureDefinition/narrative-language-control"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def language_rule(element: Element) -> Rule | None:
    """A profile's word on sections by language: `_no` none, `_yes` some, `_resource` one in the resource's language."""
    wanted = [each.get("valueCode") for each in element.extensions if each.get("url") == _LANGUAGES]
    if not wanted:
        return None

    def check(value: Any, context: Context) -> Found:
        from cart_fhir.fhirpath import narrative as allowed

        root, _ = allowed.read(str(value.get("div", "")))
        if root is None:
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


def links(root: Any, context: Context) -> Found:
    """Links lead somewhere: a scheme that people can follow, an anchor in this narrative or a contained resource.

    In a transaction also the fullUrl of an entry, for which the server puts the place (http.html#trules).
    """
    found: Found = None
    anchors: set[str] | None = None
    for node in root.iter("{*}a", "{*}area", "{*}img"):
        what, target = ("image", node.get("src")) if node.tag.endswith("}img") else ("link", node.get("href"))
        if not target:
            if node.tag.endswith("}a") and target is not None:
                found = join(found, one("narrative-link", "A link has no target: its href is empty.", "div"))
            continue
        if target.startswith("#"):
            if anchors is None:
                anchors = {str(each.get(name)) for each in root.iter() for name in ("id", "name")}
                anchors.update(_ids(context.root))
            if target[1:] and target[1:] not in anchors:
                found = join(found, one("narrative-link", f"The {what} {shown(target)} leads to nothing here.", "div"))
            continue
        scheme, colon, _ = target.partition(":")
        if colon and scheme.isalpha() and scheme.lower() not in _SCHEMES and not scheme.lower().endswith("script"):
            if context.in_transaction and context.resolve(target) is not None:
                continue
            text = f"The {what} {shown(target)} has the scheme '{scheme}', which nobody can follow."
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
