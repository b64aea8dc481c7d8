"""`cart-fhir push`, `pull` and `serve` against a running server, as a person calls them."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from cart_fhir.cli import pull, push
from cart_fhir.client import FHIRClient
from cart_fhir.definitions import Registry
from cart_fhir.formats import json
from cart_fhir.store import open_store

from .conftest import observation, patient
from .test_search import journeys


def run(command: Any, *arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments), standalone_mode=False)


def test_push_twice_and_pull_back(live: str, tmp_path: Path) -> None:
    bundle = journeys(1)[0]
    file = tmp_path / "journey.json"
    file.write_bytes(json.dumps(bundle))
    number = len(bundle["entry"])
    first = run(push.command, str(file), "--to", live)
    assert first.return_value == 0, first.output
    assert f"{number} created; 0 refused" in first.output
    second = run(push.command, str(file), "--to", live)
    assert f"{number} updated or unchanged; 0 refused" in second.output
    folder = tmp_path / "pulled"
    back = run(pull.command, "--from", live, "--ndjson", str(folder))
    assert back.return_value == 0, back.output
    assert "1 patients" in back.output
    pulled = {line for one in folder.glob("*.ndjson") for line in one.read_bytes().splitlines()}
    ids = {(json.loads(line)["resourceType"], json.loads(line)["id"]) for line in pulled}
    sent = {(entry["resource"]["resourceType"], entry["resource"]["id"]) for entry in bundle["entry"]}
    assert sent - ids <= {one for one in sent if one[0] == "Provenance"}, "the record comes back whole"
    whole = run(pull.command, "--from", live, "--where", "gender=male,female", "-o", str(tmp_path / "all.json"))
    assert whole.return_value == 0
    assert len(json.loads((tmp_path / "all.json").read_bytes())["entry"]) == len(ids)


def test_push_reports_what_is_refused(live: str, tmp_path: Path) -> None:
    rows = [patient(id="good"), patient(id="bad", gender="unsure"), observation("Patient/good", id="o")]
    file = tmp_path / "rows.ndjson"
    file.write_bytes(b"\n".join(map(json.dumps, rows)))
    done = run(push.command, str(file), "--to", live, "--batch-size", "1")
    assert done.return_value == 1
    assert "2 created; 1 refused" in done.output
    assert "Bundle.entry[0].resource.gender" in done.output


def test_push_of_other_shapes(live: str, tmp_path: Path) -> None:
    collection = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": patient(id="c")}]}
    for name, value in (("one", patient(id="one")), ("collection", collection), ("new", patient())):
        file = tmp_path / f"{name}.json"
        file.write_bytes(json.dumps(value))
        assert "1 created" in run(push.command, str(file), "--to", live).output
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    told = run(push.command, str(broken), "--to", live)
    assert told.return_value == 1
    assert "0 refused, 1 file not read" in told.output


def test_push_to_nobody(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_bytes(json.dumps(patient(id="one")))
    done = run(push.command, str(file), "--to", "http://127.0.0.1:9", "--retries", "0")
    assert "does not answer" in str(done.exception)


def test_pull_of_nobody_is_a_whole_bundle(live: str, tmp_path: Path) -> None:
    file = tmp_path / "none.json"
    run(pull.command, "--from", live, "--where", "gender=other&gender=female", "-o", str(file))
    assert json.loads(file.read_bytes()) == {"resourceType": "Bundle", "type": "collection"}


@pytest.mark.parametrize("place", ["-o", "--ndjson"])
def test_a_pull_broken_off_leaves_what_stood_there(
    live: str, tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def some(self: FHIRClient, id: str, **_: Any) -> Iterator[dict[str, str]]:
        yield {"resourceType": "Patient", "id": id}
        raise KeyboardInterrupt

    monkeypatch.setattr(FHIRClient, "everything", some)
    kept = tmp_path / "kept" / "Patient.ndjson"
    kept.parent.mkdir()
    kept.write_text("precious")
    target = kept if place == "-o" else kept.parent
    done = run(pull.command, "--from", live, "--patient", "p1", place, str(target))
    assert isinstance(done.exception, KeyboardInterrupt | click.Abort)
    assert kept.read_text() == "precious"
    assert [path.name for path in kept.parent.iterdir()] == ["Patient.ndjson"]


def test_pull_wants_one_place(live: str) -> None:
    assert "--ndjson FOLDER, or -o FILE" in str(run(pull.command, "--from", live).exception)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
@pytest.mark.parametrize("how", ["gunicorn", "waitress"])
def test_serve_and_stop(tmp_path: Path, how: str, host: str) -> None:
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as free:
            free.bind((host, 0))
            port = free.getsockname()[1]
    except OSError:
        pytest.skip(f"this machine has no {host}")
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    command = [
        sys.executable,
        "-c",
        "from cart_fhir.cli import main; main()",
        "serve",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        "2",
    ]
    command += ["--store", f"sqlite:///{tmp_path / 'serve.db'}", *(["--waitress"] if how == "waitress" else [])]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    try:
        base = f"http://{address}"
        for _ in range(150):
            try:
                with urllib.request.urlopen(f"{base}/fhir/health/ready", timeout=5) as ready:
                    assert b"ready" in ready.read()
                break
            except OSError:
                time.sleep(0.2)
        else:
            pytest.fail("the server did not come up")
        body = json.dumps(patient(id="p"))
        sent = urllib.request.Request(
            f"{base}/fhir/Patient/p", body, {"Content-Type": "application/fhir+json"}, method="PUT"
        )
        with urllib.request.urlopen(sent, timeout=20) as made:
            assert made.status == 201
        with urllib.request.urlopen(f"{base}/", timeout=20) as home:
            assert b"CAR-T" in home.read()
    finally:
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=40)
    assert b"Traceback" not in told, told.decode()
    assert f"serves http://{address}/fhir".encode() in told


def test_killed_in_the_middle_of_a_transaction(tmp_path: Path) -> None:
    """`kill -9` at any moment: of each bundle that was sent all is there or nothing, and what was answered is there."""
    store = f"sqlite:///{tmp_path / 'killed.db'}"
    answered: set[int] = set()
    for attempt in range(3):
        process, base = serving(store)
        sender = threading.Thread(target=send_until_it_fails, args=(base, attempt * 1000, answered))
        sender.start()
        until = time.monotonic() + 40
        while len(answered) < 2 * attempt and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.03)  # into the next one
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=40)
        sender.join(timeout=40)
    process, base = serving(store)
    try:
        found = Counter[int]()
        url = f"{base}/Basic?_count=1000"
        while url:
            with urllib.request.urlopen(url, timeout=30) as answer:
                page = json.loads(answer.read())
            found.update(int(row["resource"]["code"]["text"]) for row in page.get("entry", ()))
            url = next((link["url"] for link in page["link"] if link["relation"] == "next"), "")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=40)
    assert found
    assert set(found.values()) <= {ENTRIES}, "no half of a bundle"
    assert answered <= set(found), "nothing that was answered is lost"


ENTRIES = 150


@pytest.mark.parametrize("how", ["gunicorn", "waitress"])
def test_a_transaction_under_way_is_finished_before_the_server_stops(tmp_path: Path, how: str) -> None:
    store = f"sqlite:///{tmp_path / 'stopped.db'}"
    process, base = serving(store, *(["--waitress"] if how == "waitress" else []))
    one = {"resourceType": "Basic", "code": {"text": "1"}}
    entry = [{"request": {"method": "POST", "url": "Basic"}, "resource": one}] * 3000
    sent = json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entry})
    answered: list[int] = []

    def send() -> None:
        asked = urllib.request.Request(base, sent, {"Content-Type": "application/fhir+json"}, method="POST")
        with urllib.request.urlopen(asked, timeout=60) as answer:
            answered.append(len(json.loads(answer.read())["entry"]))

    sender = threading.Thread(target=send)
    sender.start()
    time.sleep(0.3)  # it takes longer than that
    assert not answered
    process.terminate()
    process.communicate(timeout=60)
    sender.join(timeout=60)
    assert answered == [3000]
    opened = open_store(store, Registry.default())
    assert opened.counts() == {"Basic": 3000}
    opened.close()


def serving(store: str, *options: str) -> tuple[subprocess.Popen[bytes], str]:
    """A server as processes of its own (a group, so that workers are killed too), once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from cart_fhir.cli import main; main()", "serve", "--port", str(port)]
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen(
        [*command, "--store", store, *options], stderr=subprocess.PIPE, env=quiet, start_new_session=True
    )
    base = f"http://127.0.0.1:{port}/fhir"
    for _ in range(150):
        try:
            with urllib.request.urlopen(f"{base}/health/ready", timeout=5):
                return process, base
        except OSError:
            time.sleep(0.2)
    os.killpg(process.pid, signal.SIGKILL)
    pytest.fail("the server did not come up")


def send_until_it_fails(base: str, first: int, answered: set[int]) -> None:
    """One transaction after another, each with its number in every entry, until the server is gone."""
    for number in range(first, first + 1000):
        one = {"resourceType": "Basic", "code": {"text": str(number)}}
        entry = [{"request": {"method": "POST", "url": "Basic"}, "resource": one}] * ENTRIES
        body = json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entry})
        request = urllib.request.Request(f"{base}/", body, {"Content-Type": "application/fhir+json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                answer.read()
        except (OSError, http.client.HTTPException):
            return
        answered.add(number)
