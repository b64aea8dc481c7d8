"""Findings for people, programs and review tools: text, OperationOutcome JSON, SARIF 2.1.0, JUnit XML."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from cart_fhir.issues import Issue, operation_outcome, worst_first

_COLOURS = {"fatal": "\x1b[31;1m", "error": "\x1b[31m", "warning": "\x1b[33m", "information": "\x1b[36m"}
_LEVELS = {"fatal": "error", "error": "error", "warning": "warning", "information": "note"}
_FILE = "http://hl7.org/fhir/StructureDefinition/operationoutcome-file"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in one file (or one resource of a stream: `line` says which)."""

    path: Path
    issues: tuple[Issue, ...]
    line: int | None = None

    @property
    def name(self) -> str:
        """The file, with the line of the resource in a stream."""
        return f"{readable(self.path)}:{self.line}" if self.line is not None else readable(self.path)


def readable(path: Path) -> str:
    """A file's name as text; bytes in it that are not UTF-8, which no JSON or XML can hold, as replacement marks."""
    return os.fsencode(path).decode("utf-8", "replace")


class Run:
    """What a run found: how many resources were checked, and those that have findings."""

    def __init__(self) -> None:
        self.total = 0
        self.clean: Counter[Path] = Counter()
        self.found: list[Checked] = []

    def add(self, checked: Checked) -> None:
        """Count a resource; keep it only when there is something to say, so that long runs stay small."""
        self.total += 1
        if checked.issues:
            self.found.append(checked)
        else:
            self.clean[checked.path] += 1

    def tell(self, definitions: Checked) -> None:
        """Put first what is wrong with the definitions that were loaded; they are no resources of the run."""
        if definitions.issues:
            self.found.insert(0, definitions)


def text(run: Run) -> str:
    """Grouped by file, worst first, with a summary; for reading. In colour on a terminal."""
    colour = sys.stdout.isatty()
    lines: list[str] = []
    for each in run.found:
        lines.append(each.name)
        for issue in worst_first(each.issues):
            place = f" (line {issue.line}, column {issue.column})" if issue.line is not None else ""
            mark = f"{_COLOURS[issue.severity]}{issue.severity}\x1b[0m" if colour else issue.severity
            lines.append(f"  {mark}: {issue.expression or '-'}{place}")
            lines.append(f"    {issue.text} [{issue.rule}]")
            if issue.advice:
                lines.append(f"    -> {issue.advice}")
            if issue.profile:
                lines.append(f"    by {issue.profile}{' ' + issue.definition if issue.definition else ''}")
        lines.append("")
    lines.append(summary(run))
    return "\n".join(lines)


def summary(run: Run) -> str:
    """One line: how much was checked and what was found."""
    counts = Counter(issue.severity for each in run.found for issue in each.issues)
    errors, warnings, notes = counts["error"] + counts["fatal"], counts["warning"], counts["information"]
    word = "resource" if run.total == 1 else "resources"
    verdict = "not valid" if errors else "valid"
    return f"{run.total} {word}: {verdict}; errors {errors}, warnings {warnings}, information {notes}."


def outcome(run: Run) -> str:
    """One OperationOutcome; with several files each issue says its own in the extension operationoutcome-file."""
    from cart_fhir.formats import json

    made = operation_outcome(issue for each in run.found for issue in each.issues)
    names = [each.name for each in run.found for _ in each.issues]
    if run.total > 1 or len(run.found) > 1:
        for issue, name in zip(made["issue"], names, strict=False):
            issue["extension"] = [*issue.get("extension", ()), {"url": _FILE, "valueString": name}]
    return json.dumps(made, pretty=True).decode()


def sarif(run: Run) -> str:
    """SARIF 2.1.0, which code review tools show beside the line. https://docs.oasis-open.org/sarif/sarif/v2.1.0/"""
    import json

    from cart_fhir import __version__
    from cart_fhir.validator.catalogue import RULES

    used = sorted({issue.rule for each in run.found for issue in each.issues})
    rules = [
        {"id": rule, "shortDescription": {"text": RULES[rule].title}, "helpUri": RULES[rule].clause}
        for rule in used
        if rule in RULES
    ]
    results = [_result(each, issue) for each in run.found for issue in each.issues]
    driver = {"name": "cart-fhir", "version": __version__, "rules": rules}
    made = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(made, indent=2)


def _result(each: Checked, issue: Issue) -> dict[str, Any]:
    # a URI reference: what is not in the alphabet of URIs is percent-encoded (SARIF 2.1.0, 3.10)
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(os.fsencode(each.path.as_posix()))}}
    line = issue.line if issue.line is not None else each.line
    if line is not None:
        place["region"] = {"startLine": line, **({"startColumn": issue.column} if issue.column else {})}
    location: dict[str, Any] = {"physicalLocation": place}
    if issue.expression:
        location["logicalLocations"] = [{"fullyQualifiedName": issue.expression}]
    message = f"{issue.text} {issue.advice}".strip()
    return {
        "ruleId": issue.rule,
        "level": _LEVELS[issue.severity],
        "message": {"text": message},
        "locations": [location],
    }


def junit(run: Run) -> str:
    """JUnit XML: a test case for each resource with findings, failed by errors, and one for the rest of each file.

    A run without findings has its cases too: test reports without any are refused by some that read them.
    """
    failures = sum(any(issue.is_error for issue in each.issues) for each in run.found)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuite name="cart-fhir validate" tests="{len(run.found) + len(run.clean)}" failures="{failures}">',
    ]
    for each in run.found:
        lines.append(f'  <testcase classname="cart-fhir" name={quoteattr(each.name)}>')
        errors = [issue for issue in each.issues if issue.is_error]
        rest = [issue for issue in each.issues if not issue.is_error]
        if errors:
            lines.append(f"    <failure message={quoteattr(_plain(errors[0]))}>{_body(errors)}</failure>")
        if rest:
            lines.append(f"    <system-out>{_body(rest)}</system-out>")
        lines.append("  </testcase>")
    for path, count in run.clean.items():
        name = readable(path) + (f": {count} resources without findings" if count > 1 else "")
        lines.append(f'  <testcase classname="cart-fhir" name={quoteattr(name)}/>')
    lines.append("</testsuite>")
    return "\n".join(lines)


def _plain(issue: Issue) -> str:
    return "".join(ch if ch.isprintable() else " " for ch in f"{issue.expression}: {issue.text}")


def _body(issues: Sequence[Issue]) -> str:
    return escape("\n".join(f"{issue.severity} {_plain(issue)} [{issue.rule}]" for issue in issues))


REPORTS: dict[str, Callable[[Run], str]] = {"text": text, "json": outcome, "sarif": sarif, "junit": junit}
