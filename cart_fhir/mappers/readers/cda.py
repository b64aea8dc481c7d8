"""CDA R2 and C-CDA: one row for each clinical statement of a kind, or for each section or document.

The option `rows` names what makes rows (observation, substanceAdministration, procedure, act, supply, encounter,
organizer; section; narrative, a section that has text and no entries; document). `section` (LOINC codes, or OIDs of
templates) and `template` (OIDs) take only those that stand in such a section, or carry such a template.

A row has attributes and texts by path from the statement: `code@code`, `value@value`, `effectiveTime/low@value`,
`consumable/manufacturedProduct/manufacturedMaterial/code@code`; a second element of a name is `author#2/...`. As order
may change, what can be told by its content has a name by that:

- `id[2.16.840.1.113883.4.1]@extension` by its root, `translation[2.16.840.1.113883.6.90]@code` by its code system,
- `effectiveTime[PIVL_TS]/period@value` by its type, `participant[CSM]/...` by its typeCode,
- `entryRelationship[SEV]/observation/value@code` and `component[...]` by the code in it, else by its first template; of
  manifestations and reasons the code says what, so they go by `entryRelationship[MFST]` and `[RSON]`.

From round it come `document/...` (id, time, authors, custodian, encounter), `patient/...` (recordTarget's patientRole),
`section/code@code`, `section/title`, of the statement it stands in `parent/...` (`parent@kind` says which), and of an
organizer `organizer/...`. What is null has its flavour as `...@nullFlavor` and no value; `@negationInd` and `@moodCode`
(EVN: it was so; INT, RQO: it was planned) are cells too. A text that only refers into the narrative is that text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from cart_fhir.errors import ConfigError
from cart_fhir.issues import Origin
from cart_fhir.mappers.readers import Doubt, Reading, Record
from cart_fhir.mappers.readers.cdatext import Document, documents, kind_of
from cart_fhir.mappers.readers.odmlists import bare
from cart_fhir.mappers.readers.odmlists import local as _name

_STATEMENTS = frozenset(
    ["observation", "substanceAdministration", "procedure", "act", "supply", "encounter", "organizer"]
)
_ROWS = _STATEMENTS | {"section", "narrative", "document", "observationMedia", "regionOfInterest"}
_HEAD = ("id", "setId", "versionNumber", "code", "title", "effectiveTime", "languageCode", "author", "custodian",
         "componentOf")  # fmt: skip
_VALUES = frozenset(["code", "displayName", "value"])
_BY_ITSELF = ("id", "translation", "effectiveTime")  # small: inside what has a name by content they have both names
_OF_PARENT = ("id", "code", "statusCode", "effectiveTime", "value", "templateId", "subject")


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read the statements of one kind; a row's line is that of the statement in the file."""
    rows = str(options.get("rows") or "")
    if rows not in _ROWS:
        raise ConfigError("CDA needs to know which statements make rows.", advice=f"One of {', '.join(sorted(_ROWS))}.")
    reading = Reading(None, iter(()))
    return replace(reading, records=_records(path, rows, options, reading))


def _records(path: Path, rows: str, options: Mapping[str, Any], reading: Reading) -> Iterator[Record]:
    templates, sections = _several(options.get("template")), _several(options.get("section"))
    marks = cache(_marks)  # a section holds many statements
    for document in documents(path):
        head = _head(document)
        reading.held.update(map(_called, document.root.iter("{*}section")))
        if not any(name.startswith("patient/id") for name in head):
            line = document.line(document.root)
            reading.doubts.append(Doubt("The document does not say whose it is: patientRole has no id.", row=line))
        if rows == "document":
            if head:
                yield Record(Origin(path.name, rows, document.line(document.root)), head)
            continue
        for statement in document.root.iter("{*}section" if rows == "narrative" else f"{{*}}{rows}"):
            here = statement if _name(statement) == "section" else next(statement.iterancestors("{*}section"), None)
            if (templates and not templates & _templates(statement)) or (sections and not sections & marks(here)):
                continue
            if rows == "narrative" and any(_name(child) in ("entry", "component") for child in statement):
                continue
            cells = dict(head)
            if here is not None:
                reading.taken.update(map(_called, (here, *here.iterancestors("{*}section"))))
                _some(here, "section", ("code", "title", "templateId", "id"), cells, document)
            if here is statement:
                cells["text"] = document.narrative(here)
            else:
                _round(statement, cells, document)
                flatten(statement, "", cells, document)
                _labelled(statement, "", cells, document, known=False)
            yield Record(Origin(path.name, rows, document.line(statement)), cells)


def _called(section: etree._Element) -> str:
    """What a section is called in a finding: its title and code."""
    said = {_name(child): child for child in section}
    title, code = said.get("title"), said.get("code")
    words = " ".join("".join(map(str, title.itertext())).split()) if title is not None else ""
    mark = code.get("code", "") if code is not None else ""
    return f"{words} ({mark})" if words and mark else words or mark or "a section without title"


