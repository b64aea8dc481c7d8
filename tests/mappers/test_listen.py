"""The MLLP listener on real sockets: answered only when stored, whatever arrives."""

from __future__ import annotations

import logging
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from cart_fhir.cli.listen import Delivery, command
from cart_fhir.definitions import Registry
from cart_fhir.errors import Unavailable
from cart_fhir.mappers import hl7ack, load_map
from cart_fhir.mappers.mllp import Deliver, Limits, Listener, secured
from cart_fhir.store import Store, open_store
from cart_fhir.validator import Validator

FEED = Path(__file__).parents[2] / "examples" / "hl7v2"
MSH = "MSH|^~\\&|KIS|CENTRE|CART|REG|20230718||ADT^A08^ADT_A01|{}|P|2.5.1||||||UNICODE UTF-8"
GOOD = "\r".join([MSH.format("M1"), "EVN|A08|20230718", "PID|1||T1^^^C^MR||X^Y||19650602|F", ""]).encode()
BAD = GOOD.replace(b"|19650602|", b"|19651302|")


def framed(message: bytes) -> bytes:
    return b"\x0b" + message + b"\x1c\r"


@contextmanager
def listening(
    deliver: Deliver, limits: Limits | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[Callable[[], socket.socket]]:
    with Listener(("127.0.0.1", 0), deliver, limits, tls) as listener:
        thread = threading.Thread(target=listener.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield lambda: socket.create_connection(("127.0.0.1", listener.server_address[1]), timeout=20)
        finally:
            listener.shutdown()
            thread.join()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'db.sqlite'}", Registry.default())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's map, with nothing else of the example."""
    made: Path = tmp_path_factory.mktemp("feed") / "feed"
    shutil.copytree(FEED, made, ignore=shutil.ignore_patterns("export"))
    return made


@pytest.fixture
def delivery(folder: Path, store: Store) -> Delivery:
    return Delivery(load_map(folder / "map.yaml"), store, Validator())


def answer(connection: socket.socket) -> bytes:
    """One framed answer; nothing when the connection was closed."""
    found = b""
    while not found.endswith(b"\x1c\r"):
        block = connection.recv(4096)
        if not block:
            return b""
        found += block
    return found[1:-2]


def msa(text: bytes) -> list[str]:
    return next(line for line in text.decode().split("\r") if line.startswith("MSA")).split("|")


def patients(store: Store) -> int:
    return store.counts().get("Patient", 0)


def test_what_is_acknowledged_is_stored_and_twice_is_once(delivery: Delivery, store: Store) -> None:
    with listening(delivery) as connect, connect() as connection:
        for _ in range(2):
            connection.sendall(framed(GOOD))
            found = answer(connection)
            assert msa(found)[1:3] == ["AA", "M1"]
            assert found.startswith(b"MSH|^~\\&|CART|REG|KIS|CENTRE|")
            assert patients(store) == 1
            assert store.history("Patient").total == 1


def test_a_message_in_pieces_and_two_in_one_are_all_answered(delivery: Delivery, store: Store) -> None:
    other = GOOD.replace(b"M1", b"M2").replace(b"T1^", b"T2^")
    text = framed(GOOD) + framed(other)
    with listening(delivery) as connect, connect() as connection:
        for start in range(0, len(text), 37):
            connection.sendall(text[start : start + 37])
        assert [msa(answer(connection))[2] for _ in range(2)] == ["M1", "M2"]
    assert patients(store) == 2


def test_a_fault_is_answered_with_its_place_and_nothing_is_stored(delivery: Delivery, store: Store) -> None:
    with listening(delivery) as connect, connect() as connection:
        connection.sendall(framed(BAD))
        found = answer(connection).decode()
        assert msa(found.encode())[1:3] == ["AE", "M1"]
        (error,) = [line.split("|") for line in found.split("\r") if line.startswith("ERR")]
        assert error[2] == "PID^1^7"
        assert error[3] == "102^Data type error^HL70357"
        assert error[4] == "E"
        assert "19651302" not in found, "cells are told by their shape"
        assert patients(store) == 0
        connection.sendall(framed(GOOD))
        assert msa(answer(connection))[1] == "AA", "the connection goes on"


def test_the_segment_at_fault_is_the_one_that_is_named(store: Store) -> None:
    delivery = Delivery(load_map(FEED.parent / "hl7v2-any" / "map.yaml"), store, Validator())
    lines = [MSH.format("M1").replace("ADT^A08^ADT_A01", "ORU^R01^ORU_R01"), "PID|1||T1", "NK1|1", "OBR|1||F1|X"]
    lines += [f"OBX|{number}|NM|C{number}^N^L||{value}|g/L" for number, value in enumerate(("1", "2", "x"), start=1)]
    with listening(delivery) as connect, connect() as connection:
        connection.sendall(framed("\r".join(lines).encode()))
        found = answer(connection).decode()
    (error,) = [line.split("|") for line in found.split("\r") if line.startswith("ERR")]
    assert error[2] == "OBX^3^5"


def test_what_is_left_out_is_told_and_a_batch_is_not_taken(
    delivery: Delivery, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert b"MSA|AA" in delivery(GOOD + b"NK1|1\r")[0]
    assert "The map makes nothing of: EVN (1), NK1 (1)." in capsys.readouterr().err
    assert b"This is a batch" in delivery(b"BHS|^~\\&\r" + GOOD)[0]
    assert patients(store) == 1


def test_a_message_no_table_reads_is_rejected(delivery: Delivery) -> None:
    with listening(delivery) as connect, connect() as connection:
        connection.sendall(framed(GOOD.replace(b"ADT^A08^ADT_A01", b"SIU^S12")))
        assert msa(answer(connection))[1] == "AR"
        connection.sendall(framed(b"hello"))
        assert msa(answer(connection))[1] == "AR"


@pytest.mark.parametrize(
    "bytes_sent",
    [b"MSH|no frame\x1c\r", b"\x0bMSH|^~\\&|\x0bMSH|^~\\&|\x1c\r", b"GET / HTTP/1.1\r\n\r\n", b"\x00\xff\x1c\r"],
    ids=["no start", "a start within", "http", "noise"],
)
def test_broken_frames_end_the_connection_without_an_answer(bytes_sent: bytes) -> None:
    delivered: list[bytes] = []
    with listening(lambda message: delivered.append(message) or []) as connect:
        with connect() as connection:
            connection.sendall(bytes_sent)
            assert answer(connection) == b""
        assert delivered == []


def test_a_sender_that_dies_within_a_message_leaves_nothing(delivery: Delivery, store: Store) -> None:
    with listening(delivery) as connect:
        with connect() as connection:
            connection.sendall(framed(GOOD)[:-2])
            connection.shutdown(socket.SHUT_WR)
            assert answer(connection) == b""
        assert patients(store) == 0
        with connect() as connection:
            connection.sendall(framed(GOOD))
            assert msa(answer(connection))[1] == "AA"


def test_a_message_too_large_is_rejected_by_its_control_id_and_the_connection_ends() -> None:
    def never(message: bytes) -> list[bytes]:
        raise AssertionError(message[:20])

    with listening(never, Limits(size=1000)) as connect, connect() as connection:
        connection.sendall(b"\x0b" + GOOD + b"x" * 2000)
        assert msa(answer(connection))[1:3] == ["AR", "M1"]
        assert connection.recv(1) == b""


@pytest.mark.parametrize("sent", [b"", b"\x0bMSH|^~\\&|"], ids=["silent", "stuck within a message"])
def test_who_is_too_slow_is_let_go(sent: bytes) -> None:
    with listening(lambda message: [], Limits(idle=0.2, message=0.2)) as connect, connect() as connection:
        connection.sendall(sent)
        assert answer(connection) == b""


def test_there_is_a_limit_to_connections() -> None:
    with listening(hl7ack.accepted, Limits(connections=1)) as connect, connect() as first:
        first.sendall(framed(GOOD))
        assert answer(first)
        with connect() as second:
            assert answer(second) == b""
        first.sendall(framed(GOOD))
        assert answer(first)


def test_a_store_that_fails_is_never_acknowledged(
    delivery: Delivery, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for problem in (Unavailable("gone"), RuntimeError("disk")):

        def fail(problem: Exception = problem) -> None:
            raise problem

        with monkeypatch.context() as patched:
            patched.setattr(store, "transaction", fail)
            assert msa(delivery(GOOD)[0])[1] == "AR"
    assert patients(store) == 0
    assert msa(delivery(GOOD)[0])[1] == "AA"


def test_marks_and_letters_in_reasons_are_safe() -> None:
    (found,) = hl7ack.refused(GOOD, "AE", "a|b^c\r\x0bMSA|AA")
    assert b"a\\F\\b\\S\\c" in found
    assert found.count(b"\rMSA") == 1
    assert b"\x0b" not in found
    assert msa(hl7ack.refused(b"", "AR", "nothing")[0])[1] == "AR"
    assert hl7ack.header(GOOD.replace(b"ADT^A08", b"../..^A&8")).kind == "_a8"


def test_killed_within_a_message_and_started_again(folder: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'db.sqlite'}"
    args = [
        sys.executable,
        "-c",
        "from cart_fhir.cli import main; main()",
        "listen",
        "--map",
        str(folder / "map.yaml"),
        "--store",
        url,
        "--port",
        "0",
    ]
    for kill, wanted in ((signal.SIGKILL, 0), (signal.SIGTERM, 1)):
        with subprocess.Popen(args, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr
            port = int(process.stderr.readline().split("port ")[1].split(";")[0])
            with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
                whole = framed(GOOD)
                connection.sendall(whole[:60] if kill == signal.SIGKILL else whole)
                if kill == signal.SIGTERM:
                    assert msa(answer(connection))[1] == "AA"
                process.send_signal(kill)
                process.wait(timeout=30)
        store = open_store(url, Registry.default())
        try:
            assert patients(store) == wanted
        finally:
            store.close()


@pytest.mark.parametrize(
    ("asked", "good", "bad"),
    [
        ("|", ["AA"], ["AE"]), ("AL|NE", ["CA"], ["CE"]), ("NE|AL", ["AA"], ["AE"]), ("AL|AL", ["CA", "AA"], ["CE"]),
        ("NE|NE", [], []), ("ER|ER", [], ["CE"]), ("SU|ER", ["CA"], ["AE"]), ("SU|SU", ["CA", "AA"], []),
        ("AL|", ["CA"], ["CE"]),
    ],
)  # fmt: skip
def test_senders_get_the_acknowledgements_that_they_ask_for(asked: str, good: list[str], bad: list[str]) -> None:
    cells = GOOD.split(b"\r", 1)[0].split(b"|")
    cells[14:16] = [part.encode() for part in asked.split("|")]
    message = b"|".join(cells) + b"\rPID|1\r"
    assert [msa(one)[1] for one in hl7ack.accepted(message)] == good
    found = hl7ack.refused(message, "AE", "why")
    assert [msa(one)[1] for one in found] == bad
    assert all(b"|why" in one for one in found)


def test_every_answer_that_is_asked_for_is_sent(delivery: Delivery, store: Store) -> None:
    cells = GOOD.split(b"\r", 1)
    message = cells[0].replace(b"2.5.1||||||", b"2.5.1|||AL|AL||") + b"\r" + cells[1]
    with listening(delivery) as connect, connect() as connection:
        connection.sendall(framed(message))
        found = b""
        while found.count(b"\x1c\r") < 2:
            found += connection.recv(4096)
        assert [msa(one)[1] for one in found.split(b"\x1c\r")[:2]] == ["CA", "AA"]
        assert patients(store) == 1


def test_what_goes_wrong_is_logged_without_the_data(
    delivery: Delivery, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ValueError("MRN 4711 of Mrs Secret")

    monkeypatch.setattr(store, "transaction", fail)
    with caplog.at_level(logging.DEBUG):
        (found,) = delivery(GOOD)
    assert "ValueError" in caplog.text
    assert "Secret" not in caplog.text + found.decode()

    def worse(message: bytes) -> list[bytes]:
        raise ValueError("MRN 4711 of Mrs Secret")

    caplog.clear()
    with listening(worse) as connect, connect() as connection:
        connection.sendall(framed(GOOD))
        assert answer(connection) == b""
    assert "ValueError" in caplog.text
    assert "Secret" not in caplog.text


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost with its key, signed by itself."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    more = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path), "-out", str(path.with_suffix(".crt"))]
    subprocess.run([openssl, *words, *more], check=True, capture_output=True, timeout=60)
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


def unanswered(plain: socket.socket, dress: Callable[[socket.socket], socket.socket]) -> bool:
    """Whether a message gets no answer, for whichever reason."""
    try:
        with plain, dress(plain) as connection:
            connection.sendall(framed(GOOD))
            return not connection.recv(4096).startswith(b"\x0b")
    except (ssl.SSLError, ConnectionError):
        return True


def test_tls_with_certificates_on_both_sides(certificate: Path, delivery: Delivery, store: Store) -> None:
    known = ssl.create_default_context(cafile=str(certificate))
    named = ssl.create_default_context(cafile=str(certificate))
    named.load_cert_chain(certificate)
    with listening(delivery, Limits(message=5), secured(str(certificate), "", str(certificate))) as connect:
        with named.wrap_socket(connect(), server_hostname="127.0.0.1") as connection:
            connection.sendall(framed(GOOD))
            assert msa(answer(connection))[1] == "AA"
        for dress in (lambda one: one, lambda one: known.wrap_socket(one, server_hostname="127.0.0.1")):
            assert unanswered(connect(), dress), "neither in the clear nor without a certificate"
    assert store.history("Patient").total == 1


def test_who_never_shakes_hands_is_let_go(certificate: Path) -> None:
    with listening(lambda message: [], Limits(message=0.3), secured(str(certificate), "")) as connect, connect() as one:
        assert one.recv(1) == b""


@pytest.mark.parametrize("options", [["--tls-key"], ["--tls-cert"]])
def test_certificates_that_cannot_be_used_are_told(folder: Path, tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "x.pem").write_text("no certificate", encoding="utf-8")
    found = CliRunner().invoke(command, ["--map", str(folder / "map.yaml"), *options, str(tmp_path / "x.pem")])
    assert found.exit_code == 2
    assert "--tls" in found.output or "PEM" in found.output


def test_a_map_that_reads_no_messages_is_told_at_once(tmp_path: Path) -> None:
    centre = Path(__file__).parents[2] / "examples" / "centre-a" / "map.yaml"
    made = CliRunner().invoke(command, ["--map", str(centre), "--store", f"sqlite:///{tmp_path / 'no.db'}"])
    assert made.exit_code == 2
    assert "reads no HL7 v2" in made.output
    assert not (tmp_path / "no.db").exists()
