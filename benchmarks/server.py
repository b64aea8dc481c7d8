"""How many requests a second does the server answer? Reads, searches, validated creates, validated transactions.

    python benchmarks/server.py [--seconds 5] [--warm-up 6] [--patients 50] [--only sqlite|postgres|hapi|medplum ...]

Ours is `cart-fhir serve` (gunicorn, 2 workers) on SQLite and on PostgreSQL, each commit on the disk before the answer.
A private PostgreSQL is started where Debian's programs are. Peers, in the same run and with the same bytes: HAPI's JPA
server on the same PostgreSQL, validating by HAPI's own validator over R4 and the guide (benchmarks/peers/hapi-server,
needs Java and Maven once), and @medplum/fhir-router in memory, which validates and keeps nothing
(benchmarks/peers/medplum, needs npm once). Every row is warmed up on every server before it is measured.

Clients are threads of this process on keep-alive connections, so that clients and server share the machine's cores.
"CPU ms" is the processor time that the server and its database took for one request (for one resource in loads and
transactions); on a machine that does other things too, it says more than the rate.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import random
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from peers import servers
from peers.servers import Running

from cart_fhir.formats import json
from cart_fhir.synth import journeys
from cart_fhir.synth.fhir import bundle

Call = tuple[str, str, bytes | None]
SERVERS = ("sqlite", "postgres", "hapi", "medplum")


class Connection:
    """A keep-alive HTTP/1.1 connection that costs next to nothing: the client is not what is measured."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._socket.close()

    def call(self, request: Call) -> tuple[int, bytes]:
        """One request and its whole answer: status and body."""
        method, path, body = request
        head = f"{method} /fhir/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/fhir+json\r\n"
        if body is not None:
            head += f"Content-Type: application/fhir+json\r\nContent-Length: {len(body)}\r\n"
        self._socket.sendall(f"{head}\r\n".encode() + (body or b""))
        status = int(self._file.readline().split()[1])
        length, chunked = 0, False
        while (line := self._file.readline().lower().strip()) != b"":
            if line.startswith(b"content-length:"):
                length = int(line[15:])
            chunked = chunked or line == b"transfer-encoding: chunked"
        return status, self._chunks() if chunked else self._file.read(length)

    def _chunks(self) -> bytes:
        parts = []
        while size := int(self._file.readline(), 16):
            parts.append(self._file.read(size))
            self._file.readline()
        self._file.readline()
        return b"".join(parts)


@dataclass(frozen=True)
class Found:
    """What one row of one server came to: requests a second, milliseconds, CPU milliseconds a request."""

    rate: float
    p50: float
    p99: float
    cpu: float
    refused: str = ""


def load(server: Running, make: Callable[[], Call], clients: int, seconds: float) -> Found:
    """Call as fast as the answers come; only answers of 2xx count."""
    times: list[list[float]] = [[] for _ in range(clients)]
    refused: list[object] = []
    cpu, begun = server.cpu(), time.perf_counter()
    until = begun + seconds

    def run(mine: list[float]) -> None:
        while time.perf_counter() < until:
            try:
                with Connection(server.port) as connection:
                    while (start := time.perf_counter()) < until:
                        status, _ = connection.call(make())
                        if status < 300:
                            mine.append(time.perf_counter() - start)
                        else:
                            refused.append(status)
            except OSError as error:
                refused.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(mine,)) for mine in times]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # what was under way at the end is waited for and counted, so its time counts too
    took = time.perf_counter() - begun
    every = sorted(itertools.chain.from_iterable(times)) or [0.0]
    ninety_nine = quantiles(every, n=100)[98] if len(every) > 1 else every[0]
    told = ", ".join(f"{number} x {status}" for status, number in Counter(refused).items())
    return Found(
        len(every) / took, 1000 * median(every), 1000 * ninety_nine, 1000 * (server.cpu() - cpu) / len(every), told
    )


def warm(server: Running, make: Callable[[], Call], seconds: float) -> None:
    """Call until the server has used so much processor time: on a busy machine a compiler needs longer to warm up."""
    cpu, begun = server.cpu(), time.perf_counter()
    while server.cpu() - cpu < seconds and time.perf_counter() - begun < 10 * seconds:
        load(server, make, 8, 1)


class Work:
    """The requests of each row, made of synthetic journeys; parameters are drawn anew for every call."""

    def __init__(self, patients: int) -> None:
        self.bundles = [bundle(one) for one in journeys(patients, 11)]
        self.random = random.Random(5)
        resources = [entry["resource"] for one in self.bundles for entry in one["entry"]]
        self.observations = [
            one for one in resources if one["resourceType"] == "Observation" and "valueQuantity" in one
        ]
        self.patients = [one["id"] for one in resources if one["resourceType"] == "Patient"]
        self.created = [json.dumps(_about(one, self.random.choice(self.patients))) for one in self.observations[:500]]
        rows = [_about(one, self.patients[0]) for one in self.observations[:100]]
        entries = [{"resource": one, "request": {"method": "POST", "url": "Observation"}} for one in rows]
        self.hundred = json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries})

    def fill(self, server: Running) -> Found:
        """Load every journey; resources a second."""
        begun, cpu, number = time.perf_counter(), server.cpu(), 0
        with Connection(server.port) as connection:
            for one in self.bundles:
                status, body = connection.call(("POST", "", json.dumps(one)))
                if status != 200:
                    raise SystemExit(f"{server.name} refused a journey with {status}: {body[-1500:]!r}")
                number += len(one["entry"])
        return Found(number / (time.perf_counter() - begun), 0, 0, 1000 * (server.cpu() - cpu) / number)

    def read(self) -> Call:
        """One Observation by id."""
        return "GET", f"Observation/{self.random.choice(self.observations)['id']}", None

    def search(self) -> Call:
        """A patient's platelets, latest first."""
        return "GET", f"Observation?patient={self.random.choice(self.patients)}&code=26515-7&_sort=-date", None

    def create(self) -> Call:
        """An Observation that claims a profile of the guide."""
        return "POST", "Observation", self.random.choice(self.created)

    def transaction(self) -> Call:
        """A hundred Observations at once."""
        return "POST", "", self.hundred


