"""Servers to be measured, each a process of its own: ours on SQLite and PostgreSQL, HAPI, Medplum.

What cannot run here says why instead of being left out in silence.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cart_fhir.definitions import Registry
from cart_fhir.formats import json

PEERS = Path(__file__).parent


@dataclass(frozen=True)
class Running:
    """A server that answers: its port, and the processes whose work is for it (by the ids of their parents)."""

    name: str
    port: int
    roots: tuple[int, ...]

    def cpu(self) -> float:
        """Seconds of processor time that its processes have used, those of its database included."""
        parents, used = _processes()
        chosen = set(self.roots)
        for process in sorted(parents):  # children have higher ids, but for a wrap-around that we can live with
            if parents[process] in chosen:
                chosen.add(process)
        return sum(used.get(process, 0.0) for process in chosen)


def _processes() -> tuple[dict[int, int], dict[int, float]]:
    """Process -> its parent, process -> its processor seconds (reaped children included), from /proc."""
    parents, used = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(fields[1])
        used[int(folder.name)] = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return parents, used


@contextmanager
def _process(name: str, command: list[str], port: int, *others: int, wait: float = 60) -> Iterator[Running]:
    """Start a server and wait until its port answers; stop it at the end."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + wait
        while not _answers(port):
            if server.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{name} did not come up: {' '.join(command)[:300]}")
            time.sleep(0.3)
        yield Running(name, port, (server.pid, *others))
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=40)
        except subprocess.TimeoutExpired:
            server.kill()


def _answers(port: int) -> bool:
    """True when a GET gets an answer of any status: the server is up, whatever it thinks of the question."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=120) as one:
            one.sendall(b"GET /fhir/metadata HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return one.recv(12).startswith(b"HTTP/1.")
    except OSError:
        return False


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL of the benchmark's own, on a port of the loopback address."""

    port: int
    process: int

    def url(self, database: str) -> str:
        """The URL of a new, empty database."""
        import psycopg

        with psycopg.connect(f"postgresql://cart@127.0.0.1:{self.port}/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"')  # our own names
        return f"postgresql://cart@127.0.0.1:{self.port}/{database}"


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's programs as Debian installs them, or of those on the path; None without any."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def postgres(programs: Path, folder: Path) -> Iterator[Postgres]:
    """A new cluster with PostgreSQL's own defaults (each commit is on the disk before the answer), gone at the end."""
    data, port = folder / "postgres", free_port()
    data.mkdir()
    prefix: list[str] = []
    if os.getuid() == 0:  # PostgreSQL refuses to be run by root
        folder.chmod(0o755)
        shutil.chown(data, "postgres", "postgres")
        prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    cluster = f"--pgdata={data / 'db'}"

    def run(*command: str | Path) -> None:
        silent = subprocess.DEVNULL
        subprocess.run([*prefix, *command], check=True, stdout=silent, stderr=silent, cwd=data)

    run(programs / "initdb", cluster, "--auth=trust", "--username=cart", "--encoding=UTF8")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={data} -c max_connections=60"
    run(programs / "pg_ctl", cluster, f"--log={data / 'log'}", "--wait", "start", "-o", options)
    try:
        process = int((data / "db" / "postmaster.pid").read_text().split()[0])
        yield Postgres(port, process)
    finally:
        run(programs / "pg_ctl", cluster, "--mode=fast", "stop")


@contextmanager
def ours(name: str, store: str, database: Postgres | None) -> Iterator[Running]:
    """`cart-fhir serve` with gunicorn's two workers, on a store."""
    port = free_port()
    command = [sys.executable, "-c", "from cart_fhir.cli import main; main()", "serve", "--port", str(port)]
    others = (database.process,) if database else ()
    with _process(name, [*command, "--workers", "2", "--store", store], port, *others) as running:
        yield running


@contextmanager
def medplum(name: str) -> Iterator[Running | str]:
    """@medplum/fhir-router over its repository in memory, or why it cannot run."""
    if shutil.which("node") is None:
        yield "no node here"
    elif not (PEERS / "medplum" / "node_modules").is_dir():
        yield "not installed (cd benchmarks/peers/medplum && npm install)"
    else:
        port = free_port()
        with _process(name, ["node", str(PEERS / "medplum" / "server.mjs"), str(port)], port) as running:
            yield running


@contextmanager
def hapi(name: str, database: Postgres | None, folder: Path) -> Iterator[Running | str]:
    """HAPI's JPA server on PostgreSQL, or why it cannot run."""
    target = PEERS / "hapi-server" / "target"
    if shutil.which("java") is None or database is None:
        yield f"no {'PostgreSQL' if database is None else 'java'} here"
    elif not (target / "dependency").is_dir():
        yield "not built (cd benchmarks/peers/hapi-server && mvn -q package)"
    else:
        port, url = free_port(), database.url("hapi")
        path = f"{target / 'classes'}:{target / 'dependency' / '*'}"
        command = ["java", "-Xmx3g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", path, "Server"]
        command += [str(port), f"jdbc:{url.replace('cart@', '')}", "cart", str(_guide(folder / "guide"))]
        with _process(name, command, port, database.process, wait=300) as running:
            yield running


def _guide(folder: Path) -> Path:
    """A folder with the guide's definitions as files, snapshots made, as other validators want them."""
    registry = Registry.default()
    folder.mkdir()
    for resource in registry.guide_resources():
        if (kind := resource["resourceType"]) in ("StructureDefinition", "ValueSet", "CodeSystem"):
            whole = registry.structure(resource["url"]) if kind == "StructureDefinition" else resource
            (folder / f"{kind}-{resource['id']}.json").write_bytes(json.dumps(whole))
    return folder
