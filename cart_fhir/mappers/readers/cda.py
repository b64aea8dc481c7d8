"""CDA R2 and C-CDA documents, whole or as fragments: one row for each clinical statement of a kind.

The option `rows` names the statement (observation, substanceAdministration, procedure, act, supply, encounter ...);
`template` (an OID) or `section` (a LOINC code) take only those that carry it, or stand in that section. A row's cells
are attributes and texts by path from the statement: `code@code`, `value@value`, `effectiveTime/low@value`,
`consumable/manufacturedProduct/manufacturedMaterial/code@code`; a second element of a name is `component#2/...`.
From above come `patient/...` (recordTarget's patientRole), `section/code@code` and, of an organizer, `organizer/...`.
What is null (nullFlavor) has its flavour as a cell `...@nullFlavor` and no value; `@negationInd` is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from cart_fhir.errors import BadSyntax, ConfigError
from cart_fhir.formats import xml
from cart_fhir.issues import Origin
from cart_fhir.mappers.readers import Reading, Record, Unreadable
from cart_fhir.mappers.readers.odm import line_of
from cart_fhir.mappers.readers.odm import local as _name

_PREFIXES = {
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "sdtc": "urn:hl7-org:sdtc",
    "voc": "urn:hl7-org:v3/voc",
}
_STATEMENTS = frozenset(
    ["observation", "substanceAdministration", "procedure", "act", "supply", "encounter", "organizer"]
)
_LARGEST = 200 << 20


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read the statements of one kind; a row's line is that of the statement in the file."""
    rows = str(options.get("rows") or "")
    if rows not in _STATEMENTS:
        raise ConfigError(
            "CDA needs to know which statements make rows.", advice=f"One of {', '.join(sorted(_STATEMENTS))}."
        )
    return Reading(None, _records(path, rows, options))


def _records(path: Path, rows: str, options: Mapping[str, Any]) -> Iterator[Record]:
    root = document(path)
    patient: dict[str, str] = {}
    for role in root.iter("{*}patientRole"):
        flatten(role, "patient", patient)
        break
    template, section = str(options.get("template") or ""), str(options.get("section") or "")
    for statement in root.iter(f"{{*}}{rows}"):
        code = _section_code(statement)
        if (template and template not in _templates(statement)) or (section and section != code):
            continue
        cells = dict(patient)
        if code:
            cells["section/code@code"] = code
        group = next((one for one in statement.iterancestors("{*}organizer")), None)
        if group is not None:
            for child in group:
                if _name(child) in ("code", "effectiveTime", "statusCode", "id"):
                    flatten(child, f"organizer/{_name(child)}", cells)
        flatten(statement, "", cells)
        yield Record(Origin(path.name, rows, line_of(statement)), cells)


def document(path: Path) -> etree._Element:
    """The root of a document; a fragment that lost its namespace declarations gets them back."""
    try:
        if path.stat().st_size > _LARGEST:
            raise Unreadable("The document is larger than 200 MB.")
        data = path.read_bytes()
    except OSError as problem:
        raise Unreadable(f"The file cannot be opened: {problem.strerror}.") from None
    try:
        return xml.parse(_declared(data))
    except BadSyntax as problem:
        raise Unreadable(problem.message, row=problem.line) from None


def _declared(data: bytes) -> bytes:
    """The text with the prefixes that it uses and does not declare, declared at its first element."""
    lacking = [
        prefix for prefix in _PREFIXES if f"{prefix}:".encode() in data and f"xmlns:{prefix}=".encode() not in data
    ]
    if not lacking:
        return data
    declarations = "".join(f' xmlns:{prefix}="{_PREFIXES[prefix]}"' for prefix in lacking).encode()
    first = re.search(rb"<[A-Za-z][\w.:-]*", data)
    return data[: first.end()] + declarations + data[first.end() :] if first else data


def flatten(element: etree._Element, path: str, cells: dict[str, str]) -> None:
    """Put an element's attributes and texts, and those further in, under their paths."""
    if element.get("nullFlavor") and path:
        cells[f"{path}@nullFlavor"] = element.get("nullFlavor", "")
    for name, value in element.attrib.items():
        cells[f"{path}@{etree.QName(name).localname}"] = str(value)
    text = " ".join((element.text or "").split())
    if text and path:
        cells[path] = text
    counts: dict[str, int] = {}
    for child in element:
        name = _name(child)
        if name and name != "text":
            counts[name] = counts.get(name, 0) + 1
            part = name if counts[name] == 1 else f"{name}#{counts[name]}"
            flatten(child, f"{path}/{part}" if path else part, cells)


def _templates(statement: etree._Element) -> set[str]:
    return {child.get("root", "") for child in statement if _name(child) == "templateId"}


def _section_code(statement: etree._Element) -> str:
    for section in statement.iterancestors("{*}section"):
        for child in section:
            if _name(child) == "code":
                return child.get("code", "")
    return ""
