"""Dates and times as hospitals write them, read without inventing anything.

A month stays a month (FHIR partial dates), a date gets no time of day, and a time needs a zone; a local time that
does not exist or occurs twice when clocks change is refused. https://hl7.org/fhir/R4/datatypes.html#dateTime
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from cart_fhir.mappers.values import Refused

_PARTS = {
    "%d": r"(?P<d>\d{1,2})",
    "%m": r"(?P<m>\d{1,2})",
    "%b": r"(?P<b>[^\W\d_]{3,10})\.?",
    "%Y": r"(?P<Y>\d{4})",
    "%H": r"(?P<H>\d{1,2})",
    "%M": r"(?P<M>\d{2})",
    "%S": r"(?P<S>\d{2}(?:[.,]\d{1,9})?)",
    "%z": r"(?P<z>Z|[+-]\d{2}:?(?:\d{2})?)",
    "%%": "%",
}
# the first letters of months in English, German, Italian, French, Spanish, Swedish: as many as tell them apart
_MONTHS = (
    "jan gen ene", "feb fev fév", "mar mär mrz", "apr avr abr", "may mai mag maj", "jun giu juin", "jul lug juil",
    "aug ago aou aoû", "sep set", "oct okt ott", "nov", "dec dez dic déc",
)  # fmt: skip
_MONTH = {start: number for number, starts in enumerate(_MONTHS, start=1) for start in starts.split()}
# a study day as people write it in European languages
STUDY_DAY = re.compile(r"(?:D(?:a[yg]|ía|ia)?|T(?:ag)?|G(?:iorno)?|J(?:our)?)?\s*[+-]?\d{1,5}", re.IGNORECASE)
DATE_FORMATS = ("%Y-%m-%d", "%Y-%m", "%Y")
TIME_FORMATS = ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", *DATE_FORMATS)


@lru_cache(maxsize=256)
def pattern(form: str) -> re.Pattern[str]:
    """The regular expression of a format such as `%d.%m.%Y`; ValueError names a part that is not known."""
    pieces = re.findall(r"%.|[^%]+", form)
    unknown = [piece for piece in pieces if piece[0] == "%" and piece not in _PARTS]
    if unknown or "%Y" not in pieces:
        raise ValueError(f"'{form}' is no date format: use %Y (always), %m, %b, %d, %H, %M, %S, %z.")
    parts = [_PARTS.get(piece, re.escape(piece)) for piece in pieces]
    if all(piece[0] == "%" for piece in pieces):  # 20240307: nothing but the width tells the parts apart
        parts = [part.replace("{1,2}", "{2}") for part in parts]
    return re.compile("".join(parts))


def offset(text: str) -> timezone:
    """The zone of an offset such as +0100."""
    minutes = int(text[1:3]) * 60 + int(text[3:5])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def parse(text: str, formats: Sequence[str], zone: tzinfo | None = None, *, times: bool = False) -> str:
    """The FHIR date (or, with `times`, dateTime) that `text` says in the first format that fits.

    A Refused of rule `date`, `zone-missing`, `time-nonexistent` or `time-ambiguous` where it cannot be read.
    """
    for form in formats:
        found = pattern(form).fullmatch(text)
        if found:
            parts = found.groupdict()
            day = _day(parts)
            if times and parts.get("H") is not None:
                return _instant(day, parts, zone)
            return day
    raise Refused("date", f"This is not a date in the form {' or '.join(formats)}.")


def _day(parts: dict[str, str | None]) -> str:
    year, month, day = parts["Y"], parts.get("m"), parts.get("d")
    if name := (parts.get("b") or "").lower():
        month = str(_MONTH.get(name[:4]) or _MONTH.get(name[:3]) or 0)
        if month == "0":
            raise Refused("date", "This is no name of a month.")
    if month is None:
        return str(year)
    if not 1 <= int(month) <= 12:
        raise Refused("date", f"There is no month {int(month)}.")
    if day is None:
        return f"{year}-{int(month):02}"
    try:
        return date(int(year or 0), int(month), int(day)).isoformat()
    except ValueError:
        raise Refused("date", "There is no such day in the calendar.") from None


def _instant(day: str, parts: dict[str, str | None], zone: tzinfo | None) -> str:
    hour, minute = int(parts["H"] or 0), int(parts.get("M") or 0)
    second = (parts.get("S") or "00").replace(",", ".")
    if hour > 23 or minute > 59 or float(second) >= 60:
        raise Refused("date", "There is no such time of day.")
    clock = f"{day}T{hour:02}:{minute:02}:{second}"
    offset = parts.get("z")
    if offset:
        digits = offset.replace(":", "")
        return clock + ("Z" if offset == "Z" else f"{digits[:3]}:{digits[3:] or '00'}")
    return clock + _offset(datetime.fromisoformat(clock.split(".", maxsplit=1)[0]), zone)


def _offset(clock: datetime, zone: tzinfo | None) -> str:
    """The offset of a local time, if the zone gives it exactly one (PEP 495's fold tells)."""
    if zone is None:
        raise Refused("zone-missing", "The time has no offset, and the map names no zone.")
    first, second = (clock.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    if first is None or first != second:
        back = clock.replace(tzinfo=zone).astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None)
        if back != clock:
            raise Refused("time-nonexistent", f"This time does not exist in {zone}.")
        raise Refused("time-ambiguous", f"This time occurs twice in {zone}.")
    minutes = int(first.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def study_day(text: str) -> int | None:
    """The number of a study day: of `D-5`, `Day 3`, `dag +7` and `-5`; None where the text is none."""
    found = STUDY_DAY.fullmatch(re.sub(r"(?<=[-+]) +", "", text.strip()))
    return int(re.sub(r"[^\d+-]", "", found[0])) if found else None


def from_anchor(number: int, calendar: str) -> int:
    """How many days after its anchor a study day is; in the SDTM calendar the anchor is day 1 and there is no 0."""
    if calendar == "sdtm" and number == 0:
        raise Refused("range", "There is no day 0 in the SDTM calendar.")
    return number - 1 if calendar == "sdtm" and number > 0 else number


def add_days(day: str, number: int) -> str:
    """The date `number` days after a full ISO date."""
    return (date.fromisoformat(day[:10]) + timedelta(days=number)).isoformat()


def days_between(start: str, end: str) -> int:
    """How many days `end` is after `start`, both full dates (times are cut: days are counted on the calendar)."""
    return (date.fromisoformat(end[:10]) - date.fromisoformat(start[:10])).days


def is_full(day: str) -> bool:
    """True for a date with year, month and day."""
    return len(day) >= 10
