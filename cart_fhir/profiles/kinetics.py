"""CAR-T expansion and persistence, B-cell aplasia and return, from measured series.

A series is a sequence of (study day, Decimal value) of ONE quantity in one unit: cells/uL, % of T cells and copies/ug
don't mix. What counts as detectable, or as B cells being back, is the laboratory's threshold and is always given by
the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

Point = tuple[int, Decimal]
Series = Sequence[Point]


@dataclass(frozen=True, slots=True)
class Persistence:
    """The last study day on which cells were detected; `ongoing` when no later sample was negative."""

    day: int
    ongoing: bool


@dataclass(frozen=True, slots=True)
class Aplasia:
    """B-cell aplasia: its first day, and the day of the first sample with B cells again (None: not yet)."""

    began: int
    ended: int | None


def peak(series: Series) -> Point:
    """The highest value after infusion and its first day: (Tmax in days, Cmax in the unit of the series).

    Raises ValueError when no sample was taken on day 0 or later.
    """
    return max(_after_infusion(series), key=lambda point: (point[1], -point[0]))


def area_under_curve(series: Series, first: int = 0, last: int = 28) -> Decimal:
    """The area by the linear trapezoidal rule between two study days, in day x unit.

    Before infusion there are no CAR-T cells, so a series that starts later starts from 0 on day 0; the value on
    `last` is interpolated. Raises ValueError when the last sample is before `last`: an area isn't extrapolated.
    """
    points = _after_infusion(series)
    if points[0][0] > 0:
        points.insert(0, (0, Decimal(0)))
    if points[-1][0] < last:
        raise ValueError(f"The last sample is of day {points[-1][0]}; the area to day {last} needs one on or after it.")
    inside = [point for point in points if first < point[0] < last]
    kept = [(first, _at(points, first)), *inside, (last, _at(points, last))]
    return sum(((b[1] + a[1]) * (b[0] - a[0]) / 2 for a, b in pairwise(kept)), Decimal(0))


def persistence(series: Series, limit: Decimal) -> Persistence | None:
    """How long cells at or above the detection limit were seen; None when they never were."""
    points = _after_infusion(series)
    seen = [day for day, value in points if value >= limit and value > 0]
    return Persistence(seen[-1], ongoing=seen[-1] == points[-1][0]) if seen else None


def b_cell_aplasia(series: Series, limit: Decimal) -> Aplasia | None:
    """The first B-cell aplasia after infusion: from the first sample below `limit` to the first one not below it.

    None when no sample after infusion was below the limit.
    """
    points = _after_infusion(series)
    began = next((day for day, value in points if value < limit), None)
    if began is None:
        return None
    return Aplasia(began, next((day for day, value in points if day > began and value >= limit), None))


def _after_infusion(series: Series) -> list[Point]:
    points = sorted(point for point in series if point[0] >= 0)
    if not points:
        raise ValueError("No sample was taken on the day of infusion or later.")
    if len({day for day, _ in points}) < len(points):
        raise ValueError("Two samples stand on one day; choose one before computing.")
    return points


def _at(points: list[Point], day: int) -> Decimal:
    after = next(index for index, point in enumerate(points) if point[0] >= day)
    if points[after][0] == day:
        return points[after][1]
    (left, low), (right, high) = points[after - 1], points[after]
    return low + (high - low) * (day - left) / (right - left)
