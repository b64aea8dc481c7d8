"""Findings while they are being made: a rule returns None when all is well, else findings with paths still relative.

The path of an element is not built on the way down. A rule that fails returns findings that name only themselves, and
each level it returns through adds its own step, so that data without findings never pay for paths.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cart_fhir.issues import Issue, Severity
from cart_fhir.validator.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable


class Finding:
    """One finding under way; `steps` are the parts of its path, innermost first.

    `unless` takes it back when the way from the resource to it is known: given the resource's type and the steps.
    """

    __slots__ = ("advice", "code", "definition", "profile", "rule", "severity", "steps", "text", "unless")

    def __init__(
        self,
        rule: str,
        text: str,
        *steps: str,
        severity: Severity | None = None,
        code: str = "",
        profile: str = "",
        definition: str = "",
        advice: str = "",
    ) -> None:
        known = RULES[rule]
        self.rule = rule
        self.text = text
        self.steps = list(steps)
        self.severity: Severity = severity or known.severity
        self.code = code or known.code
        self.profile = profile
        self.definition = definition
        self.advice = advice or known.advice
        self.unless: Callable[[str, list[str]], bool] | None = None

    @property
    def is_error(self) -> bool:
        """True for what refuses the data."""
        return self.severity in ("error", "fatal")

    @property
    def expression(self) -> str:
        """The path from the resource, when all steps are known."""
        return ".".join(reversed(self.steps))

    def issue(self, line: int | None = None, column: int | None = None) -> Issue:
        """The finding as the value that the caller gets."""
        return Issue(
            self.severity,
            self.code,
            self.rule,
            self.text,
            self.expression,
            self.advice,
            self.profile,
            self.definition,
            line,
            column,
        )

    def copy(self) -> Finding:
        """The same finding with steps of its own, for a place that is reached by two ways."""
        twin = Finding.__new__(Finding)
        for name in Finding.__slots__:
            setattr(twin, name, getattr(self, name))
        twin.steps = list(self.steps)
        return twin


Found = list[Finding] | None
Locate = Callable[[str], tuple[int, int] | None]


def nowhere(expression: str) -> None:
    """For findings about what is no text."""


def one(
    rule: str,
    text: str,
    *steps: str,
    severity: Severity | None = None,
    code: str = "",
    profile: str = "",
    definition: str = "",
    advice: str = "",
) -> list[Finding]:
    """A list of one finding: what most rules return when they fail."""
    made = Finding(
        rule, text, *steps, severity=severity, code=code, profile=profile, definition=definition, advice=advice
    )
    return [made]


def lift(found: list[Finding], step: str) -> list[Finding]:
    """The findings as seen from one level up: `step` is the name (and index) they were found under."""
    for finding in found:
        finding.steps.append(step)
    return found


def join(first: Found, second: Found) -> Found:
    """Both lists in one; either may be None."""
    if not first:
        return second
    if second:
        first.extend(second)
    return first


def fails(found: Found) -> bool:
    """True when an error is among the findings: what 'does not conform' means."""
    return bool(found) and any(finding.is_error for finding in found or ())


def distinct(findings: Iterable[Finding], locate: Locate = nowhere) -> list[Issue]:
    """The issues, each said once: what the base type and a profile both require is one finding, not two.

    `locate` tells line and column of an expression.
    """
    kept: dict[tuple[str, str, str], Issue] = {}
    for finding in findings:
        expression = finding.expression
        key = (expression, finding.rule, finding.text)
        if key not in kept:
            kept[key] = finding.issue(*(locate(expression) or ()))
    return list(kept.values())
