"""Searching: each kind of parameter, modifiers, chains, includes. The cases are said as query strings."""

from __future__ import annotations

from pathlib import Path

import pytest

from cart_fhir.errors import BadRequest, NotSupported
from cart_fhir.formats import json
from cart_fhir.store.base import Store
from cart_fhir.store.contract.base import Contract, find, ids, platelets, put

_DATA = Path(__file__).parent / "data"


def _cases() -> dict[str, list[tuple[str, list[str]]]]:
    """Resource type -> queries with the ids they find: the lines of searches.txt."""
    found: dict[str, list[tuple[str, list[str]]]] = {}
    for line in (_DATA / "searches.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            type, query, wanted = line.split()
            found.setdefault(type, []).append((query.replace("+", " "), [] if wanted == "-" else wanted.split(",")))
    return found


class Searching(Contract):
    """search."""

    @pytest.fixture
    def ward(self, store: Store) -> Store:
        """A store with the resources of ward.ndjson."""
        put(store, *map(json.loads, (_DATA / "ward.ndjson").read_bytes().splitlines()))
        return store

    @pytest.mark.parametrize("type", _cases())
    def test_finds(self, ward: Store, type: str) -> None:
        wrong = {}
        for query, wanted in _cases()[type]:
            found = sorted(ids(find(ward, type if type != "*" else None, query)))
            if found != sorted(wanted):
                wrong[query] = f"found {found}, not {wanted}"
        assert wrong == {}

    @pytest.mark.parametrize(
        ("query", "wanted"),
        [
            ("_id=o1&_include=Observation:subject", "p1"),
            ("_id=o1&_include=Observation:subject:Group", ""),
            ("_id=o1&_include=Observation:*", "p1"),
            ("_id=o1,o2&_include=Observation:patient&_include:iterate=Patient:general-practitioner", "dr,p1"),
            ("_id=o1&_include=Observation:patient&_revinclude:iterate=Observation:patient", "o2,o5,p1"),
            ("_id=o1&_include=*", "p1"),
            ("_id=o4&_include:iterate=*", "dr,o1,p1"),
            ("_id=o1&_revinclude=*", "l1,o4"),
            ("_id=o3&_include=*&_revinclude=*", "l1,p2"),
            ("_id=o3&_include:iterate=*&_revinclude=*", "dr,l1,o1,p1,p2,p4"),
        ],
    )
    def test_includes(self, ward: Store, query: str, wanted: str) -> None:
        page = find(ward, "Observation", query)
        assert sorted(stored.id for stored in page.included) == (wanted.split(",") if wanted else [])

    def test_revincludes(self, ward: Store) -> None:
        page = find(ward, "Patient", "_id=p1,p2&_revinclude=Observation:subject")
        assert ids(page) == ["p1", "p2"]
        assert sorted(stored.id for stored in page.included) == ["o1", "o2", "o3", "o5"]

    def test_an_included_resource_is_no_match_twice(self, ward: Store) -> None:
        page = find(ward, "Observation", "_include=Observation:derived-from")
        assert sorted(ids(page)) == ["o1", "o2", "o3", "o4", "o5"]
        assert page.included == []

    @pytest.mark.parametrize(
        "code", ["colour", "subject.colour", "_has:Observation:colour:code", "status:exact", "code:near"]
    )
    def test_unknown_parameters(self, ward: Store, code: str) -> None:
        with pytest.raises(NotSupported):
            find(ward, "Observation", f"{code}=x")
        lenient = find(ward, "Observation", f"{code}=x&status=final", strict=False)
        assert sorted(ids(lenient)) == ["o1", "o2", "o3", "o5"]
        assert [issue.severity for issue in lenient.issues] == ["warning"]
        assert code in lenient.issues[0].text

    @pytest.mark.parametrize(
        "query",
        ["date=monday", "date=2024-13", "value-quantity=many", "code-value-quantity=777-3", "_count=-1", "_count=x",
         "_total=all", "status:missing=maybe", "code=a|b|c", "status.code=x", "_include=subject", "_sort=colour",
         "_filter=status eq", "_filter=(status eq final", "_filter=status pr x", '_filter="a" eq b', "_filter=a",
         "_filter=status eq a code eq b", "_filter=date co 2024", "_filter=status xx final", "_filter=subject[a",
         "_filter=" + "(" * 30 + "status eq a", "_filter=" + "status eq a or " * 200 + "status eq a"],
    )  # fmt: skip
    def test_wrong_values_are_refused(self, ward: Store, query: str) -> None:
        with pytest.raises(BadRequest):
            find(ward, "Observation", query)

    def test_deleted_and_changed_resources_are_not_found(self, ward: Store) -> None:
        with ward.transaction() as tx:
            tx.delete("Observation", "o1")
            tx.update(platelets("20", id="o2", subject="Patient/p2"))
        assert ids(find(ward, "Observation", "code=777-3&subject=Patient/p1")) == []
        assert sorted(ids(find(ward, "Observation", "subject=Patient/p2"))) == ["o2", "o3"]
        assert sorted(ids(find(ward, "Patient", "_has:Observation:patient:code=777-3"))) == ["p2"]

    def test_a_compartment(self, ward: Store) -> None:
        assert sorted(ids(find(ward, "Observation", compartment=("Patient", "p1")))) == ["o1", "o2", "o5"]
        assert sorted(ids(find(ward, None, compartment=("Patient", "p1")))) == ["f1", "o1", "o2", "o5", "p1"]
        assert ids(find(ward, "Observation", "code=777-3", compartment=("Patient", "p2"))) == ["o3"]
