"""Where resources live. In: resources and store-neutral queries; out: versions as JSON text, pages, or nothing at all.

`open_store` chooses by the scheme of a URL among the entry points `cart_fhir.stores`:
`sqlite:///cart.db`, `postgresql://user@host/db`, `https://server/fhir` (another FHIR server).
`cart_fhir.store.contract` is the test suite that every store passes.
"""

from cart_fhir.store.base import Page, Store, Stored, Transaction, Written
from cart_fhir.store.opening import open_remote, open_sql, open_store

__all__ = ["Page", "Store", "Stored", "Transaction", "Written", "open_remote", "open_sql", "open_store"]
