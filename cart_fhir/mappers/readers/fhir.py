"""FHIR resources of other profiles as a source: Bundles of any type, one resource, a list, or NDJSON (streamed).

The option `rows` names the resource type that makes a row; JSON and XML are read. Cells are values by path:
`code.coding.code` (the first of a list), `code.coding#2.code`, `subject.reference`, `valueQuantity.value`. As the order
of lists may change, items that their content tells apart have a name by it too:

- `code.coding[http://loinc.org].code`, `identifier[urn:mrn].value`: codings and identifiers by their system,
- `component[8480-6].valueQuantity.value`: components by the code in them,
- `extension[us-core-race].extension[ombCategory].valueCoding.code`: extensions by the last part of their URL,
- `name[official].family`, `telecom[phone].value`: by use, and by system.

An element with parts is there whole too, as `code` or `dosage`, for columns of type `element`; of a list of references
the ids are there together, as `result.reference.ids`, with `+` between them. The option `paths` adds cells by FHIRPath
(`fhirpaths`).

A reference to another entry by its fullUrl is given as `Type/id`, and the id alone as `subject.reference.id`; one to a
contained resource brings that resource's cells: `medicationReference.contained.code.coding.code`. An entry without an
id has that of its fullUrl.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cart_fhir.errors import BadSyntax, ConfigError
from cart_fhir.formats import json
from cart_fhir.issues import Origin
from cart_fhir.mappers.readers import Doubt, Reading, Record, Unreadable, fhirpaths

_LARGEST = 500 << 20
_DEEPEST = 20  # bundles within bundles
_FORKS = 2
_LOCAL = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}\Z")
_VERSIONED = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64})/_history/[A-Za-z0-9.-]{1,64}\Z")

Names = dict[str, str]  # fullUrl -> Type/id


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read the resources of one type; a row is a line of NDJSON, or the number of the entry."""
    rows = str(options.get("rows") or "")
    if not rows[:1].isupper():
        raise ConfigError("FHIR needs to know which resources make rows.", advice="Write read: {rows: Observation}.")
    doubts: list[Doubt] = []
    paths = fhirpaths.compiled(options.get("paths"), rows)
    held: Counter[str] = Counter()
    return Reading(None, _records(path, rows, doubts, paths, held), doubts, held, {rows})


def _records(
    path: Path, rows: str, doubts: list[Doubt], paths: fhirpaths.Paths, held: Counter[str]
) -> Iterator[Record]:
    names: Names = {}
    for number, resource, url in _resources(path, names):
        if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
            raise Unreadable("This is no FHIR resource.", row=number)
        held[resource["resourceType"]] += 1
        if resource["resourceType"] == rows:
            cells = {**flatten(resource, names), **fhirpaths.cells(paths, resource)}
            if url:
                cells["fullUrl"] = url
                cells.setdefault("id", url.rpartition("/")[2].rpartition(":")[2])
            yield Record(Origin(path.name, rows, number), cells)
    if not held:
        doubts.append(Doubt("The file holds no resources."))


# -- resources of a file -----------------------------------------------------------------------------------------------


def _resources(path: Path, names: Names) -> Iterator[tuple[int, Any, str]]:
    """(number, resource, fullUrl) of each resource; `names` learns what fullUrls stand for."""
    try:
        if path.suffix.lower() in (".ndjson", ".jsonl"):
            yield from _lines(path)
            return
        if path.stat().st_size > _LARGEST:
            raise Unreadable("The file is larger than 500 MB: send it as NDJSON.")
        data = path.read_bytes()
    except OSError as problem:
        raise Unreadable(f"The file cannot be opened: {problem.strerror}.") from None
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.lstrip()[:1] == b"<":
        whole = _xml(data)
    elif _is_lines(data):
        yield from _lines(path)
        return
    else:
        whole = _loads(data, None)
    entries = list(_entries(whole, "", 0))
    for resource, url in entries:
        if url and isinstance(resource, dict):
            names[url] = (
                f"{resource.get('resourceType')}/{resource.get('id') or url.rpartition('/')[2].rpartition(':')[2]}"
            )
    yield from ((number, resource, url) for number, (resource, url) in enumerate(entries, start=1))


def _lines(path: Path) -> Iterator[tuple[int, Any, str]]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip(b"\xef\xbb\xbf \r\n\t"):
                for resource, url in _entries(_loads(line.removeprefix(b"\xef\xbb\xbf"), number), "", 0):
                    yield number, resource, url


def _is_lines(data: bytes) -> bool:
    """Whether a file of another name holds one resource a line, as bulk exports do."""
    first, _, rest = data.strip().partition(b"\n")
    return first.startswith(b"{") and first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")


