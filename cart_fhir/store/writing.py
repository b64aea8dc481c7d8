"""A transaction on the SQL store: changes are gathered and written in a few large statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, func, select, text

from cart_fhir.definitions import Registry
from cart_fhir.errors import BadRequest, Conflict, PreconditionFailed
from cart_fhir.formats import json
from cart_fhir.search.dates import microseconds, moment
from cart_fhir.search.index import Indexer
from cart_fhir.search.query import Query
from cart_fhir.store import fulltext, reading
from cart_fhir.store.base import Json, Method, Page, Stored, Written
from cart_fhir.store.clause import Clause, ask
from cart_fhir.store.inserting import insert
from cart_fhir.store.lines import Body, IndexLines, numbered
from cart_fhir.store.paging import Tokens
from cart_fhir.store.reindexing import note_first
from cart_fhir.store.searching import Searcher
from cart_fhir.store.tables import INDEXES, parameter_number, resource, version

_CHUNK = 400
_FLUSH = 2000
"""Resources gathered before they are sent, so that a large load does not stand in memory twice."""
_MOST_KNOWN = 20_000
"""Current versions remembered; beyond it all are forgotten, as the database can be asked again."""


_STATE = ("version", "seq", "updated", "deleted", "digest")
"""Columns of `resource` that change with every version."""


_COLUMNS = "resource.type, resource.id, resource.key, version, seq, updated, deleted, digest"
_LOOK = (
    f"SELECT {_COLUMNS} FROM json_each(?) AS wanted CROSS JOIN resource"  # noqa: S608  # ours
    " ON resource.type = json_extract(wanted.value, '$[0]') AND resource.id = json_extract(wanted.value, '$[1]')"
)
_LOCK = (
    f"SELECT {_COLUMNS} FROM resource JOIN unnest(CAST(? AS text[]), CAST(? AS text[])) AS wanted (type, id)"  # noqa: S608  # ours
    " ON resource.type = wanted.type AND resource.id = wanted.id"
    " ORDER BY resource.type, resource.id FOR UPDATE OF resource"
)
"""What is there of (type, id) pairs, on SQLite and PostgreSQL; locked in one order, so nobody waits in a circle."""


@dataclass(slots=True)
class _Current:
    """What the database (or this transaction) holds of one resource now."""

    key: int
    version: int
    seq: int
    updated: int
    deleted: bool
    digest: bytes
    stored: Stored | None = None
    is_new: bool = False


class SQLTransaction:
    """See `store.base.Transaction`. Lives within `SQLStore.transaction()`; not for several threads at once."""

    def __init__(
        self,
        connection: Connection,
        registry: Registry,
        indexer: Indexer,
        searcher: Searcher,
        tokens: Tokens,
        *,
        full_text: bool,
        noted: Iterable[str] = (),
    ) -> None:
        self._full_text = full_text
        self._connection = connection
        self._registry = registry
        self._indexer = indexer
        self._searcher = searcher
        self._tokens = tokens
        self._postgres = connection.dialect.name == "postgresql"
        now = datetime.now(UTC)
        self._now = now.replace(microsecond=now.microsecond // 1000 * 1000)  # what a FHIR instant shows
        self._known: dict[tuple[str, str], _Current | None] = {}
        self.noted = set(noted)  # types whose signature the database has
        self._numbers: list[int] = []
        self._new: list[tuple[Any, ...]] = []
        self._changed: dict[int, _Current] = {}
        self._versions: list[tuple[Any, ...]] = []
        self._rows: dict[int, IndexLines] = {}
        self._words: dict[int, fulltext.Line | None] = {}
        self.rows_written = 0  # of the index and of versions, for the planner's statistics

    # -- reading ------------------------------------------------------------------------------------------------------

    def read(self, type: str, id: str) -> Stored:
        self.flush()
        return reading.read(self._connection, type, id)

    def vread(self, type: str, id: str, version: str) -> Stored:
        self.flush()
        return reading.vread(self._connection, type, id, version)

    def search(self, query: Query) -> Page:
        self.flush()
        return self._searcher.search(self._connection, query)

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
        self.flush()
        return reading.history(self._connection, self._tokens, type, id, since, at, count, page)

    # -- locking ------------------------------------------------------------------------------------------------------

    def exclusive(self, types: Iterable[str]) -> None:
        if self._postgres:  # SQLite has one writer at a time anyway
            for name in sorted(set(types)):
                number = parameter_number(name, "") - 2**47
                self._connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})

    def expect(self, references: Iterable[tuple[str, str]]) -> None:
        if len(self._known) > _MOST_KNOWN:
            self.flush()
            self._known.clear()
        unknown = sorted({reference for reference in references if reference not in self._known})
        for start in range(0, len(unknown), _CHUNK):
            self._load(unknown[start : start + _CHUNK])

    def _load(self, references: Sequence[tuple[str, str]]) -> None:
        """Read and lock what is there of these, in one statement whose text is always the same."""
        if self._postgres:
            wanted = Clause(_LOCK, tuple([one[place] for one in references] for place in (0, 1)))
        else:
            wanted = Clause(_LOOK, (json.dumps(references).decode(),))
        self._known |= dict.fromkeys(references)
        for type, id, key, number, seq, updated, deleted, digest in ask(self._connection, wanted):
            self._known[type, id] = _Current(key, number, seq, updated, bool(deleted), bytes(digest))

    def _current(self, type: str, id: str) -> _Current | None:
        if (type, id) not in self._known:
            self._load([(type, id)])
        return self._known[type, id]

    # -- writing ------------------------------------------------------------------------------------------------------

    def create(self, resource: Json, id: str = "") -> Written:
        type = resource["resourceType"]
        if not id:
            id = str(uuid4())
            self._known[(type, id)] = None  # nobody has it: no need to ask the database
        if self._current(type, id) is not None:
            raise Conflict(f"{type}/{id} is there already.")
        return self._put(resource, id, None, "POST", Body(resource))

    def update(self, resource: Json, *, expected: str | None = None, method: Method = "PUT") -> Written:
        type, id = resource["resourceType"], resource.get("id")
        if not isinstance(id, str) or not id or "\0" in id:
            raise BadRequest("A resource that is to be updated needs its id.", expression=f"{type}.id")
        current = self._current(type, id)
        _check(type, id, current, expected)
        body = Body(resource)
        if current and not current.deleted and current.digest == body.digest:
            return Written(self._stored(type, id, current), created=False, changed=False)
        return self._put(resource, id, current, method, body)

    def delete(self, type: str, id: str, *, expected: str | None = None) -> Stored | None:
        current = self._current(type, id)
        _check(type, id, current, expected)
        if current is None or current.deleted:
            return None
        stored = Stored(type, id, current.version + 1, self._later(current), "DELETE", b"")
        self._keep(current, stored, b"", {}, None)
        return stored

    def _put(self, resource: Json, id: str, current: _Current | None, method: Method, body: Body) -> Written:
        number = current.version + 1 if current else 1
        updated = self._later(current)
        stored = Stored(body.type, id, number, updated, method, body.text(id, number, updated))
        if current is None:
            key = self._number()
            current = _Current(key, 0, key, 0, False, b"", is_new=True)
            self._known[(body.type, id)] = current
        created = current.version == 0 or current.deleted
        words = fulltext.line(self._postgres, current.key, resource) if self._full_text else None
        rows = numbered(current.key, body.type, self._indexer.rows(resource))
        self._keep(current, stored, body.digest, rows, words)
        return Written(stored, created=created)

    def _keep(
        self, current: _Current, stored: Stored, digest: bytes, rows: IndexLines, words: fulltext.Line | None
    ) -> None:
        """Note a new version for the next flush; `current` becomes it."""
        first = current.version == 0
        current.seq = current.key if first else self._number()
        current.version, current.digest, current.deleted = stored.version, digest, stored.deleted
        current.updated, current.stored = microseconds(stored.updated), stored
        line = (current.seq, current.key, stored.type, stored.version, current.updated, stored.method, stored.text)
        self._versions.append(line)
        if first:
            self._new.append((current.key, stored.type, stored.id))
        self._changed[current.key] = current
        self._rows[current.key] = rows
        self._words[current.key] = words
        if len(self._versions) >= _FLUSH:
            self.flush()

    def _later(self, current: _Current | None) -> datetime:
        """Now, or the time of the current version when the clock has been set back since."""
        return max(self._now, moment(current.updated)) if current else self._now

    def _stored(self, type: str, id: str, current: _Current) -> Stored:
        if current.stored is None:
            current.stored = self.read(type, id)
        return current.stored

    def _number(self) -> int:
        """The next number of `version.seq`; asked for in dozens, as each asking is a round trip."""
        if not self._numbers:
            if self._postgres:
                number = 256 if self._versions else 8  # most transactions are small
                wanted = Clause("SELECT nextval('version_seq') FROM generate_series(1, ?)", (number,))
                self._numbers = sorted((row[0] for row in ask(self._connection, wanted)), reverse=True)
            else:
                self.flush()
                last = self._connection.scalar(select(func.max(version.c.seq))) or 0
                self._numbers = list(range(last + _FLUSH * 4, last, -1))
        return self._numbers.pop()

    def flush(self) -> None:
        """Send what was gathered to the database (still inside the transaction)."""
        if not self._versions:
            return
        changed = [current for current in self._changed.values() if not current.is_new]
        self._forget_rows([current.key for current in changed])
        types = {type for _, type, _ in self._new} - self.noted
        note_first(self._connection, self._registry, types, self._full_text)
        self.noted |= types
        made = {key: self._changed[key] for key, _, _ in self._new}
        lines = [(key, type, id, *_state(made[key])) for key, type, id in self._new]
        insert(self._connection, resource, lines)
        if changed:
            self._update(changed)
        insert(self._connection, version, self._versions)
        for kind, table in INDEXES.items():
            rows = [row for tables in self._rows.values() for row in tables.get(kind, ())]
            insert(self._connection, table, rows)
            self.rows_written += len(rows)
        fulltext.keep(self._connection, filter(None, self._words.values()))
        self.rows_written += len(self._versions)
        for current in self._changed.values():
            current.is_new, current.stored = False, None
        self._new, self._versions = [], []
        self._changed.clear()
        self._rows.clear()
        self._words.clear()

    def _update(self, changed: list[_Current]) -> None:
        mark = "%s" if self._postgres else "?"
        columns = ", ".join(f"{name} = {mark}" for name in _STATE)
        lines = [(*_state(current), current.key) for current in changed]
        statement = f"UPDATE resource SET {columns} WHERE key = {mark}"  # noqa: S608  # our names, values are bound
        self._connection.exec_driver_sql(statement, lines)

    def _forget_rows(self, keys: list[int]) -> None:
        for start in range(0, len(keys), _CHUNK):
            for table in INDEXES.values():
                self._connection.execute(delete(table).where(table.c.resource.in_(keys[start : start + _CHUNK])))
            if self._full_text:
                fulltext.forget(self._connection, keys[start : start + _CHUNK])


def _state(current: _Current) -> tuple[Any, ...]:
    """The values of the columns `_STATE`."""
    return (current.version, current.seq, current.updated, current.deleted, current.digest)


def _check(type: str, id: str, current: _Current | None, expected: str | None) -> None:
    if expected is None:
        return
    there = "nothing" if current is None else "a deletion" if current.deleted else f"version {current.version}"
    if there != f"version {expected}":
        raise PreconditionFailed(
            f"{type}/{id} was expected at version {expected}, but {there} is there now.",
            advice="Read it again, make the change on what you read, and send that.",
        )
