"""The JSON text a version is kept as: the resource with its id, version and time, every digit as it was given."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Any

from cart_fhir.errors import BadRequest
from cart_fhir.formats import json

Json = dict[str, Any]
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
        self.digest = blake2b(self._meta + self._rest, digest_size=16).digest()

    def text(self, id: str, version: int, updated: datetime) -> bytes:
        """The whole resource as that version."""
        meta = b'{"versionId":"%d","lastUpdated":"%s"' % (version, instant(updated).encode())
        head = b'{"resourceType":%s,"id":%s,"meta":' % (json.dumps(self.type), json.dumps(id))
        return head + _joined(meta, self._meta) + (b"," + self._rest[1:] if self._rest != b"{}" else b"}")


def instant(moment: datetime) -> str:
    """A FHIR instant in UTC with milliseconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _joined(head: bytes, rest: bytes) -> bytes:
    return head + (b"," + rest[1:] if rest != b"{}" else b"}")
