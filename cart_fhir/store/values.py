"""From one value of a search to the SQL condition on a row of its index table: one function for each kind of value.

Comparisons of intervals and of implicit precision are those of https://hl7.org/fhir/R4/search.html#prefix.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, false, func, literal_column, not_, or_

from cart_fhir.search.query import (
    CodeSet,
    DateValue,
    NumberValue,
    OfType,
    QuantityValue,
    ReferenceValue,
    SimpleValue,
    StringValue,
    TokenText,
    TokenValue,
    UriValue,
)
from cart_fhir.search.text import after_prefix
from cart_fhir.store.tables import PREFIX

Clause = ColumnElement[bool]
_SET = 300
"""Codes compared in one list."""


def clause(row: FromClause, value: SimpleValue) -> Clause:
    """The condition that a row (an alias of the value's index table) has the value."""
    made: Clause = _CLAUSES[type(value)](row.c, value)
    return made


def any_of(row: FromClause, values: Sequence[SimpleValue]) -> Clause:
    """The condition that a row has one of the values; codes and ids as lists, which may be long."""
    codes: dict[str | None, list[str]] = {}
    ids: dict[str | None, list[str]] = {}
    tests: list[Clause] = []
    for value in values:
        if isinstance(value, TokenValue) and value.code is not None:
            codes.setdefault(value.system, []).append(value.code)
        elif isinstance(value, ReferenceValue) and value.id is not None:
            ids.setdefault(value.type, []).append(value.id)
        else:
            tests.append(clause(row, value))
    columns: Any = row.c
    tests += [_listed(columns.code, found, columns.system, system) for system, found in codes.items()] if codes else []
    tests += [_listed(columns.target, found, columns.type, type) for type, found in ids.items()] if ids else []
    return or_(false(), *tests)


def _listed(column: ColumnElement[Any], among: list[str], other: ColumnElement[Any], wanted: str | None) -> Clause:
    test = column == among[0] if len(among) == 1 else column.in_(among)
    return test if wanted is None else and_(test, other == wanted)


def _token(row: Any, value: TokenValue) -> Clause:
    tests = []
    if value.code is not None:
        tests.append(row.code == value.code)
    if value.system is not None:
        tests.append(row.system == value.system)
    return and_(*tests) if tests else row.parameter.is_not(None)


def _codes(row: Any, value: CodeSet) -> Clause:
    by_system: dict[str, list[str]] = {}
    for system, code in value.codes:
        by_system.setdefault(system, []).append(code)
    tests = [
        and_(row.system == system, row.code.in_(codes[start : start + _SET]))
        for system, codes in by_system.items()
        for start in range(0, len(codes), _SET)
    ]
    return or_(*tests) if tests else false()


def _text(row: Any, value: TokenText) -> Clause:
    return and_(row.text >= value.text, row.text < after_prefix(value.text)) if value.text else row.text.is_not(None)


def _of_type(row: Any, value: OfType) -> Clause:
    return and_(row.system == value.system, row.code == f"{value.code}|{value.value}")


def _string(row: Any, value: StringValue) -> Clause:
    if value.how == "exact":
        return and_(row.value == value.text, _starts(row, value.folded))
    if value.how == "contains":
        contains: Clause = row.folded.contains(value.folded, autoescape=True)
        return contains
    return _starts(row, value.folded)


def _starts(row: Any, folded: str) -> Clause:
    if not folded:
        any_text: Clause = row.folded.is_not(None)
        return any_text
    # The function call must read like the one in the database index for the index to be used.
    prefix = func.substr(row.folded, literal_column("1"), literal_column(str(PREFIX)))
    head = folded[:PREFIX]
    test = and_(prefix >= head, prefix < after_prefix(head))
    return test if len(folded) <= PREFIX else and_(test, row.folded >= folded, row.folded < after_prefix(folded))


def _reference(row: Any, value: ReferenceValue) -> Clause:
    if value.url is not None:
        with_version = and_(row.url > f"{value.url}|", row.url < f"{value.url}}}")
        return row.url == value.url if "|" in value.url else or_(row.url == value.url, with_version)
    tests = [row.target == value.id]
    if value.type is not None:
        tests.append(row.type == value.type)
    return and_(*tests)


def _uri(row: Any, value: UriValue) -> Clause:
    if value.how == "below":
        return and_(row.value >= value.value, row.value < after_prefix(value.value)) if value.value else false()
    if value.how == "above":
        among: Clause = row.value.in_([value.value[:length] for length in range(1, len(value.value) + 1)])
        return among
    same: Clause = row.value == value.value
    return same


def _date(row: Any, value: DateValue) -> Clause:
    return interval(row.low, row.high, value)


def interval(low: ColumnElement[int], high: ColumnElement[int], value: DateValue) -> Clause:
    """How the interval of the columns relates to that of the value."""
    within = and_(low >= value.low, low <= value.high, high <= value.high)
    tests: dict[str, Callable[[], Clause]] = {
        "eq": lambda: within,
        "ne": lambda: not_(within),
        "gt": lambda: high > value.high,
        "lt": lambda: low < value.low,
        # The first test adds nothing but a bound the database index can begin at.
        "ge": lambda: and_(high >= value.low, or_(high > value.high, within)),
        "le": lambda: and_(low <= value.high, or_(low < value.low, within)),
        "sa": lambda: low > value.high,
        "eb": lambda: high < value.low,
        "ap": lambda: and_(low <= value.high, high >= value.low),
    }
    return tests[value.prefix]()


def _number(row: Any, value: NumberValue) -> Clause:
    return extent(row.low, row.high, value)


def extent(low: ColumnElement[Any], high: ColumnElement[Any], value: NumberValue) -> Clause:
    """How the number or range of the columns relates to that of the value."""
    within = and_(low >= value.low, low < value.high, high < value.high)
    tests: dict[str, Callable[[], Clause]] = {
        "eq": lambda: within,
        "ne": lambda: not_(within),
        "gt": lambda: high > value.exact,
        "lt": lambda: low < value.exact,
        "ge": lambda: high >= value.exact,
        "le": lambda: low <= value.exact,
        "sa": lambda: low > value.exact,
        "eb": lambda: high < value.exact,
        "ap": lambda: and_(low <= value.high, high >= value.low),
    }
    return tests[value.prefix]()


def _quantity(row: Any, value: QuantityValue) -> Clause:
    if value.base is not None:
        number, unit = value.base
        return and_(row.base_code == unit, extent(row.base_low, row.base_high, number))
    tests = [extent(row.low, row.high, value.number)]
    if value.system is not None:
        tests.append(row.system == value.system)
    if value.code is not None:
        tests.append(row.code == value.code if value.system else or_(row.code == value.code, row.unit == value.code))
    return and_(*tests)


_CLAUSES: dict[type, Callable[[Any, Any], Clause]] = {
    TokenValue: _token,
    CodeSet: _codes,
    TokenText: _text,
    OfType: _of_type,
    StringValue: _string,
    ReferenceValue: _reference,
    UriValue: _uri,
    DateValue: _date,
    NumberValue: _number,
    QuantityValue: _quantity,
}
