"""`cart-fhir listen`: an HL7 v2 feed over MLLP into a store; a message is acknowledged only once it is stored."""

from __future__ import annotations

import logging
import signal
import ssl
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cart_fhir.cli.store_option import STORE
from cart_fhir.errors import CartFHIRError, fault

if TYPE_CHECKING:
    from cart_fhir.issues import Issue
    from cart_fhir.mappers import Map, Mapped
    from cart_fhir.mappers.hl7ack import Header, Outcome
    from cart_fhir.store import Store
    from cart_fhir.validator import Validator

log = logging.getLogger("cart_fhir.listen")


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("listen")
@click.option(
    "--map", "map_file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The map of the feed (its source: format: hl7v2).",
)  # fmt: skip
@STORE
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=2575, show_default=True, type=click.IntRange(0, 65535))
@click.option("--max-size", default=8, show_default=True, type=click.IntRange(1, 64), help="Largest message in MB.")
@click.option("--timeout", default=30.0, show_default=True, type=click.FloatRange(0.1), help="Seconds for a message.")
@click.option("--idle", default=300.0, show_default=True, type=click.FloatRange(0.1), help="Seconds of silence.")
@click.option("--tls-cert", type=_FILE, help="Listen in TLS with this certificate (PEM, its chain below it).")
@click.option("--tls-key", type=_FILE, help="The key of the certificate, where it stands in a file of its own.")
@click.option("--tls-clients", type=_FILE, help="Take only senders with a certificate that this CA signed (PEM).")
@click.option(
    "--secret-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The site's secret, for maps with private ids.",
)  # fmt: skip
def command(
    *, map_file: Path, url: str, host: str, port: int, max_size: int, timeout: float, idle: float,
    tls_cert: Path | None, tls_key: Path | None, tls_clients: Path | None, secret_file: Path | None,
) -> int:  # fmt: skip
    """Map HL7 v2 messages as they come (MLLP), validate and store each in one transaction, then acknowledge it.

    MLLP has no passwords, and without --tls-cert no encryption: see docs/listen.md before you open it to others.
    """
    from cart_fhir.definitions import Registry
    from cart_fhir.mappers import load_map
    from cart_fhir.mappers.identity import read_secret
    from cart_fhir.mappers.mllp import Limits, Listener
    from cart_fhir.store import open_store
    from cart_fhir.validator import Validator

    tls = _tls(tls_cert, tls_key, tls_clients)
    registry = Registry.default()
    mapping = load_map(map_file, registry=registry, secret=read_secret(secret_file) if secret_file else None)
    patterns = {pattern for compiled in mapping.tables for pattern in compiled.table.files}
    if not any(pattern.lower().endswith((".hl7", "*")) for pattern in patterns):
        raise click.UsageError(f"{map_file} reads no HL7 v2: none of its tables takes files whose names end in .hl7.")
    store = open_store(url, registry)
    try:
        deliver = Delivery(mapping, store, Validator(registry=registry))
        with Listener((host, port), deliver, Limits(max_size << 20, idle, timeout), tls) as listener:
            signal.signal(signal.SIGTERM, _stop)
            click.echo(f"Listening on {host} port {listener.server_address[1]}; stop with Ctrl-C.", err=True)
            try:
                listener.serve_forever()
            finally:
                listener.turn.acquire()  # a message that is being stored is stored to its end
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
    except OSError as problem:
        raise click.ClickException(f"Cannot listen on {host} port {port}: {problem.strerror}.") from None
    finally:
        store.close()
    return 0


def _tls(cert: Path | None, key: Path | None, clients: Path | None) -> ssl.SSLContext | None:
    from cart_fhir.mappers.mllp import secured

    if cert is None:
        if key or clients:
            raise click.UsageError("--tls-key and --tls-clients need --tls-cert.")
        return None
    try:
        return secured(str(cert), str(key or ""), str(clients or ""))
    except (ssl.SSLError, OSError):
        raise click.UsageError(
            "The certificate, its key or the CA's certificate cannot be used: PEM is wanted."
        ) from None


class Delivery:
    """What becomes of a message: mapped, validated, stored, in one transaction; then its answer."""

    def __init__(self, mapping: Map, store: Store, validator: Validator) -> None:
        self._map = mapping
        self._store = store
        self._validator = validator

    def __call__(self, message: bytes) -> list[bytes]:
        """AA when all of it is stored; AE when a row of it is refused, and then none is; AR when it's not for here."""
        from cart_fhir.errors import Unavailable
        from cart_fhir.mappers import hl7ack

        head = hl7ack.header(message)
        try:
            outcome = self._deliver(message, head)
        except Unavailable:
            outcome = hl7ack.Outcome("AR", "The store cannot be reached; send the message again later.")
        except CartFHIRError as problem:
            outcome = hl7ack.Outcome("AE", problem.message, problem.issues)
        except Exception as problem:
            log.error("A message could not be worked on: %s", fault(problem))  # its words may quote data
            outcome = hl7ack.Outcome("AR", f"The message could not be worked on ({type(problem).__name__}).")
        click.echo(f"{outcome.code} {head.kind or 'no message'} {sha256(message).hexdigest()[:12]}", err=True)
        return hl7ack.answers(message, outcome)

    def _deliver(self, message: bytes, head: Header) -> Outcome:
        from cart_fhir.issues import has_errors
        from cart_fhir.mappers.hl7ack import Outcome
        from cart_fhir.pipeline import Report, save

        if message.lstrip(b"\xef\xbb\xbf\r\n")[:3] in (b"FHS", b"BHS"):
            return Outcome("AR", "This is a batch: send its messages each in a frame of its own, or map it as a file.")
        if not head.control:
            return Outcome("AR", "The message has no header (MSH) with a control id (MSH-10).")
        with tempfile.TemporaryDirectory(prefix="cart-fhir-") as folder:
            path = Path(folder) / f"{head.kind}-{sha256(message).hexdigest()[:16]}.hl7"
            path.write_bytes(message)
            with self._map.run([path], known=self._known) as mapped:
                if not any(total.read for total in mapped.totals) and not has_errors(mapped.issues):
                    return Outcome("AR", f"The map has no table for messages named {head.kind}*.hl7.")
                mapped.refuse(self._wrong(mapped))
                errors = [issue for issue in mapped.issues if issue.is_error]
                if mapped.refused or errors:
                    return Outcome("AE", "The message is refused; nothing of it is stored.", errors)
                save(mapped, self._store, Report(), _quiet)
                for issue in mapped.issues:
                    if issue.rule == "kind-unused":
                        click.echo(f"{head.kind}: {issue.text}", err=True)  # names of segments, and no data
        return Outcome("AA")

    def _wrong(self, mapped: Mapped) -> dict[str, list[Issue]]:
        """Resource ("Type/id") -> the rules it breaks, one by one: a message seldom holds a whole patient."""
        found = {}
        for resource in mapped:
            errors = [issue for issue in self._validator.validate(resource) if issue.is_error]
            if errors:
                found[f"{resource['resourceType']}/{resource['id']}"] = errors
        return found

    def _known(self, ref: str) -> bool:
        """Whether an earlier message brought it."""
        from cart_fhir.errors import Gone, NotFound

        kind, id = ref.split("/")
        try:
            self._store.read(kind, id)
        except (NotFound, Gone):
            return False
        return True


def _quiet(what: str, more: int) -> None:
    """Nobody watches the progress of one message."""


def _stop(*_: object) -> None:
    sys.exit(0)
