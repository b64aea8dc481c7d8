"""From the conditions of a `Query` to SQL on the `resource` table.

Each condition becomes a sub-select of resource keys, used in one of two ways: as `key IN (...)`, which lets the
database begin with the few keys it finds, or as `EXISTS (...)` for one key at a time, which is cheap once few
resources are left. The condition likely to leave the fewest begins; the others are tested one by one.
"""

# ruff: noqa: S608  # what is put into statements as text is ours, the rest are values (clause.py)

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import singledispatchmethod

from cart_fhir.errors import NotSupported
from cart_fhir.search.query import (
    AllOf,
    AnyOf,
    Chain,
    CompositeValue,
    Condition,
    DateValue,
    FullText,
    Has,
    InList,
    Match,
    Missing,
    Not,
    OfType,
    OnType,
    Parameter,
    SimpleValue,
    TokenValue,
)
from cart_fhir.store import fulltext
from cart_fhir.store.clause import FALSE, Clause, Statement, among, either, every, one_of
from cart_fhir.store.tables import parameter_number, parameter_numbers
from cart_fhir.store.values import any_of, clause, interval

_FIRST = ("_id", "identifier", "patient", "subject", "name", "family", "encounter", "code")
"""Parameters that usually leave few resources, best first."""

_WEIGHED = 12
"""So many conditions PostgreSQL may weigh against each other; with hundreds it would plan for minutes."""


