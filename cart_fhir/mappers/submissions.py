"""What was mapped, patient by patient: the unit that is validated, sent and refused together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cart_fhir.formats import json
from cart_fhir.mappers.bundle import transaction
from cart_fhir.mappers.spool import Spool

# A patient's own resources refer to the patient, or to something that does (a product's twin to the product); what
# those refer to in turn (an organization) comes along, but what else refers to that does not.
_PATIENT = """
    WITH RECURSIVE own (ref) AS (
        SELECT ?1 UNION SELECT need.ref FROM need JOIN own ON need.target = own.ref
    ), told (ref) AS (SELECT ref FROM own UNION SELECT need.target FROM need JOIN own ON need.ref = own.ref)
    SELECT ref, coalesce(
        (SELECT content FROM whole WHERE ref = told.ref), (SELECT content FROM made WHERE ref = told.ref)
    ) FROM told ORDER BY ref
"""
_PATIENTS = "SELECT ref FROM stands WHERE ref >= 'Patient/' AND ref < 'Patient0' ORDER BY ref"


def submissions(spool: Spool, provenance: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One transaction Bundle a patient, each with the Provenance of what it holds (its targets: only these)."""
    sources: dict[str, list[int]] = {}
    for number, each in enumerate(provenance):
        for target in each["target"]:
            sources.setdefault(target["reference"], []).append(number)
    for (patient,) in spool.db.execute(_PATIENTS).fetchall():
        resources = [json.loads(content) for _, content in spool.db.execute(_PATIENT, (patient,)) if content]
        here = [f"{resource['resourceType']}/{resource['id']}" for resource in resources]
        yield transaction([*resources, *_about(provenance, sources, here)])


def _about(
    provenance: list[dict[str, Any]], sources: dict[str, list[int]], here: list[str]
) -> Iterator[dict[str, Any]]:
    """Each Provenance that has a target among these resources, with those targets alone."""
    found: dict[int, list[dict[str, str]]] = {}
    for ref in here:
        for number in sources.get(ref, ()):
            found.setdefault(number, []).append({"reference": ref})
    for number in sorted(found):
        yield {**provenance[number], "target": sorted(found[number], key=lambda target: target["reference"])}
