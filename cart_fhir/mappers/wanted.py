"""What a map asks to derive: the words of its `derive`, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from cart_fhir.mappers.visits import Visits
from cart_fhir.profiles import derived
from cart_fhir.profiles.dose import FORMULAS

# word of the map -> codes of the Observations it asks for
WORDS: Final = {
    "expansion": ("cart-peak", "cart-time-to-peak", "cart-auc-0-28"),
    "persistence": ("cart-persistence",),
    "b-cells": ("b-cell-aplasia", "b-cell-reconstitution"),
    "vein-to-vein": ("vein-to-vein-time",),
}
_LIMITED: Final = ("persistence", "b-cells")
_PLAIN: Final = ("totals", "expansion", "vein-to-vein", "cumulative-doses")
ALL: Final = ("totals", *WORDS, "body-surface", "cumulative-doses", "lupus-states")


@dataclass(frozen=True)
class Wanted:
    """Totals and grades, Observations by code, the laboratory's limits in cells/uL, and what follows from visits."""

    totals: bool = False
    codes: frozenset[str] = frozenset()
    limits: derived.Limits = field(default_factory=derived.Limits)
    visits: Visits | None = None

    @classmethod
    def of(cls, given: Any) -> Wanted:
        """From the map's `derive`: a mapping, or a list of words and mappings; ValueError in a plain sentence."""
        asked: dict[str, Any] = {}
        for part in given if isinstance(given, list) else [given]:
            asked |= part if isinstance(part, dict) else {str(part): True}
        for word, value in asked.items():
            _check(word, value)
        limits = {word: Decimal(asked[word]) for word in _LIMITED if asked.get(word)}
        codes = frozenset(code for word, found in WORDS.items() if asked.get(word) for code in found)
        found = derived.Limits(limits.get("persistence"), limits.get("b-cells"))
        return cls(bool(asked.get("totals")), codes, found, _visits(asked))


def _check(word: str, value: Any) -> None:
    if word not in ALL:
        raise ValueError(f"'{word}' cannot be derived; there are {', '.join(ALL)}.")
    number = isinstance(value, (int, Decimal)) and not isinstance(value, bool) and value > 0
    if word in _LIMITED and value is not False and not number:
        raise ValueError(f"'{word}' needs the laboratory's limit in cells per uL: {{{word}: 10}}.")
    if word in _PLAIN and not isinstance(value, bool):
        raise ValueError(f"'{word}' is true or false.")


def _visits(asked: Mapping[str, Any]) -> Visits | None:
    surface = asked.get("body-surface") or {}
    told = surface if isinstance(surface, dict) else {"formula": surface}
    formula, max_age = told.get("formula"), told.get("max-age", 365)
    if told and (formula not in FORMULAS or not isinstance(max_age, int)):
        raise ValueError(f"'body-surface' names its formula: {', '.join(FORMULAS)}; 'max-age' is in days.")
    made = Visits(formula, max_age, asked.get("cumulative-doses", False), _statements(asked.get("lupus-states")))
    return None if made == Visits(max_age=max_age) else made


def _statements(told: Any) -> tuple[bool, bool] | None:
    """Stable therapy and new activity, which the map must state: no Observation holds them."""
    if told in (None, False):
        return None
    words = ("stable-therapy", "new-activity")
    if not isinstance(told, dict) or set(told) != set(words) or not all(isinstance(told[word], bool) for word in words):
        raise ValueError("'lupus-states' states two things: {stable-therapy: true, new-activity: false}.")
    return told["stable-therapy"], told["new-activity"]
