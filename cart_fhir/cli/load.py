"""`cart-fhir load`: bundles, resources or NDJSON into a store, validated as a server would, without HTTP."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cart_fhir.cli.push import Report, bundles
from cart_fhir.errors import CartFHIRError, Unavailable
from cart_fhir.issues import Issue


@click.command("load")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--store", "url", default="sqlite:///cart_fhir.db", show_default=True, help="sqlite:///file, postgresql://..."
)
@click.option(
    "--batch-size", default=500, show_default=True, type=click.IntRange(1, 10_000), help="Resources at once (NDJSON)."
)
def command(*, files: tuple[Path, ...], url: str, batch_size: int) -> int:
    """Validate FILES (Bundle, single resource, NDJSON) and put them into a store.

    Each bundle is one transaction: all of it is stored, or nothing where a rule is broken or the run is killed.
    Exit status 1 when something was refused.
    """
    from cart_fhir.definitions import Registry
    from cart_fhir.server.config import load
    from cart_fhir.server.http import Request
    from cart_fhir.server.routes import dispatch
    from cart_fhir.server.service import Service, Shared
    from cart_fhir.store import open_store

    registry = Registry.default()
    store = open_store(url, registry)
    service = Service(Shared(registry, store, load({"CART_FHIR_STORE": url}), dispatch))
    report = Report()
    try:
        for file in files:
            with click.progressbar(list(bundles(file, batch_size)), label=file.name, file=sys.stderr) as bar:
                for bundle in bar:
                    try:
                        response = dispatch(service, Request("POST", "", resource=bundle))
                        report.add(response.body or {})
                    except Unavailable:
                        raise
                    except CartFHIRError as error:
                        report.refused += len(bundle.get("entry", ()))
                        report.said += [_line(issue) for issue in error.issues if issue.is_error]
            for said in report.said:
                click.echo(f"{file}: {said}", err=True)
            report.said.clear()
    finally:
        store.close()
    counts = ", ".join(f"{number} {what}" for what, number in sorted(report.done.items())) or "nothing done"
    click.echo(f"{url}: {counts}; {report.refused} refused.")
    return 1 if report.refused else 0


def _line(issue: Issue) -> str:
    place = f" at {issue.expression}" if issue.expression else ""
    return f"{issue.severity}{place}: {issue.text} {issue.advice}".rstrip()
