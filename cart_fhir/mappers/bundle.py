"""A transaction Bundle of what was mapped: each resource once, a PUT under its own id, references by urn:uuid.

Ids are UUIDs, so `urn:uuid:<id>` is the entry's fullUrl and what references inside the bundle say; a server that keeps
client ids and one that assigns its own both resolve them. https://hl7.org/fhir/R4/http.html#transaction
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

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


def conditional(
    resources: Iterable[dict[str, Any]], elsewhere: Callable[[str], dict[str, Any] | None]
) -> dict[str, Any]:
    """The Bundle for a server that gives ids of its own: PUT by identifier, no ids, references by urn:uuid.

    What is referred to and not in the Bundle, but known `elsewhere` ("Type/id" -> resource), is named by its
    identifier. A Provenance has none in R4: it is a POST, so the Bundle doesn't claim the guide's profile.
    https://hl7.org/fhir/R4/http.html#cond-update, https://hl7.org/fhir/R4/http.html#trules
    """
    made = transaction(resources)
    del made["meta"]
    for entry in made["entry"]:
        query = by_identifier(entry["resource"])
        kind = entry["resource"]["resourceType"]
        entry["request"] = {"method": "PUT", "url": query} if query else {"method": "POST", "url": kind}
        entry["resource"] = _by_identifier(
            {key: value for key, value in entry["resource"].items() if key != "id"}, elsewhere
        )
    return made


def by_identifier(resource: dict[str, Any]) -> str:
    """`Type?identifier=system|value` of the first identifier; "" where there is none that is whole."""
    found = resource.get("identifier")
    first = found[0] if isinstance(found, list) and found else found
    if not isinstance(first, dict) or not first.get("system") or not first.get("value"):
        return ""
    value = str(first["value"])
    for mark in "\\|,$":  # what search would take for its own marks
        value = value.replace(mark, f"\\{mark}")
    return f"{resource['resourceType']}?identifier={quote(first['system'], safe='')}%7C{quote(value, safe='')}"


def _by_identifier(value: Any, elsewhere: Callable[[str], dict[str, Any] | None]) -> Any:
    if isinstance(value, dict):
        made = {key: _by_identifier(inner, elsewhere) for key, inner in value.items()}
        reference = made.get("reference")
        if isinstance(reference, str) and not reference.startswith(("urn:", "#")):
            target = elsewhere(reference)
            made["reference"] = (by_identifier(target) if target else "") or reference
        return made
    return [_by_identifier(inner, elsewhere) for inner in value] if isinstance(value, list) else value


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
