"""Immune effector cell-associated haematotoxicity, thrombocyte side (T-ICAHT), from platelet counts.

Source: ash-sap.org/view-large/12809257. The neutrophil table (N-ICAHT, Rejeski et al., Blood 2023;142:865) wasn't
seen, so it isn't encoded. Counts are Decimal in 10*9/L.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

Series = Iterable[tuple[int, Decimal]]

EARLY = range(31)
LATE = range(31, 101)


def t_icaht_grade(platelets: Series, period: Literal["early", "late"]) -> int:
    """The T-ICAHT grade, 0-4, of the days 0-30 (early) or 31-100 (late).

    `platelets` is a series of (study day, count in 10*9/L). Days are counted where a count was taken, cumulatively
    and each day once by its lowest count: a gap between two low counts isn't filled, so that sparse sampling can only
    lower the grade. Early: below 50 for 1-6 d is 1, for 7 or more 2; below 20 for 1-13 d is 3, for 14 or more 4.
    Late: below 100 is 1, below 50 is 2, below 20 as early.
    """
    lowest: dict[int, Decimal] = {}
    for day, count in platelets:
        if day in (EARLY if period == "early" else LATE):
            lowest[day] = min(count, lowest.get(day, count))
    below = {limit: sum(count < limit for count in lowest.values()) for limit in (20, 50, 100)}
    if below[20]:
        return 4 if below[20] >= 14 else 3
    if period == "early":
        return 0 if not below[50] else 2 if below[50] >= 7 else 1
    return 2 if below[50] else 1 if below[100] else 0
