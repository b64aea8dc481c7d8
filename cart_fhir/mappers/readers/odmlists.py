"""What an ODM file's metadata say of its items: code lists, units; each version of the metadata by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from lxml import etree

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
DEFINITIONS = ("ItemDef", "CodeList", "MeasurementUnit", "ItemGroupDef")


def line_of(element: etree._Element) -> int:
    """The line of an element in its file; 0 where lxml does not know it."""
    return cast("int | None", element.sourceline) or 0


def local(element: etree._Element) -> str:
    """An element's name without its namespace; empty for comments."""
    return bare(element.tag) if isinstance(element.tag, str) else ""


def bare(name: str | bytes) -> str:
    """A name without its namespace. (lxml's own QName refuses some names that its parser lets pass.)"""
    return str(name).rpartition("}")[2]


@dataclass
class Lists:
    """Code lists, units, and which item uses which. `language` is that of the decodes, where there are several.

    What is not defined here may be in `wider`: the study that a version of the metadata stands in, or is included from.
    """

    language: str = ""
    wider: Lists | None = None
    items: set[str] = field(default_factory=set)
    of_item: dict[str, str] = field(default_factory=dict)
    unit_of: dict[str, str] = field(default_factory=dict)  # the item has always this unit
    unit_item: dict[str, str] = field(default_factory=dict)  # the item's unit is the value of that item (2.0)
    units: dict[str, str] = field(default_factory=dict)
    decodes: dict[str, dict[str, str]] = field(default_factory=dict)

    def learn(self, element: etree._Element) -> None:
        """Take a definition of the metadata."""
        name, oid = local(element), element.get("OID", "")
        if self.wider is not None:
            self.wider.learn(element)
        if name == "ItemDef":
            self.items.add(oid)
            units = [child.get("MeasurementUnitOID", "") for child in element if local(child) == "MeasurementUnitRef"]
            if len(units) == 1:  # of several one is chosen with each value
                self.unit_of[oid] = units[0]
            for child in element:
                if local(child) == "CodeListRef":
                    self.of_item[oid] = child.get("CodeListOID", "")
        elif name == "MeasurementUnit":
            self.units[oid] = self._text(element) or element.get("Name", "")
        elif name == "CodeList":
            self.decodes[oid] = {
                item.get("CodedValue", ""): self._text(item) for item in element if local(item) == "CodeListItem"
            }
        else:
            for child in element:
                if child.get("UnitsItemOID"):
                    self.unit_item[child.get("ItemOID", "")] = child.get("UnitsItemOID", "")

    def label(self, item: str, value: str) -> str:
        """What a coded value stands for, or nothing."""
        if item not in self.items and self.wider is not None:
            return self.wider.label(item, value)
        return self.decodes.get(self.of_item.get(item, ""), {}).get(value, "")

    def unit(self, item: str, chosen: str) -> str:
        """The symbol of an item's unit: the one chosen with its value, else the one it always has."""
        if item not in self.items and self.wider is not None:
            return self.wider.unit(item, chosen)
        return self._symbol(chosen or self.unit_of.get(item, ""))

    def pairs(self) -> dict[str, str]:
        """Item -> the item that holds its unit."""
        return self.unit_item or (self.wider.pairs() if self.wider is not None else {})

    def _symbol(self, oid: str) -> str:
        if oid not in self.units and self.wider is not None:
            return self.wider._symbol(oid)
        return self.units.get(oid, oid)

    def _text(self, element: etree._Element) -> str:
        """The translated text in the language asked for, else the first."""
        found = [inner for inner in element.iter() if local(inner) == "TranslatedText" and inner.text]
        wanted = [inner for inner in found if inner.get(_LANGUAGE, "").lower() == self.language.lower()]
        return next((" ".join((inner.text or "").split()) for inner in wanted + found), "")
