"""Membership of codes in value sets, remembered: the hot path of every binding is one dictionary look-up."""

from __future__ import annotations

from cart_fhir.definitions.terminology import Terminology

_MOST = 100_000


class ValueSets:
    """Answers of the terminology by value set, system and code: True, False, None when it cannot be known offline."""

    def __init__(self, terminology: Terminology) -> None:
        self.terminology = terminology
        self._known: dict[str, dict[tuple[str | None, str], bool | None]] = {}

    def answers(self, url: str) -> dict[tuple[str | None, str], bool | None]:
        """The remembered answers of one value set; `member` fills them."""
        return self._known.setdefault(url, {})

    def member(self, url: str, system: str | None, code: str) -> bool | None:
        """True when the code is in the value set; `system` None for a `code` element, whose system the set implies."""
        answers = self._known.setdefault(url, {})
        key = (system, code)
        if key in answers:
            return answers[key]
        if len(answers) >= _MOST:
            answers.clear()
        answer = answers[key] = self.terminology.member(url, system, code)
        return answer

    def why(self, url: str) -> str:
        """Why codes of the value set cannot be known here."""
        return self.terminology.why(url) or "its codes are not available here"
