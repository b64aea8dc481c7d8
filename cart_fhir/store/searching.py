"""Running a `Query` on the SQL store: matches in keyset pages, the total, and what is to be included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, func, literal, or_, select

from cart_fhir.definitions import Registry
from cart_fhir.errors import BadRequest
from cart_fhir.search.query import Query, Sort
from cart_fhir.store import reading
from cart_fhir.store.aliases import Aliases
from cart_fhir.store.base import Page
from cart_fhir.store.conditions import Scope
from cart_fhir.store.including import included
from cart_fhir.store.paging import Tokens
from cart_fhir.store.probing import probed
from cart_fhir.store.tables import parameter_numbers, resource
from cart_fhir.store.values import Clause


@dataclass(frozen=True, slots=True)
class _Order:
    """One key of the order: a value for each resource, NULL for none, which comes last."""

    value: ColumnElement[Any]
    descending: bool
    can_be_missing: bool


class Searcher:
    """Runs queries over connections that are given to it."""

    def __init__(self, registry: Registry, tokens: Tokens) -> None:
        self._registry = registry
        self._tokens = tokens

    def search(self, connection: Connection, query: Query) -> Page:
        """One page of the answer; see `Reader.search`."""
        size = reading.PAGE_SIZE if query.count is None else query.count
        if size < 0:
            raise BadRequest("_count cannot be negative.")
        size = min(size, reading.MAX_PAGE_SIZE)
        aliases = Aliases()
        target = aliases.resource()
        types = query.types or tuple(self._registry.resource_types)
        where = [target.c.deleted.is_(False), *Scope(target, types, aliases).all_of(query.conditions)]
        if query.types:
            where.append(target.c.type.in_(types) if len(types) > 1 else target.c.type == types[0])
        total = None
        if query.total != "none" or size == 0:
            total = connection.scalar(select(func.count()).select_from(target).where(*where))
        if size == 0:
            return Page(total=total, issues=query.issues)
        orders = [_order(target, types, sort, aliases) for sort in query.sort]
        if query.page:
            where.append(self._after(connection, target, orders, query))
        keys = _ordered(select(target.c.key).where(*where), target, orders).limit(size + 1)
        found = list(connection.scalars(keys))
        shown = found[:size]
        matches = reading.by_keys(connection, shown)
        extra = included(connection, self._registry, query.includes, shown) if query.includes else []
        next = self._token(connection, shown[-1], query) if len(found) > len(shown) else ""
        return Page([matches[key] for key in shown], extra, total, next, query.issues)

    def _token(self, connection: Connection, key: int, query: Query) -> str:
        seq = connection.scalar(select(resource.c.seq).where(resource.c.key == key)) if query.sort else None
        position = {"key": key} if seq is None else {"key": key, "seq": seq}
        return self._tokens.make(position, _origin(query), query.caller)

    def _after(
        self, connection: Connection, target: FromClause, orders: list[_Order], query: Query
    ) -> ColumnElement[bool]:
        """The resources after the one the token names; its place in the order is looked up, not told by the token."""
        position = self._tokens.open(query.page, _origin(query), query.caller)
        if not orders:
            after: Clause = target.c.key > position["key"]
            return after
        last = select(*(order.value for order in orders)).select_from(target)
        last = last.where(target.c.key == position["key"], target.c.seq == position["seq"])
        values = connection.execute(last).first()
        if values is None:
            raise BadRequest(
                "The resource at the end of the previous page has changed since, so this page cannot be found.",
                advice="Start the search again from its first page.",
            )
        return _beyond(target, orders, values, position["key"])


def _origin(query: Query) -> str:
    return query.origin or repr((query.types, query.conditions, query.sort))


def _ordered(keys: Select[int], target: FromClause, orders: list[_Order]) -> Select[int]:
    for order in orders:
        if order.can_be_missing:
            keys = keys.order_by(order.value.is_(None))
        keys = keys.order_by(order.value.desc() if order.descending else order.value.asc())
    return keys.order_by(target.c.key)


def _beyond(target: FromClause, orders: list[_Order], last: Sequence[Any], key: int) -> Clause:
    """Rows that sort after these values: greater in one key and equal in all before it."""
    beyond: Clause = target.c.key > key
    for order, value in reversed(list(zip(orders, last, strict=True))):
        if value is None:
            beyond = and_(order.value.is_(None), beyond)
            continue
        # A typed literal: a bare parameter beside a sub-select has no type on PostgreSQL.
        known = literal(value, order.value.type)
        past = order.value < known if order.descending else order.value > known
        beyond = or_(
            past, and_(order.value == known, beyond), *([order.value.is_(None)] if order.can_be_missing else [])
        )
    return beyond


def _order(target: FromClause, types: tuple[str, ...], sort: Sort, aliases: Aliases) -> _Order:
    code = sort.parameter.code
    if code in ("_id", "_lastUpdated"):
        return _Order(target.c.id if code == "_id" else target.c.updated, sort.descending, False)
    row = aliases.index(sort.parameter.kind)
    low, high = _sorted_columns(row, sort.parameter.kind)
    value = func.max(high) if sort.descending else func.min(low)
    numbers = parameter_numbers(sort.parameter, types)
    found = select(value).where(row.c.resource == target.c.key, probed(row.c.parameter).in_(numbers))
    return _Order(found.correlate(target).scalar_subquery(), sort.descending, True)


def _sorted_columns(row: FromClause, kind: str) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """What is compared, ascending and descending, in the rows of a kind."""
    columns = row.c
    if kind == "quantity":
        return func.coalesce(columns.base_low, columns.low), func.coalesce(columns.base_high, columns.high)
    if kind in ("date", "number"):
        return columns.low, columns.high
    one: ColumnElement[Any] = columns[{"token": "code", "string": "folded", "uri": "value"}.get(kind, "target")]
    return one, one
