"""Findings that a project has decided to live with: a YAML list of rule, place and reason.

- rule: display
  expression: Observation.code.coding*.display     # * stands for anything; left out, the rule is ignored everywhere
  text: "*LOINC*"                                  # left out: any text
  reason: Displays are in German until the translation is published.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from cart_fhir.errors import ConfigError
from cart_fhir.issues import Issue


class Ignored:
    """The entries of an ignore file; `keep` drops what they match, `idle` tells which matched nothing."""

    def __init__(self, entries: list[dict[str, str]]) -> None:
        self._entries = entries
        self._used = [False] * len(entries)

    @classmethod
    def read(cls, path: Path) -> Ignored:
        """Read the file; ConfigError when it is not such a list or an entry gives no reason."""
        import yaml

        try:
            found: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as problem:
            raise ConfigError(f"{path} is not YAML: {problem}") from problem
        for entry in found if isinstance(found, list) else [None]:
            if not isinstance(entry, dict) or not {"rule", "reason"} <= entry.keys() or not entry["reason"]:
                raise ConfigError(f"{path} must be a list of entries that have a rule and a reason.")
        return cls([{key: str(value) for key, value in entry.items()} for entry in found])

    def keep(self, issues: Iterable[Issue]) -> list[Issue]:
        """The issues that no entry matches."""
        return [issue for issue in issues if not self._matches(issue)]

    def idle(self) -> list[str]:
        """The entries that matched nothing: what they were for has gone."""
        return [
            f"{entry['rule']} {entry.get('expression', '')}".strip()
            for entry, used in zip(self._entries, self._used, strict=True)
            if not used
        ]

    def _matches(self, issue: Issue) -> bool:
        for number, entry in enumerate(self._entries):
            if (
                entry["rule"] == issue.rule
                and _fits(issue.expression, entry.get("expression", "*"))
                and _fits(issue.text, entry.get("text", "*"))
            ):
                self._used[number] = True
                return True
        return False


def _fits(text: str, pattern: str) -> bool:
    """fnmatch without its character sets, since paths have indexes in brackets."""
    return fnmatchcase(text, pattern.replace("[", "[[]"))
