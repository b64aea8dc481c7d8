"""What was sent before: a file that lets the next run of a map give only what is new or has changed.

The file holds, for each resource ("Type/id"), the BLAKE2 digest of its JSON; Provenance is not among them, as it
changes with every file. Resources that were sent and are in the export no more are told, never deleted; with `keep` the
file holds the resources too, compressed, so that those can be sent once more as entered in error.
"""

from __future__ import annotations

import binascii
import zlib
from base64 import b64decode, b64encode
from hashlib import blake2b
from pathlib import Path
from typing import Any

from cart_fhir.errors import BadSyntax, ConfigError
from cart_fhir.formats import json
from cart_fhir.formats.whole import whole


class State:
    """The digests of the resources of earlier runs."""

    def __init__(
        self, digests: dict[str, str] | None = None, kept: dict[str, str] | None = None, *, keep: bool = False
    ) -> None:
        self.digests = digests or {}
        self._kept = kept or {}
        self._keep = keep or bool(kept)

    @classmethod
    def read(cls, path: Path, *, keep: bool = False) -> State:
        """The state in a file; an empty one where there is no file yet. `keep`: hold the resources from now on."""
        if not path.exists():
            return cls(keep=keep)
        try:
            found = json.loads(path.read_bytes())
            kept = {str(ref): str(text) for ref, text in found.get("kept", {}).items()}
            return cls({str(ref): str(digest) for ref, digest in found["resources"].items()}, kept, keep=keep)
        except (BadSyntax, OSError, KeyError, TypeError, AttributeError):
            raise ConfigError(
                f"{path.name} is no state file of cart-fhir map.", advice="Name another, or delete it."
            ) from None

    def write(self, path: Path) -> None:
        """Write the file whole, or leave the old one as it was."""
        content: dict[str, Any] = {"state": 1, "resources": dict(sorted(self.digests.items()))}
        if self._keep:
            content["kept"] = dict(sorted(self._kept.items()))
        with whole(path) as stream:
            stream.write(json.dumps(content))

    def is_new(self, ref: str, content: bytes) -> bool:
        """Whether a resource is new or has changed; it is remembered as it is now."""
        digest = blake2b(content, digest_size=16).hexdigest()
        if self._keep and (self.digests.get(ref) != digest or ref not in self._kept):
            self._kept[ref] = b64encode(zlib.compress(content)).decode()
        if self.digests.get(ref) == digest:
            return False
        self.digests[ref] = digest
        return True

    def kept(self, ref: str) -> dict[str, Any] | None:
        """A resource as it was last sent; None where the file doesn't hold it."""
        if ref not in self._kept:
            return None
        try:
            found: dict[str, Any] = json.loads(zlib.decompress(b64decode(self._kept[ref])))
        except (binascii.Error, zlib.error, BadSyntax):
            return None
        return found

    def forget(self, ref: str) -> None:
        """Count a resource as never sent."""
        self.digests.pop(ref, None)
        self._kept.pop(ref, None)
