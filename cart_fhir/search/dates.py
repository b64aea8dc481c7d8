"""Dates as intervals: "2024-03" is every instant from its first to its last microsecond.

Times are microseconds since 1970-01-01T00:00Z, as int; a date or time without zone is taken as UTC.
https://hl7.org/fhir/R4/search.html#date
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

Interval = tuple[int, int]

EARLIEST = -(2**62)
"""Stands for 'no beginning'; well before year 1, and fits a 64-bit column."""
LATEST = 2**62
"""Stands for 'no end'."""

_FORM = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?)?(Z|[+-]\d\d:\d\d)?)?)?)?"
)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=16384)
def interval(text: str) -> Interval | None:
    """First and last microsecond of a FHIR date, dateTime or instant of any precision; None when it is none."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        if hour is None:
            return _days(int(year), month, day)
        start = (date(int(year), int(month), int(day)).toordinal() - _EPOCH_DAY) * _DAY
    except ValueError:
        return None
    if int(hour) > 23 or int(minute or 0) > 59 or int(second or 0) > 60:
        return None
    start += (int(hour) * 3600 + int(minute or 0) * 60 + int(second or 0)) * 1_000_000 - _offset(zone)
    if fraction:
        digits = fraction[:6]
        return start + int(digits.ljust(6, "0")), start + int(digits.ljust(6, "9"))
    length = 1_000_000 if second else 60_000_000 if minute else 3_600_000_000
    return start, start + length - 1


def _days(year: int, month: str | None, day: str | None) -> Interval:
    first = date(year, int(month or 1), int(day or 1))
    if day:
        last = first
    elif month:
        last = date(year, int(month), monthrange(year, int(month))[1])
    else:
        last = date(year, 12, 31)
    return (first.toordinal() - _EPOCH_DAY) * _DAY, (last.toordinal() - _EPOCH_DAY + 1) * _DAY - 1


def _offset(zone: str | None) -> int:
    if zone is None or zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    return minutes * (60_000_000 if zone[0] == "+" else -60_000_000)


def period(value: Mapping[str, Any]) -> Interval | None:
    """The interval of a FHIR Period: open where start or end is missing; None when it says neither."""
    start = interval(value["start"]) if isinstance(value.get("start"), str) else None
    end = interval(value["end"]) if isinstance(value.get("end"), str) else None
    if start is None and end is None:
        return None
    return (start[0] if start else EARLIEST, end[1] if end else LATEST)


def timing(value: Mapping[str, Any]) -> Interval | None:
    """From the first to the last moment a FHIR Timing names: its events and the bounds of its repetition."""
    events = value.get("event")
    found = [interval(event) for event in events if isinstance(event, str)] if isinstance(events, list) else []
    repeat = value.get("repeat")
    bounds = repeat.get("boundsPeriod") if isinstance(repeat, dict) else None
    if isinstance(bounds, dict):
        found.append(period(bounds))
    known = [part for part in found if part]
    return (min(low for low, _ in known), max(high for _, high in known)) if known else None


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970 UTC of an aware datetime."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(microseconds: int) -> datetime:
    """The aware UTC datetime of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)