def _entries(whole: Any, url: str, depth: int) -> Iterator[tuple[Any, str]]:
    """(resource, fullUrl) of what a Bundle, a list or a resource holds; entries without a resource have nothing."""
    if depth > _DEEPEST:
        raise Unreadable(f"Bundles stand in one another deeper than {_DEEPEST} levels.")
    if isinstance(whole, list):
        for one in whole:
            yield from _entries(one, "", depth + 1)
    elif isinstance(whole, dict) and whole.get("resourceType") == "Bundle":
        entries = whole.get("entry") or []
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict) and entry.get("resource") is not None:
                yield from _entries(entry["resource"], str(entry.get("fullUrl") or ""), depth + 1)
    else:
        yield whole, url


def _loads(data: bytes, row: int | None) -> Any:
    try:
        return json.loads(data)
    except BadSyntax as problem:
        raise Unreadable(f"This is not FHIR JSON: {problem.message}", row=row or problem.line) from None


def _xml(data: bytes) -> Any:
    from cart_fhir.definitions import Registry
    from cart_fhir.formats import xml

    try:
        return xml.loads(data, Registry.default().types, [])
    except BadSyntax as problem:
        raise Unreadable(f"This is not FHIR XML: {problem.message}", row=problem.line) from None


# -- cells of a resource -----------------------------------------------------------------------------------------------


def flatten(resource: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The values of a resource under their paths, by number and by name."""
    inner = resource.get("contained")
    contained = {str(one.get("id")): one for one in inner if isinstance(one, dict)} if isinstance(inner, list) else {}
    cells: dict[str, Any] = {}
    made = _Cells(cells, names, contained)
    made.put(resource, "")
    made.put(resource, "", named=True)
    made.whole(resource, "")
    return cells


class _Cells:
    """Where the values of one resource are put; `named` paths are those that have a name by content in them."""

    def __init__(self, cells: dict[str, Any], names: Mapping[str, str], contained: Mapping[str, Any]) -> None:
        self._cells = cells
        self._names = names
        self._contained = contained
        self._forks = 0  # lists within named lists on the way here, of which both names are given

    def put(self, value: Any, path: str, *, named: bool = False) -> None:
        """Everything in a value."""
        if isinstance(value, dict):
            for key, inner in value.items():
                self.put(inner, f"{path}.{key}" if path else key, named=named)
            if not named and isinstance(value.get("reference"), str) and value["reference"].startswith("#"):
                found = self._contained.get(value["reference"][1:])
                if found is not None and ".contained" not in path:
                    self.put({**found, "contained": None}, f"{path}.contained")
                    self.whole(found, f"{path}.contained.")
        elif isinstance(value, list):
            self._list(value, path, named)
        elif value is not None and ("[" in path) == named:
            found = self._cells[path] = self._leaf(value, path)
            if path.endswith(".reference") and isinstance(found, str) and _LOCAL.match(found):
                self._cells[f"{path}.id"] = found.partition("/")[2]

    def whole(self, resource: Mapping[str, Any], path: str) -> None:
        """The elements of a resource that have parts, and of lists of references the ids together."""
        for key, value in resource.items():
            if isinstance(value, (dict, list)):
                self._cells.setdefault(f"{path}{key}", value)
            if isinstance(value, list):
                told = [str(self._leaf(one.get("reference"), "reference")) for one in value if isinstance(one, dict)]
                if ids := [text.partition("/")[2] for text in told if _LOCAL.match(text)]:
                    self._cells[f"{path}{key}.reference.ids"] = "+".join(ids)

    def _list(self, items: list[Any], path: str, named: bool) -> None:
        seen: dict[str, int] = {}
        for place, item in enumerate(items, start=1):
            label = _label(item, path.rpartition(".")[2]) if named else ""
            if label:
                seen[label] = seen.get(label, 0) + 1
                part = f"{path}[{label}]"
                self.put(item, part if seen[label] == 1 else f"{part}#{seen[label]}", named=True)
            if not label or ("[" in path and self._forks < _FORKS):
                self._forks += bool(label)
                self.put(item, path if place == 1 else f"{path}#{place}", named=named)
                self._forks -= bool(label)

    def _leaf(self, value: Any, path: str) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str) and path.rpartition(".")[2] == "reference":
            versioned = _VERSIONED.match(value)
            return self._names.get(value) or (versioned[1] if versioned else value)
        return value


def _label(item: Any, name: str) -> str:
    """What tells an item of a list from the others."""
    if not isinstance(item, dict):
        return ""
    if name in ("extension", "modifierExtension"):
        return str(item.get("url") or "").rstrip("/").rpartition("/")[2]
    if name == "component":
        code = item.get("code")
        codings = code.get("coding") if isinstance(code, dict) else None
        first = codings[0] if isinstance(codings, list) and codings else None
        return str(first.get("code") or "") if isinstance(first, dict) else ""
    if name in ("name", "address"):
        return str(item.get("use") or "")
    return str(item["system"]) if isinstance(item.get("system"), str) else ""
