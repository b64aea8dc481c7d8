"""The store on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from random import random
from time import sleep

from sqlalchemy import func, make_url, select

from cart_fhir.definitions import Registry
from cart_fhir.errors import Conflict
from cart_fhir.search.index import Indexer
from cart_fhir.search.query import Query
from cart_fhir.store import fulltext, purging, reading, reindexing, schema
from cart_fhir.store.base import Json, Page, Progress, Result, Stored, Transaction
from cart_fhir.store.engine import connect, turn, writing
from cart_fhir.store.engine import reading as reading_connection
from cart_fhir.store.labels import labels
from cart_fhir.store.paging import Tokens
from cart_fhir.store.searching import Searcher
from cart_fhir.store.statistics import Statistics
from cart_fhir.store.tables import resource
from cart_fhir.store.writing import SQLTransaction

_ATTEMPTS = 4


class SQLStore:
    """See `store.base.Store`. `url` as in `engine.connect`; the schema is made when it is not there.

    Give one store to all threads. After a fork each process must open its own.
    """

    def __init__(self, url: str, registry: Registry) -> None:
        self._engine = connect(url)
        self._turn = turn(self._engine, url)
        self._registry = registry
        try:
            with writing(self._engine) as connection:
                secret = schema.prepare(connection)
                self.full_text = fulltext.prepare(connection, str(make_url(url).query.get("full_text", "")))
        except BaseException:
            self._engine.dispose()
            raise
        self._tokens = Tokens(secret)
        self._searcher = Searcher(registry, self._tokens)
        self._indexer = Indexer(registry)
        self._statistics = Statistics(self._engine)
        self._noted: frozenset[str] = frozenset()  # types whose signature is in the database

    def read(self, type: str, id: str) -> Stored:
        with reading_connection(self._engine, one_statement=True) as connection:
            return reading.read(connection, type, id)

    def vread(self, type: str, id: str, version: str) -> Stored:
        with reading_connection(self._engine, one_statement=True) as connection:
            return reading.vread(connection, type, id, version)

    def search(self, query: Query) -> Page:
        alone = not (query.includes or query.page or query.total != "none")  # else all statements see one state
        with reading_connection(self._engine, one_statement=alone) as connection:
            return self._searcher.search(connection, query)

    def history(
        self,
        type: str | None = None,
        id: str | None = None,
        *,
        since: datetime | None = None,
        at: tuple[datetime, datetime] | None = None,
        count: int | None = None,
        page: str = "",
    ) -> Page:
        with reading_connection(self._engine) as connection:
            return reading.history(connection, self._tokens, type, id, since, at, count, page)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self._turn.taken(), writing(self._engine) as connection:
            tx = SQLTransaction(
                connection,
                self._registry,
                self._indexer,
                self._searcher,
                self._tokens,
                full_text=self.full_text,
                noted=self._noted,
            )
            yield tx
            tx.flush()
        self._noted = self._noted | tx.noted
        self._statistics.wrote(tx.rows_written)  # after the commit, so that it holds up no other writer

    def run(self, work: Callable[[Transaction], Result]) -> Result:
        for attempt in range(1, _ATTEMPTS):
            try:
                with self.transaction() as tx:
                    return work(tx)
            except Conflict:
                sleep(0.01 * 2**attempt * (1 + random()))  # noqa: S311  # spreads the retries, guards nothing
        with self.transaction() as tx:
            return work(tx)

    def counts(self) -> Mapping[str, int]:
        columns = resource.c
        wanted = select(columns.type, func.count()).where(columns.deleted.is_(False)).group_by(columns.type)
        with reading_connection(self._engine, one_statement=True) as connection:
            return {row[0]: row[1] for row in connection.execute(wanted.order_by(columns.type))}

    def labels(self, types: Iterable[str]) -> Json:
        """The profiles, security labels and tags in use on resources of these types, as a Meta."""
        with reading_connection(self._engine) as connection:
            return labels(connection, types)

    def ping(self) -> None:
        with reading_connection(self._engine, one_statement=True) as connection:
            connection.execute(select(1))

    def reindex(self, progress: Progress | None = None) -> int:
        return reindexing.reindex(self._engine, self._registry, self._indexer, progress, self.full_text)

    def stale(self) -> list[str]:
        """The types whose index was made by other search parameters than the registry's: `reindex` is due."""
        return reindexing.stale(self._engine, self._registry, self.full_text)

    def purge(self, type: str, id: str) -> str:
        return purging.purge(self._engine, type, id, self.full_text)

    def close(self) -> None:
        self._engine.dispose()
