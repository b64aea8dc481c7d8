"""Refused rows of formats that are no tables: the whole message, subject or document, as the source has it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from lxml import etree

from cart_fhir.errors import CartFHIRError
from cart_fhir.formats import json, xml
from cart_fhir.mappers.refused import FINDINGS, Rows

_SEGMENT = re.compile(rb"[^\r\n]*(?:[\r\n]+|\Z)")
_START = re.compile(rb"[\xef\xbb\xbf\x0b\x1c]*(MSH|FHS|BHS|BTS|FTS)")


def messages(target: Path, path: Path, rows: Rows) -> bool:
    """The HL7 v2 messages with a refused segment, byte for byte, without the envelopes of batches."""
    data = path.read_bytes()
    if b"\0" in data[:8]:  # UTF-16
        return whole(target, path, rows)
    wanted, found, message, is_wanted = {number for _, number in rows}, [], b"", False
    for number, match in enumerate(_SEGMENT.finditer(data), start=1):
        start = _START.match(match[0])
        if start:
            found.append(message if is_wanted else b"")
            message, is_wanted = b"", False
        if not start or start[1] == b"MSH":
            message += match[0]
        is_wanted = is_wanted or number in wanted
    target.write_bytes(b"".join(found) + (message if is_wanted else b""))
    return True


def subjects(target: Path, path: Path, rows: Rows) -> bool:
    """The ODM file with those subjects alone of whom something was refused."""
    wanted = {number for _, number in rows}
    try:
        root = xml.parse(path.read_bytes())
    except CartFHIRError:  # cut short: told as such
        return whole(target, path, rows)
    for subject in list(root.iter("{*}SubjectData")):
        parent = subject.getparent()
        if parent is not None and wanted.isdisjoint(element.sourceline for element in subject.iter()):
            parent.remove(subject)
    target.write_bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
    return True


def lines(target: Path, path: Path, rows: Rows) -> bool:
    """The lines of a file of fixed width or of NDJSON; any other FHIR file whole."""
    if path.suffix.lower() in (".json", ".xml"):
        return whole(target, path, rows)
    wanted = {number for _, number in rows}
    with path.open("rb") as stream:
        target.write_bytes(b"".join(line for number, line in enumerate(stream, start=1) if number in wanted))
    return True


def objects(target: Path, path: Path, rows: Rows) -> bool:
    """The records of a REDCap JSON export of which something was refused; False where it is a CSV."""
    if path.suffix.lower() != ".json":
        return False
    found = json.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    wanted = {number for _, number in rows}
    first = next(iter(found[0]), FINDINGS) if found else FINDINGS
    records = {str(one.get(first)) for number, one in enumerate(found, start=1) if number in wanted}
    target.write_bytes(json.dumps([one for one in found if str(one.get(first)) in records], pretty=True))
    return True


def whole(target: Path, path: Path, rows: Rows) -> bool:
    """The file as it is: a document is one."""
    shutil.copyfile(path, target)
    return True


WRITERS: Mapping[str, Callable[[Path, Path, Rows], bool]] = {
    "hl7v2": messages, "odm": subjects, "cda": whole, "fhir": lines, "fixed": lines, "redcap": objects,
}  # fmt: skip
