"""The type model of FHIRPath and the formats, read from the snapshots.

A type's children are the elements one step below it in its StructureDefinition; an element with children of its own is
a type named by its path (https://hl7.org/fhir/R4/fhirpath.html#types).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cart_fhir.fhirpath.types import Element, is_primitive

if TYPE_CHECKING:
    from cart_fhir.definitions.registry import Registry

Json = dict[str, Any]
_SYSTEM = "http://hl7.org/fhirpath/System."
_FHIR_TYPE = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"
_NOTHING: Mapping[str, Element] = MappingProxyType({})


class Types:
    """Children and ancestors of every type that the registry has; each type is worked out once, when asked for."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._children: dict[str, Mapping[str, Element]] = {}
        self._anonymous: dict[str, str] = {}
        self._ancestors: dict[str, frozenset[str]] = {}

    def children(self, type_name: str) -> Mapping[str, Element]:
        """FHIRPath name -> element in the order of the definition; empty when the type is unknown."""
        found = self._children.get(type_name)
        if found is None:
            self._read(type_name.partition(".")[0])
            found = self._children.setdefault(type_name, _NOTHING)
        return found

    def is_a(self, type_name: str, ancestor: str) -> bool:
        """True when the type is the ancestor or specialises it, directly or not."""
        if type_name == ancestor:
            return True
        found = self._ancestors.get(type_name)
        if found is None:
            found = self._ancestors[type_name] = frozenset(self._walk_up(type_name))
        return ancestor in found

    def base_of(self, type_name: str) -> str | None:
        """The type that this one specialises; None for a root or an unknown type."""
        if "." in type_name:
            self.children(type_name)
            return self._anonymous.get(type_name)
        facts = self._registry.facts(type_name)
        base = facts.get("baseDefinition") if facts else None
        return str(base).rpartition("/")[2] if base else None

    def _walk_up(self, type_name: str) -> list[str]:
        found: list[str] = []
        base = self.base_of(type_name)
        while base and base not in found:
            found.append(base)
            base = self.base_of(base)
        return found

    def _read(self, root: str) -> None:
        """Work out the type and all its anonymous parts, from one pass over its snapshot."""
        structure = self._registry.structure(root) if root else None
        if structure is None or structure.get("derivation") == "constraint":
            return
        elements = [item for item in structure["snapshot"]["element"] if "sliceName" not in item]
        holders = {item["path"].rpartition(".")[0] for item in elements}
        made: dict[str, dict[str, Element]] = {}
        for item in elements:
            parent, _, _ = item["path"].rpartition(".")
            if not parent:
                continue
            if item["path"] in holders:
                self._anonymous[item["path"]] = item["type"][0]["code"]
            element = _element(item, item["path"] in holders, structure["kind"] == "resource")
            if not (is_primitive(root) and element.name == "value"):
                made.setdefault(parent, {})[element.name] = element
        for name, children in made.items():
            self._children[name] = MappingProxyType(children)


def _element(item: Json, is_holder: bool, in_resource: bool) -> Element:
    path: str = item["path"]
    parent, _, name = path.rpartition(".")
    # R4 says "string" of Resource.id too, though its rules are those of the id type.
    is_resource_id = name == "id" and in_resource and "." not in parent
    if is_resource_id:
        types = ["id"]
    elif is_holder:
        types = [path]
    elif "contentReference" in item:
        types = [item["contentReference"].rpartition("#")[2]]
    else:
        types = [_type_name(type_) for type_ in item.get("type", [])]
    many = item.get("base", item).get("max", "1") not in ("0", "1")
    if name.endswith("[x]"):
        name = name.removesuffix("[x]")
        names = {name + type_[0].upper() + type_[1:]: type_ for type_ in types}
    else:
        names = {name: types[0]} if types else {}
    return Element(name, tuple(dict.fromkeys(types)), many, MappingProxyType(names))


def _type_name(type_: Json) -> str:
    """A FHIR type name: R4 snapshots give System types to ids, urls and the content of primitives and xhtml."""
    code: str = type_["code"]
    if not code.startswith(_SYSTEM):
        return code
    for extension in type_.get("extension", []):
        if extension["url"] == _FHIR_TYPE:
            return str(extension.get("valueUrl") or extension.get("valueUri"))
    return code.removeprefix(_SYSTEM).lower()