def _about(observation: Any, patient: str) -> Any:
    made = {key: value for key, value in observation.items() if key not in ("id", "derivedFrom", "focus")}
    return made | {"subject": {"reference": f"Patient/{patient}"}}


Table = dict[tuple[str, int], Found]


def measure(server: Running, work: Work, seconds: float, warm_up: float) -> Table:
    """Measure and print the rows of one server."""
    table = {("load of journeys, resources", 1): work.fill(server)}
    _print(server.name, *next(iter(table.items())))
    for row, make, times in (
        ("read", work.read, 1),
        ("search", work.search, 1),
        ("create, validated", work.create, 1),
        ("transaction of 100, validated, resources", work.transaction, 100),
    ):
        warm(server, make, warm_up)
        for clients in (1, 8):
            found = load(server, make, clients, seconds)
            made = Found(found.rate * times, found.p50, found.p99, found.cpu / times, found.refused)
            table[row, clients] = made
            _print(server.name, (row, clients), made)
    return table


def _print(name: str, key: tuple[str, int], found: Found) -> None:
    more = f" (refused: {found.refused})" if found.refused else ""
    times = f"{found.p50:.1f} | {found.p99:.1f}" if found.p50 else " | "
    print(f"| {name} | {key[0]} | {key[1]} | {found.rate:,.0f}{more} | {times} | {found.cpu:.2f} |", flush=True)


def compare(tables: dict[str, Table], ours: Iterable[str]) -> None:
    """Print how many times faster ours is than each peer, by the clock and by processor time."""
    peers = [name for name in tables if name not in set(ours)]
    pairs = [(mine, peer) for mine in ours if mine in tables for peer in peers]
    if not pairs:
        return
    print("\nOurs against peers: times the rate (times less processor time)\n")
    print("| what | clients |" + "".join(f" {mine} / {peer} |" for mine, peer in pairs))
    print("|---|---|" + "---|" * len(pairs))
    for row, clients in next(iter(tables.values())):
        cells = []
        for mine, peer in pairs:
            one, other = tables[mine][row, clients], tables[peer][row, clients]
            cells.append(f"{one.rate / max(other.rate, 1e-9):.2f} ({other.cpu / max(one.cpu, 1e-9):.2f})")
        print(f"| {row} | {clients} | {' | '.join(cells)} |")


@contextmanager
def started(kind: str, folder: Path, database: servers.Postgres | None) -> Iterator[Running | str]:
    """A server of a kind, or why it cannot run here."""
    with ExitStack() as stack:
        if kind == "sqlite":
            yield stack.enter_context(servers.ours("cart_fhir, SQLite", f"sqlite:///{folder}/bench.db", None))
        elif kind == "hapi":
            yield stack.enter_context(servers.hapi("HAPI JPA, PostgreSQL", database, folder))
        elif kind == "medplum":
            yield stack.enter_context(servers.medplum("Medplum, in memory, unvalidated"))
        elif database is None:
            yield "no PostgreSQL here"
        else:
            yield stack.enter_context(servers.ours("cart_fhir, PostgreSQL", database.url("cart"), database))


def main() -> None:
    """Measure ours on both stores and the peers, one after the other."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    options.add_argument("--seconds", type=float, default=5.0, help="for each row")
    options.add_argument(
        "--warm-up", type=float, default=6.0, help="processor seconds of the server, before each kind of row"
    )
    options.add_argument("--patients", type=int, default=50)
    options.add_argument("--only", choices=SERVERS, action="append", default=[])
    given = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped when this is stopped
    work, tables = Work(given.patients), {}
    busy = f"load average {os.getloadavg()[0]:.1f} at the start"
    print(f"{os.cpu_count()} cores, shared by clients and server; {busy}; Python {platform.python_version()}\n")
    print("| server | what | clients | a second | p50 ms | p99 ms | CPU ms |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        programs, database = servers.postgres_programs(), None
        if programs and set(given.only or SERVERS) & {"postgres", "hapi"}:
            database = stack.enter_context(servers.postgres(programs, Path(name)))
        for kind in given.only or SERVERS:
            with started(kind, Path(name), database) as server:
                if isinstance(server, str):
                    print(f"| {kind} | not measured: {server} | | | | | |")
                else:
                    tables[server.name] = measure(server, work, given.seconds, given.warm_up)
    compare(tables, [name for name in tables if name.startswith("cart_fhir")])


if __name__ == "__main__":
    main()
