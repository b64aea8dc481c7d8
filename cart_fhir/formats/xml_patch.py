"""XML Patch (RFC 5261) on the FHIR XML of a resource: add, replace and remove at places that XPath selects.

https://hl7.org/fhir/R4/http.html#patch. A selector must find exactly one node; names without a prefix are of the
patch's default namespace, which is taken for FHIR's where the patch declares none.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from lxml import etree

from cart_fhir.errors import BadRequest, BadSyntax, Unprocessable
from cart_fhir.fhirpath.types import TypeModel
from cart_fhir.formats import xml

Json = dict[str, Any]
FHIR = "http://hl7.org/fhir"
_MOST = 1000
_QUOTED = re.compile(r"('[^']*'|\"[^\"]*\")")
_NAME = re.compile(r"(?<![\w@:$.\-])([A-Za-z_][\w.\-]*)(?![\w.\-]*\s*[:(])")


def apply(resource: Json, patch: bytes, types: TypeModel) -> Json:
    """The resource after all operations; 400 for what is no patch, 422 for an operation that does not hold."""
    diff = xml.parse(patch)
    if etree.QName(diff).localname != "diff":
        raise BadRequest(f"An XML Patch is a <diff>, not a <{etree.QName(diff).localname}>.")
    operations = [one for one in diff if isinstance(one.tag, str)]
    if len(operations) > _MOST:
        raise BadRequest(f"An XML Patch has at most {_MOST} operations.")
    root = xml.parse(xml.dumps(resource, types))
    for number, operation in enumerate(operations):
        name = etree.QName(operation).localname
        if name not in _OPERATIONS:
            raise BadRequest(f"Operation {number} is <{name}>, not one of {', '.join(_OPERATIONS)}.")
        try:
            _OPERATIONS[name](root, operation)
        except (ValueError, etree.XPathError) as error:
            raise Unprocessable(f"Operation {number} ({name}) of the patch does not hold: {error}.") from error
    try:
        return xml.loads(etree.tostring(root), types)
    except BadSyntax as error:
        raise Unprocessable(f"What the patch makes is no FHIR: {error.message}", advice=error.advice) from error


def _add(root: Any, operation: Any) -> None:
    target = _selected(root, operation)
    if isinstance(target, str):
        raise ValueError("only an element can be added to")
    position, attribute = operation.get("pos"), operation.get("type", "")
    if attribute:
        if not attribute.startswith("@"):
            raise ValueError(f"type='{attribute}' is no attribute; write type=\"@name\"")
        if attribute[1:] in target.attrib:
            raise ValueError(f"the attribute {attribute[1:]} is there already")
        target.set(attribute[1:], (operation.text or "").strip())
        return
    added = _content(operation)
    if position in ("before", "after"):
        parent = target.getparent()
        if parent is None:
            raise ValueError("nothing can stand beside the resource")
        place = parent.index(target) + (position == "after")
    elif position in (None, "prepend"):
        parent, place = target, 0 if position else len(target)
    else:
        raise ValueError(f"pos='{position}' is not one of prepend, before, after")
    for offset, one in enumerate(added):
        parent.insert(place + offset, one)


def _replace(root: Any, operation: Any) -> None:
    target = _selected(root, operation)
    if isinstance(target, str):
        attribute: Any = target
        attribute.getparent().set(attribute.attrname, (operation.text or "").strip())
        return
    added = _content(operation)
    parent = target.getparent()
    if len(added) != 1 or parent is None:
        raise ValueError("an element inside the resource is replaced by exactly one element")
    parent.replace(target, added[0])


def _remove(root: Any, operation: Any) -> None:
    target = _selected(root, operation)
    if isinstance(target, str):
        attribute: Any = target
        del attribute.getparent().attrib[attribute.attrname]
        return
    parent = target.getparent()
    if parent is None:
        raise ValueError("the resource itself cannot be removed")
    parent.remove(target)


_OPERATIONS = {"add": _add, "replace": _replace, "remove": _remove}


def _content(operation: Any) -> list[Any]:
    """Copies of the elements that an operation brings, without the white space around them."""
    made = [copy.deepcopy(one) for one in operation if isinstance(one.tag, str)]
    if not made:
        raise ValueError("it brings no element")
    for one in made:
        one.tail = None
        if "}" not in one.tag:  # a patch without namespaces means FHIR's
            for inner in one.iter():
                if isinstance(inner.tag, str) and "}" not in inner.tag:
                    inner.tag = f"{{{FHIR}}}{inner.tag}"
    return made


def _selected(root: Any, operation: Any) -> Any:
    """The one element, or attribute (a text that knows its parent), that the selector finds."""
    said = operation.get("sel", "")
    if not said:
        raise ValueError("it has no sel")
    namespaces = {prefix: url for prefix, url in operation.nsmap.items() if prefix}
    namespaces["_"] = operation.nsmap.get(None, FHIR)
    parts = _QUOTED.split(said if said.startswith("/") else f"/{said}")
    path = "".join(part if place % 2 else _NAME.sub(r"_:\1", part) for place, part in enumerate(parts))
    # without the regular expressions of EXSLT, which can take for ever
    found = etree.XPath(path, namespaces=namespaces, regexp=False)(root.getroottree())
    if not isinstance(found, list) or len(found) != 1:
        count = len(found) if isinstance(found, list) else 0
        raise ValueError(f"'{said}' finds {count} nodes, and must find one")
    [node] = found
    if isinstance(node, str) and not getattr(node, "is_attribute", False):
        raise ValueError(f"'{said}' finds a text; in FHIR values are attributes, e.g. .../@value")
    return node
