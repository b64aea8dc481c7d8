"""What is kept of a version: its JSON text, every digit as it was given, and the lines of its index."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from cart_fhir.errors import BadRequest
from cart_fhir.formats import json
from cart_fhir.search.rows import Rows
from cart_fhir.store.tables import parameter_number

Json = dict[str, Any]
IndexLines = dict[str, list[tuple[Any, ...]]]
"""Kind of index -> lines to insert."""
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_OURS = ("versionId", "lastUpdated")
_HEAD = ("resourceType", "id", "meta")


class Body:
    """A resource as text but for the version's number and time, and the digest by which equal content is known."""

    __slots__ = ("_meta", "_rest", "digest", "type")

    def __init__(self, resource: Json) -> None:
        meta = resource.get("meta", {})
        if not isinstance(meta, dict):
            raise BadRequest("meta is not an object.", expression=f"{resource['resourceType']}.meta")
        self.type: str = resource["resourceType"]
        self._meta = json.dumps({name: value for name, value in meta.items() if name not in _OURS})
        self._rest = json.dumps({name: value for name, value in resource.items() if name not in _HEAD})
        if _holds_nul(self._meta) or _holds_nul(self._rest):
            raise BadRequest("The resource holds a NUL character, which FHIR does not allow in any string.")
        self.digest = blake2b(self._meta + self._rest, digest_size=16).digest()

    def text(self, id: str, version: int, updated: datetime) -> bytes:
        """The whole resource as that version."""
        meta = b'{"versionId":"%d","lastUpdated":"%s"' % (version, instant(updated).encode())
        head = b'{"resourceType":%s,"id":%s,"meta":' % (json.dumps(self.type), json.dumps(id))
        return head + _joined(meta, self._meta) + (b"," + self._rest[1:] if self._rest != b"{}" else b"}")


@lru_cache(maxsize=64)
def instant(moment: datetime) -> str:
    """A FHIR instant in UTC with milliseconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _holds_nul(text: bytes) -> bool:
    """Does the JSON hold an escaped NUL? The bytes are looked for first: that is much quicker than the regex."""
    return b"\\u0000" in text and _NUL.search(text) is not None


def _joined(head: bytes, rest: bytes) -> bytes:
    return head + (b"," + rest[1:] if rest != b"{}" else b"}")


def numbered(key: int, type: str, rows: Rows) -> IndexLines:
    """Index rows as their tables have them: resource, parameter number, running number, then the columns."""
    return {
        table: [(key, parameter_number(type, row[0]), n, *row[1:]) for n, row in enumerate(found)]
        for table, found in rows.tables.items()
    }
