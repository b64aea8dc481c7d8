"""Search results equal those of asking every resource by FHIRPath, for 2,000 generated queries."""

from __future__ import annotations

from random import Random

import pytest
from brute_force import BruteForce
from generated import queries, resources

from cart_fhir.definitions import Registry
from cart_fhir.search import parse
from cart_fhir.store import Store, open_store

REGISTRY = Registry(guide=False)
DATA_SETS = 4
QUERIES = 500


def _same(store: Store, seed: int) -> None:
    random = Random(seed)
    made = resources(random)
    brute = BruteForce(made, REGISTRY)
    with store.transaction() as tx:
        for resource in made:
            tx.update(resource)
    telling = 0
    for _ in range(QUERIES):
        type, pairs = queries(random)
        page = store.search(parse(type, [*pairs, ("_count", "1000")], REGISTRY))
        found = {stored.id for stored in page.matches}
        wanted = brute.search(type, pairs)
        assert found == wanted, f"seed {seed}: {type}?{'&'.join('='.join(pair) for pair in pairs)}"
        telling += bool(found)
    assert telling > QUERIES / 5, "the queries find too little to tell anything"


@pytest.mark.parametrize("seed", range(DATA_SETS))
def test_sqlite(seed: int) -> None:
    store = open_store("sqlite://", REGISTRY)
    try:
        _same(store, seed)
    finally:
        store.close()


@pytest.mark.postgres
def test_postgresql(empty_postgres: str) -> None:
    store = open_store(empty_postgres, REGISTRY)
    try:
        _same(store, DATA_SETS)
    finally:
        store.close()
