"""The guide by the reference implementation: HL7's Java validator finds nothing that is not explained."""

from __future__ import annotations

import re
from pathlib import Path

import oracle
import pytest

HERE = Path(__file__).parent

needs_java = pytest.mark.skipif(bool(oracle.why_not()), reason=oracle.why_not() or "-")


@pytest.mark.slow
@needs_java
def test_package_and_examples() -> None:
    left = oracle.unexplained(oracle.check_guide(), ("error", "fatal", "warning"))
    assert not left, "\n".join(f"{finding.file} {finding.location}: {finding.message}" for finding in left)


@pytest.mark.slow
@needs_java
def test_invariants_mean_the_same_to_the_reference_implementation(tmp_path: Path) -> None:
    oracle.guide_package.unpack(tmp_path)
    findings = oracle.validate(tmp_path / "package", HERE / "invariants")
    told = {(finding.file, key) for finding in findings for key in re.findall(r"cart-[a-z]+-\d+(?=:)", finding.message)}
    for path in sorted((HERE / "invariants").glob("*.json")):
        key = re.sub(r"-[pf]\d+-(pass|fail)$", "", path.stem)
        assert ((path.name, key) in told) == path.stem.endswith("fail"), path.name
        others = [f for f in findings if f.file == path.name and f.severity == "error" and f"{key}:" not in f.message]
        assert not others, others
