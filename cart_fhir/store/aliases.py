"""Aliases of tables, made once and used by every search: making them is a quarter of the work of a small search."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from sqlalchemy import FromClause

from cart_fhir.store.tables import INDEXES, resource


class Aliases:
    """Hands out an alias of a table that is not yet in use in one statement."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()

    def index(self, kind: str) -> FromClause:
        """An alias of the index table of this kind."""
        return self._next(kind)

    def resource(self) -> FromClause:
        """An alias of `resource`."""
        return self._next("resource")

    def _next(self, name: str) -> FromClause:
        self._used[name] += 1
        return _alias(name, self._used[name])


@lru_cache(maxsize=1024)
def _alias(name: str, number: int) -> FromClause:
    table = resource if name == "resource" else INDEXES[name]
    return table.alias(f"{name}_{number}")
