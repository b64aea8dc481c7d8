"""CDISC ODM 1.2, 1.3 and 2.0 (XML), streamed subject by subject: one row for each item group, form, event or subject.

The option `rows` says which: itemgroup (default), form, event, subject; of 2.0, which has no forms, a form is the
outermost item group. A row's cells are its items by ItemOID, the keys above it (StudyOID, SubjectKey, StudyEventOID,
StudyEventRepeatKey, FormOID, FormRepeatKey, ItemGroupOID, ItemGroupRepeatKey, and LocationOID of the site), the
attributes that vendors add to these (`OpenClinica:StudySubjectID`, as the file writes them) and, where the metadata
tell them, `ItemOID.label` (the decode; option `language` chooses among translations) and `ItemOID.unit` (the unit's
symbol). Several values of one item are joined by `+`, as a code-list reads them.

Removed data and nulls are left out. Of a transactional file (FileType) the rows are what is left in the end: a subject
is put together from all its parts, Insert, Update, Upsert and Remove in the order of the file. Audit records,
signatures, annotations and elements of vendors are passed over; REDCap's event and repeat are given as in its CSV.
Option `only`: the OID of the item group, form or event to take.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from lxml import etree

from cart_fhir.errors import ConfigError
from cart_fhir.issues import Origin
from cart_fhir.mappers.readers import Doubt, Reading, Record, Unreadable
from cart_fhir.mappers.readers.odmlists import DEFINITIONS, Lists, line_of, local

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
_PASSED = ("AuditRecords", "AuditRecord", "Signatures", "Signature", "Annotations", "Annotation", "Association")
_REDCAP = "https://projectredcap.org"
_SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
_DEEPEST = 40


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read a file's clinical data; a row's line is that of its element in the file."""
    rows = str(options.get("rows") or "itemgroup")
    if rows not in _LEVELS:
        raise ConfigError(f"ODM has no rows '{rows}'.", advice=f"It has {', '.join(_LEVELS)}.")
    doubts: list[Doubt] = []
    return Reading(None, _records(path, _LEVELS[rows], options, doubts), doubts)


def _records(path: Path, level: str, options: Mapping[str, Any], doubts: list[Doubt]) -> Iterator[Record]:
    only, subjects, rows = str(options.get("only") or ""), 0, 0
    for study, subject, lists in _subjects(path, str(options.get("language") or "")):
        subjects += 1
        for line, name, cells in _walk(subject, {"StudyOID": study} if study else {}, level, lists, 0):
            if not only or only == name:
                rows += 1
                yield Record(Origin(path.name, name, line), cells)
    if not subjects:
        doubts.append(Doubt("The file holds no clinical data (SubjectData)."))
    elif only and not rows:
        doubts.append(Doubt(f"The file holds no data of '{only}'.", severity="information"))


def _subjects(path: Path, language: str) -> Iterator[tuple[str, etree._Element, Lists]]:
    """(study, subject, the definitions of its version of the metadata); put together if transactional."""
    versions: dict[tuple[str, str], Lists] = {}
    parts: Counter[tuple[str, str]] | None = None
    waiting: dict[tuple[str, str], etree._Element] = {}
    for element in _elements(path, ("SubjectData", *DEFINITIONS)):
        study, version = _study(element)
        if local(element) != "SubjectData":
            _lists(versions, study, version, language).learn(element)
            continue
        lists = _lists(versions, study, version, language)
        if parts is None:
            parts = _parts(path) if element.getroottree().getroot().get("FileType") == "Transactional" else Counter()
        key = (study, element.get("SubjectKey", ""))
        if parts[key] < 1:
            yield study, element, lists
            continue
        parts[key] -= 1
        if key not in waiting:
            waiting[key] = deepcopy(element)
            _empty(waiting[key])
        _merge(waiting[key], element)
        if not parts[key]:
            yield study, waiting.pop(key), lists


def _study(element: etree._Element) -> tuple[str, str]:
    """The study and the version of its metadata that an element belongs to; two studies may call theirs the same."""
    study = version = ""
    for above in element.iterancestors("{*}MetaDataVersion", "{*}ClinicalData", "{*}Study"):
        name = above.get("OID") or ""
        if local(above) == "Study":
            study = study or name
        else:
            version, study = above.get("MetaDataVersionOID") or name, above.get("StudyOID") or ""
    return study, version


def _lists(versions: dict[tuple[str, str], Lists], study: str, version: str, language: str) -> Lists:
    """The definitions of a version; what it does not define its study does (units do), or else the file."""
    wider = None if not (study or version) else _lists(versions, study if version else "", "", language)
    return versions.setdefault((study, version), Lists(language, wider))


def _parts(path: Path) -> Counter[tuple[str, str]]:
    """How often each subject of each study comes in the file."""
    subjects = _elements(path, ("SubjectData",))
    return Counter((_study(element)[0], element.get("SubjectKey", "")) for element in subjects)


