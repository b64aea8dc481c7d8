"""What was mapped, patient by patient: the unit that is validated, sent and refused together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cart_fhir.formats import json
from cart_fhir.mappers.bundle import transaction
from cart_fhir.mappers.spool import Spool

# A patient's own resources refer to the patient, or to something that does (a product's twin to the product); what
# those refer to in turn (an organization) comes along, but what else refers to that does not.
_TOLD = """
    WITH RECURSIVE own (ref) AS (
        {start} UNION SELECT need.ref FROM need JOIN own ON need.target = own.ref
    ), told (ref) AS (SELECT ref FROM own UNION SELECT need.target FROM need JOIN own ON need.ref = own.ref)
"""
_PATIENTS = "SELECT ref FROM stands WHERE ref >= 'Patient/' AND ref < 'Patient0'"
_PATIENT = _TOLD.format(start="SELECT ?1") + (  # noqa: S608  all of it is ours
    "SELECT ref, coalesce((SELECT content FROM whole WHERE ref = told.ref),"
    " (SELECT content FROM made WHERE ref = told.ref)) FROM told ORDER BY ref"  # a view would be scanned
)
_STRAYS = _TOLD.format(start=_PATIENTS) + (  # noqa: S608  all of it is ours
    "SELECT content FROM stands WHERE ref NOT IN (SELECT ref FROM told) ORDER BY ref"
)


def submissions(spool: Spool, provenance: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One transaction Bundle a patient, each with the Provenance of what it holds (its targets: only these)."""
    origins = _Origins(spool, provenance)
    for (patient,) in spool.db.execute(_PATIENTS + " ORDER BY ref").fetchall():
        resources = [json.loads(content) for _, content in spool.db.execute(_PATIENT, (patient,)) if content]
        here = [f"{resource['resourceType']}/{resource['id']}" for resource in resources]
        yield transaction([*resources, *origins.of(here)])


def strays(spool: Spool) -> Iterator[dict[str, Any]]:
    """The resources that stand in no patient's bundle: an export may bring results of patients known from another."""
    for (content,) in spool.db.execute(_STRAYS):
        yield json.loads(content)


class _Origins:
    """Which Provenance tells of which resource; the targets wait on disk, as there are as many as resources."""

    def __init__(self, spool: Spool, provenance: Iterable[dict[str, Any]]) -> None:
        self._db = spool.db
        self._db.execute("DROP TABLE IF EXISTS origin")
        self._db.execute("CREATE TABLE origin (ref TEXT, number INTEGER, PRIMARY KEY (ref, number)) WITHOUT ROWID")
        self._heads: list[dict[str, Any]] = []
        for number, each in enumerate(provenance):
            lines = [(target["reference"], number) for target in each["target"]]
            self._db.executemany("INSERT INTO origin VALUES (?, ?)", lines)
            self._heads.append({**each, "target": []})

    def of(self, refs: list[str]) -> Iterator[dict[str, Any]]:
        """Each Provenance that has a target among these, with those targets alone."""
        found: dict[int, list[dict[str, str]]] = {}
        wanted = json.dumps(refs).decode()
        told = "SELECT number, ref FROM origin WHERE ref IN (SELECT value FROM json_each(?)) ORDER BY number, ref"
        for number, ref in self._db.execute(told, (wanted,)):
            found.setdefault(number, []).append({"reference": ref})
        for number, targets in found.items():
            yield {**self._heads[number], "target": targets}
