"""Running a `Query` on the SQL store: matches in keyset pages, the total, and what is to be included."""

# ruff: noqa: S608  # what is put into statements as text is ours, the rest are values (clause.py)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from cart_fhir.definitions import Registry
from cart_fhir.errors import BadRequest
from cart_fhir.search.query import Query, Sort
from cart_fhir.store import reading
from cart_fhir.store.base import Page
from cart_fhir.store.clause import Clause, Statement, among, ask, either, every, one_of
from cart_fhir.store.conditions import Scope
from cart_fhir.store.including import included
from cart_fhir.store.paging import Tokens
from cart_fhir.store.tables import parameter_numbers


@dataclass(frozen=True, slots=True)
class _Order:
    """One key of the order: a value for each resource, NULL for none, which comes last."""

    value: str
    descending: bool
    can_be_missing: bool

    def said(self, name: str) -> str:
        """The term of an ORDER BY, the value being known as `name`."""
        nulls = " NULLS LAST" if self.can_be_missing else ""
        return f"{name}{' DESC' if self.descending else ''}{nulls}"


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
        statement = Statement(connection.dialect.name == "postgresql")
        target = statement.name("resource")
        types = query.types or tuple(self._registry.resource_types)
        where = every(
            Clause(f"{target}.deleted = FALSE"),
            *([among(f"{target}.type", types)] if query.types else []),
            *Scope(target, types, statement).all_of(query.conditions),
        )
        total = None
        if query.total != "none" or size == 0:
            counted = Clause(f"SELECT count(*) FROM resource AS {target} WHERE {where.text}", where.values)
            total = ask(connection, statement.whole(counted))[0][0]
        if size == 0:
            return Page(total=total, issues=query.issues)
        orders = [_order(statement, target, types, sort) for sort in query.sort]
        if query.page:
            where = every(where, self._after(connection, target, orders, query))
        found = ask(connection, statement.whole(_selected(target, where, orders, size + 1)))
        shown = found[:size]
        extra: list[Any] = []
        if query.includes:
            extra = included(connection, self._registry, query.includes, [row[6] for row in shown])
        next = self._token(shown[-1], query) if len(found) > len(shown) else ""
        return Page([reading.first_of(row) for row in shown], extra, total, next, query.issues)

    def _token(self, last: Sequence[Any], query: Query) -> str:
        key, seq = last[6:8]
        position = {"key": key, "seq": seq} if query.sort else {"key": key}
        return self._tokens.make(position, _origin(query), query.caller)

    def _after(self, connection: Connection, target: str, orders: list[_Order], query: Query) -> Clause:
        """The resources after the one the token names; its place in the order is looked up, not told by the token."""
        position = self._tokens.open(query.page, _origin(query), query.caller)
        if not orders:
            return Clause(f"{target}.key > ?", (position["key"],))
        values = ", ".join(order.value for order in orders)
        last = Clause(
            f"SELECT {values} FROM resource AS {target} WHERE {target}.key = ? AND {target}.seq = ?",
            (position["key"], position["seq"]),
        )
        rows = ask(connection, last)
        if not rows:
            raise BadRequest(
                "The resource at the end of the previous page has changed since, so this page cannot be found.",
                advice="Start the search again from its first page.",
            )
        return _beyond(target, orders, rows[0], position["key"])


def _origin(query: Query) -> str:
    return query.origin or repr((query.types, query.conditions, query.sort))


def _selected(target: str, where: Clause, orders: list[_Order], limit: int) -> Clause:
    """The first resources in their order, each with its current version."""
    values = "".join(f", {order.value} AS sorted_{place}" for place, order in enumerate(orders))
    names = [order.said(f"sorted_{place}") for place, order in enumerate(orders)]
    keys = f"SELECT {target}.key{values} FROM resource AS {target} WHERE {where.text}"
    keys += f" ORDER BY {', '.join([*names, f'{target}.key'])} LIMIT ?"
    within = [f"found.{name}" for name in names]
    text = f"{reading.CURRENT_OF.format(keys=f'({keys})')} ORDER BY {', '.join([*within, 'found.key'])}"
    return Clause(text, (*where.values, limit))


def _beyond(target: str, orders: list[_Order], last: Sequence[Any], key: int) -> Clause:
    """Rows that sort after these values: greater in one key and equal in all before it."""
    beyond = Clause(f"{target}.key > ?", (key,))
    for order, value in reversed(list(zip(orders, last, strict=True))):
        missing = Clause(f"{order.value} IS NULL")
        if value is None:
            beyond = every(missing, beyond)
            continue
        past = Clause(f"{order.value} {'<' if order.descending else '>'} ?", (value,))
        same = Clause(f"{order.value} = ?", (value,))
        beyond = either(past, every(same, beyond), *([missing] if order.can_be_missing else []))
    return beyond


def _order(statement: Statement, target: str, types: tuple[str, ...], sort: Sort) -> _Order:
    code = sort.parameter.code
    if code in ("_id", "_lastUpdated"):
        return _Order(f"{target}.id" if code == "_id" else f"{target}.updated", sort.descending, False)
    kind = sort.parameter.kind
    row = statement.name(kind)
    low, high = _sorted_columns(row, kind)
    value = f"max({high})" if sort.descending else f"min({low})"
    plus = "" if statement.postgres else "+"  # see Scope._is
    parameter = one_of(f"{plus}{row}.parameter", parameter_numbers(sort.parameter, types))
    found = f"(SELECT {value} FROM {kind}_index AS {row} WHERE {row}.resource = {target}.key AND {parameter})"
    return _Order(found, sort.descending, True)


def _sorted_columns(row: str, kind: str) -> tuple[str, str]:
    """What is compared, ascending and descending, in the rows of a kind."""
    if kind == "quantity":
        return f"coalesce({row}.base_low, {row}.low)", f"coalesce({row}.base_high, {row}.high)"
    if kind in ("date", "number"):
        return f"{row}.low", f"{row}.high"
    one = f"{row}.{_SORTED.get(kind, 'target')}"
    return one, one


_SORTED = {"token": "code", "string": "folded", "uri": "value"}
