"""Conditions as SQL text and its values: what searches are made of.

Written as text because it is many times cheaper to make than a tree of objects, and as it is what a reader of the
database's log sees. Text holds table names, aliases and numbers of ours only; everything from outside is a value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Clause:
    """SQL with a `?` for each of the values, on either database."""

    text: str
    values: tuple[Any, ...] = ()

    def __invert__(self) -> Clause:
        """The condition that this one does not hold."""
        return Clause(f"NOT ({self.text})", self.values)


TRUE = Clause("TRUE")
FALSE = Clause("FALSE")


def every(*clauses: Clause) -> Clause:
    """All of the conditions hold; none given: true."""
    return _joined(" AND ", clauses) if clauses else TRUE


def either(*clauses: Clause) -> Clause:
    """One of the conditions holds; none given: false."""
    return _joined(" OR ", clauses) if clauses else FALSE


def _joined(joint: str, clauses: Sequence[Clause]) -> Clause:
    if len(clauses) == 1:
        return clauses[0]
    text = joint.join([clause.text for clause in clauses])
    return Clause(f"({text})", tuple([value for clause in clauses for value in clause.values]))


def compared(column: str, operator: str, value: Any) -> Clause:
    """`column operator ?`."""
    return Clause(f"{column} {operator} ?", (value,))


def among(column: str, values: Sequence[Any]) -> Clause:
    """The column has one of the values (of which there is at least one)."""
    if len(values) == 1:
        return compared(column, "=", values[0])
    return Clause(f"{column} IN ({', '.join('?' * len(values))})", tuple(values))


def one_of(column: str, numbers: Iterable[int]) -> str:
    """The column is one of these numbers of ours, which stand in the text so that planners see them."""
    listed = ", ".join(map(str, numbers))
    return f"{column} IN ({listed})" if "," in listed else f"{column} = {listed}"


@dataclass
class Statement:
    """What one statement shares: names not yet in use, the sub-selects that stand in its WITH, the database's kind."""

    postgres: bool
    _used: Counter[str] = field(default_factory=Counter)
    _with: list[Clause] = field(default_factory=list)

    def name(self, table: str) -> str:
        """An alias of a table that is not in use yet."""
        self._used[table] += 1
        return f"{table}_{self._used[table]}"

    def apart(self, select: Clause) -> str:
        """The name of a sub-select that is put in the statement's WITH: databases limit how deep statements nest."""
        name = self.name("keys")
        self._with.append(Clause(f"{name} (resource) AS ({select.text})", select.values))
        return name

    def whole(self, select: Clause) -> Clause:
        """The statement, with what was put apart."""
        if not self._with:
            return select
        text = ", ".join(one.text for one in self._with)
        values = [value for one in self._with for value in one.values]
        return Clause(f"WITH {text} {select.text}", (*values, *select.values))


def ask(connection: Connection, clause: Clause) -> Sequence[Any]:
    """All rows of a statement."""
    text = clause.text.replace("?", "%s") if connection.dialect.name == "postgresql" else clause.text
    return connection.exec_driver_sql(text, clause.values).all()
