"""`cart-fhir demo`: the main job on synthetic data, from two hospitals' spreadsheets to a FHIR server with pages."""

from __future__ import annotations

import os
import re
import shutil
import sys
import threading
import time
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from cart_fhir.errors import ConfigError

if TYPE_CHECKING:
    from cart_fhir.pipeline import Report
    from cart_fhir.store import Store
    from cart_fhir.validator import Validator


class Centre(NamedTuple):
    """A synthetic hospital; one cell of its export is spoilt as a tired person would (`typed` over `over`)."""

    name: str
    kind: str
    seed: int
    file: str
    line: int
    over: bytes
    typed: bytes


CENTRES = (
    Centre("centre-a", "csv-centre-a", 1, "labor.csv", 5, rb"\d\d\.\d\d\.\d{4}", b"31.02.2024"),
    Centre("centre-b", "csv-centre-b", 2, "laboratorio.csv", 7, rb"[^,]+$", b"per campo"),
)
EXAMPLES = Path(__file__).parents[2] / "examples"
_MARK = ".cart-fhir-demo"


@click.command("demo")
@click.option("--patients", "-n", default=25, show_default=True, type=click.IntRange(1, 10_000), help="Of each centre.")
@click.option("--folder", default="demo", show_default=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--no-serve", is_flag=True, help="Do everything but stay up as a server.")
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535))
def command(*, patients: int, folder: Path, no_serve: bool, no_open: bool, port: int) -> int:
    """Synthetic exports of two centres -> map -> validate -> SQLite -> FHIR server, with one slip in each export.

    Everything is written below FOLDER, which is made anew.
    """
    from cart_fhir.definitions import Registry
    from cart_fhir.store import open_store
    from cart_fhir.validator import Validator

    if not no_serve:
        from cart_fhir.cli.serve import free_port

        port = free_port("127.0.0.1", port)
    if not EXAMPLES.is_dir():
        raise ConfigError(
            "The demo needs the maps of the two example centres, which are in the repository's examples/ folder.",
            advice="Run it in a checkout: make demo.",
        )
    _make_anew(folder)
    url = f"sqlite:///{folder / 'cart.db'}"
    registry = Registry.default()
    store = open_store(url, registry)
    try:
        for centre in CENTRES:
            _centre(centre, folder, patients, store, Validator(registry=registry))
    finally:
        store.close()
    _next_steps(folder, url, port)
    if not no_serve:
        _serve(url, port, no_open)
    return 0


def _make_anew(folder: Path) -> None:
    """An empty folder with our mark in it; ConfigError where it holds what no demo has made, as that would be lost."""
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).is_file():
        raise ConfigError(
            f"{folder} holds things that no demo has made, and a demo begins with an empty folder.",
            advice="Name an empty folder with --folder, or remove this one.",
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()


def _centre(centre: Centre, folder: Path, patients: int, store: Store, validator: Validator) -> None:
    from cart_fhir import pipeline, synth
    from cart_fhir.mappers import load_map

    exports, refused = folder / "exports" / centre.name, folder / "refused" / centre.name
    files = synth.write(centre.kind, exports, patients, centre.seed)
    _slip(exports / centre.file, centre)
    said = f"\n{centre.name}: {patients} synthetic patients in {len(files)} files, one slip in {centre.file}"
    click.secho(said, bold=True)
    mapping = load_map(EXAMPLES / centre.name / "map.yaml", registry=validator.registry)
    started = time.perf_counter()
    with click.progressbar(length=patients, label="  checking patients", file=sys.stderr) as bar:
        report = pipeline.run(
            [exports],
            mapping,
            store,
            validator,
            refused=refused,
            progress=lambda what, more: bar.update(more if what == "patients" else 0),
        )
    _tell(report, time.perf_counter() - started, refused)


def _slip(path: Path, centre: Centre) -> None:
    """Spoil one cell of an export: what a refusal looks like belongs to the main job."""
    lines = path.read_bytes().splitlines(keepends=True)
    if len(lines) >= centre.line:
        text = lines[centre.line - 1]
        body = text.rstrip(b"\r\n")
        lines[centre.line - 1] = re.sub(centre.over, centre.typed, body, count=1) + text[len(body) :]
    path.write_bytes(b"".join(lines))


def _tell(report: Report, seconds: float, refused: Path) -> None:
    read, mapped = (sum(getattr(total, what) for total in report.totals) for what in ("read", "mapped"))
    skipped = sum(total.skipped for total in report.totals)
    click.echo(f"  {read} rows read = {mapped} mapped + {skipped} skipped + {report.refused} refused")
    click.echo(f"  {report.resources.total()} resources valid and stored in {seconds:.1f} s ({report.created} new)")
    for issue in report.issues:
        if issue.is_error:
            click.secho(f"  refused: {issue.origin}: {issue.text} {issue.advice}", fg="yellow")
    if report.refused:
        click.echo("  (cells are masked in messages, 9 for a digit and x for a letter: they may identify a person)")
        click.echo(f"  the refused rows as they came, to be mended and run again: {refused}")


def _next_steps(folder: Path, url: str, port: int) -> None:
    click.secho("\nTo try next", bold=True)
    command = called()
    exports, bundle = folder / "exports" / "centre-a", folder / "bundle.json"
    mapping, base = _from_here(EXAMPLES / "centre-a" / "map.yaml"), f"http://127.0.0.1:{port}/fhir"
    for line in (
        f"{command} map {exports} --map {mapping} -o {bundle} --report {folder / 'report.html'}",
        f"{command} validate {bundle}",
        f"{command} serve --store {url} --port {port}",
        f"{command} push {bundle} --to {base}",
        f"curl '{base}/AdverseEvent?_count=5&_pretty=true'",
    ):
        click.echo(f"  {line}")


def called() -> str:
    """What to type for this command: its name where the shell finds it, else its place (make puts it into .venv)."""
    here = Path(sys.executable).with_name("cart-fhir")
    found = shutil.which("cart-fhir")
    if not here.exists() or (found and Path(found).samefile(here)):
        return "cart-fhir"
    return _from_here(here)


def _from_here(path: Path) -> str:
    """The path as short as it can be typed."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def _serve(url: str, port: int, no_open: bool) -> None:
    from cart_fhir.cli.serve import make_app, run

    pages = f"http://127.0.0.1:{port}/"
    click.secho(f"\nServing {pages} (FHIR: {pages}fhir). Stop with Ctrl-C.", bold=True)
    if not no_open:
        threading.Timer(1.5, webbrowser.open, (pages,)).start()
    run(make_app({"CART_FHIR_STORE": url}), "127.0.0.1", port)
