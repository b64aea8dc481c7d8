"""Quantities: a number with a UCUM unit or a calendar duration. https://hl7.org/fhirpath/N1/#quantity

UCUM conversion comes from outside (`Env.convert`), since definitions stand above this package. Calendar durations of a
week and less are as long as the UCUM unit; a calendar month or year has no fixed length and equals no UCUM unit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from cart_fhir.fhirpath.temporal import Temporal

Convert = Callable[[Decimal, str, str], Decimal | None]
"""(value, UCUM unit, other UCUM unit) -> value in the other unit, None when the two measure different things."""

_UNITS = ("year", "month", "week", "day", "hour", "minute", "second", "millisecond")
CALENDAR = {**{unit: unit for unit in _UNITS}, **{f"{unit}s": unit for unit in _UNITS}}
_UCUM_OF = {"year": "a", "month": "mo", "week": "wk", "day": "d", "hour": "h", "minute": "min", "second": "s"}
_UCUM_OF["millisecond"] = "ms"
_CALENDAR_OF = {code: unit for unit, code in _UCUM_OF.items()}
_SECONDS = {"week": Decimal(604800), "day": Decimal(86400), "hour": Decimal(3600), "minute": Decimal(60)}
_SECONDS |= {"second": Decimal(1), "millisecond": Decimal("0.001")}
_TEXT = re.compile(r"([+-]?\d{1,40}(?:\.\d{1,40})?)\s*(?:'([^']+)'|([a-z]+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its unit: a UCUM code, or with `calendar` the word of a duration ("days", "month")."""

    value: Decimal
    unit: str
    calendar: bool = False

    @staticmethod
    def parse(text: str) -> Quantity | None:
        """The quantity that `'4 days'` or `'1.5 \\'mg\\''` spells; no unit is the unit '1'."""
        return _parse(text)

    def __str__(self) -> str:
        return f"{self.value} {self.unit}" if self.calendar else f"{self.value} '{self.unit}'"

    @property
    def duration(self) -> str:
        """The calendar word in singular of a unit of time, "" for others; UCUM 'mo' and 'a' have none."""
        if self.unit in CALENDAR:  # the suite writes 1 'month' too
            return CALENDAR[self.unit]
        return "" if self.unit in ("mo", "a") else _CALENDAR_OF.get(self.unit, "")

    @property
    def loose_unit(self) -> str:
        """The unit for equivalence, where a calendar year is a UCUM year."""
        return CALENDAR.get(self.unit) or _CALENDAR_OF.get(self.unit, self.unit)

    def key(self) -> tuple[Any, ...]:
        """Equal keys for equal quantities of one unit; calendar words count as their UCUM unit where they equal it."""
        unit = self.duration
        fixed = _SECONDS.get(unit)
        return ("quantity", self.value * fixed, "s") if fixed else ("quantity", self.value, unit or self.unit)


@lru_cache(maxsize=1024)
def _parse(text: str) -> Quantity | None:
    match = _TEXT.fullmatch(text)
    if not match or (match[3] and match[3] not in CALENDAR):
        return None
    return Quantity(Decimal(match[1]), match[2] or match[3] or "1", calendar=bool(match[3]))


def of_fhir(value: Any) -> Quantity | None:
    """The System Quantity of a FHIR Quantity as JSON; None when it has no number."""
    if not isinstance(value, dict):
        return None
    number = value.get("value")
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        return None
    coded = value.get("system") == "http://unitsofmeasure.org"
    unit = value.get("code") if coded else value.get("unit") or value.get("code")
    return Quantity(Decimal(number), unit if isinstance(unit, str) and unit else "1")


def to_unit_of(one: Quantity, other: Quantity, convert: Convert | None) -> Decimal | None:
    """The number of `one` in the unit of `other`; None when that cannot be said."""
    if one.unit == other.unit:
        return one.value
    mine, others = one.duration, other.duration
    if mine and mine == others:
        return one.value
    if mine in _SECONDS and others in _SECONDS:
        return one.value * _SECONDS[mine] / _SECONDS[others]
    if {mine, others} == {"year", "month"}:
        return one.value * 12 if mine == "year" else one.value / 12
    if (one.calendar and mine not in _SECONDS) or (other.calendar and others not in _SECONDS) or convert is None:
        return None
    return convert(one.value, _ucum(one), _ucum(other))


def _ucum(quantity: Quantity) -> str:
    return _UCUM_OF[quantity.duration] if quantity.calendar else quantity.unit


def multiply(one: Quantity, other: Quantity) -> Quantity:
    """The product, its unit the UCUM product of both."""
    return Quantity(one.value * other.value, _product(_ucum(one), ".", _ucum(other)))