def _head(document: Document) -> dict[str, str]:
    """What the header says of the document and its patient."""
    cells: dict[str, str] = {}
    whole = next(document.root.iter("{*}ClinicalDocument"), None)
    if whole is not None:
        _some(whole, "document", _HEAD, cells, document)
    role = next(document.root.iter("{*}patientRole"), None)
    if role is not None:
        flatten(role, "patient", cells, document)
        _labelled(role, "patient", cells, document, known=False)
    return cells


def _round(statement: etree._Element, cells: dict[str, str], document: Document) -> None:
    """What stands round a statement."""
    above = next((one for one in statement.iterancestors() if _name(one) in _STATEMENTS), None)
    if above is not None:
        cells["parent@kind"] = _name(above)
        _some(above, "parent", _OF_PARENT, cells, document)
    group = next(statement.iterancestors("{*}organizer"), None)
    if group is not None:
        _some(group, "organizer", _OF_PARENT, cells, document)


def _some(
    element: etree._Element, path: str, names: tuple[str, ...], cells: dict[str, str], document: Document
) -> None:
    """The attributes of an element and its children of some names."""
    cells.update({f"{path}@{bare(name)}": str(value) for name, value in element.attrib.items()})
    for name, child in _numbered(element.iterchildren(*(f"{{*}}{name}" for name in names))):
        flatten(child, f"{path}/{name}", cells, document)


def flatten(element: etree._Element, path: str, cells: dict[str, str], document: Document) -> None:
    """Put an element's attributes and texts, and those further in, under their paths."""
    _own(element, path, cells, document)
    if _name(element) != "text":
        for name, child in _numbered(element):
            flatten(child, f"{path}/{name}" if path else name, cells, document)


def _labelled(element: etree._Element, path: str, cells: dict[str, str], document: Document, *, known: bool) -> None:
    """The same under the names that content gives; `known` once such a name stands in the path."""
    if known:
        _own(element, path, cells, document)
    if _name(element) == "text":
        return
    counts: dict[str, int] = {}
    for name, child in _numbered(element):
        label = _label(child)
        if label:
            part = f"{name.split('#')[0]}[{label}]"
            counts[part] = counts.get(part, 0) + 1
            part = part if counts[part] == 1 else f"{part}#{counts[part]}"
            _labelled(child, f"{path}/{part}" if path else part, cells, document, known=True)
        if not label or (known and _name(child) in _BY_ITSELF and not any(_label(inner) for inner in child)):
            _labelled(child, f"{path}/{name}" if path else name, cells, document, known=known)


def _own(element: etree._Element, path: str, cells: dict[str, str], document: Document) -> None:
    null = element.get("nullFlavor")
    for name, value in element.attrib.items():
        local = bare(name)
        if null and local in _VALUES:
            continue  # some write what is null twice: code="UNK" nullFlavor="UNK"
        cells[f"{path}@{local}"] = kind_of(element) if local == "type" else str(value)
    if path and (text := document.text(element)):
        cells[path] = text


def _numbered(elements: Iterable[etree._Element]) -> Iterator[tuple[str, etree._Element]]:
    """The elements with their names, the second of a name as `name#2`."""
    counts: dict[str, int] = {}
    for child in elements:
        if name := _name(child):
            counts[name] = counts.get(name, 0) + 1
            yield name if counts[name] == 1 else f"{name}#{counts[name]}", child


def _label(element: etree._Element) -> str:
    """What tells an element from others of its name, whatever their order."""
    name = _name(element)
    if name == "id":
        return element.get("root", "")
    if name == "translation":
        return element.get("codeSystem", "")
    if name == "effectiveTime":
        return kind_of(element)
    if name == "participant":
        return element.get("typeCode", "")
    if name == "entryRelationship" and element.get("typeCode") in ("MFST", "RSON"):
        return element.get("typeCode", "")
    if name in ("entryRelationship", "component"):
        inner = next((child for child in element if _name(child) in _STATEMENTS), None)
        if inner is not None:
            code = next((child.get("code", "") for child in inner if _name(child) == "code"), "")
            return code or next((child.get("root", "") for child in inner if _name(child) == "templateId"), "")
    return ""


def _several(wanted: Any) -> frozenset[str]:
    """An option that is one word, or a list of them."""
    return frozenset(map(str, wanted if isinstance(wanted, list) else [wanted] if wanted else []))


def _templates(element: etree._Element) -> set[str]:
    return {child.get("root", "") for child in element if _name(child) == "templateId"}


def _marks(section: etree._Element | None) -> set[str]:
    """The code and the templates by which a section may be chosen."""
    if section is None:
        return set()
    return _templates(section) | {child.get("code", "") for child in section if _name(child) == "code"}
