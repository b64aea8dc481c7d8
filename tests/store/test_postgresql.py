"""What only a database server can do to a store: many writers, cut connections, slow statements, dump and restore."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from conftest import driver_url
from sqlalchemy import create_engine, make_url, text

from cart_fhir.definitions import Registry
from cart_fhir.errors import Unavailable
from cart_fhir.search import parse
from cart_fhir.store import Store, Transaction, open_store
from cart_fhir.store.engine import connect, translated

pytestmark = pytest.mark.postgres
REGISTRY = Registry(guide=False)
WRITERS, ROUNDS, PATIENTS = 8, 12, 5
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def store(empty_postgres: str) -> Iterator[Store]:
    store = open_store(f"{empty_postgres}{'&' if '?' in empty_postgres else '?'}pool_size=10", REGISTRY)
    try:
        yield store
    finally:
        store.close()


def _patient(id: str, number: int) -> dict[str, object]:
    return {"resourceType": "Patient", "id": id, "telecom": [{"value": str(number)}] * number}


def test_eight_writers_of_the_same_resources_lose_nothing(store: Store) -> None:
    """Each transaction adds to several patients in an order of its own, and none may wait for another in a circle."""
    with store.transaction() as tx:
        for id in range(PATIENTS):
            tx.create(_patient(str(id), 0), str(id))

    def add(tx: Transaction, chosen: list[str]) -> None:
        tx.expect(("Patient", id) for id in chosen)
        for id in chosen:
            number = len(tx.read("Patient", id).resource.get("telecom", ()))
            tx.update(_patient(id, number + 1))

    def write(number: int) -> Counter[str]:
        random, done = Random(number), Counter[str]()
        for _ in range(ROUNDS):
            chosen = random.sample([str(id) for id in range(PATIENTS)], 3)
            store.run(lambda tx, chosen=chosen: add(tx, chosen))  # type: ignore[misc]
            done.update(chosen)
        return done

    with ThreadPoolExecutor(WRITERS) as pool:
        wanted = sum(pool.map(write, range(WRITERS)), Counter[str]())
    found = {str(id): len(store.read("Patient", str(id)).resource["telecom"]) for id in range(PATIENTS)}
    assert found == wanted


def test_of_eight_conditional_creates_one_creates(store: Store) -> None:
    query = parse("Patient", [("identifier", "urn:a|1")], REGISTRY)

    def create(tx: Transaction) -> bool:
        tx.exclusive(["Patient"])
        if tx.search(query).matches:
            return False
        tx.create({"resourceType": "Patient", "identifier": [{"system": "urn:a", "value": "1"}]})
        return True

    with ThreadPoolExecutor(WRITERS) as pool:
        made = list(pool.map(lambda _: store.run(create), range(WRITERS)))
    assert sorted(made) == [False] * (WRITERS - 1) + [True]
    assert store.counts() == {"Patient": 1}


def test_a_connection_cut_in_a_transaction_leaves_nothing(store: Store, empty_postgres: str) -> None:
    engine = create_engine(driver_url(empty_postgres), isolation_level="AUTOCOMMIT")

    def write_and_be_cut(tx: Transaction) -> None:
        tx.create({"resourceType": "Patient"})
        assert tx.search(parse("Patient", [], REGISTRY)).matches
        with engine.connect() as connection:
            connection.execute(text(CUT))
        tx.create({"resourceType": "Patient"})

    with pytest.raises(Unavailable):
        store.run(write_and_be_cut)
    engine.dispose()
    assert store.counts() == {}
    with store.transaction() as tx:
        tx.create({"resourceType": "Patient"})
    assert store.counts() == {"Patient": 1}


def test_a_statement_that_takes_too_long_is_ended(empty_postgres: str) -> None:
    engine = connect(f"{empty_postgres}{'&' if '?' in empty_postgres else '?'}statement_timeout=0.2")
    with pytest.raises(Unavailable, match="too long"), translated(), engine.connect() as connection:
        connection.execute(text("SELECT pg_sleep(20)"))
    engine.dispose()


def test_a_dump_restored_is_the_same_store(store: Store, empty_postgres: str, tmp_path: Path) -> None:
    """What docs/stores.md tells operators to do."""
    if not shutil.which("pg_dump"):
        pytest.skip("pg_dump is not installed")
    with store.transaction() as tx:
        tx.create(_patient("a", 2), "a")
    with store.transaction() as tx:
        tx.update(_patient("a", 3))
    url = make_url(empty_postgres)
    other = url.set(database=f"{url.database}_restored")
    plain, restored = (one.render_as_string(hide_password=False) for one in (url, other))
    engine = create_engine(driver_url(empty_postgres), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{other.database}"'))
        connection.execute(text(f'CREATE DATABASE "{other.database}"'))
    dump = tmp_path / "copy.dump"
    subprocess.run(["pg_dump", "--format=custom", f"--file={dump}", plain], check=True, timeout=60)
    subprocess.run(["pg_restore", f"--dbname={restored}", dump], check=True, timeout=60)
    copy = open_store(restored, REGISTRY)
    try:
        assert copy.history("Patient", "a").matches == store.history("Patient", "a").matches
        page = copy.search(parse("Patient", [("phone:missing", "true"), ("_id", "a")], REGISTRY))
        assert [one.version for one in page.matches] == [2]
    finally:
        copy.close()
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{other.database}"'))
        engine.dispose()


def test_four_hundred_conditions_are_planned_in_no_time(empty_postgres: str) -> None:
    """PostgreSQL weighs joined conditions against each other, in time that grows with a power of their number."""
    limited = f"{empty_postgres}{'&' if '?' in empty_postgres else '?'}options=-c%20statement_timeout%3D5000"
    store = open_store(limited, REGISTRY)
    try:
        with store.transaction() as tx:
            tx.create(_patient("many", 400), "many")
            tx.create(_patient("few", 399), "few")
        query = parse("Patient", [("telecom", str(number)) for number in range(400)], REGISTRY)
        assert store.search(query).matches == []
        others = [("telecom:not", str(number)) for number in range(399)]
        query = parse("Patient", [("telecom", "400"), *others], REGISTRY)
        assert [match.id for match in store.search(query).matches] == ["many"]
    finally:
        store.close()
