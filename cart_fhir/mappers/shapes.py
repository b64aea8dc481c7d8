"""What maps need of the definitions: an element's type and whether it repeats, and the guide's extensions by name."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from cart_fhir.mappers.placing import choice, placed, to_fhir
from cart_fhir.mappers.values import Coded, Missing, Refused
from cart_fhir.profiles import canonical

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

    def extensions(self) -> list[str]:
        """The names of the extensions that a map may use."""
        return [made["id"] for made in self.registry.all("StructureDefinition") if made.get("type") == "Extension"]

    def extension(self, name: str) -> tuple[str, tuple[str, ...]]:
        """(url, types of its value; none for one of parts) of an extension by its id or URL; ("", ()) when unknown."""
        url = name if ":" in name else canonical.url(name)
        structure = self.registry.structure(url)
        return (url, _value_types(structure)) if structure else ("", ())

    def extended(self, url: str, value: Any, types: tuple[str, ...]) -> dict[str, Any] | None:
        """An extension with this value: parts become sub-extensions, absent ones None.

        Of several types it is the one that the value has; Refused where it has none of them.
        """
        if value is None:
            return None
        if isinstance(value, Missing):
            return {"url": url, **value.extension()}
        if isinstance(value, dict) and not types:
            parts = [self.extended(name, part, (_type_of(name, part),)) for name, part in value.items()]
            return {"url": url, "extension": [part for part in parts if part]}
        inner = types[0] if len(types) == 1 else choice(value, types) if types else "string"
        if not inner:
            raise Refused("type", f"The extension takes {' or '.join(types)}, and this is none of them.")
        return {"url": url, "value" + inner[0].upper() + inner[1:]: placed(value, inner)}


def _type_of(name: str, value: Any) -> str:
    if isinstance(value, str) and name.lower().endswith("date"):
        return "date"
    if isinstance(value, Coded):
        return "CodeableConcept"
    return _RAW.get(type(to_fhir(value)), "").lower() or "Quantity"


def _value_types(structure: Any) -> tuple[str, ...]:
    """The types of Extension.value[x]; none when it takes parts instead."""
    for element in structure["snapshot"]["element"]:
        if element["path"] == "Extension.value[x]" and element.get("max") != "0":
            return tuple(str(one["code"]) for one in element["type"])
    return ()
