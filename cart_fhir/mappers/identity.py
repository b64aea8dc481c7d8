"""Who is who: ids and identifiers that come out the same at every run, from whatever file.

    id = UUIDv5(namespace of the guide, "type|system|patient|key parts")

The patient is always in it, the whole row never: a corrected dose is a new version, not a second dose. With a site
secret, patient and key parts go through HMAC-SHA256 first, so that nobody can join two sites by guessing numbers.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from cart_fhir.errors import ConfigError
from cart_fhir.profiles import canonical

SECRET_VARIABLE = "CART_FHIR_MAP_SECRET"  # noqa: S105  the name of the variable, not a secret
_SHORTEST_SECRET = 32


@lru_cache(maxsize=1)
def namespace() -> UUID:
    """The namespace of the guide's ids: UUIDv5 of its canonical base."""
    return uuid5(NAMESPACE_URL, canonical.BASE)


@lru_cache(maxsize=4096)
def resource_id(resource_type: str, system: str, patient: str, *key: str) -> str:
    """The id of a resource by its business key: `patient` in `system`, then mapped codes and ISO dates."""
    return str(uuid5(namespace(), "|".join([resource_type, system, patient, *key])))


class Identity:
    """How one map makes ids and identifier values; with `secret` (bytes, 32 or more) they reveal nothing."""

    def __init__(self, system: str, records: str, secret: bytes | None = None) -> None:
        self.system = system
        self.records = records
        self._secret = secret

    def id(self, resource_type: str, key: Sequence[str]) -> str:
        """The id of the resource with this key; the first part is the patient."""
        return resource_id(resource_type, self.system, *self._shield(key))

    def identifier(self, resource_type: str, key: Sequence[str]) -> dict[str, str]:
        """The business identifier of the resource: the patient's own under `system`, all others under `records`."""
        if resource_type == "Patient":
            return {"system": self.system, "value": self._shield(key)[0]}
        return {"system": self.records, "value": "|".join(self._shield(key))}

    def _shield(self, key: Sequence[str]) -> list[str]:
        if self._secret is None:
            return list(key)
        parts = [key[0]] if len(key) == 1 else [key[0], "|".join(key)]
        return [hmac.new(self._secret, part.encode(), hashlib.sha256).hexdigest() for part in parts]


def read_secret(path: Path | None = None) -> bytes:
    """The site's secret, from a file or the environment (CART_FHIR_MAP_SECRET); never from a map."""
    try:
        found = path.read_bytes().strip() if path else os.environ.get(SECRET_VARIABLE, "").encode()
    except OSError as problem:
        raise ConfigError(f"The secret file cannot be read: {problem.strerror}.") from None
    if len(found) < _SHORTEST_SECRET:
        where = f"the file {path.name}" if path else f"the environment variable {SECRET_VARIABLE}"
        raise ConfigError(
            f"Private ids need a secret of at least {_SHORTEST_SECRET} characters in {where}.",
            advice="Make one with: python3 -c 'import secrets; print(secrets.token_hex(32))'",
        )
    return found
