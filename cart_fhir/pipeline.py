"""The main job on one page: export -> map -> validate -> store, in one transaction, with a report that adds up.

A row whose resource breaks a rule of the guide is refused with the rows that lean on it; the rest is stored. Either all
that stands is stored or, when the run is killed or fails, nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

from cart_fhir.issues import Issue
from cart_fhir.mappers import Map, Mapped, Totals
from cart_fhir.store.base import Store
from cart_fhir.validator import Validator

Progress = Callable[[str, int], None]
"""Told what is going on ("rows", "patients", "resources") and how many more are done."""

_BATCH = 1000
_ENTRY = re.compile(r"Bundle\.entry\[(\d+)\]\.resource(?:/\*[^*]*\*/)?(?:\.ofType\(\w+\))?")


@dataclass
class Report:
    """What became of an export. For every table: rows read = mapped + skipped + refused."""

    totals: list[Totals] = field(default_factory=list)
    resources: Counter[str] = field(default_factory=Counter)
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    issues: list[Issue] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return sum(total.refused for total in self.totals)

    def lines(self) -> list[str]:
        """The report as text, a line a fact."""
        made = [
            f"{total.file} ({total.table}): {total.read} rows read = {total.mapped} mapped"
            f" + {total.skipped} skipped + {total.refused} refused"
            for total in self.totals
        ]
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.resources.items()))
        made.append(f"{self.resources.total()} resources: {kinds}" if kinds else "No resources.")
        made.append(f"Stored: {self.created} new, {self.changed} changed, {self.unchanged} as they were.")
        return made


def run(
    exports: Sequence[Path | str],
    mapping: Map,
    store: Store,
    validator: Validator,
    *,
    exported: str = "",
    refused: Path | None = None,
    progress: Progress | None = None,
) -> Report:
    """Map the files of an export, refuse what breaks a rule, store the rest in one transaction; the report.

    `exported` is the instant or day of the export (for Provenance), `refused` a folder for the refused rows. Running
    the same export again changes nothing in the store.
    """
    told = progress or (lambda what, more: None)
    with mapping.run(exports, exported=exported, progress=lambda more: told("rows", more)) as mapped:
        warnings = validate(mapped, validator, told)
        report = Report(mapped.totals, issues=[*mapped.issues, *warnings])
        save(mapped, store, report, told)
        if refused is not None:
            mapped.write_refused(refused)
    return report


@dataclass
class _Findings:
    """What the validator said: errors by the resource whose rows they refuse, and warnings about what stays."""

    errors: dict[str, list[Issue]] = field(default_factory=dict)
    warnings: list[Issue] = field(default_factory=list)

    def add(self, issue: Issue, resource: dict[str, Any], start: str) -> None:
        """Note a finding about a resource; `start` is where its expression names the resource."""
        rest = issue.expression[len(start) :]
        if issue.is_error:
            within = replace(issue, expression=resource["resourceType"] + rest)
            self.errors.setdefault(_ref(resource), []).append(within)
        elif issue.severity == "warning":
            self.warnings.append(replace(issue, expression=_ref(resource) + rest))

    def add_whole(self, issue: Issue, patient: dict[str, Any]) -> None:
        """Note a finding about the whole bundle: an error refuses the patient, and with the patient all of it."""
        if issue.is_error:
            self.errors.setdefault(_ref(patient), []).append(issue)
        elif issue.severity == "warning":
            self.warnings.append(replace(issue, expression=_ref(patient)))


def validate(mapped: Mapped, validator: Validator, told: Progress) -> list[Issue]:
    """Check each patient's bundle; refuse the rows of resources with errors. What is left: warnings about the rest."""
    findings = _Findings()
    sources: set[str] = set()
    for bundle in mapped.submissions():
        resources = [entry["resource"] for entry in bundle["entry"]]
        sources.update(_ref(each) for each in resources if each["resourceType"] == "Provenance")
        for issue in validator.validate(bundle):
            entry = _ENTRY.match(issue.expression)
            if entry:
                findings.add(issue, resources[int(entry[1])], entry[0])
            else:
                findings.add_whole(issue, resources[0])
        told("patients", 1)
    unseen = (each for each in mapped.provenance() if _ref(each) not in sources)
    for resource in chain(mapped.strays(), unseen):
        for issue in validator.validate(resource):
            findings.add(issue, resource, resource["resourceType"])
    if findings.errors:
        mapped.refuse(findings.errors)
    return findings.warnings


def save(mapped: Mapped, store: Store, report: Report, told: Progress) -> None:
    """Put every resource into the store, in one transaction; resources that are there already make no new version."""
    with store.transaction() as transaction:
        batch: list[dict[str, Any]] = []
        for resource in mapped:
            report.resources[resource["resourceType"]] += 1
            batch.append(resource)
            if len(batch) == _BATCH:
                _put(batch, transaction, report)
                told("resources", len(batch))
                batch = []
        _put(batch, transaction, report)
        told("resources", len(batch))


def _put(batch: list[dict[str, Any]], transaction: Any, report: Report) -> None:
    transaction.expect((resource["resourceType"], resource["id"]) for resource in batch)
    for resource in batch:
        written = transaction.update(resource)
        if written.created:
            report.created += 1
        elif written.changed:
            report.changed += 1
        else:
            report.unchanged += 1


def _ref(resource: dict[str, Any]) -> str:
    return f"{resource['resourceType']}/{resource['id']}"
