"""`cart-fhir reindex`: bring the search index of a store up to the definitions that are installed now."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cart_fhir.cli.paths import DEFINITIONS
from cart_fhir.cli.store_option import STORE


@click.command("reindex")
@STORE
@DEFINITIONS
def command(*, url: str, definitions: tuple[Path, ...]) -> int:
    """Index anew what was indexed by other search parameters than those of the guide and packages in use.

    Name the same --definitions that the server is given. Goes in steps beside normal work; stopped, it goes on where it
    stood when called again.
    """
    from cart_fhir.definitions import Registry
    from cart_fhir.errors import NotFound
    from cart_fhir.store import open_store
    from cart_fhir.store.opening import sqlite_file

    file = sqlite_file(url)
    if file and not file.is_file():  # opening would make an empty database there and call it up to date
        raise NotFound(f"There is no database '{file}' to index.", advice="Name the store that the server is given.")
    registry = Registry() if definitions else Registry.default()
    for path in definitions:
        registry.load(path)
    store = open_store(url, registry)
    try:
        with click.progressbar(length=1, label="Indexing", file=sys.stderr, show_pos=True) as bar:

            def progress(done: int, total: int) -> None:
                bar.length = max(total, done)
                bar.update(done - bar.pos)

            done = store.reindex(progress)
    finally:
        store.close()
    click.echo(f"{url}: {done} resources indexed anew." if done else f"{url}: the index was up to date.")
    return 0
