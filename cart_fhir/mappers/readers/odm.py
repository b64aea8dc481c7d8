"""CDISC ODM 1.3 and 2.0 (XML), streamed subject by subject: one row for each item group, form, event or subject.

The option `rows` says which: itemgroup (default), form, event, subject. A row's cells are its items by ItemOID, the
keys above it (SubjectKey, StudyEventOID, StudyEventRepeatKey, FormOID, FormRepeatKey, ItemGroupOID,
ItemGroupRepeatKey) and, where the file's code lists decode an item, its text as `ItemOID.label`. Removed data are left
out; attributes of vendors are ignored, but REDCap's event and repeat are given as in its CSV. Option `only`: the OID of
the item group, form or event to take.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from lxml import etree

from cart_fhir.errors import ConfigError
from cart_fhir.issues import Origin
from cart_fhir.mappers.readers import Reading, Record, Unreadable

NAMESPACES = (
    "http://www.cdisc.org/ns/odm/v1.3",
    "http://www.cdisc.org/ns/odm/v1.2",
    "http://www.cdisc.org/ns/odm/v2.0",
)
_LEVELS = {"itemgroup": "ItemGroupData", "form": "FormData", "event": "StudyEventData", "subject": "SubjectData"}
_KEYS = {
    "SubjectData": ("SubjectKey",),
    "StudyEventData": ("StudyEventOID", "StudyEventRepeatKey"),
    "FormData": ("FormOID", "FormRepeatKey"),
    "ItemGroupData": ("ItemGroupOID", "ItemGroupRepeatKey"),
}
_REDCAP = "https://projectredcap.org"
_DEEPEST = 40


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read a file's clinical data; a row's line is that of its element in the file."""
    rows = str(options.get("rows") or "itemgroup")
    if rows not in _LEVELS:
        raise ConfigError(f"ODM has no rows '{rows}'.", advice=f"It has {', '.join(_LEVELS)}.")
    return Reading(None, _records(path, _LEVELS[rows], str(options.get("only") or "")))


@dataclass
class _Lists:
    """Code lists, and which item uses which."""

    of_item: dict[str, str] = field(default_factory=dict)
    decodes: dict[str, dict[str, str]] = field(default_factory=dict)

    def learn(self, element: etree._Element) -> None:
        """Take an ItemDef or a CodeList of the metadata."""
        name, oid = local(element), element.get("OID", "")
        if name == "ItemDef":
            for child in element:
                if local(child) == "CodeListRef":
                    self.of_item[oid] = child.get("CodeListOID", "")
        else:
            self.decodes[oid] = {
                item.get("CodedValue", ""): _first_text(item) for item in element if local(item) == "CodeListItem"
            }

    def label(self, item: str, value: str) -> str:
        """What a coded value stands for, or nothing."""
        return self.decodes.get(self.of_item.get(item, ""), {}).get(value, "")


def _records(path: Path, level: str, only: str) -> Iterator[Record]:
    lists = _Lists()
    for element in _elements(path):
        if local(element) == "SubjectData":
            for line, name, cells in _rows(element, level, lists):
                if not only or only == name:
                    yield Record(Origin(path.name, name, line), cells)
        else:
            lists.learn(element)


def _elements(path: Path) -> Iterator[etree._Element]:
    """SubjectData, ItemDef and CodeList elements as they end, each forgotten after use."""
    wanted = [f"{{{space}}}{name}" for space in NAMESPACES for name in ("SubjectData", "ItemDef", "CodeList")]
    try:
        with path.open("rb") as stream:
            found = etree.iterparse(
                stream,
                events=("end",),
                tag=wanted,
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
            )
            for _, element in found:
                yield element
                element.clear()
                while (before := element.getprevious()) is not None and local(before) == "SubjectData":
                    before.getparent().remove(before)
            root = found.root
    except OSError as problem:
        raise Unreadable(f"The file cannot be opened: {problem.strerror}.") from None
    except etree.XMLSyntaxError as problem:
        raise Unreadable(f"This is not whole XML: {problem.msg}.", row=problem.lineno or None) from None
    if root is None or etree.QName(root).namespace not in NAMESPACES:
        raise Unreadable("This is no ODM file (version 1.2, 1.3 or 2.0).")


def _rows(subject: etree._Element, level: str, lists: _Lists) -> Iterator[tuple[int, str, dict[str, str]]]:
    """(line, OID, cells) of the rows of a subject."""
    yield from _walk(subject, {}, level, lists, 0)


def _walk(
    element: etree._Element, above: dict[str, str], level: str, lists: _Lists, depth: int
) -> Iterator[tuple[int, str, dict[str, str]]]:
    if depth > _DEEPEST:
        raise Unreadable(f"Item groups nest deeper than {_DEEPEST} levels.", row=line_of(element))
    if _removed(element):
        return
    cells = {**above, **_keys(element)}
    if "redcap_event_name" in cells and local(element) == "FormData":
        cells["redcap_repeat_instance"] = element.get("FormRepeatKey", "")
    here = local(element)
    if here == level and (level != "ItemGroupData" or any(local(child).startswith("ItemData") for child in element)):
        whole = {**cells, **_items(element, lists, deep=level != "ItemGroupData")}
        name = next(iter(_keys(element).values()), "")
        yield line_of(element), name, whole
    if here == level != "ItemGroupData":
        return
    if here == "ItemGroupData":
        cells.update(_items(element, lists, deep=False))  # an inner group sees the items of the groups round it
    for child in element:
        if local(child) in _KEYS:
            yield from _walk(child, cells, level, lists, depth + 1)


def _keys(element: etree._Element) -> dict[str, str]:
    made = {name: element.get(name, "") for name in _KEYS.get(local(element), ()) if element.get(name)}
    record, event = element.get(f"{{{_REDCAP}}}RecordIdField"), element.get(f"{{{_REDCAP}}}UniqueEventName")
    if record:
        made[record] = element.get("SubjectKey", "")
    if event:
        made["redcap_event_name"] = event
    return made


def _items(element: etree._Element, lists: _Lists, deep: bool) -> dict[str, str]:
    """The items of an element by OID, those further in too when `deep`."""
    made: dict[str, str] = {}
    for child in element:
        name = local(child)
        if name.startswith("ItemData") and not _removed(child):
            oid, value = child.get("ItemOID", ""), _value(child)
            if value or oid not in made:
                made[oid] = value
                if label := lists.label(oid, value):
                    made[f"{oid}.label"] = label
        elif deep and name in _KEYS and not _removed(child):
            made.update({key: value for key, value in _items(child, lists, deep).items() if value or key not in made})
    return made


def _value(item: etree._Element) -> str:
    """1.3 has an attribute or, in typed items, text; 2.0 has Value elements."""
    if item.get("Value") is not None:
        return item.get("Value", "")
    values = [child.text or "" for child in item if local(child) == "Value"]
    return " ".join(values) if values else (item.text or "").strip()


def _removed(element: etree._Element) -> bool:
    return (
        element.get("TransactionType") == "Remove" or element.get("Removed") == "Yes" or element.get("IsNull") == "Yes"
    )


def _first_text(element: etree._Element) -> str:
    for inner in element.iter():
        if local(inner) == "TranslatedText" and inner.text:
            return " ".join(inner.text.split())
    return ""


def line_of(element: etree._Element) -> int:
    """The line of an element in its file; 0 where lxml does not know it."""
    return cast("int | None", element.sourceline) or 0


def local(element: etree._Element) -> str:
    """An element's name without its namespace; empty for comments."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
