"""`cart-fhir push`: bundles, resources or NDJSON to another FHIR server, with retries and a report."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from cart_fhir.client import FHIRClient, RemoteError, line
from cart_fhir.errors import BadRequest, CartFHIRError
from cart_fhir.formats import json

Json = dict[str, Any]


@dataclass
class Report:
    """What became of the entries: how many were written, how many refused, and what was said of those."""

    done: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    said: list[str] = field(default_factory=list)

    def add(self, response: Json) -> None:
        """Count a transaction-response or batch-response."""
        for index, entry in enumerate(response.get("entry", ())):
            answer = entry.get("response", {})
            status = str(answer.get("status", ""))[:3]
            if status.startswith("2"):
                self.done["created" if status == "201" else "updated or unchanged"] += 1
            else:
                issues = answer.get("outcome", {}).get("issue") or [{}]
                text = issues[0].get("details", {}).get("text", "no reason given")
                self.refused += 1
                self.said.append(f"entry {index}: status {status}: {text}")

    def refuse(self, error: RemoteError, entries: int) -> None:
        """Count a bundle that was refused as a whole."""
        self.refused += entries
        self.said.append(error.message)
        self.said += [f"  {line(issue)}" for issue in error.issues if issue.text != error.message]


@click.command("push")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "url", required=True, help="Base URL of the FHIR server.")
@click.option("--token-env", default="CART_FHIR_TOKEN", show_default=True, help="Variable that holds the bearer token.")
@click.option(
    "--batch-size",
    default=500,
    show_default=True,
    type=click.IntRange(1, 10_000),
    help="Entries at once (NDJSON).",
)
@click.option("--retries", default=5, show_default=True, type=click.IntRange(0, 20), help="Attempts after the first.")
@click.option("--timeout", default=120.0, show_default=True, type=click.FloatRange(1), help="Seconds per answer.")
def command(*, files: tuple[Path, ...], url: str, token_env: str, batch_size: int, retries: int, timeout: float) -> int:
    """Send FILES (Bundle, single resource, or NDJSON) to another FHIR server.

    A transaction or batch is sent as it is; anything else becomes transactions of PUTs, so that sending it twice
    changes nothing. Exit status 1 when something was refused.
    """
    report = Report()
    with FHIRClient(
        url,
        token=os.environ.get(token_env),
        retries=retries,
        timeout=(10.0, timeout),
        on_retry=lambda reason, seconds: click.echo(f"{reason}; again in {seconds:.1f} s", err=True),
    ) as client:
        for file in files:
            _send(client, file, list(bundles(file, batch_size)), report)
            for said in report.said:
                click.echo(f"{file}: {said}", err=True)
            report.said.clear()
    counts = ", ".join(f"{number} {what}" for what, number in sorted(report.done.items())) or "nothing done"
    click.echo(f"{url}: {counts}; {report.refused} refused.")
    return 1 if report.refused else 0


def _send(client: FHIRClient, file: Path, sent: list[Json], report: Report) -> None:
    """Send the bundles of a file; a server that does not answer is not asked for each of them."""
    with click.progressbar(sent, label=file.name, file=sys.stderr) as bar:
        for bundle in bar:
            try:
                report.add(client.transaction(bundle))
            except RemoteError as error:
                if not error.http_status:
                    raise
                report.refuse(error, len(bundle.get("entry", ())))


def bundles(file: Path, size: int) -> Iterator[Json]:
    """The transactions to send for a file: as they stand, or made of its resources, `size` entries each."""
    if file.suffix == ".ndjson":
        yield from _transactions(_lines(file), size)
        return
    value = json.loads(file.read_bytes())
    if not isinstance(value, dict) or "resourceType" not in value:
        raise BadRequest(f"{file} holds no FHIR resource.")
    if value["resourceType"] == "Bundle" and value.get("type") in ("transaction", "batch"):
        yield value
    elif value["resourceType"] == "Bundle":
        yield from _transactions((entry["resource"] for entry in value.get("entry", ()) if "resource" in entry), size)
    else:
        yield from _transactions([value], size)


def _lines(file: Path) -> Iterator[Json]:
    with file.open("rb") as stream:
        for number, text in enumerate(stream, 1):
            if text.strip():
                try:
                    yield json.loads(text)
                except CartFHIRError as error:
                    raise BadRequest(f"{file}, line {number}: {error.message}") from error


def _transactions(resources: Iterable[Json], size: int) -> Iterator[Json]:
    entries: list[Json] = []
    for resource in resources:
        type = resource["resourceType"]
        request = (
            {"method": "PUT", "url": f"{type}/{resource['id']}"}
            if "id" in resource
            else {"method": "POST", "url": type}
        )
        entries.append({"resource": resource, "request": request})
        if len(entries) == size:
            yield {"resourceType": "Bundle", "type": "transaction", "entry": entries}
            entries = []
    if entries:
        yield {"resourceType": "Bundle", "type": "transaction", "entry": entries}
