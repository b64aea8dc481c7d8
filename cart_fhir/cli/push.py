"""`cart-fhir push`: bundles, resources or NDJSON to another FHIR server, with retries and a report."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from cart_fhir.cli.sending import BATCH_SIZE, FILES, Report, each_bundle
from cart_fhir.client import FHIRClient, RemoteError, line


@click.command("push")
@FILES
@click.option("--to", "url", required=True, help="Base URL of the FHIR server.")
@click.option("--token-env", default="CART_FHIR_TOKEN", show_default=True, help="Variable that holds the bearer token.")
@BATCH_SIZE
@click.option("--retries", default=5, show_default=True, type=click.IntRange(0, 20), help="Attempts after the first.")
@click.option("--timeout", default=120.0, show_default=True, type=click.FloatRange(1), help="Seconds per answer.")
def command(*, files: tuple[Path, ...], url: str, token_env: str, batch_size: int, retries: int, timeout: float) -> int:
    """Send FILES or folders of them (Bundle, single resource, NDJSON; JSON, XML, .gz) to another FHIR server.

    - is standard input: one bundle or resource.

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
        sent = each_bundle(files, batch_size, report)
        with click.progressbar(sent, label="Bundles", show_pos=True, file=sys.stderr) as bar:
            for file, bundle in bar:
                try:
                    report.add(file, client.transaction(bundle))
                except RemoteError as error:
                    if not error.http_status:  # a server that does not answer is not asked for each of them
                        raise
                    report.refuse(file, len(bundle.get("entry", ())), _said(error))
    return report.finish(url)


def _said(error: RemoteError) -> list[str]:
    return [error.message, *(f"  {line(issue)}" for issue in error.issues if issue.text != error.message)]
