"""`cart-fhir pull`: patients' records from another FHIR server into NDJSON files or one Bundle."""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qsl

import click

from cart_fhir.cli.paths import Target
from cart_fhir.client import FHIRClient, RemoteError
from cart_fhir.formats import json
from cart_fhir.formats.whole import whole

Json = dict[str, Any]


@click.command("pull")
@click.option("--from", "url", required=True, help="Base URL of the FHIR server.")
@click.option("--patient", "patients", multiple=True, help="Id of a patient; may be given several times.")
@click.option("--where", default="", help="Search for the patients, e.g. '_tag=cart' or 'organization=Organization/1'.")
@click.option("--ndjson", type=Target(file_okay=False), help="Folder for one NDJSON file per type.")
@click.option("-o", "--output", type=Target(), help="File for one collection Bundle.")
@click.option("--token-env", default="CART_FHIR_TOKEN", show_default=True, help="Variable that holds the bearer token.")
def command(
    *, url: str, patients: tuple[str, ...], where: str, ndjson: Path | None, output: Path | None, token_env: str
) -> int:
    """Fetch every resource of the patients named, of those a search finds, or of all, by Patient/$everything."""
    if bool(ndjson) == bool(output):
        raise click.UsageError("Say where to put the records: --ndjson FOLDER, or -o FILE.")
    counts: Counter[str] = Counter()
    failed = 0
    with ExitStack() as stack:
        client = stack.enter_context(FHIRClient(url, token=os.environ.get(token_env)))
        sink = Sink(stack, ndjson, output)
        ids = list(patients) or [found["id"] for found in client.search("Patient", **_criteria(where))]
        with click.progressbar(ids, label="patients", file=sys.stderr) as bar:
            for id in bar:
                try:
                    counts.update(sink.add(resource) for resource in client.everything(id))
                except RemoteError as error:
                    failed += 1
                    click.echo(f"Patient/{id}: {error}", err=True)
    counts.pop("", None)
    click.echo(
        f"{url}: {len(ids)} patients, " + (", ".join(f"{n} {t}" for t, n in sorted(counts.items())) or "nothing")
    )
    return 1 if failed else 0


def _criteria(where: str) -> dict[str, list[str]]:
    """A query string as search parameters; one that is repeated stays so (all of them must hold)."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(where):
        found.setdefault(name, []).append(value)
    return found


class Sink:
    """Where records go: NDJSON files by type, or one Bundle; what several patients share goes in once.

    Files take their names when the stack ends well: a pull that is broken off leaves what stood there before.
    """

    def __init__(self, stack: ExitStack, folder: Path | None, file: Path | None) -> None:
        self._stack, self._folder = stack, folder
        self._files: dict[str, BinaryIO] = {}
        self._seen: set[str] = set()
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        if file:
            bundle = stack.enter_context(whole(file))
            bundle.write(b'{"resourceType":"Bundle","type":"collection"')
            stack.callback(lambda: bundle.write(b"]}\n" if self._seen else b"}\n"))  # FHIR has no empty lists
            self._bundle = bundle

    def add(self, resource: Json) -> str:
        """Write a resource; its type, or empty when it was written before."""
        type, key = resource["resourceType"], f"{resource['resourceType']}/{resource.get('id')}"
        if key in self._seen:
            return ""
        if self._folder:
            if type not in self._files:
                self._files[type] = self._stack.enter_context(whole(self._folder / f"{type}.ndjson"))
            self._files[type].write(json.dumps(resource) + b"\n")
        else:
            self._bundle.write((b"," if self._seen else b',"entry":[') + json.dumps({"resource": resource}))
        self._seen.add(key)
        return str(type)
