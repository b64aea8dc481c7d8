"""Reading single versions and histories over a connection, whichever transaction it is in."""

# ruff: noqa: S608  # what is put into statements as text is ours, the rest are values (clause.py)

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, func, select

from cart_fhir.errors import BadRequest, Gone, NotFound
from cart_fhir.search.dates import microseconds, moment
from cart_fhir.store.base import Page, Stored
from cart_fhir.store.clause import Clause, among, ask
from cart_fhir.store.paging import Tokens
from cart_fhir.store.tables import resource, version

VERSIONS = select(
    resource.c.type,
    resource.c.id,
    version.c.version,
    version.c.updated,
    version.c.method,
    version.c.text,
    version.c.seq,
)
"""What a `Stored` is made of, to be joined and filtered."""

CURRENT = VERSIONS.join_from(resource, version, version.c.seq == resource.c.seq)
_READ = CURRENT.where(resource.c.type == bindparam("type"), resource.c.id == bindparam("id"))
_VREAD = VERSIONS.join_from(resource, version, version.c.key == resource.c.key).where(
    resource.c.type == bindparam("type"),
    resource.c.id == bindparam("id"),
    version.c.version == bindparam("version"),
)

PAGE_SIZE = 50
MAX_PAGE_SIZE = 10_000


def stored(row: Row[Any, Any, Any, Any, Any, Any, Any]) -> Stored:
    """The version a row of `VERSIONS` stands for."""
    return Stored(row.type, row.id, row.version, moment(row.updated), row.method, bytes(row.text))


def read(connection: Connection, type: str, id: str) -> Stored:
    """The current version; NotFound, Gone."""
    row = connection.execute(_READ, {"type": type, "id": id}).first()
    if row is None:
        raise NotFound(f"There is no {type} with the id '{id}'.")
    if row.method == "DELETE":
        raise Gone(f"{type}/{id} has been deleted.")
    return stored(row)


def vread(connection: Connection, type: str, id: str, wanted: str) -> Stored:
    """One version, deletions included; NotFound."""
    row = None
    if wanted.isascii() and wanted.isdecimal() and len(wanted) < 10:
        row = connection.execute(_VREAD, {"type": type, "id": id, "version": int(wanted)}).first()
    if row is None:
        raise NotFound(f"There is no version '{wanted}' of {type}/{id}.")
    return stored(row)


CURRENT_OF = (
    "SELECT resource.type, resource.id, version.version, version.updated, version.method, version.text,"
    " resource.key, resource.seq FROM {keys} AS found JOIN resource ON resource.key = found.key"
    " JOIN version ON version.seq = resource.seq"
)
"""The current versions of the resources with the keys of a sub-select, to be read by `first_of`."""


def first_of(row: Sequence[Any]) -> Stored:
    """The version a row of `CURRENT_OF` stands for."""
    type, id, number, updated, method, text, *_ = row
    return Stored(type, id, number, moment(updated), method, bytes(text))


def by_keys(connection: Connection, keys: Sequence[int]) -> list[Stored]:
    """The current versions of the resources with these keys, in that order."""
    found: dict[int, Stored] = {}
    for start in range(0, len(keys), 500):
        part = among("key", keys[start : start + 500])
        wanted = CURRENT_OF.format(keys=f"(SELECT key FROM resource WHERE {part.text})")
        found |= {row[6]: first_of(row) for row in ask(connection, Clause(wanted, part.values))}
    return [found[key] for key in keys if key in found]


def history(  # noqa: PLR0917  # the arguments of Reader.history, passed on as they are
    connection: Connection,
    tokens: Tokens,
    type: str | None,
    id: str | None,
    since: datetime | None,
    at: tuple[datetime, datetime] | None,
    count: int | None,
    page: str,
) -> Page:
    """Versions, newest first; see `Reader.history`."""
    size = PAGE_SIZE if count is None else count
    if size < 0:
        raise BadRequest("The number of results per page cannot be negative.")
    origin = f"history {type}/{id} {since} {at}"
    where = _range(connection, type, id, since, at)
    total = connection.scalar(_joined(select(func.count())).where(*where)) or 0
    if page:
        where.append(version.c.seq < tokens.open(page, origin)["seq"])
    wanted = _joined(VERSIONS).where(*where).order_by(version.c.seq.desc()).limit(min(size, MAX_PAGE_SIZE) + 1)
    rows = connection.execute(wanted).all() if size else []
    shown = rows[: min(size, MAX_PAGE_SIZE)]
    next = tokens.make({"seq": shown[-1].seq}, origin) if len(rows) > len(shown) else ""
    return Page([stored(row) for row in shown], total=total, next=next)


def _joined(select_: Select[Any]) -> Select[Any]:
    return select_.select_from(version.join(resource, resource.c.key == version.c.key))


def _range(
    connection: Connection,
    type: str | None,
    id: str | None,
    since: datetime | None,
    at: tuple[datetime, datetime] | None,
) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if type is not None and id is not None:
        key = connection.scalar(select(resource.c.key).where(resource.c.type == type, resource.c.id == id))
        if key is None:
            raise NotFound(f"There is no {type} with the id '{id}'.")
        where.append(version.c.key == key)
    elif type is not None:
        where.append(version.c.type == type)
    if since is not None:
        where.append(version.c.updated >= microseconds(since))
    if at is not None:
        where.append(_current_within(*map(microseconds, at)))
    return where


def _current_within(low: int, high: int) -> ColumnElement[bool]:
    """The version was written by `high`, and no later one of the resource had taken its place by `low`."""
    later = version.alias("later")
    replaced = select(later.c.seq).where(
        later.c.key == version.c.key, later.c.version > version.c.version, later.c.updated <= low
    )
    return and_(version.c.updated <= high, ~replaced.correlate(version).exists())
