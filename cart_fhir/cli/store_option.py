"""The option of all commands that work on a store, so that it means the same everywhere."""

from __future__ import annotations

import click

from cart_fhir.store.opening import DEFAULT_URL

STORE = click.option(
    "--store",
    "url",
    envvar="CART_FHIR_STORE",
    default=DEFAULT_URL,
    show_default=True,
    show_envvar=True,
    help="Where resources live: sqlite:///file, postgresql://...",
)
