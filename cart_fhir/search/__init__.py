"""Search, without SQL and HTTP. In: resources and query strings; out: index rows and a store-neutral `Query`."""

from cart_fhir.search.query import Query

__all__ = ["Query"]
