"""From XML elements to a resource shaped like JSON. https://hl7.org/fhir/R4/xml.html and json.html, side by side"""

from __future__ import annotations

import copy
import re
from decimal import Decimal
from typing import Any, cast

from lxml import etree

from cart_fhir.errors import BadSyntax
from cart_fhir.fhirpath.types import Element, TypeModel, is_primitive
from cart_fhir.formats.paths import child_path
from cart_fhir.issues import Issue

FHIR = "http://hl7.org/fhir"
XHTML = "http://www.w3.org/1999/xhtml"
_SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})", re.ASCII)
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,400})(?:\.[0-9]{1,400})?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_INTEGERS = {"integer", "positiveInt", "unsignedInt", "integer64"}

Json = dict[str, Any]


class Reader:
    """Reads one document; problems that JSON cannot show are appended to `issues`."""

    def __init__(self, types: TypeModel, issues: list[Issue]) -> None:
        self._types = types
        self._issues = issues
        self._tables: dict[str, dict[str, tuple[int, Element, str]]] = {}

    def resource(self, root: etree._Element, path: str = "") -> Json:
        """The resource of its element."""
        namespace, name = _split(root)
        if not path and namespace != FHIR:
            raise BadSyntax(
                f"The root element <{name}> is not in the namespace {FHIR}.",
                line=_line(root),
                column=1,
                advice=f'Write <{name} xmlns="{FHIR}">.' if self._types.children(name) else "Give a FHIR resource.",
            )
        return {"resourceType": name, **self._complex(root, name, path or name)}

    def _problem(self, rule: str, element: etree._Element, path: str, text: str, advice: str = "") -> None:
        self._issues.append(Issue("error", "structure", rule, text, path, advice=advice, line=_line(element)))

    def _complex(self, element: etree._Element, type_name: str, path: str) -> Json:
        """The properties of an element of a complex type, lists as lists, ids and extensions of primitives in _name."""
        known = self._known(type_name)
        made: Json = self._attributes(element, type_name, path, known)
        self._no_text(element, path)
        reached, counts = -1, dict[str, int]()
        for child in element.iterchildren(tag=etree.Element):
            name = self._local_name(child, path)
            number, description, child_type = known.get(name, (reached, None, ""))
            index = counts[name] = counts.get(name, -1) + 1
            below = child_path(path, name, index, description, child_type)
            if number < reached:
                self._problem("xml-order", child, below, f"The element <{name}> stands too late.", "Keep FHIR's order.")
            reached = max(reached, number)
            many = description.max_is_many if description else False
            if index and description is not None and not many:
                again = f"{type_name}.{description.name}: at most 1 allowed, found more."
                self._problem("max", child, path, again, "Keep one.")
                continue
            if (name == "url" and type_name == "Extension") or (
                name == "id" and known and not self._types.is_a(type_name, "Resource")
            ):
                what = "The url of an extension" if name == "url" else "The id of an element"
                self._problem("xml-attribute", child, path, f"{what} is an attribute in XML.")
            if child_type and is_primitive(child_type) and child_type != "xhtml":
                _add_pair(made, name, *self._primitive(child, child_type, below), many=many)
            else:
                _add(made, name, self._value(child, child_type, below), many)
        return made

    def _known(self, type_name: str) -> dict[str, tuple[int, Element, str]]:
        """XML name -> (place in the order, element, type of the child)."""
        table = self._tables.get(type_name)
        if table is None:
            table = self._tables[type_name] = {
                name: (number, element, child)
                for number, element in enumerate(self._types.children(type_name).values())
                for name, child in element.json_names.items()
            }
        return table

    def _attributes(self, element: etree._Element, type_name: str, path: str, known: dict[str, Any]) -> Json:
        allowed = (
            () if self._types.is_a(type_name, "Resource") else ("id", "url") if type_name == "Extension" else ("id",)
        )
        made: Json = {}
        for name, value in element.attrib.items():
            if name in allowed or not known:
                made[str(name)] = str(value)
            elif name != _SCHEMA_LOCATION:
                advice = "Put the value in a child element." if name == "value" else "Remove it."
                self._problem("xml-attribute", element, path, f"The attribute '{name!s}' is not allowed here.", advice)
        return made

    def _no_text(self, element: etree._Element, path: str) -> None:
        texts = [element.text, *(child.tail for child in element)]
        if any(text and text.strip() for text in texts):
            self._problem(
                "xml-text", element, path, "There is text between the elements.", "FHIR XML has values in attributes."
            )

    def _local_name(self, element: etree._Element, path: str) -> str:
        namespace, name = _split(element)
        if namespace != FHIR and not (namespace == XHTML and name == "div"):
            where = f"the namespace {namespace}" if namespace else "no namespace"
            text = f"The element <{name}> is in {where}."
            self._problem("xml-namespace", element, path, text, f"FHIR's elements are in {FHIR}.")
        return name

    def _value(self, element: etree._Element, type_name: str, path: str) -> Any:
        if type_name == "xhtml" or _split(element)[0] == XHTML:
            return _xhtml(element)
        if type_name in ("Resource", "DomainResource"):
            return self._inner_resource(element, path)
        made = self._complex(element, type_name, path)
        if not type_name and "value" in made and len(made) == 1:
            return made["value"]  # an unknown element that looks like a primitive
        return made

    def _inner_resource(self, element: etree._Element, path: str) -> Json:
        """The resource within <contained> or <resource>."""
        inside = list(element.iterchildren(tag=etree.Element))
        self._no_text(element, path)
        if len(inside) != 1:
            self._problem("xml-resource", element, path, f"One resource is expected here, not {len(inside)}.")
            return {}
        name = self._local_name(inside[0], path)
        return self.resource(inside[0], f"{path}.ofType({name})")

    def _primitive(self, element: etree._Element, type_name: str, path: str) -> tuple[Any, Json | None]:
        """The value of a primitive and what stands beside it (id, extensions), each None where it has none."""
        text, extra = element.get("value"), dict[str, Any]()
        for attribute, content in element.attrib.items():
            if attribute == "id":
                extra["id"] = str(content)
            elif attribute != "value":
                self._problem("xml-attribute", element, path, f"The attribute '{attribute!s}' is not allowed here.")
        self._no_text(element, path)
        for child in element.iterchildren(tag=etree.Element):
            inner = self._local_name(child, path)
            below = f"{path}.{inner}" + (f"[{len(extra.get(inner, []))}]" if inner == "extension" else "")
            type_below = "Extension" if inner == "extension" else ""
            _add(extra, inner, self._value(child, type_below, below), inner == "extension")
        value = None if text is None else _converted(str(text), type_name)
        return value, extra if extra or value is None else None


