"""From a URL to a store, by entry points: a third party's store is opened the same way as ours."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import urlsplit

from cart_fhir import plugins
from cart_fhir.definitions import Registry
from cart_fhir.errors import ConfigError
from cart_fhir.store.base import Store

GROUP = "cart_fhir.stores"
DEFAULT_URL = "sqlite:///cart-fhir.db"
"""The store of commands and servers that are told of none: a file in the folder they run in."""

log = logging.getLogger("cart_fhir.store")


def open_store(url: str, registry: Registry) -> Store:
    """The store at `url`; made when it is a database that is not there yet.

    The scheme (the part before `:` and before any `+driver`) chooses the entry point of group `cart_fhir.stores`,
    which is called with (url, registry). ConfigError for a scheme that nobody offers, or whose package cannot
    be loaded.
    """
    scheme = urlsplit(url).scheme.split("+")[0].lower()
    scheme = {"postgres": "postgresql"}.get(scheme, scheme)
    opened = plugins.load(GROUP, scheme) if scheme else None
    if opened is None:
        raise ConfigError(
            f"No store is installed for '{scheme or url}'.",
            advice=f"Use a URL that begins with {', '.join(plugins.names(GROUP))}.",
        )
    store: Store = opened(url, registry)
    return store


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite store; None for one in memory and for every other kind of store."""
    if not url.startswith("sqlite"):
        return None
    from sqlalchemy import make_url

    database = make_url(url).database
    return Path(database) if database and database != ":memory:" else None


def open_sql(url: str, registry: Registry) -> Store:
    """The SQL store on SQLite or PostgreSQL; its schema is made or brought up to date.

    An index made by other search parameters is told in the log (`cart_fhir.store`): searches may miss resources.
    """
    from cart_fhir.store.sql import SQLStore

    store = SQLStore(url, registry)
    try:
        stale = store.stale()
    except BaseException:
        store.close()
        raise
    if stale:
        log.warning(
            "The search index of %s was made by other search parameters, so searches may miss resources. "
            "Run `cart-fhir reindex` on this store.",
            ", ".join(stale),
        )
    return store


def open_remote(url: str, registry: Registry) -> Store:
    """Another FHIR server as store."""
    from cart_fhir.store.remote import RemoteStore

    return RemoteStore(url, registry)
