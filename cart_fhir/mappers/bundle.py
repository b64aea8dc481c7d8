"""A transaction Bundle of what was mapped: each resource once, a PUT under its own id, references by urn:uuid.

Ids are UUIDs, so `urn:uuid:<id>` is the entry's fullUrl and what references inside the bundle say; a server that keeps
client ids and one that assigns its own both resolve them. https://hl7.org/fhir/R4/http.html#transaction
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cart_fhir.profiles import canonical

_FIRST, _LAST = ("Patient",), ("Provenance",)


def transaction(resources: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The Bundle; patients first, Provenance last, the order otherwise as given. The resources are left as they are."""
    ordered = sorted(resources, key=_rank)
    known = {f"{resource['resourceType']}/{resource['id']}" for resource in ordered}
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [canonical.url("cart-submission-bundle")]},
        "type": "transaction",
        "entry": [
            {
                "fullUrl": f"urn:uuid:{resource['id']}",
                "resource": _with_urns(resource, known),
                "request": {"method": "PUT", "url": f"{resource['resourceType']}/{resource['id']}"},
            }
            for resource in ordered
        ],
    }


def _rank(resource: dict[str, Any]) -> int:
    kind = resource["resourceType"]
    return 0 if kind in _FIRST else 2 if kind in _LAST else 1


def _with_urns(value: Any, known: set[str]) -> Any:
    if isinstance(value, dict):
        made = {key: _with_urns(inner, known) for key, inner in value.items()}
        reference = made.get("reference")
        if isinstance(reference, str) and reference in known:
            made["reference"] = "urn:uuid:" + reference.split("/")[1]
        return made
    return [_with_urns(inner, known) for inner in value] if isinstance(value, list) else value
