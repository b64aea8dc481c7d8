"""Search results equal those of asking every resource by FHIRPath, for 2,000 generated queries."""

from __future__ import annotations

import re
from random import Random

import pytest
from brute_force import PREFIXES, BruteForce, Terms
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
        page = store.search(parse(type, [*pairs, ("_count", "1000")], REGISTRY, codes=Terms()))
        found = {stored.id for stored in page.matches}
        wanted = brute.search(type, pairs)
        assert found == wanted, f"seed {seed}: {type}?{'&'.join('='.join(pair) for pair in pairs)}"
        telling += bool(found)
    assert telling > QUERIES / 5, "the queries find too little to tell anything"


def test_the_queries_ask_everything() -> None:
    names, values = set(), []
    for seed in range(DATA_SETS):
        random = Random(seed)
        resources(random)
        for name, value in (pair for _ in range(QUERIES) for pair in queries(random)[1]):
            names |= set(re.split(r"[.:]", name))
            values.append(value)
    modifiers = {"missing", "exact", "contains", "not", "text", "of-type", "in", "not-in", "above", "below"}
    assert names >= modifiers | {"identifier", "Patient", "_has", "_filter", "_list", "_profile", "_tag"}
    for prefix in PREFIXES:
        assert sum(value.startswith(prefix) for value in values) > 10
        assert any(f" {prefix} " in value for value in values)


@pytest.mark.parametrize("seed", range(DATA_SETS))
def test_sqlite(seed: int) -> None:
    store = open_store("sqlite://", REGISTRY)
    try:
        _same(store, seed)
    finally:
        store.close()


@pytest.mark.postgres
@pytest.mark.parametrize("seed", range(DATA_SETS))
def test_postgresql(empty_postgres: str, seed: int) -> None:
    store = open_store(empty_postgres, REGISTRY)
    try:
        _same(store, seed)
    finally:
        store.close()
