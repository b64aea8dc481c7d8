"""What `load` and `push` read, and what a person is told when the machine says no."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cart_fhir.cli import demo, load, serve
from cart_fhir.cli.sending import Report, Unreadable, bundles, each_bundle
from cart_fhir.errors import ConfigError, Unavailable
from cart_fhir.formats import json

PATIENT = {"resourceType": "Patient", "id": "p1", "gender": "female"}
XML = b'<Patient xmlns="http://hl7.org/fhir"><id value="p2"/><gender value="male"/></Patient>'


def test_every_kind_of_file_becomes_transactions(tmp_path: Path) -> None:
    collection = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": PATIENT}, {"fullUrl": "u"}]}
    contents = {
        "one.json": json.dumps(PATIENT),
        "one.xml": XML,
        "packed.json.gz": gzip.compress(json.dumps(PATIENT)),
        "collection.json": json.dumps(collection),
        "lines.ndjson": b"\n".join([json.dumps(PATIENT), b"", json.dumps({"resourceType": "Patient"})]),
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    report = Report()
    sent = each_bundle((tmp_path,), 1, report)
    made = {(file.name, entry["request"]["url"]) for file, bundle in sent for entry in bundle["entry"]}
    assert made == {
        ("one.json", "Patient/p1"),
        ("one.xml", "Patient/p2"),
        ("packed.json.gz", "Patient/p1"),
        ("collection.json", "Patient/p1"),
        ("lines.ndjson", "Patient/p1"),
        ("lines.ndjson", "Patient"),
    }
    assert report.unread == 0


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("cut.json", b'{"resourceType": "Patient"', "line 1: A comma or '}' is expected here."),
        ("list.json", b"[1]", "This is no FHIR resource."),
        ("lines.ndjson", b'{"resourceType":"Patient"}\n{}\n', "line 2: This is no FHIR resource."),
        ("cut.xml", b"<Patient", "line 1: "),
        ("bad.json.gz", b"\x1f\x8b\x00", "is not a whole gzip file"),
    ],
)
def test_what_cannot_be_read_says_where(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Unreadable) as caught:
        list(bundles(path, 10))
    assert said in caught.value.message


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "b.json").write_bytes(json.dumps(PATIENT))
    made = CliRunner().invoke(
        load.command, [str(tmp_path), "--store", f"sqlite:///{tmp_path / 'cart.db'}"], standalone_mode=False
    )
    assert made.return_value == 1
    assert "1 created; 0 refused, 1 file not read." in made.output
    assert "a.json: line 1: " in made.output


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("no/such/cart.db", None, "cannot be opened"), ("letter.db", b"Dear colleague, " * 99, "is no SQLite database")],
)
def test_a_file_that_is_no_database_is_told_so(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    (tmp_path / "one.json").write_bytes(json.dumps(PATIENT))
    if content:
        (tmp_path / name).write_bytes(content)
    words = [str(tmp_path / "one.json"), "--store", f"sqlite:///{tmp_path / name}"]
    made = CliRunner().invoke(load.command, words, standalone_mode=False)
    assert isinstance(made.exception, Unavailable)
    assert said in made.exception.message


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    call = "import sys; from cart_fhir.cli import main; sys.argv = ['cart-fhir', *sys.argv[1:]]; main()"
    argv = [sys.executable, "-c", call, "synth", "-n", "1", "-o", str(tmp_path / "file" / "under")]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.rstrip().endswith("under: Not a directory.")


@pytest.mark.parametrize("command", [serve.command, demo.command])
def test_a_port_that_is_taken_is_told_before_any_work(tmp_path: Path, command: object) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        words = ["--port", str(taken.getsockname()[1])]
        words += ["--folder", str(tmp_path / "demo")] if command is demo.command else []
        made = CliRunner().invoke(command, words, standalone_mode=False)  # type: ignore[arg-type]  # one of two
    assert isinstance(made.exception, ConfigError)
    assert made.exception.advice == "Name another port with --port."
    assert not (tmp_path / "demo").exists()


def test_the_demo_names_the_command_as_it_can_be_called(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "bin" / "cart-fhir"
    place.parent.mkdir()
    place.write_text("")
    place.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(place.with_name("python")))
    monkeypatch.setenv("PATH", str(place.parent))
    assert demo.called() == "cart-fhir"
    monkeypatch.setenv("PATH", "")
    assert demo.called() == "bin/cart-fhir"