@dataclass(frozen=True)
class Scope:
    """Where conditions apply: an alias of `resource` and the types its rows can be of.

    `single`: the target is one resource at the end of a chain, or one that many conditions have left; nothing is to
    be gained by beginning elsewhere.
    """

    target: str
    types: tuple[str, ...]
    statement: Statement
    single: bool = False

    def all_of(self, conditions: Iterable[Condition]) -> list[Clause]:
        """The clauses of conditions that must all hold; the most telling one first, to be begun with."""
        ordered = sorted(conditions, key=_rank)
        left = replace(self, single=True)
        return [
            (self if place < _WEIGHED else left).clause(condition, begin=place == 0)
            for place, condition in enumerate(ordered)
        ]

    @singledispatchmethod
    def clause(self, condition: Condition, begin: bool = False) -> Clause:
        """The clause of one condition; `begin`: as a set of keys to start from."""
        raise NotSupported(f"This store cannot answer {type(condition).__name__}.")

    @clause.register
    def _(self, condition: Match, begin: bool = False) -> Clause:
        if condition.parameter.code == "_id":
            ids = [value.code for value in condition.values if isinstance(value, TokenValue)]
            found = among(f"{self.target}.id", ids) if ids else FALSE
        elif condition.parameter.code == "_lastUpdated":
            found = either(*(self._updated(value) for value in condition.values if isinstance(value, DateValue)))
        else:
            found = self._matched(condition, begin and not condition.negated)
        return ~found if condition.negated else found

    @clause.register
    def _(self, condition: Missing, begin: bool = False) -> Clause:
        kind, parameter = condition.parameter.kind, condition.parameter
        present = self._any_row(kind, parameter)
        if kind == "reference":  # a reference by identifier only has its rows elsewhere
            present = either(present, self._any_row("token", parameter, ":identifier"))
        return ~present if condition.missing else present

    @clause.register
    def _(self, condition: Chain, begin: bool = False) -> Clause:
        row, there = self.statement.name("reference"), self.statement.name("resource")
        inner = self._there(there, condition.types, condition.condition, begin)
        where = every(self._is(row, condition.parameter, begin=begin), _of(there, condition.types), inner)
        link = f"{there}.type = {row}.type AND {there}.id = {row}.target AND {there}.deleted = FALSE"
        source = f"reference_index AS {row} JOIN resource AS {there} ON {link}"
        if begin:
            return self._among(Clause(f"SELECT {row}.resource FROM {source} WHERE {where.text}", where.values))
        return self._one_by_one(f"{row}.resource = {self.target}.key", source, where)

    @clause.register
    def _(self, condition: Has, begin: bool = False) -> Clause:
        row, there = self.statement.name("reference"), self.statement.name("resource")
        inner = self._there(there, (condition.type,), condition.condition, begin)
        points = one_of(f"{row}.parameter", parameter_numbers(condition.parameter, (condition.type,)))
        source = f"reference_index AS {row} JOIN resource AS {there} ON {there}.key = {row}.resource"
        where = every(Clause(points), _of(there, (condition.type,)), inner)
        if begin:
            here = self.statement.name("resource")
            source += f" JOIN resource AS {here} ON {here}.type = {row}.type AND {here}.id = {row}.target"
            return self._among(Clause(f"SELECT {here}.key FROM {source} WHERE {where.text}", where.values))
        return self._pointed_at(row, source, where)

    @clause.register
    def _(self, condition: InList, begin: bool = False) -> Clause:
        row, there = self.statement.name("reference"), self.statement.name("resource")
        source = f"reference_index AS {row} JOIN resource AS {there} ON {there}.key = {row}.resource"
        item = one_of(f"{row}.parameter", [parameter_number("List", "item")])
        where = every(Clause(item), _of(there, ("List",)), among(f"{there}.id", [condition.id]))
        return self._pointed_at(row, source, where)

    @clause.register
    def _(self, condition: FullText, begin: bool = False) -> Clause:
        found = fulltext.keys(condition, self.statement.postgres)
        return Clause(f"{self.target}.key IN ({found.text})", found.values)

    @clause.register
    def _(self, condition: AnyOf, begin: bool = False) -> Clause:
        return either(*(self.clause(one, begin=begin) for one in condition.conditions))

    @clause.register
    def _(self, condition: AllOf, begin: bool = False) -> Clause:
        return every(*(self.all_of(condition.conditions) if begin else map(self.clause, condition.conditions)))

    @clause.register
    def _(self, condition: Not, begin: bool = False) -> Clause:
        return ~self.clause(condition.condition)

    @clause.register
    def _(self, condition: OnType, begin: bool = False) -> Clause:
        inner = replace(self, types=condition.types).clause(condition.condition, begin=begin)
        return every(_of(self.target, condition.types), inner)

    def _there(self, target: str, types: tuple[str, ...], condition: Condition, begin: bool) -> Clause:
        """The condition on the other end of a link. SQLite has it worked out once, as it nests statements less deep."""
        once = begin or not self.statement.postgres
        return Scope(target, types, self.statement, single=not once).clause(condition, begin=once)

    def _matched(self, condition: Match, begin: bool) -> Clause:
        """The parameter has one of the values: one sub-select for the plain ones, one for each composite value."""
        composites = [value for value in condition.values if isinstance(value, CompositeValue)]
        plain: list[SimpleValue] = [value for value in condition.values if not isinstance(value, CompositeValue)]
        found = [self._composite(condition.parameter, value, begin) for value in composites]
        for suffix, values in _by_suffix(condition.parameter, plain).items():
            kind = "token" if suffix else condition.parameter.kind
            row = self.statement.name(kind)
            where = every(self._is(row, condition.parameter, suffix, begin=begin), any_of(row, values))
            found.append(self._used(row, f"{kind}_index AS {row}", where, begin))
        return either(*found)

    def _composite(self, parameter: Parameter, value: CompositeValue, begin: bool) -> Clause:
        rows = [self.statement.name(part.kind) for part in parameter.components]
        first = rows[0]
        source = f"{parameter.components[0].kind}_index AS {first}"
        for row, part in zip(rows[1:], parameter.components[1:], strict=True):
            same = f"{row}.resource = {first}.resource AND {row}.occurrence = {first}.occurrence"
            source += f" JOIN {part.kind}_index AS {row} ON {same}"
        tests = [
            test
            for part, row, wanted in zip(parameter.components, rows, value.parts, strict=True)
            for test in (self._is(row, part, begin=begin), clause(row, wanted))
        ]
        return self._used(first, source, every(*tests), begin)

    def _any_row(self, kind: str, parameter: Parameter, suffix: str = "") -> Clause:
        row = self.statement.name(kind)
        return self._used(row, f"{kind}_index AS {row}", self._is(row, parameter, suffix), False)

    def _is(self, row: str, parameter: Parameter, suffix: str = "", *, begin: bool = False) -> Clause:
        """The row is of this parameter.

        Where the rows of one given resource are asked for there are a handful; yet SQLite, which has no statistics
        here, prefers an index that begins with the parameter when it also bounds the value, and reads the rows of
        every resource. A unary plus keeps it from that. PostgreSQL knows better by itself.
        """
        plus = "" if begin or self.statement.postgres else "+"
        return Clause(one_of(f"{plus}{row}.parameter", parameter_numbers(parameter, self.types, suffix)))

    def _used(self, row: str, source: str, where: Clause, begin: bool) -> Clause:
        """The resource has such a row: its key is in the sub-select, or one exists for it."""
        link = f"{row}.resource = {self.target}.key"
        if self.single:
            return self._one_by_one(link, source, where)
        if begin:
            text = f"{self.target}.key IN (SELECT {row}.resource FROM {source} WHERE {where.text})"
        else:
            text = f"EXISTS (SELECT 1 FROM {source} WHERE {link} AND {where.text})"
        return Clause(text, where.values)

    def _pointed_at(self, row: str, source: str, where: Clause) -> Clause:
        """Such a reference leads to the resource."""
        return self._one_by_one(f"{row}.type = {self.target}.type AND {row}.target = {self.target}.id", source, where)

    def _one_by_one(self, link: str, source: str, where: Clause) -> Clause:
        """Such a link exists for the resource.

        PostgreSQL cannot tell how many resources a chain leaves (it takes one of hundreds for one) and would begin with
        it; an OFFSET keeps the sub-select where it stands.
        """
        fence = " OFFSET 0" if self.statement.postgres else ""
        return Clause(f"EXISTS (SELECT 1 FROM {source} WHERE {link} AND {where.text}{fence})", where.values)

    def _among(self, keys: Clause) -> Clause:
        return Clause(f"{self.target}.key IN (SELECT resource FROM {self.statement.apart(keys)})")

    def _updated(self, value: DateValue) -> Clause:
        # Kept in microseconds, but an instant is shown with three digits: it stands for its whole millisecond.
        return interval(f"{self.target}.updated", f"({self.target}.updated + 999)", value)


def _of(target: str, types: tuple[str, ...]) -> Clause:
    """The resource is of one of these types."""
    return among(f"{target}.type", types)


def _by_suffix(parameter: Parameter, values: list[SimpleValue]) -> dict[str, list[SimpleValue]]:
    """The values by what follows the code of the rows they are found in: two modifiers have rows of their own."""
    found: dict[str, list[SimpleValue]] = {}
    for value in values:
        by_identifier = isinstance(value, TokenValue) and parameter.kind == "reference"
        suffix = ":of-type" if isinstance(value, OfType) else ":identifier" if by_identifier else ""
        found.setdefault(suffix, []).append(value)
    return found


def _rank(condition: Condition) -> int:
    """How late a condition should come: those that leave few resources come first."""
    if isinstance(condition, Match) and not condition.negated:
        code = condition.parameter.code
        return _FIRST.index(code) if code in _FIRST else len(_FIRST) + 2
    if isinstance(condition, FullText):
        return 1
    if isinstance(condition, Chain | Has):
        return len(_FIRST)
    if isinstance(condition, AllOf):
        return min(map(_rank, condition.conditions), default=99)
    return 99