def divide(one: Quantity, other: Quantity) -> Quantity:
    """The quotient; equal units cancel. The divisor is not zero."""
    mine, others = _ucum(one), _ucum(other)
    unit = "1" if mine == others else _product(mine, "/", others)
    return Quantity(one.value / other.value, unit)


def _product(one: str, operator: str, other: str) -> str:
    if other == "1":
        return one
    if one == "1" and operator == ".":
        return other
    return f"({one}){operator}({other})" if "/" in one + other else f"{one}{operator}{other}"


def with_value(quantity: Quantity, value: Decimal) -> Quantity:
    """The same unit with another number."""
    return replace(quantity, value=value)


def shift(moment: Temporal, quantity: Quantity, sign: int) -> Temporal | None:
    """The moment plus (sign 1) or minus (-1) a duration, in the moment's own precision; None out of year 1 to 9999.

    https://hl7.org/fhirpath/N1/#datetime-arithmetic: a finer duration is first cut to the moment's precision (365 days
    a year, 30 a month), fractions of a unit are ignored, and the last day of a shorter month is used. Raises ValueError
    for what is no duration: a UCUM month or year, or any other unit.
    """
    unit = quantity.duration
    if not unit:
        raise ValueError(f"{quantity} cannot be added to a {moment.kind}; write a duration such as 1 month")
    amount = int(quantity.value) * sign
    if unit == "week":
        unit, amount = "day", amount * 7
    if moment.kind == "Time":
        return _shift_time(moment, unit, amount)
    known = len(moment.parts)
    if unit == "day" and moment.kind == "Date" and known == 3:
        return _shift_days(moment, amount)
    if unit in ("year", "month") or known < 3:
        return _shift_months(moment, _whole_months(unit, amount, known))
    return _shift_exact(moment, amount * _SECONDS[unit])


def _shift_days(moment: Temporal, days: int) -> Temporal | None:
    year, month, day = map(int, moment.parts)
    try:
        moved = date(year, month, day) + timedelta(days=days)
    except OverflowError:
        return None
    return Temporal("Date", (moved.year, moved.month, moved.day))


def _whole_months(unit: str, amount: int, known: int) -> int:
    """Months in a duration; for years only (known 1) whole years of them."""
    if unit not in ("year", "month"):
        days = int(amount * _SECONDS[unit] / 86400)
        return int(days / 365) * 12 if known == 1 else int(days / 30)
    months = amount * 12 if unit == "year" else amount
    return int(months / 12) * 12 if known == 1 else months


def _shift_months(moment: Temporal, months: int) -> Temporal | None:
    year, month = int(moment.parts[0]), int(moment.parts[1]) if len(moment.parts) > 1 else 1
    year, month = divmod(year * 12 + month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    parts = (year, month + 1, *moment.parts[2:])[: len(moment.parts)]
    if len(parts) > 2:
        last = Temporal("Date", parts[:2]).at_edge(last=True).parts[2]
        parts = (*parts[:2], min(parts[2], last), *parts[3:])
    return replace(moment, parts=parts)


_STEPS = (Decimal(1), Decimal(1), Decimal(1), Decimal(86400), Decimal(3600), Decimal(60), Decimal("0.001"))
"""Seconds in the finest part known, by the number of parts."""


def _shift_exact(moment: Temporal, seconds: Decimal) -> Temporal | None:
    known = len(moment.parts)
    seconds = int(seconds / _STEPS[known]) * _STEPS[known]
    hour, minute = [*map(int, moment.parts[3:5]), 0, 0][:2]
    second = Decimal(moment.parts[5]) if known > 5 else Decimal(0)
    try:
        year, month, day = map(int, moment.parts[:3])
        start = datetime(year, month, day, hour, minute)
        moved = start + timedelta(microseconds=int((seconds + second) * 1_000_000))
    except OverflowError:
        return None
    exact = moved.second + Decimal(moved.microsecond).scaleb(-6)
    digits = max(-_exponent(second), 3 if moved.microsecond else 0)
    parts = (moved.year, moved.month, moved.day, moved.hour, moved.minute, round(exact, digits))
    return replace(moment, parts=parts[:known])


def _exponent(second: int | Decimal) -> int:
    exponent = Decimal(second).as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _shift_time(moment: Temporal, unit: str, amount: int) -> Temporal:
    """Times wrap around midnight."""
    if unit not in _SECONDS:
        raise ValueError(f"a {unit} cannot be added to a Time")
    anchored = Temporal("DateTime", (2000, 1, 1, *moment.parts))
    moved = _shift_exact(anchored, amount * _SECONDS[unit] % 86400)
    return replace(moment, parts=moved.parts[3:]) if moved else moment
