"""From one value of a search to the SQL condition on a row of its index table: one function for each kind of value.

Comparisons of intervals and of implicit precision are those of https://hl7.org/fhir/R4/search.html#prefix.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

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
    Unlike,
    UriValue,
)
from cart_fhir.search.text import after_prefix
from cart_fhir.store.clause import FALSE, Clause, among, compared, either, every
from cart_fhir.store.tables import PREFIX

_SET = 300
"""Codes compared in one list."""


def clause(row: str, value: SimpleValue) -> Clause:
    """The condition that a row (an alias of the value's index table) has the value."""
    return _CLAUSES[type(value)](row, value)


def any_of(row: str, values: Sequence[SimpleValue]) -> Clause:
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
    tests += [_listed(f"{row}.code", found, f"{row}.system", system) for system, found in codes.items()]
    tests += [_listed(f"{row}.target", found, f"{row}.type", type) for type, found in ids.items()]
    return either(*tests)


def _listed(column: str, listed: list[str], other: str, wanted: str | None) -> Clause:
    found = among(column, listed)
    return found if wanted is None else every(found, compared(other, "=", wanted))


def _between(column: str, low: Any, high: Any) -> Clause:
    """From `low` to just before `high`."""
    return Clause(f"({column} >= ? AND {column} < ?)", (low, high))


def _token(row: str, value: TokenValue) -> Clause:
    tests = []
    if value.code is not None:
        tests.append(compared(f"{row}.code", "=", value.code))
    if value.system is not None:
        tests.append(compared(f"{row}.system", "=", value.system))
    return every(*tests)


def _codes(row: str, value: CodeSet) -> Clause:
    by_system: dict[str, list[str]] = {}
    for system, code in value.codes:
        by_system.setdefault(system, []).append(code)
    tests = [
        _listed(f"{row}.code", codes[start : start + _SET], f"{row}.system", system)
        for system, codes in by_system.items()
        for start in range(0, len(codes), _SET)
    ]
    return either(*tests)


def _text(row: str, value: TokenText) -> Clause:
    if not value.text:
        return Clause(f"{row}.text IS NOT NULL")
    return _between(f"{row}.text", value.text, after_prefix(value.text))


def _of_type(row: str, value: OfType) -> Clause:
    return _listed(f"{row}.code", [f"{value.code}|{value.value}"], f"{row}.system", value.system)


def _string(row: str, value: StringValue) -> Clause:
    if value.how == "exact":
        return every(compared(f"{row}.value", "=", value.text), _starts(row, value.folded))
    if value.how == "equal":
        return every(compared(f"{row}.folded", "=", value.folded), _starts(row, value.folded))
    if value.how in ("contains", "end"):
        pattern = value.folded.replace("/", "//").replace("%", "/%").replace("_", "/_")
        return Clause(f"{row}.folded LIKE ? ESCAPE '/'", (f"%{pattern}{'%' if value.how == 'contains' else ''}",))
    return _starts(row, value.folded)


def _starts(row: str, folded: str) -> Clause:
    if not folded:
        return Clause(f"{row}.folded IS NOT NULL")
    # The function call must read like the one in the database index for the index to be used.
    head = folded[:PREFIX]
    found = _between(f"substr({row}.folded, 1, {PREFIX})", head, after_prefix(head))
    return found if len(folded) <= PREFIX else every(found, _between(f"{row}.folded", folded, after_prefix(folded)))


def _reference(row: str, value: ReferenceValue) -> Clause:
    if value.url is not None:
        return _canonical(f"{row}.url", value.url)
    return _listed(f"{row}.target", [value.id or ""], f"{row}.type", value.type)


def _uri(row: str, value: UriValue) -> Clause:
    if value.how == "below":
        return _between(f"{row}.value", value.value, after_prefix(value.value)) if value.value else FALSE
    if value.how == "above":
        return among(f"{row}.value", [value.value[:length] for length in range(1, len(value.value) + 1)])
    return _canonical(f"{row}.value", value.value)


def _canonical(column: str, url: str) -> Clause:
    """That URL; where it names no version, with any version (`_profile=...` finds `...|1.0` too)."""
    same = compared(column, "=", url)
    return same if "|" in url else either(same, _between(column, f"{url}|", f"{url}}}"))


_NAMED = re.compile(r":(low|high|exact)")

_INTERVAL = {
    "eq": "({low} >= :low AND {low} <= :high AND {high} <= :high)",
    "ne": "NOT ({low} >= :low AND {low} <= :high AND {high} <= :high)",
    "gt": "{high} > :high",
    "lt": "{low} < :low",
    # The first test adds nothing but a bound the database index can begin at.
    "ge": "({high} >= :low AND ({high} > :high OR {low} >= :low))",
    "le": "({low} <= :high AND ({low} < :low OR {high} <= :high))",
    "sa": "{low} > :high",
    "eb": "{high} < :low",
    "ap": "({low} <= :high AND {high} >= :low)",
}
"""How the stored interval relates to the one asked for (both ends included)."""

_EXTENT = _INTERVAL | {
    "eq": "({low} >= :low AND {low} < :high AND {high} < :high)",
    "ne": "NOT ({low} >= :low AND {low} < :high AND {high} < :high)",
    "gt": "{high} > :exact",
    "lt": "{low} < :exact",
    "ge": "{high} >= :exact",
    "le": "{low} <= :exact",
    "sa": "{low} > :exact",
    "eb": "{high} < :exact",
}
"""How the stored number or range relates to the number asked for, whose digits stand for [low, high)."""


def _date(row: str, value: DateValue) -> Clause:
    return interval(f"{row}.low", f"{row}.high", value)


def interval(low: str, high: str, value: DateValue) -> Clause:
    """How the interval of the columns relates to that of the value."""
    return _filled(_INTERVAL[value.prefix], low, high, value)


def _number(row: str, value: NumberValue) -> Clause:
    return _filled(_EXTENT[value.prefix], f"{row}.low", f"{row}.high", value)


def _filled(form: str, low: str, high: str, value: DateValue | NumberValue) -> Clause:
    """A form with its columns, and the value's `low`, `high` and `exact` in the order they stand in it."""
    text = _NAMED.sub("?", form).format(low=low, high=high)
    return Clause(text, tuple(getattr(value, name) for name in _NAMED.findall(form)))


def _quantity(row: str, value: QuantityValue) -> Clause:
    if value.base is not None:
        number, unit = value.base
        found = _filled(_EXTENT[number.prefix], f"{row}.base_low", f"{row}.base_high", number)
        return every(compared(f"{row}.base_code", "=", unit), found)
    tests = [_number(row, value.number)]
    if value.system is not None:
        tests.append(compared(f"{row}.system", "=", value.system))
    if value.code is not None:
        same = compared(f"{row}.code", "=", value.code)
        tests.append(same if value.system else either(same, compared(f"{row}.unit", "=", value.code)))
    return every(*tests)


def _unlike(row: str, value: Unlike) -> Clause:
    unlike = ~clause(row, value.value)
    return every(Clause(f"{row}.code IS NOT NULL"), unlike) if isinstance(value.value, TokenValue) else unlike


_CLAUSES: dict[type, Callable[[str, Any], Clause]] = {
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
    Unlike: _unlike,
}
