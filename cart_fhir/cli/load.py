"""`cart-fhir load`: bundles, resources or NDJSON into a store, validated as a server would, without HTTP."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cart_fhir.cli.sending import BATCH_SIZE, FILES, Report, each_bundle
from cart_fhir.cli.store_option import STORE
from cart_fhir.errors import CartFHIRError, Unavailable
from cart_fhir.issues import Issue


@click.command("load")
@FILES
@STORE
@BATCH_SIZE
def command(*, files: tuple[Path, ...], url: str, batch_size: int) -> int:
    """Validate FILES or folders of them (Bundle, single resource, NDJSON; JSON, XML, .gz) and put them into a store.

    - is standard input: one bundle or resource.

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
    # entries without a fullUrl are addressed below the server's base; nothing of it is stored
    base = (service.settings.base_url or "http://localhost/fhir").rstrip("/")
    report = Report()
    try:
        sent = each_bundle(files, batch_size, report)
        with click.progressbar(sent, label="Bundles", show_pos=True, file=sys.stderr) as bar:
            for file, bundle in bar:
                try:
                    response = dispatch(service, Request("POST", "", resource=bundle, base=base))
                    report.add(file, response.body or {})
                except Unavailable:
                    raise
                except CartFHIRError as error:
                    said = [_line(issue) for issue in error.issues if issue.is_error]
                    report.refuse(file, len(bundle.get("entry", ())), said)
    finally:
        store.close()
    return report.finish(url)


def _line(issue: Issue) -> str:
    place = f" at {issue.expression}" if issue.expression else ""
    return f"{issue.severity}{place}: {issue.text} {issue.advice}".rstrip()
