"""FHIR resources of other profiles as a source: a Bundle, one resource, a list, or NDJSON (streamed).

The option `rows` names the resource type that makes a row. Cells are values by path: `code.coding.code` (the first of
a list), `code.coding#2.code`, `subject.reference`, `valueQuantity.value`. A reference to another entry by its fullUrl
is given as `Type/id` too, where the entry has both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cart_fhir.errors import BadSyntax, ConfigError
from cart_fhir.formats import json
from cart_fhir.issues import Origin
from cart_fhir.mappers.readers import Reading, Record, Unreadable

_LARGEST = 500 << 20


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read the resources of one type; a row is a line of NDJSON, or the number of the entry."""
    rows = str(options.get("rows") or "")
    if not rows[:1].isupper():
        raise ConfigError("FHIR needs to know which resources make rows.", advice="Write read: {rows: Observation}.")
    return Reading(None, _records(path, rows))


def _records(path: Path, rows: str) -> Iterator[Record]:
    names: dict[str, str] = {}
    for number, resource, url in _resources(path, names):
        if not isinstance(resource, dict) or "resourceType" not in resource:
            raise Unreadable("This is no FHIR resource.", row=number)
        if resource["resourceType"] == rows:
            cells: dict[str, Any] = {}
            flatten(resource, "", cells, names)
            if url:
                cells["fullUrl"] = url
            yield Record(Origin(path.name, rows, number), cells)


def _resources(path: Path, names: dict[str, str]) -> Iterator[tuple[int, Any, str]]:
    """(number, resource, fullUrl) of each resource; `names` learns what fullUrls stand for."""
    if path.suffix.lower() in (".ndjson", ".jsonl"):
        with path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield number, _loads(line, number), ""
        return
    if path.stat().st_size > _LARGEST:
        raise Unreadable("The file is larger than 500 MB: send it as NDJSON.")
    whole = _loads(path.read_bytes(), None)
    if isinstance(whole, list):
        yield from ((number, resource, "") for number, resource in enumerate(whole, start=1))
    elif isinstance(whole, dict) and whole.get("resourceType") == "Bundle":
        entries = [entry for entry in whole.get("entry", []) if isinstance(entry, dict) and "resource" in entry]
        for entry in entries:
            inner = entry["resource"]
            if entry.get("fullUrl") and inner.get("id"):
                names[entry["fullUrl"]] = f"{inner.get('resourceType')}/{inner['id']}"
        yield from (
            (number, entry["resource"], entry.get("fullUrl", "")) for number, entry in enumerate(entries, start=1)
        )
    else:
        yield 1, whole, ""


def _loads(data: bytes, row: int | None) -> Any:
    try:
        return json.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except BadSyntax as problem:
        raise Unreadable(f"This is not FHIR JSON: {problem.message}", row=row or problem.line) from None


def flatten(value: Any, path: str, cells: dict[str, Any], names: Mapping[str, str]) -> None:
    """Put the values of a resource under their paths."""
    if isinstance(value, dict):
        for key, inner in value.items():
            flatten(inner, f"{path}.{key}" if path else key, cells, names)
    elif isinstance(value, list):
        for place, inner in enumerate(value, start=1):
            flatten(inner, path if place == 1 else f"{path}#{place}", cells, names)
    else:
        name = names.get(value) if isinstance(value, str) and path.endswith("reference") else None
        cells[path] = name or (str(value) if isinstance(value, int) and not isinstance(value, bool) else value)
