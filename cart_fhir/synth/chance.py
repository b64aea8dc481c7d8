"""Draws from a seeded generator, as Decimals with the digits a laboratory would print."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A seeded source of chance: the same seed gives the same draws on every machine and in every Python."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311 - synthetic data, no secret depends on it

    def happens(self, probability: float) -> bool:
        """True with this probability."""
        return self._random.random() < probability

    def whole(self, low: int, high: int) -> int:
        """An integer from low to high, both included."""
        return self._random.randint(low, high)

    def number(self, low: float, high: float) -> float:
        """A number between low and high."""
        return self._random.uniform(low, high)

    def decimal(self, low: float, high: float, places: int) -> Decimal:
        """A number between low and high as a Decimal with so many places."""
        return decimal(self.number(low, high), places)

    def one(self, choices: Sequence[T], weights: Sequence[float] | None = None) -> T:
        """One of the choices."""
        return self._random.choices(choices, weights)[0]

    def around(self, value: float, spread: float = 0.1) -> float:
        """The value, up to `spread` (a share of it) more or less."""
        return value * self.number(1 - spread, 1 + spread)


def decimal(value: float, places: int) -> Decimal:
    """A float as the Decimal of its printed form, never below zero."""
    return Decimal(f"{max(value, 0):.{places}f}")
