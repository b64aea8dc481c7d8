"""Dates, dateTimes and times with their precision. https://hl7.org/fhirpath/N1/#date https://hl7.org/fhirpath/N1/#datetime-comparison

Seconds and their fraction are one precision; comparing values of different precision has no answer once the common
part is equal, and so has comparing a value with a time zone to one without, unless they lie more than a day apart.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

_DATETIME = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:(T)(?:(\d{2})(?::(\d{2})(?::(\d{2}(?:\.\d{1,12})?))?)?(Z|[+-]\d{2}:\d{2})?)?)?",
    re.ASCII,
)
_TIME = re.compile(r"(\d{2})(?::(\d{2})(?::(\d{2}(?:\.\d{1,12})?))?)?", re.ASCII)
_LIMITS = ((1, 9999), (1, 12), (1, 31), (0, 23), (0, 59), (0, Decimal(60)))
_EASTMOST, _WESTMOST = 14 * 60, -12 * 60


@dataclass(frozen=True, slots=True)
class Temporal:
    """A Date, DateTime or Time (`kind`) of any precision.

    `parts` are year, month, day, hour, minute, second as far as known (hour, minute, second for a Time); the second is
    a Decimal that keeps its digits. `zone` is the offset from UTC in minutes, None where not given.
    """

    kind: str
    parts: tuple[int | Decimal, ...]
    zone: int | None = None

    @staticmethod
    def parse(text: str, kind: str) -> Temporal | None:
        """The value of FHIR or FHIRPath text without `@`; None when it is none of that kind."""
        return _parse(text, kind)

    @property
    def date(self) -> tuple[int | Decimal, ...]:
        """Year, month, day as far as known; empty for a Time."""
        return () if self.kind == "Time" else self.parts[:3]

    @property
    def clock(self) -> tuple[int | Decimal, ...]:
        """Hour, minute, second as far as known."""
        return self.parts if self.kind == "Time" else self.parts[3:]

    def __str__(self) -> str:
        date = "-".join(f"{part:0{4 if number == 0 else 2}}" for number, part in enumerate(self.date))
        clock = ":".join(_two_digits(part) for part in self.clock)
        if self.kind != "DateTime":
            return date or clock
        return f"{date}T{clock}{zone_text(self.zone)}" if clock else date

    @property
    def precision(self) -> int:
        """Digits given, as precision() counts them: 4 for a year, 17 for a dateTime with milliseconds."""
        return sum(character.isdigit() for character in str(self)) - (4 if self.zone else 0)

    def key(self) -> tuple[Any, ...]:
        """Equal keys for equal values (of equal precision): what sets of values are made of."""
        return ("time" if self.kind == "Time" else "date", self.in_utc(), self.zone is None or len(self.parts) < 4)

    def in_utc(self) -> tuple[int | Decimal, ...]:
        """The parts, moved to UTC where a zone is given."""
        if not self.zone or len(self.date) < 3 or not self.clock:
            return self.parts
        minute = int(self.clock[1]) if len(self.clock) > 1 else 0
        try:
            year, month, day, hour = map(int, self.parts[:4])
            moved = datetime(year, month, day, hour, minute) - timedelta(minutes=self.zone)
        except OverflowError:
            return self.parts
        known: tuple[int | Decimal, ...] = (moved.year, moved.month, moved.day, moved.hour, moved.minute)
        return (known + self.parts[5:])[: len(self.parts)]

    def compare(self, other: Temporal) -> int | None:
        """-1, 0 or 1; None where the precisions do not tell. Both are Times or neither is."""
        if self.kind != "Time" and (self.zone is None) != (other.zone is None) and self.clock and other.clock:
            return self._compare_loosely(other)
        local = self.zone == other.zone or not self.clock or not other.clock  # a date is a day where the other is
        mine, others = (self.parts, other.parts) if local else (self.in_utc(), other.in_utc())
        for one, two in zip(mine, others, strict=False):
            if one != two:
                return -1 if one < two else 1
        return 0 if len(mine) == len(others) else None

    def _compare_loosely(self, other: Temporal) -> int | None:
        """With one time zone unknown: only when every possible zone gives the same order."""
        if self.at_edge(last=True).in_utc() < other.at_edge(last=False).in_utc():
            return -1
        return 1 if self.at_edge(last=False).in_utc() > other.at_edge(last=True).in_utc() else None

    def at_edge(self, *, last: bool) -> Temporal:
        """The first or last millisecond that the value may mean, anywhere on Earth where the zone is not given."""
        parts = list(self.parts)
        lowest: list[int | Decimal] = [1, 1, 1, 0, 0, Decimal("0.000")]
        highest: list[int | Decimal] = [9999, 12, 31, 23, 59, Decimal("59.999")]
        if self.kind == "Time":
            return Temporal(self.kind, tuple(parts + (highest if last else lowest)[3 + len(parts) :]))
        while len(parts) < 6:
            if len(parts) == 2 and last:
                parts.append(calendar.monthrange(int(parts[0]), int(parts[1]))[1])
            else:
                parts.append((highest if last else lowest)[len(parts)])
        if len(self.parts) == 6:
            parts[5] = Decimal(parts[5])
        zone = self.zone if self.zone is not None else (_WESTMOST if last else _EASTMOST)
        return Temporal("DateTime", tuple(parts), zone)


def zone_text(zone: int | None) -> str:
    """An offset in minutes as FHIR writes it: "", "Z", "+02:00"."""
    if zone is None:
        return ""
    if zone == 0:
        return "Z"
    return f"{'-' if zone < 0 else '+'}{abs(zone) // 60:02}:{abs(zone) % 60:02}"


def _two_digits(part: int | Decimal) -> str:
    text = str(part)
    return text if len(text.partition(".")[0]) > 1 else f"0{text}"


@lru_cache(maxsize=4096)
def _parse(text: str, kind: str) -> Temporal | None:
    match = (_TIME if kind == "Time" else _DATETIME).fullmatch(text)
    if not match:
        return None
    if kind == "Time":
        return _made(kind, match.groups(), 3, None)
    year, month, day, has_time, hour, minute, second, zone = match.groups()
    if (kind == "Date" and has_time) or (hour and not day):
        return None
    return _made(kind, (year, month, day, hour, minute, second), 0, zone)


def _made(kind: str, texts: tuple[str | None, ...], first: int, zone: str | None) -> Temporal | None:
    parts: list[int | Decimal] = []
    for number, text in enumerate(texts, first):
        if text is None:
            break
        part = Decimal(text) if number == 5 else int(text)
        low, high = _LIMITS[number]
        if not low <= part <= high or (number == 5 and part >= 60):
            return None
        parts.append(part)
    if kind != "Time" and len(parts) > 2 and parts[2] > calendar.monthrange(int(parts[0]), int(parts[1]))[1]:
        return None
    return Temporal(kind, tuple(parts), _minutes(zone))


def _minutes(zone: str | None) -> int | None:
    if not zone:
        return None
    if zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    return -minutes if zone[0] == "-" else minutes
