"""How many requests a second does the server answer? Reads, searches, validated creates, validated transactions.

    python benchmarks/server.py [--seconds 5] [--postgres postgresql://...] [--peer medplum] [--patients 50]

The server runs as `cart-fhir serve` (gunicorn, 2 workers); clients are threads of this process on keep-alive
connections, so client and server share the machine's cores. The same bytes go to every server. Peers are other FHIR
servers under benchmarks/peers; what a peer does not check is said in its file. `npm install` in the
peer's folder comes first.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import os
import platform
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

from cart_fhir.formats import json
from cart_fhir.synth import journeys
from cart_fhir.synth.fhir import bundle

HERE = Path(__file__).parent
Call = tuple[str, str, bytes | None]


@contextmanager
def running(command: list[str], base: str, probe: str) -> Iterator[str]:
    """A server process, once it answers; stopped at the end."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                call(connect(base), ("GET", probe, None), base)
                break
            except OSError:
                time.sleep(0.2)
        else:
            raise SystemExit(f"{command[0]} did not come up")
        yield base
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=40)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def connect(base: str) -> http.client.HTTPConnection:
    """A keep-alive connection to a server."""
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def call(connection: http.client.HTTPConnection, request: Call, base: str) -> tuple[int, bytes]:
    """One request and its whole answer."""
    method, path, body = request
    headers = {"Content-Type": "application/fhir+json"} if body is not None else {}
    connection.request(method, f"{urlsplit(base).path}/{path}", body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def load(base: str, make: Callable[[], Call], clients: int, seconds: float) -> dict[str, Any]:
    """Call as fast as the answers come; only answers of 2xx count."""
    times: list[list[float]] = [[] for _ in range(clients)]
    refused: list[int] = []
    until = time.perf_counter() + seconds

    def run(mine: list[float]) -> None:
        connection = connect(base)
        while (begun := time.perf_counter()) < until:
            status, _ = call(connection, make(), base)
            if status < 300:
                mine.append(time.perf_counter() - begun)
            else:
                refused.append(status)
        connection.close()

    threads = [threading.Thread(target=run, args=(mine,)) for mine in times]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = sorted(itertools.chain.from_iterable(times)) or [0.0]
    ninety_nine = quantiles(every, n=100)[98] if len(every) > 1 else every[0]
    return {
        "rate": len(every) / seconds,
        "p50": 1000 * median(every),
        "p99": 1000 * ninety_nine,
        "refused": ", ".join(f"{number} x {status}" for status, number in Counter(refused).items()),
    }


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

    def fill(self, base: str) -> float:
        """Load every journey; resources a second."""
        begun, number = time.perf_counter(), 0
        connection = connect(base)
        for one in self.bundles:
            status, body = call(connection, ("POST", "", json.dumps(one)), base)
            if status != 200:
                raise SystemExit(f"a journey was refused with {status}: {body[:500]!r}")
            number += len(one["entry"])
        return number / (time.perf_counter() - begun)

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


def measure(name: str, base: str, work: Work, seconds: float) -> None:
    """Print the rows of one server."""
    print(f"| {name} | load of journeys | 1 | {work.fill(base):,.0f} resources/s | | |")
    for row, make, times, unit in (
        ("read", work.read, 1, "requests/s"),
        ("search", work.search, 1, "requests/s"),
        ("create, validated", work.create, 1, "requests/s"),
        ("transaction of 100, validated", work.transaction, 100, "resources/s"),
    ):
        for clients in (1, 8):
            found = load(base, make, clients, seconds)
            more = f" (refused: {found['refused']})" if found["refused"] else ""
            rate = f"{found['rate'] * times:,.0f} {unit}{more}"
            print(f"| {name} | {row} | {clients} | {rate} | {found['p50']:.1f} | {found['p99']:.1f} |", flush=True)


def main() -> None:
    """Measure ours on SQLite, on PostgreSQL when named, and the peers when named."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    options.add_argument("--seconds", type=float, default=5.0)
    options.add_argument("--patients", type=int, default=50)
    options.add_argument("--postgres", default=os.environ.get("CART_FHIR_TEST_POSTGRES", ""))
    options.add_argument("--peer", choices=["medplum"], action="append", default=[])
    given = options.parse_args()
    work = Work(given.patients)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, shared by clients and server"
    print(f"{machine}, Python {platform.python_version()}\n")
    print("| server | what | clients | rate | p50 ms | p99 ms |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        stores = [("cart_fhir, SQLite", f"sqlite:///{folder}/bench.db")]
        stores += [("cart_fhir, PostgreSQL", given.postgres)] if given.postgres else []
        for name, store in stores:
            port = free_port()
            command = [sys.executable, "-c", "from cart_fhir.cli import main; main()", "serve", "--port", str(port)]
            with running([*command, "--store", store], f"http://127.0.0.1:{port}/fhir", "metadata") as base:
                measure(name, base, work, given.seconds)
        for peer in given.peer:
            port = free_port()
            command = ["node", str(HERE / "peers" / peer / "server.mjs"), str(port)]
            with running(command, f"http://127.0.0.1:{port}/fhir", "Patient") as base:
                measure(f"{peer} (in memory)", base, work, given.seconds)


if __name__ == "__main__":
    main()
