"""A pack: many FHIR definitions in one file, each to be had without reading the others.

Layout: the magic line; the length of the index (8 bytes, big endian); the index (JSON, deflated); the dictionary and
the records (JSON, each deflated against the dictionary). The index is
`{"dictionary": length, "sizes": [length of each record], "entries": [[resourceType, url, version, record, facts]]}`
where a record holds one resource or a list of them, and `facts` are the few values that are asked for without opening
the resource. Only our own build tool writes packs, so a reader trusts what it reads.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from cart_fhir.formats import json as formats_json

Json = dict[str, Any]
MAGIC = b"cart-fhir pack 1\n"
_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One definition in a pack: what it is and in which record it stands."""

    resource_type: str
    url: str
    version: str
    record: int
    facts: Mapping[str, Any]


class Pack:
    """Reads a pack file; the index at first use, a record when asked for. Nothing is kept but the compressed bytes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every definition in the pack, in the order written."""
        return tuple(Entry(*entry) for entry in self._index["entries"])

    def read(self, record: int) -> Any:
        """The record's JSON value, parsed anew at each call; decimals as Decimal."""
        start, end = self._spans[record], self._spans[record + 1]
        inflater = zlib.decompressobj(wbits=-15, zdict=self._dictionary)
        return json.loads(inflater.decompress(self._bytes[start:end]), parse_float=Decimal)

    @cached_property
    def _bytes(self) -> bytes:
        return self.path.read_bytes()

    @cached_property
    def _index_end(self) -> int:
        start = len(MAGIC) + _LENGTH
        return start + int.from_bytes(self._bytes[len(MAGIC) : start], "big")

    @cached_property
    def _index(self) -> Json:
        if not self._bytes.startswith(MAGIC):
            raise ValueError(f"{self.path.name} is not a pack of definitions")
        index: Json = json.loads(zlib.decompress(self._bytes[len(MAGIC) + _LENGTH : self._index_end]))
        return index

    @cached_property
    def _dictionary(self) -> bytes:
        return self._bytes[self._index_end : self._index_end + self._index["dictionary"]]

    @cached_property
    def _spans(self) -> list[int]:
        spans = [self._index_end + self._index["dictionary"]]
        for size in self._index["sizes"]:
            spans.append(spans[-1] + size)
        return spans


_FACTS = {
    "StructureDefinition": ("kind", "type", "derivation", "abstract", "baseDefinition", "id"),
    "CodeSystem": ("content", "supplements", "valueSet"),
}


def facts_of(resource: Json) -> Json:
    """What is asked of a definition without opening it: a structure's place among types, a code system's content."""
    return {key: resource[key] for key in _FACTS.get(resource["resourceType"], ()) if key in resource}


def name(resource: Json) -> tuple[str, str, str, Json]:
    """How a resource is named in the index: (resourceType, url, version, facts)."""
    return resource["resourceType"], resource["url"], resource.get("version", ""), facts_of(resource)


def write_resources(path: Path, resources: Iterable[Json]) -> None:
    """Write a pack with one record per resource, by resource type and url, each of which must have a `url`."""
    ordered = sorted(resources, key=lambda resource: (resource["resourceType"], resource["url"]))
    write(path, [(resource, [name(resource)]) for resource in ordered])


def write(path: Path, records: Iterable[tuple[Any, list[tuple[str, str, str, Json]]]], dictionary: bytes = b"") -> None:
    """Write a pack of (JSON value, [(resourceType, url, version, facts)]) records, `dictionary` shared by all of them.

    The same records give the same bytes (for one version of zlib).
    """
    bodies: list[bytes] = []
    entries: list[list[Any]] = []
    for value, named in records:
        text = formats_json.dumps(value)
        deflater = zlib.compressobj(9, wbits=-15, zdict=dictionary)
        entries += [[resource_type, url, version, len(bodies), facts] for resource_type, url, version, facts in named]
        bodies.append(deflater.compress(text) + deflater.flush())
    index = {"dictionary": len(dictionary), "sizes": [len(body) for body in bodies], "entries": entries}
    packed = zlib.compress(json.dumps(index, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    path.write_bytes(b"".join([MAGIC, len(packed).to_bytes(_LENGTH, "big"), packed, dictionary, *bodies]))
