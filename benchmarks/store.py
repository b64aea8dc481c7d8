"""How fast is the store? Index extraction, inserts, reads and searches a second, on one core.

    python benchmarks/store.py [--url sqlite:///bench.db | postgresql://...] [--patients 100]

Synthetic journeys are written, put in as bundles (update as create, the database's own durability), then read and
searched with parameters sampled from the data. Wall time and processor time are given: on a shared machine only the
second says something about the code. SQLite URLs get a database in a temporary folder when none is named.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from cart_fhir import synth
from cart_fhir.definitions import Registry
from cart_fhir.formats import json
from cart_fhir.search import Indexer, parse
from cart_fhir.store import Store, open_store

Json = dict[str, Any]


def main() -> None:
    """Measure and print one line for each question."""
    options = _options()
    registry = Registry.default()
    with tempfile.TemporaryDirectory() as folder:
        resources = _resources(Path(folder), options.patients)
        print(f"{len(resources)} resources of {options.patients} synthetic patients")
        _index(resources, registry)
        store = open_store(options.url or f"sqlite:///{Path(folder) / 'bench.db'}", registry)
        try:
            _load(store, resources, options.bundle)
            _load(store, resources, options.bundle, "same bundles again")
            _ask(store, resources, registry, options.seconds)
        finally:
            store.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="")
    parser.add_argument("--patients", type=int, default=100)
    parser.add_argument("--bundle", type=int, default=100, help="resources of one transaction")
    parser.add_argument("--seconds", type=float, default=3, help="for each kind of read and search")
    return parser.parse_args()


def _resources(folder: Path, patients: int) -> list[Json]:
    synth.write("fhir", folder / "fhir", patients, 1)
    files = sorted((folder / "fhir").rglob("*.json"))
    return [resource for path in files for resource in _local(json.loads(path.read_bytes()))]


def _local(bundle: Json) -> Iterator[Json]:
    """The resources of a bundle as the server stores them: references by fullUrl have become `Type/id`."""
    entries = bundle.get("entry", ())
    places = {one["fullUrl"]: f"{one['resource']['resourceType']}/{one['resource']['id']}" for one in entries}

    def resolved(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: resolved(part) for name, part in value.items()}
        if isinstance(value, list):
            return [resolved(part) for part in value]
        return places.get(value, value) if isinstance(value, str) else value

    return (resolved(one["resource"]) for one in entries)


@contextmanager
def _timed(what: str, count: Callable[[], int]) -> Iterator[None]:
    wall, processor = time.perf_counter(), time.process_time()
    yield
    seconds, used = time.perf_counter() - wall, time.process_time() - processor
    done = count()
    print(f"{what:40} {done / seconds:10.0f} /s wall {done / used:10.0f} /s processor")


def _index(resources: list[Json], registry: Registry) -> None:
    indexer = Indexer(registry)
    for resource in resources[:500]:  # compiles the types
        indexer.rows(resource)
    rows = 0
    with _timed("index extraction", lambda: len(resources)):
        for resource in resources:
            rows += len(indexer.rows(resource))
    print(f"{rows / len(resources):.1f} index rows a resource")


def _load(store: Store, resources: list[Json], bundle: int, what: str = "stored and indexed") -> None:
    with _timed(f"{what}, {bundle} a transaction", lambda: len(resources)):
        for start in range(0, len(resources), bundle):
            part = resources[start : start + bundle]
            with store.transaction() as tx:
                tx.expect((one["resourceType"], one["id"]) for one in part)
                for resource in part:
                    tx.update(resource)


def _ask(store: Store, resources: list[Json], registry: Registry, seconds: float) -> None:
    random = Random(1)
    patients = [one["id"] for one in resources if one["resourceType"] == "Patient"]
    codes = [one["code"]["coding"][0] for one in resources if one["resourceType"] == "Observation"]

    def search(type: str, text: str) -> None:
        code = random.choice(codes)
        text = text.replace("{patient}", random.choice(patients))
        text = text.replace("{code}", f"{code.get('system', '')}|{code['code']}")
        pairs = [(name, value) for name, _, value in (part.partition("=") for part in text.split("&"))]
        store.search(parse(type, pairs, registry))

    def read() -> None:
        one = random.choice(resources)
        store.read(one["resourceType"], one["id"])

    questions: dict[str, Callable[[], None]] = {"read": read}
    for type, text in (
        ("Patient", "_id={patient}"),
        ("Observation", "patient={patient}&_count=20"),
        ("Observation", "patient={patient}&code={code}&_sort=-date&_count=20"),
        ("Observation", "code={code}&_count=20"),
        ("Observation", "code={code}&date=ge2024&status=final&_count=20"),
        ("Observation", "patient.gender=female&code={code}&_count=20"),
        ("Patient", "_has:Observation:patient:code={code}&_count=20"),
        ("Patient", "_id={patient}&_revinclude=Observation:patient&_count=20"),
    ):
        questions[f"{type}?{text}"] = partial(search, type, text)
    for what, question in questions.items():
        question()
        done = 0
        end = time.perf_counter() + seconds
        with _timed(what[:40], lambda: done):  # noqa: B023  # read before the next turn
            while time.perf_counter() < end:
                question()
                done += 1


if __name__ == "__main__":
    main()
