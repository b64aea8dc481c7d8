"""Search, without SQL and HTTP. In: resources and query strings; out: index rows and a store-neutral `Query`."""

from cart_fhir.search.index import Indexer, index
from cart_fhir.search.parse import parse
from cart_fhir.search.query import Query

__all__ = ["Indexer", "Query", "index", "parse"]
