"""What was sent before: a file that lets the next run of a map give only what is new or has changed.

The file holds, for each resource ("Type/id"), the BLAKE2 digest of its JSON; Provenance is not among them, as it
changes with every file. Resources that were sent and are in the export no more are told, never deleted.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from cart_fhir.errors import BadSyntax, ConfigError
from cart_fhir.formats import json


class State:
    """The digests of the resources of earlier runs."""

    def __init__(self, digests: dict[str, str] | None = None) -> None:
        self.digests = digests or {}

    @classmethod
    def read(cls, path: Path) -> State:
        """The state in a file; an empty one where there is no file yet."""
        if not path.exists():
            return cls()
        try:
            found = json.loads(path.read_bytes())
            return cls({str(ref): str(digest) for ref, digest in found["resources"].items()})
        except (BadSyntax, OSError, KeyError, TypeError, AttributeError):
            raise ConfigError(
                f"{path.name} is no state file of cart-fhir map.", advice="Name another, or delete it."
            ) from None

    def write(self, path: Path) -> None:
        """Write the file whole, or leave the old one as it was."""
        waiting = path.with_name(path.name + ".new")
        waiting.write_bytes(json.dumps({"state": 1, "resources": dict(sorted(self.digests.items()))}))
        waiting.replace(path)

    def is_new(self, ref: str, content: bytes) -> bool:
        """Whether a resource is new or has changed; it is remembered as it is now."""
        digest = blake2b(content, digest_size=16).hexdigest()
        if self.digests.get(ref) == digest:
            return False
        self.digests[ref] = digest
        return True
