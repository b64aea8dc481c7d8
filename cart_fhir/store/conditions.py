"""From the conditions of a `Query` to SQL on the `resource` table.

Each condition becomes a sub-select of resource keys, used in one of two ways: as `key IN (...)`, which lets the
database begin with the few keys it finds, or as `EXISTS (...)` for one key at a time, which is cheap once few
resources are left. The condition likely to leave the fewest begins; the others are tested one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import singledispatchmethod

from sqlalchemy import ColumnElement, FromClause, Select, and_, false, not_, or_, select, true

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
    OfType,
    OnType,
    Parameter,
    SimpleValue,
    TokenValue,
)
from cart_fhir.store import fulltext
from cart_fhir.store.aliases import Aliases
from cart_fhir.store.probing import probed
from cart_fhir.store.tables import parameter_number, parameter_numbers
from cart_fhir.store.values import Clause, any_of, clause, interval

_FIRST = ("_id", "identifier", "patient", "subject", "name", "family", "encounter", "code")
"""Parameters that usually leave few resources, best first."""


@dataclass(frozen=True)
class Scope:
    """Where conditions apply: an alias of `resource` and the types its rows can be of."""

    target: FromClause
    types: tuple[str, ...]
    aliases: Aliases

    def all_of(self, conditions: Iterable[Condition]) -> list[Clause]:
        """The clauses of conditions that must all hold; the most telling one first, to be begun with."""
        ordered = sorted(conditions, key=_rank)
        return [self.clause(condition, begin=place == 0) for place, condition in enumerate(ordered)]

    @singledispatchmethod
    def clause(self, condition: Condition, begin: bool = False) -> Clause:
        """The clause of one condition; `begin`: as a set of keys to start from."""
        raise NotSupported(f"This store cannot answer {type(condition).__name__}.")

    @clause.register
    def _(self, condition: Match, begin: bool = False) -> Clause:
        if condition.parameter.code == "_id":
            found: Clause = self.target.c.id.in_(
                [value.code for value in condition.values if isinstance(value, TokenValue)]
            )
        elif condition.parameter.code == "_lastUpdated":
            tests = [self._updated(value) for value in condition.values if isinstance(value, DateValue)]
            found = or_(false(), *tests)
        else:
            found = self._matched(condition, begin and not condition.negated)
        return not_(found) if condition.negated else found

    @clause.register
    def _(self, condition: Missing, begin: bool = False) -> Clause:
        row = self.aliases.index(condition.parameter.kind)
        present = self._used(select(row.c.resource).where(self._is(row, condition.parameter)), row, False)
        if condition.parameter.kind == "reference":  # a reference by identifier only has its rows elsewhere
            other = self.aliases.index("token")
            by_identifier = select(other.c.resource).where(self._is(other, condition.parameter, ":identifier"))
            present = or_(present, self._used(by_identifier, other, False))
        return not_(present) if condition.missing else present

    @clause.register
    def _(self, condition: Chain, begin: bool = False) -> Clause:
        row, there = self.aliases.index("reference"), self.aliases.resource()
        link = and_(there.c.type == row.c.type, there.c.id == row.c.target, there.c.deleted.is_(False))
        inner = Scope(there, condition.types, self.aliases).clause(condition.condition, begin=True)
        found = select(row.c.resource).select_from(row.join(there, link))
        found = found.where(self._is(row, condition.parameter, begin=begin), there.c.type.in_(condition.types), inner)
        return self._among(found) if begin else self._used(found, row, begin)

    @clause.register
    def _(self, condition: Has, begin: bool = False) -> Clause:
        row, there, here = self.aliases.index("reference"), self.aliases.resource(), self.aliases.resource()
        inner = Scope(there, (condition.type,), self.aliases).clause(condition.condition, begin=True)
        link = row.join(there, and_(there.c.key == row.c.resource, there.c.type == condition.type))
        points = and_(row.c.parameter.in_(parameter_numbers(condition.parameter, (condition.type,))), inner)
        if begin:
            link = link.join(here, and_(here.c.type == row.c.type, here.c.id == row.c.target))
            return self._among(select(here.c.key.label("resource")).select_from(link).where(points))
        found = select(row.c.resource).select_from(link).where(points)
        target = self.target.c
        return found.where(row.c.type == target.type, row.c.target == target.id).correlate(self.target).exists()

    @clause.register
    def _(self, condition: InList, begin: bool = False) -> Clause:
        row, there, target = self.aliases.index("reference"), self.aliases.resource(), self.target.c
        found = select(row.c.resource).select_from(row.join(there, there.c.key == row.c.resource))
        found = found.where(row.c.parameter == parameter_number("List", "item"), there.c.id == condition.id)
        found = found.where(there.c.type == "List", row.c.type == target.type, row.c.target == target.id)
        return found.correlate(self.target).exists()

    @clause.register
    def _(self, condition: FullText, begin: bool = False) -> Clause:
        return self.target.c.key.in_(fulltext.keys(condition))

    @clause.register
    def _(self, condition: AnyOf, begin: bool = False) -> Clause:
        return or_(false(), *(self.clause(one, begin=begin) for one in condition.conditions))

    @clause.register
    def _(self, condition: AllOf, begin: bool = False) -> Clause:
        return and_(true(), *(self.all_of(condition.conditions) if begin else map(self.clause, condition.conditions)))

    @clause.register
    def _(self, condition: OnType, begin: bool = False) -> Clause:
        inner = replace(self, types=condition.types).clause(condition.condition, begin=begin)
        return and_(self.target.c.type.in_(condition.types), inner)

    def _matched(self, condition: Match, begin: bool) -> Clause:
        """The parameter has one of the values: one sub-select for the plain ones, one for each composite value."""
        composites = [value for value in condition.values if isinstance(value, CompositeValue)]
        plain: list[SimpleValue] = [value for value in condition.values if not isinstance(value, CompositeValue)]
        found = [self._composite(condition.parameter, value, begin) for value in composites]
        for suffix, values in _by_suffix(condition.parameter, plain).items():
            row = self.aliases.index("token" if suffix else condition.parameter.kind)
            tests = any_of(row, values)
            where = self._is(row, condition.parameter, suffix, begin=begin)
            found.append(self._used(select(row.c.resource).where(where, tests), row, begin))
        return or_(false(), *found)

    def _composite(self, parameter: Parameter, value: CompositeValue, begin: bool) -> Clause:
        rows = [self.aliases.index(part.kind) for part in parameter.components]
        first, source = rows[0], rows[0]
        joined: FromClause = source
        for row in rows[1:]:
            same = and_(row.c.resource == first.c.resource, row.c.occurrence == first.c.occurrence)
            joined = joined.join(row, same)
        found = select(first.c.resource).select_from(joined)
        for part, row, wanted in zip(parameter.components, rows, value.parts, strict=True):
            found = found.where(self._is(row, part, begin=begin), clause(row, wanted))
        return self._used(found, first, begin)

    def _is(self, row: FromClause, parameter: Parameter, suffix: str = "", *, begin: bool = False) -> Clause:
        numbers = parameter_numbers(parameter, self.types, suffix)
        if not begin:
            return probed(row.c.parameter).in_(numbers)
        return row.c.parameter == numbers[0] if len(numbers) == 1 else row.c.parameter.in_(numbers)

    def _used(self, found: Select[int], row: FromClause, begin: bool) -> Clause:
        if begin:
            return self.target.c.key.in_(found)
        return found.where(row.c.resource == self.target.c.key).correlate(self.target).exists()

    def _among(self, found: Select[int]) -> Clause:
        """The key is in the sub-select, which stands in a WITH: databases limit how deep statements nest."""
        return self.target.c.key.in_(select(found.cte().c.resource))

    def _updated(self, value: DateValue) -> Clause:
        # Kept in microseconds, but an instant is shown with three digits: it stands for its whole millisecond.
        updated: ColumnElement[int] = self.target.c.updated
        return interval(updated, updated + 999, value)


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