def _elements(path: Path, names: tuple[str, ...]) -> Iterator[etree._Element]:
    """Elements of these names as they end, each forgotten after use, as is what is passed over."""
    wanted = [f"{{{space}}}{name}" for space in NAMESPACES for name in (*names, *_PASSED)]
    try:
        with path.open("rb") as stream:
            found = etree.iterparse(
                stream, events=("end",), tag=wanted, resolve_entities=False, no_network=True, load_dtd=False,
                huge_tree=False,
            )  # fmt: skip
            for _, element in found:
                if local(element) in names:
                    yield element
                _forget(element)
            root = found.root
    except OSError as problem:
        raise Unreadable(f"The file cannot be opened: {problem.strerror}.") from None
    except etree.XMLSyntaxError as problem:
        raise Unreadable(f"This is not whole XML: {problem.msg}.", row=problem.lineno or None) from None
    if root is None or str(root.tag).rpartition("}")[0].lstrip("{") not in NAMESPACES:
        if root is not None and root.tag == "ODM":
            raise Unreadable(
                "The file does not say which ODM it is: its elements stand in no namespace.",
                advice=f'Its root should begin <ODM xmlns="{NAMESPACES[0]}" ...>.',
            )
        raise Unreadable("This is no ODM file (version 1.2, 1.3 or 2.0).")


def _forget(element: etree._Element) -> None:
    """Free an element and what stands before it in its parent."""
    element.clear()
    above = element.getparent()
    while above is not None and local(above) == "ClinicalData" and element.getprevious() is not None:
        del above[0]


def _merge(into: etree._Element, new: etree._Element) -> None:
    """Lay a later transaction over what is known: the same element replaced, removed or gone into, a new one added."""
    if _removed(new):
        _empty(into)
        into.set("TransactionType", "Remove")
        return
    into.set("TransactionType", "Upsert")
    for child in new:
        if not local(child):
            continue
        same = next((one for one in into if _identity(one) == _identity(child)), None)
        if same is None:
            into.append(deepcopy(child))
            if _removed(child):
                _empty(into[-1])
        elif local(child) in _KEYS:
            _merge(same, child)
        else:
            into.replace(same, deepcopy(child))


def _empty(element: etree._Element) -> None:
    for child in list(element):
        element.remove(child)


def _identity(element: etree._Element) -> tuple[str, ...]:
    """What makes two elements of different transactions the same one."""
    name = local(element)
    if name.startswith("ItemData"):
        return ("ItemData", element.get("ItemOID", ""))
    return (name, *(element.get(key, "") for key in _KEYS.get(name, ())))


def _walk(
    element: etree._Element, above: dict[str, str], level: str, lists: Lists, depth: int
) -> Iterator[tuple[int, str, dict[str, str]]]:
    if depth > _DEEPEST:
        raise Unreadable(f"Item groups nest deeper than {_DEEPEST} levels.", row=line_of(element))
    if _removed(element):
        return
    cells = {**above, **_keys(element)}
    for child in element:
        if local(child) == "SiteRef":
            cells["LocationOID"] = child.get("LocationOID", "")
    if "redcap_event_name" in cells and local(element) == "FormData":
        cells["redcap_repeat_instance"] = element.get("FormRepeatKey", "")
    here = local(element)
    if here == "ItemGroupData" and level == "FormData":  # no form round it: version 2.0
        cells.update(FormOID=element.get("ItemGroupOID", ""), FormRepeatKey=element.get("ItemGroupRepeatKey", ""))
        here = level
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
    """What names an element, and what vendors say of it; REDCap's record and event by the names of its CSV."""
    made = {name: element.get(name, "") for name in _KEYS.get(local(element), ()) if element.get(name)}
    spaces = {space: prefix for prefix, space in element.nsmap.items()}
    for name, value in element.items():
        space, _, own = str(name).lstrip("{").rpartition("}")
        if space not in ("", _REDCAP, _SCHEMA) and spaces.get(space):
            made[f"{spaces[space]}:{own}"] = str(value)
    record, event = element.get(f"{{{_REDCAP}}}RecordIdField"), element.get(f"{{{_REDCAP}}}UniqueEventName")
    if record:
        made[record] = element.get("SubjectKey", "")
    if event:
        made["redcap_event_name"] = event
    return made


def _items(element: etree._Element, lists: Lists, deep: bool) -> dict[str, str]:
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
                if unit := lists.unit(oid, _chosen_unit(child)):
                    made[f"{oid}.unit"] = unit
        elif deep and name in _KEYS and not _removed(child):
            made.update({key: value for key, value in _items(child, lists, deep).items() if value or key not in made})
    for oid, of in lists.pairs().items():
        if made.get(oid) and made.get(of):
            made[f"{oid}.unit"] = made[of]
    return made


def _chosen_unit(item: etree._Element) -> str:
    return next((child.get("MeasurementUnitOID", "") for child in item if local(child) == "MeasurementUnitRef"), "")


def _value(item: etree._Element) -> str:
    """1.3 has an attribute or, in typed items, text; 2.0 has Value elements."""
    if item.get("Value") is not None:
        return item.get("Value", "")
    values = [child.text or "" for child in item if local(child) == "Value"]
    return "+".join(value.strip() for value in values) if values else (item.text or "").strip()


def _removed(element: etree._Element) -> bool:
    return (
        element.get("TransactionType") == "Remove" or element.get("Removed") == "Yes" or element.get("IsNull") == "Yes"
    )
