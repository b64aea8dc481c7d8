"""`cart-fhir serve`: a store over HTTP, by gunicorn, or by waitress where gunicorn cannot run."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cart_fhir.cli.paths import DEFINITIONS
from cart_fhir.errors import ConfigError

if TYPE_CHECKING:
    from flask import Flask


_GRACE = 30
"""Seconds that requests in progress have to finish when the server is stopped."""


@click.command("serve")
@click.option(
    "--store", default="", help="Where resources live: sqlite:///file, postgresql://..., https://... (gateway)."
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; loopback unless you say so."
)
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--prefix", default="/fhir", show_default=True, help="Path of the FHIR base.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Worker processes.")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Threads of each worker.")
@click.option("--validation", type=click.Choice(["off", "warn", "enforce"]), help="Validation on write.")
@DEFINITIONS
@click.option("--open", "open_page", is_flag=True, help="Open the home page in a browser.")
@click.option("--waitress", is_flag=True, help="Use waitress (one process) even where gunicorn runs.")
def command(
    *,
    store: str,
    host: str,
    port: int,
    prefix: str,
    workers: int,
    threads: int,
    validation: str | None,
    definitions: tuple[Path, ...],
    open_page: bool,
    waitress: bool,
) -> int:
    """Serve a store as a FHIR R4 server, with pages for people at the root.

    CART_FHIR_* variables of the environment configure it too; options win over them.
    """
    given: dict[str, Any] = {"CART_FHIR_URL_PREFIX": prefix}
    if store:
        given["CART_FHIR_STORE"] = store
    if validation:
        given["CART_FHIR_VALIDATION"] = validation
    if definitions:
        given["CART_FHIR_DEFINITIONS"] = [str(path) for path in definitions]
    host = host.strip("[]")
    port = free_port(host, port)
    app = make_app(given)
    _warn(host)
    pages = f"http://{_address(host, port)}/"
    click.echo(f"cart-fhir serves {pages.rstrip('/')}{prefix} (pages: {pages}). Stop with Ctrl-C.", err=True)
    if open_page:
        webbrowser.open(pages)
    run(app, host, port, workers=workers, threads=threads, waitress=waitress)
    return 0


def free_port(host: str, port: int) -> int:
    """The port, or one that is free for 0; ConfigError where nobody can listen on it: taken, or not allowed."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family) as found:
            return int(found.getsockname()[1])
    except OSError as problem:
        raise ConfigError(
            f"Nobody can listen on port {port} of {host}: {problem.strerror}.", advice="Name another port with --port."
        ) from problem


def make_app(config: dict[str, Any] | None = None) -> Flask:
    """The application that `serve` runs: a server configured by the environment and by `config`, which wins."""
    from flask import Flask

    from cart_fhir.server import CartFHIR
    from cart_fhir.server.config import from_environment, unknown_variables
    from cart_fhir.web import Pages

    app = Flask("cart_fhir")
    for name in unknown_variables():
        click.echo(f"Warning: nobody reads {name}. See docs/server-configuration.md.", err=True)
    app.config.update(from_environment())
    app.config.update(config or {})
    CartFHIR(app)
    Pages(app)
    return app


def run(app: Flask, host: str, port: int, *, workers: int = 2, threads: int = 4, waitress: bool = False) -> None:
    """Serve until told to stop; running requests are finished first."""
    if not waitress and sys.platform != "win32":
        from cart_fhir.server.workers import run_gunicorn

        run_gunicorn(app, _address(host, port), workers=workers, threads=threads)
        return
    _run_waitress(app, host, port, threads=threads * workers)


def _address(host: str, port: int) -> str:
    """Host and port in one; an IPv6 address stands in brackets, as it has colons of its own (RFC 3986, 3.2.2)."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _run_waitress(app: Flask, host: str, port: int, *, threads: int) -> None:
    from waitress import create_server

    def stop(number: int, frame: object) -> None:
        raise SystemExit  # waitress then takes no more requests and waits for those in progress

    server = create_server(app, host=host, port=port, threads=threads, ident=None)
    signal.signal(signal.SIGTERM, stop)
    server.run()
    server.task_dispatcher.shutdown(cancel_pending=False, timeout=_GRACE)
    server.close()


def _warn(host: str) -> None:
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost"
    if not local and "CART_FHIR_QUIET" not in os.environ:
        click.echo(
            f"Warning: {host} can be reached from other machines, and this server asks nobody who they are. "
            "Put a proxy that does in front of it.",
            err=True,
        )
