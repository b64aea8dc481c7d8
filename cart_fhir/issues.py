"""Findings: one frozen value per problem found in data, and its form as an OperationOutcome.

Every room speaks of problems in this one shape: the validator (expression, profile, line), the mappers (origin: file,
row, column, value) and the server. https://hl7.org/fhir/R4/operationoutcome.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["fatal", "error", "warning", "information"]

_ORDER = {"fatal": 0, "error": 1, "warning": 2, "information": 3}
_EXTENSION = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where in an export a value stood: file, sheet or segment, row (1 = the first line of the file), column, value.

    `value` is shortened and masked by whoever makes the issue, unless the user asked to see values.
    """

    file: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        words = [self.file]
        if self.sheet:
            words.append(f"sheet {self.sheet}")
        if self.row is not None:
            words.append(f"row {self.row}")
        if self.column:
            words.append(f"column {self.column}")
        if self.value:
            words.append(f"value '{self.value}'")
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding.

    `severity` and `code` are FHIR's (issue-severity, issue-type); `rule` is our stable id of the rule (docs/rules);
    `text` says in plain words what is wrong, with actual and expected; `expression` is the FHIRPath of the element;
    `advice` says what to do; `profile` is the canonical whose rule it is, `definition` the element or invariant in it;
    `line` and `column` count from 1 in the source text; `origin` is the cell of the export it came from.
    """

    severity: Severity
    code: str
    rule: str
    text: str
    expression: str = ""
    advice: str = ""
    profile: str = ""
    definition: str = ""
    line: int | None = None
    column: int | None = None
    origin: Origin | None = None

    @property
    def is_error(self) -> bool:
        """True for what refuses the data: severity error or fatal."""
        return self.severity in ("error", "fatal")


def has_errors(issues: Iterable[Issue]) -> bool:
    """True when any issue is an error or fatal."""
    return any(issue.is_error for issue in issues)


def worst_first(issues: Iterable[Issue]) -> list[Issue]:
    """The issues by severity; order within a severity is kept."""
    return sorted(issues, key=lambda issue: _ORDER[issue.severity])


def operation_outcome(issues: Iterable[Issue]) -> dict[str, Any]:
    """An OperationOutcome of the issues; one informational 'all is well' issue when there are none."""
    made = [_outcome_issue(issue) for issue in issues]
    if not made:
        text = {"text": "No issues were found."}
        made = [{"severity": "information", "code": "informational", "details": text}]
    return {"resourceType": "OperationOutcome", "issue": made}


def _outcome_issue(issue: Issue) -> dict[str, Any]:
    text = f"{issue.text} {issue.advice}".strip()
    coding = {"system": "https://w3id.org/cart-fhir/rules", "code": issue.rule}
    details: dict[str, Any] = {"coding": [coding], "text": text} if issue.rule else {"text": text}
    made: dict[str, Any] = {"severity": issue.severity, "code": issue.code, "details": details}
    origin = [str(issue.origin)] if issue.origin else []
    source = [f"{word} {url}" for word, url in (("profile", issue.profile), ("rule", issue.definition)) if url]
    if origin or source:
        made["diagnostics"] = "; ".join(origin + source)
    if issue.expression:
        made["expression"] = [issue.expression]
    places = [("line", issue.line), ("col", issue.column)]
    extension = [{"url": _EXTENSION + name, "valueInteger": number} for name, number in places if number is not None]
    return {"extension": extension, **made} if extension else made
