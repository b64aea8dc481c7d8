"""Study days: the infusion calendar of this guide (day 0 = infusion, negative before) and the SDTM calendar.

CDISC SDTM --DY has no day 0: the reference date is day 1 and the day before it is -1. Days are counted on dates,
never on instants, so that no time zone can shift them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

Calendar = Literal["infusion", "sdtm"]


def day_of(event: date, infusion: date, calendar: Calendar = "infusion") -> int:
    """The study day of a date: 0 on the day of infusion, or 1 there in the SDTM calendar."""
    days = (event - infusion).days
    return days + 1 if calendar == "sdtm" and days >= 0 else days


def date_of(day: int, infusion: date, calendar: Calendar = "infusion") -> date:
    """The date of a study day. Raises ValueError for day 0 in the SDTM calendar, which has none."""
    return infusion + timedelta(days=to_infusion_day(day, calendar))


def to_infusion_day(day: int, calendar: Calendar) -> int:
    """A day of either calendar as a day of the infusion calendar. Raises ValueError for SDTM day 0."""
    if calendar == "infusion":
        return day
    if day == 0:
        raise ValueError("The SDTM calendar has no day 0: the reference date is day 1.")
    return day - 1 if day > 0 else day
