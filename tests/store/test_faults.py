"""Faults: a process killed in the middle of a load, a database that is busy, full, broken or gone."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import create_engine

from cart_fhir.definitions import Registry
from cart_fhir.errors import BadRequest, CartFHIRError, ConfigError, Conflict, NotFound, Unavailable
from cart_fhir.search import parse
from cart_fhir.store import Store, open_store

REGISTRY = Registry(guide=False)
BUNDLE = 60

LOADER = f"""
import sys
from cart_fhir.definitions import Registry
from cart_fhir.store import open_store

store = open_store(sys.argv[1], Registry(guide=False))
print("ready", flush=True)
number = int(sys.argv[2])
while True:
    with store.transaction() as tx:
        for part in range({BUNDLE}):
            tag = [{{"system": "urn:bundle", "code": str(number)}}]
            tx.create({{"resourceType": "Patient", "meta": {{"tag": tag}}, "name": [{{"family": "Name"}}]}})
    print(number, flush=True)
    number += 1
"""


def _kill_while_loading(url: str, first: int, seconds: float) -> list[str]:
    """Start a load, kill it with SIGKILL after so many seconds; the bundles it had reported as stored."""
    loader = subprocess.Popen([sys.executable, "-c", LOADER, url, str(first)], stdout=subprocess.PIPE, text=True)
    assert loader.stdout is not None
    with loader.stdout:
        assert loader.stdout.readline() == "ready\n"
        time.sleep(seconds)
        loader.send_signal(signal.SIGKILL)
        said = loader.stdout.read()
    assert loader.wait(timeout=30) == -signal.SIGKILL
    return [line for line in said.splitlines(keepends=False) if line.isdigit()]


def _check_whole(url: str, reported: list[str]) -> None:
    store = open_store(url, REGISTRY)
    try:
        found = store.search(parse("Patient", [("_count", "10000")], REGISTRY)).matches
        sizes = Counter(one.resource["meta"]["tag"][0]["code"] for one in found)
        assert set(sizes.values()) <= {BUNDLE}, sizes
        assert set(reported) <= set(sizes)
        for number in sizes:
            tagged = store.search(parse("Patient", [("_tag", f"urn:bundle|{number}"), ("_summary", "count")], REGISTRY))
            assert tagged.total == BUNDLE
    finally:
        store.close()


def test_a_killed_load_leaves_bundles_whole_or_absent_on_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cart.db'}"
    reported: list[str] = []
    for turn, seconds in enumerate((0.05, 0.2, 0.35)):
        reported += _kill_while_loading(url, turn * 1000, seconds)
        _check_whole(url, reported)


@pytest.mark.postgres
def test_a_killed_load_leaves_bundles_whole_or_absent_on_postgresql(empty_postgres: str) -> None:
    reported: list[str] = []
    for turn, seconds in enumerate((0.1, 0.3)):
        reported += _kill_while_loading(empty_postgres, turn * 1000, seconds)
        _check_whole(empty_postgres, reported)


def _patients(store: Store, number: int) -> None:
    with store.transaction() as tx:
        for _ in range(number):
            tx.create({"resourceType": "Patient", "name": [{"family": "x" * 200}]})


def test_a_writer_that_waits_too_long_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cart.db'}?timeout=0.2"
    store, other = open_store(url, REGISTRY), open_store(url, REGISTRY)
    with store.transaction() as tx:
        tx.create({"resourceType": "Patient"})
        with pytest.raises(Conflict):
            _patients(other, 1)
    store.close()
    other.close()


def test_writers_of_one_store_wait_in_line_and_none_for_ever(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'cart.db'}?timeout=0.3", REGISTRY)
    told: list[Exception] = []

    def write() -> None:
        try:
            _patients(store, 1)
        except Conflict as error:
            told.append(error)

    with store.transaction() as tx:
        tx.create({"resourceType": "Patient"})
        waiting = [Thread(target=write) for _ in range(3)]
        for thread in waiting:
            thread.start()
        waiting[0].join(timeout=20)
    for thread in waiting:
        thread.join(timeout=20)
    assert told, "who waited longer than the timeout was told"
    assert store.counts() == {"Patient": 1 + len(waiting) - len(told)}
    store.close()


def test_a_full_disk_changes_nothing(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'cart.db'}?pool_size=1", REGISTRY)
    _patients(store, 5)
    with store._engine.connect() as connection:  # the same pooled connection serves the transaction below
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(Unavailable, match="full"):
        _patients(store, 2000)
    assert store.counts() == {"Patient": 5}
    store.close()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "cart.db"
    path.write_bytes(b"this is a text, not a database" * 100)
    with pytest.raises(Unavailable):
        open_store(f"sqlite:///{path}", REGISTRY)


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(Unavailable):
        open_store("postgresql://nobody@127.0.0.1:9/none", REGISTRY)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "No store"),
        ("cart.db", "No store"),
        ("oracle://x/y", "No store"),
        ("sqlite:///x?synchronous=maybe", "synchronous=MAYBE"),
        ("sqlite:///x?timeout=soon", "timeout=soon is no number"),
        ("postgresql://x/y?statement_timeout=-1", "statement_timeout=-1 is no number"),
        ("sqlite:///x?timeuot=3", "timeuot is no option of a store"),
    ],
)
def test_urls_that_mean_nothing(url: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        open_store(url, REGISTRY)


@pytest.mark.postgres
def test_a_connection_that_was_cut_comes_back(empty_postgres: str) -> None:
    store = open_store(empty_postgres, REGISTRY)
    _patients(store, 1)
    engine = create_engine(empty_postgres.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        mine = "pid <> pg_backend_pid() AND datname = current_database()"
        connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}")
    engine.dispose()
    assert store.counts() == {"Patient": 1}
    store.close()


@pytest.mark.parametrize(
    "resource",
    [
        {"resourceType": "Patient", "meta": "x"},
        {"resourceType": "Patient", "name": [{"family": "nul \x00 inside"}]},
        {"resourceType": "Patient", "id": "nul\x00", "active": True},
    ],
    ids=["meta", "nul", "nul in the id"],
)
def test_what_no_store_keeps(tmp_path: Path, resource: dict[str, object]) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'cart.db'}", REGISTRY)
    with pytest.raises(BadRequest), store.transaction() as tx:
        tx.update({"id": "p", **resource})
    assert store.counts() == {}
    store.close()


ODD = [
    {"name": "Meyer", "identifier": {"value": 1}, "birthDate": ["x"], "telecom": [None, 5, {"value": 7}]},
    {"name": [["Meyer"]], "identifier": [{"value": "x" * 100_000, "system": "y" * 100_000}], "birthDate": "20-20"},
    {"generalPractitioner": [{"reference": 5}, "Practitioner/1", {"identifier": "x"}], "deceasedDateTime": {"a": 1}},
    {"meta": {"tag": {"code": "x"}, "profile": "y"}, "address": [{"city": {"a": [1]}, "line": "z"}], "active": "maybe"},
    {"multipleBirthInteger": 10**400, "extension": [{"url": 5}], "contained": [{"x": 1}], "gender": None},
]


@pytest.mark.parametrize("elements", ODD)
def test_elements_of_the_wrong_shape_are_kept_and_passed_over(tmp_path: Path, elements: dict[str, object]) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'cart.db'}", REGISTRY)
    with store.transaction() as tx:
        tx.update({"resourceType": "Patient", "id": "p", **elements})
    assert store.read("Patient", "p").resource.items() >= {k: v for k, v in elements.items() if k != "meta"}.items()
    store.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [("name", "\x00"), ("name", "\ud800"), ("_id", "\x00"), ("identifier", "\ud800|x"), ("name:contains", "%" * 5000),
     ("_id", "x" * 99_000), ("name", "," * 1000), ("birthdate", "9999"), ("birthdate", "0001"), ("birthdate", "0000")],
)  # fmt: skip
def test_odd_values_are_answered_or_refused(tmp_path: Path, name: str, value: str) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'cart.db'}", REGISTRY)
    try:
        assert store.search(parse("Patient", [(name, value)], REGISTRY)).matches == []
    except BadRequest:
        pass
    finally:
        store.close()


LINK = "general-practitioner:Practitioner._has:Patient:general-practitioner:link:Patient."
LARGE = {
    "398 parameters": [("name", "a")] * 398,
    "2000 codes": [("identifier", ",".join(f"s|{number}" for number in range(2000)))],
    "5000 ids": [("_id", ",".join(map(str, range(5000))))],
    "2000 references": [("general-practitioner", ",".join(f"Practitioner/{number}" for number in range(2000)))],
    "300 names": [("name", ",".join(f"n{number}" for number in range(300)))],
    "300 dates": [("birthdate", ",".join(["ne2020"] + ["ge2024"] * 299))],
    "a deep chain": [
        ("general-practitioner:Practitioner._has:Patient:general-practitioner:link:Patient." * 2 + "name", "x")
    ],
}


@pytest.mark.parametrize("pairs", LARGE.values(), ids=LARGE)
def test_large_queries_are_answered(tmp_path: Path, pairs: list[tuple[str, str]]) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'cart.db'}", REGISTRY)
    try:
        assert store.search(parse("Patient", pairs, REGISTRY)).matches == []
        store.search(parse("Patient", [*pairs, ("_sort", "name,-birthdate"), ("_total", "accurate")], REGISTRY))
    finally:
        store.close()


TOO_LARGE = [
    [("name", "a")] * 401,
    [("name", ",".join(f"n{number}" for number in range(301)))],
    [("name:exact", ",".join(f"n{number}" for number in range(301)))],
    [("general-practitioner:Practitioner._has:Patient:general-practitioner:" * 9 + "name", "x")],
    [("name", "x" * 100_001)],
]


@pytest.mark.parametrize("pairs", TOO_LARGE, ids=len)
def test_larger_ones_are_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(BadRequest):
        parse("Patient", pairs, REGISTRY)


def test_what_the_database_says_is_not_passed_on(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'cart.db'}", REGISTRY)
    _patients(store, 1)
    with sqlite3.connect(tmp_path / "cart.db") as connection:
        connection.execute("DROP TABLE string_index")
    connection.close()
    with pytest.raises(CartFHIRError) as caught:
        store.search(parse("Patient", [("name", "secret")], REGISTRY))
    assert "secret" not in str(caught.value)
    assert "SELECT" not in str(caught.value)
    with pytest.raises(NotFound):
        store.read("Patient", "x")
    store.close()
