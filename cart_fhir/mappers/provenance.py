"""Provenance: one for each source file, saying what was made of it, by which program and which map.

It comes out the same at every run: ids are of the contents of the file (whatever the order of its rows) and of the map,
and `recorded` is the export's own time as the map or the caller states it, else the newest date that the export holds.
https://hl7.org/fhir/R4/provenance.html
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cart_fhir import __version__
from cart_fhir.errors import ConfigError
from cart_fhir.mappers.identity import resource_id
from cart_fhir.profiles import canonical

_STATED = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?", re.ASCII)
_AGENT_TYPE = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"


def provenance(
    *,
    system: str,
    sender: str,
    recorded: str,
    file: str,
    digest: str,
    mapping: str,
    map_digest: str,
    targets: Sequence[str],
    part: int = 1,
) -> dict[str, Any]:
    """The Provenance of one file; `digest` and `map_digest` are SHA-256 in hex, `targets` are "Type/id".

    `part` counts from 1 where a file made more than one Provenance holds.
    """
    program = {
        "type": "Device",
        "identifier": {"system": f"{canonical.BASE}/software", "value": f"cart_fhir {__version__}"},
    }
    agents = [{"type": _agent("assembler", "Assembler"), "who": {**program, "display": "cart_fhir mapper"}}]
    if sender:
        agents.append({"type": _agent("author", "Author"), "who": {"display": sender}})
    return {
        "resourceType": "Provenance",
        "id": resource_id("Provenance", system, file, digest, map_digest, *([str(part)] if part > 1 else [])),
        "meta": {"profile": [canonical.url("cart-provenance")]},
        "target": [{"reference": target} for target in targets],
        "recorded": recorded,
        "agent": agents,
        "entity": [_source(digest, file), _source(map_digest, f"map {mapping}")],
    }


def recorded_of(stated: str, newest: str) -> str:
    """The instant to record: as stated, else the start of the export's newest day (UTC)."""
    day = stated or newest
    if len(day) > 10:
        return day
    day = (day + "-01-01")[:10] if len(day) == 4 else (day + "-01")[:10] if len(day) == 7 else day
    return f"{day or '1970-01-01'}T00:00:00Z"


def check_stated(stated: str) -> None:
    """ConfigError unless this is a year, month or day, or an instant with its zone."""
    try:
        if _STATED.fullmatch(stated):
            datetime.fromisoformat(recorded_of(stated, ""))
            return
    except ValueError:  # no such day, no such hour
        pass
    raise ConfigError(
        f"'{stated}' is not when an export was made.", advice="Write a day, 2026-03-31, or 2026-03-31T08:00:00+02:00."
    )


def sha256(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def _agent(code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": _AGENT_TYPE, "code": code, "display": display}]}


def _source(digest: str, display: str) -> dict[str, Any]:
    identifier = {"system": "urn:ietf:rfc:3986", "value": f"urn:hash::sha256:{digest}"}
    return {"role": "source", "what": {"identifier": identifier, "display": display}}
