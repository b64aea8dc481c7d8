"""`cart-fhir reindex`: bring the search index of a store up to the definitions that are installed now."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("reindex")
@click.option(
    "--store", "url", default="sqlite:///cart_fhir.db", show_default=True, help="sqlite:///file, postgresql://..."
)
@click.option(
    "--definitions",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Further packages or folders; the same that the server is given.",
)
def command(*, url: str, definitions: tuple[Path, ...]) -> int:
    """Index anew what was indexed by other search parameters than those of the guide and packages in use.

    Goes in steps beside normal work; stopped, it goes on where it stood when called again.
    """
    from cart_fhir.definitions import Registry
    from cart_fhir.store import open_store

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