def refuse_instructions(root: etree._Element, issues: list[Issue]) -> None:
    """Processing instructions, wherever they stand outside narratives: what they ask for is nobody's business here."""
    outside = (*root.itersiblings(preceding=True), *root.itersiblings())
    for each in (*outside, *root.iter(etree.ProcessingInstruction)):
        if isinstance(each, etree._ProcessingInstruction):
            text = f"There is a processing instruction <?{each.target!s} ...?>, which FHIR XML must not have."
            path = _split(root)[1]
            issues.append(Issue("error", "structure", "xml-instruction", text, path, "Remove it.", line=_line(each)))


def _add(made: Json, name: str, value: Any, many: bool) -> None:
    """Add a value; a name that repeats becomes a list even where the type has one, for the validator to name."""
    if name not in made:
        made[name] = [value] if many else value
    elif isinstance(made[name], list):
        made[name].append(value)
    else:
        made[name] = [made[name], value]


def _add_pair(made: Json, name: str, value: Any, extra: Json | None, *, many: bool) -> None:
    """Add a primitive and what stands beside it, the lists of both kept equally long."""
    beside = f"_{name}"
    if name not in made and beside not in made:
        if value is not None:
            made[name] = [value] if many else value
        if extra is not None:
            made[beside] = [extra] if many else extra
        return
    values, extras = made.get(name), made.get(beside)
    values = list(values) if isinstance(values, list) else [values]
    extras = list(extras) if isinstance(extras, list) else [extras]
    length = max(len(values) if name in made else 0, len(extras) if beside in made else 0)
    values = [*(values if name in made else [None] * length), value]
    extras = [*(extras if beside in made else [None] * length), extra]
    if any(item is not None for item in values):
        made[name] = values
    if any(item is not None for item in extras):
        made[beside] = extras


def _converted(text: str, type_name: str) -> Any:
    """The JSON value of a primitive; text that does not fit its type stays text, for the validator to name."""
    if type_name == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if type_name in _INTEGERS:
        return int(text) if _INTEGER.fullmatch(text) else text
    if type_name == "decimal":
        if not _DECIMAL.fullmatch(text):
            return text
        return Decimal(text) if {".", "e", "E"} & set(text) else int(text)
    return text


def _split(element: etree._Element) -> tuple[str, str]:
    """Namespace and local name; lxml reads names with several colons, which its own QName then refuses."""
    namespace, _, name = str(element.tag).rpartition("}")
    return namespace[1:], name


def _line(element: etree._Element) -> int:
    return cast("int | None", element.sourceline) or 1


def _xhtml(element: etree._Element) -> str:
    """The narrative as text, without namespaces that it does not use."""
    alone = copy.deepcopy(element)
    alone.tail = None
    etree.cleanup_namespaces(alone)
    return etree.tostring(alone, encoding="unicode")
