"""The day-0 axis: days in, places on the picture out.

Hours matter around the infusion and months do later, so the axis is made of straight pieces, each with a share of the
width; pieces without any event are left out. The breaks are the grid lines, so that nobody takes them for even steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# from day -> share of the width until the next; years before, weeks before, the treatment, then longer and longer
_PIECES: tuple[tuple[int, float], ...] = (
    (-3650, 5),
    (-365, 6),
    (-60, 7),
    (-14, 9),
    (-7, 13),
    (0, 24),
    (14, 14),
    (30, 13),
    (90, 9),
    (180, 8),
    (365, 8),
    (730, 6),
    (1825, 5),
)


@dataclass(frozen=True, slots=True)
class Scale:
    """Straight pieces between `days`, at the places `at` (in the units of the picture)."""

    days: tuple[int, ...]
    at: tuple[float, ...]

    def place(self, day: float) -> float:
        """Where a day stands; days outside the axis stand at its ends."""
        if day <= self.days[0]:
            return self.at[0]
        for index in range(len(self.days) - 1):
            low, high = self.days[index], self.days[index + 1]
            if day <= high:
                share = (day - low) / (high - low)
                return self.at[index] + share * (self.at[index + 1] - self.at[index])
        return self.at[-1]


def scale(days: Iterable[int], left: float, right: float) -> Scale:
    """The axis for these days, from `left` to `right`; it always shows the fortnight around the infusion."""
    known = list(days)
    first, last = min([-7, *known]), max([14, *known])
    breaks = [day for day, _ in _PIECES]
    begin = max([index for index, day in enumerate(breaks) if day <= first], default=0)
    end = min([index for index, day in enumerate(breaks) if day >= last], default=len(breaks) - 1)
    used = _PIECES[begin : end + 1]
    total = sum(share for _, share in used[:-1])
    at, here = [left], left
    for _, share in used[:-1]:
        here += (right - left) * share / total
        at.append(here)
    return Scale(tuple(day for day, _ in used), tuple(at))


def label(day: int) -> str:
    """A day as the axis names it: days near the infusion, months and years away from it."""
    if day == 0:
        return "day 0"
    if abs(day) < 90:
        return f"{day:+d}"
    months = round(abs(day) / 30.4)
    sign = "+" if day > 0 else "-"
    return f"{sign}{months} mo" if months < 24 else f"{sign}{round(abs(day) / 365.25)} y"


def line(points: Sequence[tuple[float, float]]) -> str:
    """An SVG path through the points."""
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else ""
