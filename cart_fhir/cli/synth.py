"""`cart-fhir synth`: synthetic CAR-T journeys, as FHIR or as the exports of two hospitals."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from cart_fhir.synth import KINDS, Journey, write


@click.command(name="synth")
@click.option("--patients", "-n", type=click.IntRange(1, 1_000_000), default=10, show_default=True, help="How many.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same bytes.")
@click.option("--as", "kind", type=click.Choice(list(KINDS)), default="fhir", show_default=True, help="What to write.")
@click.option("--output", "-o", type=click.Path(file_okay=False, path_type=Path), help="Folder  [default: synth-KIND]")
def command(patients: int, seed: int, kind: str, output: Path | None) -> int:
    """Write synthetic journeys: whole invented patients with autoimmune disease before, during and after CAR-T.

    \b
    cart-fhir synth --patients 20 --as csv-centre-a -o exports-a
    cart-fhir map exports-a/*.csv --map examples/centre-a/map.yaml -o bundle.json
    """
    folder = output or Path(f"synth-{kind}")

    def watch(journeys: Iterator[Journey]) -> Iterator[Journey]:
        with click.progressbar(journeys, length=patients, label="Journeys", file=sys.stderr) as bar:
            yield from bar

    files = write(kind, folder, patients, seed, watch)
    size = sum(file.stat().st_size for file in files)
    click.echo(f"{patients} journeys (seed {seed}) in {len(files)} files, {size:,} bytes: {folder}", err=True)
    return 0
