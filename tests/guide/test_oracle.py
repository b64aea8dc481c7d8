"""The guide by the reference implementation: HL7's Java validator finds nothing that is not explained."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import guide_package
import oracle
import pytest

INVARIANTS = Path(__file__).parent / "invariants"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_reference_implementation_agrees(need: Callable[[str, bool], None]) -> None:
    """One run of the JVM for the package, the examples and the cases of the invariants."""
    need(f"The oracle ({oracle.why_not()})", not oracle.why_not())
    findings = oracle.check_guide(INVARIANTS)
    cases = {path.name for path in INVARIANTS.glob("*.json")}
    assert_the_package_was_loaded(findings)
    assert_explained([finding for finding in findings if finding.file not in cases])
    assert_invariants_mean_the_same(findings)


def assert_the_package_was_loaded(findings: list[oracle.Finding]) -> None:
    """A program that is not ours takes from package.tgz every definition of the kinds that it keeps."""
    kinds = {"StructureDefinition", "ValueSet", "CodeSystem"}
    ours = {(d["resourceType"], d["url"]) for d in guide_package.definitions() if d["resourceType"] in kinds}
    assert {(f.location, f.message) for f in findings if f.severity == "loaded" and f.location in kinds} == ours


def assert_explained(findings: list[oracle.Finding]) -> None:
    """No error and no warning without a row in accepted.csv."""
    left = oracle.unexplained(findings, ("error", "fatal", "warning"))
    assert not left, "\n".join(f"{finding.file} {finding.location}: {finding.message}" for finding in left)


def assert_invariants_mean_the_same(findings: list[oracle.Finding]) -> None:
    """Each case breaks its invariant, or keeps it, for HL7's validator as for ours."""
    told = {(finding.file, key) for finding in findings for key in re.findall(r"cart-[a-z]+-\d+(?=:)", finding.message)}
    for path in sorted(INVARIANTS.glob("*.json")):
        key = re.sub(r"-[pf]\d+-(pass|fail)$", "", path.stem)
        assert ((path.name, key) in told) == path.stem.endswith("fail"), path.name
        others = [f for f in findings if f.file == path.name and f.severity == "error" and f"{key}:" not in f.message]
        assert not others, others
