"""What searches ask of a terminology: the codes of a value set, and what is above and below a code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

Codes = Iterable[tuple[str, str]]
"""(system, code) pairs"""


class CodeSets(Protocol):
    """Answers None where it cannot know."""

    def members(self, value_set: str) -> Codes | None:
        """The codes of a value set's expansion."""

    def below(self, system: str, code: str) -> Codes | None:
        """The code and everything it subsumes."""

    def above(self, system: str, code: str) -> Codes | None:
        """The code and everything that subsumes it."""
