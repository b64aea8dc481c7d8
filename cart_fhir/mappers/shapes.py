"""What maps need of the definitions: an element's type and whether it repeats, and the guide's extensions by name."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import Any

from cart_fhir.mappers.values import Coded, Missing, placed, to_fhir

_RAW = {bool: "Boolean", int: "Integer", Decimal: "Decimal", str: "String"}


class Shapes:
    """Questions about R4 and the guide, answered from a registry (`definitions.Registry`)."""

    def __init__(self, registry: Any) -> None:
        self.registry = registry
        self._elements: dict[str, dict[str, tuple[str, bool]]] = {}

    def names(self, type_name: str) -> Iterable[str]:
        """The JSON names of a type's elements."""
        return self._of(type_name).keys()

    def element(self, type_name: str, json_name: str) -> tuple[str, bool] | None:
        """(type, whether it repeats) of an element by its JSON name; None when R4 has none."""
        return self._of(type_name).get(json_name)

    def _of(self, type_name: str) -> dict[str, tuple[str, bool]]:
        known = self._elements.get(type_name)
        if known is None:
            known = {
                name: (inner, element.max_is_many)
                for element in self.registry.types.children(type_name).values()
                for name, inner in element.json_names.items()
            }
            self._elements[type_name] = known
        return known

    def is_resource(self, type_name: str) -> bool:
        """True for a resource type of R4."""
        return type_name in self.registry.resource_types

    @cached_property
    def _extensions(self) -> dict[str, tuple[str, str]]:
        """Extension id -> (url, type of its value; empty for a complex one)."""
        made = {}
        for profile in self.registry.profiles():
            if profile.get("type") == "Extension":
                made[profile["id"]] = (profile["url"], _value_type(self.registry.structure(profile["url"]) or profile))
        return made

    def extensions(self) -> Iterable[str]:
        """The names of the extensions that a map may use."""
        return self._extensions.keys()

    def extension(self, name: str) -> tuple[str, str]:
        """(url, value type) of an extension named by its id or URL; ("", "") when it is not known."""
        if name in self._extensions:
            return self._extensions[name]
        if ":" in name:
            structure = self.registry.structure(name)
            return (name, _value_type(structure)) if structure else ("", "")
        return "", ""

    def extended(self, url: str, value: Any, value_type: str) -> dict[str, Any] | None:
        """An extension with this value: parts become sub-extensions, absent ones None."""
        if value is None:
            return None
        if isinstance(value, Missing):
            return {"url": url, **value.extension()}
        if isinstance(value, dict) and not value_type:
            parts = [self.extended(name, part, _type_of(name, part)) for name, part in value.items()]
            return {"url": url, "extension": [part for part in parts if part]}
        inner = value_type or "string"
        return {"url": url, "value" + inner[0].upper() + inner[1:]: placed(value, inner)}


def _type_of(name: str, value: Any) -> str:
    if isinstance(value, str) and name.lower().endswith("date"):
        return "date"
    if isinstance(value, Coded):
        return "CodeableConcept"
    return _RAW.get(type(to_fhir(value)), "").lower() or "Quantity"


def _value_type(structure: Any) -> str:
    """The one type of Extension.value[x]; empty when it takes parts instead."""
    elements = (structure.get("differential") or {}).get("element") or structure["snapshot"]["element"]
    found = ""
    for element in elements:
        if element["path"] == "Extension.value[x]" and element.get("type") and element.get("max") != "0":
            found = str(element["type"][0]["code"])
        if element["path"] == "Extension.extension" and element.get("sliceName"):
            return ""
    return found
