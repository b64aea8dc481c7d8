"""What an export that is no table seems to hold, by a look at its beginning: for `map new`, never for a run.

look(Path("feed.hl7"))  ->  [{"format": "hl7v2", "rows": "PID"}, {"format": "hl7v2", "rows": "OBX"}]
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cart_fhir.mappers.readers import Record

_SAMPLE = 8 << 20
PATIENT = ("PID-3.1", "patient/id@extension", "SubjectKey", "subject.reference.id", "patient.reference.id", "record_id")
"""Where these formats name the patient."""

_MOST = 12  # tables, of one file
_COLUMNS = 60
_HL7_ROWS = ("PID", "RXA", "RXE", "RXD", "OBX", "DG1", "AL1")
_CDA_ROWS = ("observation", "substanceAdministration", "procedure", "act", "encounter")
_DULL = re.compile(r"[\[\]#~]|^MSH-|templateId|^(?:text|meta)\.|^resourceType$|(?:^|\.)extension\.|\.ids$")
_REDCAP = re.compile(r"\bredcap_(?:event_name|repeat_instrument|survey_identifier)\b|\brecord,.*\bfield_name,")


def look(path: Path) -> list[dict[str, Any]]:
    """Reader options for each table to be made of a file; nothing for one that is a table already."""
    with path.open("rb") as stream:
        data = stream.read(_SAMPLE)
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace").lstrip(
        "\x0b \r\n\t"
    )
    if re.match(r"(?:MSH|FHS|BHS)\W", text):
        segments = set(re.findall(r"(?:^|[\r\n])([A-Z][A-Z0-9]{2})\W", text))
        return [{"format": "hl7v2", "rows": rows} for rows in _HL7_ROWS if rows in segments]
    if text.startswith("<"):
        return _xml(text)
    if text.startswith(("{", "[")):
        kinds = Counter(re.findall(r'"resourceType"\s*:\s*"([A-Za-z]+)"', text))
        return _fhir(kinds) if kinds else [{"format": "redcap"}]
    if _REDCAP.search(text.split("\n", 1)[0].replace('"', "")) and path.suffix.lower() in (".csv", ".txt"):
        return [{"format": "redcap"}]
    return []


def _xml(text: str) -> list[dict[str, Any]]:
    if "urn:hl7-org:v3" in text or "<ClinicalDocument" in text:
        present = [rows for rows in _CDA_ROWS if re.search(rf"<(?:\w+:)?{rows}[\s>]", text)]
        return [{"format": "cda", "rows": rows} for rows in ("document", *present)]
    if "cdisc.org/ns/odm" in text:
        return _odm(text)
    if "http://hl7.org/fhir" in text:
        return _fhir(Counter(re.findall(r"<([A-Z][A-Za-z]+)[\s>/]", text)))
    return []


def _odm(text: str) -> list[dict[str, Any]]:
    """One table for each item group; for each form where groups are many, or hold one question each (REDCap)."""

    def named(level: str) -> list[str]:
        """The OIDs of this level that the file holds data of."""
        oids = rf"<(?:\w+:)?{level}Data\b[^>]*\s{level}OID=[\"']([^\"']+)[\"']"
        return list(dict.fromkeys(re.findall(oids, text)))

    groups, form = named("ItemGroup"), named("Form")
    if form and ("projectredcap.org" in text or len(groups) > _MOST):
        return [{"format": "odm", "rows": "form", "only": name} for name in form]
    return [{"format": "odm", "rows": "itemgroup", "only": name} for name in groups] or [{"format": "odm"}]


def _fhir(kinds: Counter[str]) -> list[dict[str, Any]]:
    """One table for each type of resource, the Patient first."""
    names = sorted(kinds.keys() - {"Bundle", "OperationOutcome"}, key=lambda name: (name != "Patient", -kinds[name]))
    return [{"format": "fhir", "rows": name} for name in names[:_MOST]]


def columns(records: Sequence[Record]) -> list[str]:
    """The columns worth a line: the fullest of those that have a plain name, in the order in which they come."""
    filled: Counter[str] = Counter()
    for record in records:
        values = record.values.items()  # whole elements of FHIR are no columns of a first map: their parts are
        filled.update(name for name, cell in values if cell not in ("", None) and not isinstance(cell, (dict, list)))
    twice = {name for name in filled if f"{name}.1" in filled}  # HL7: the first component says what the field does
    plain = [name for name in filled if not _DULL.search(name) and name not in twice]
    kept = {name for name, _ in Counter({name: filled[name] for name in plain}).most_common(_COLUMNS)}
    return [name for name in plain if name in kept]
