"""Every invariant has resources that keep it and resources that break it; the validator tells them apart."""

from __future__ import annotations

import re
from pathlib import Path

import guide_package
import pytest

from cart_fhir import Validator

CASES = sorted((Path(__file__).parent / "invariants").glob("*.json"))


def invariants() -> dict[str, str]:
    """Key -> severity of every invariant the guide defines."""
    return {
        constraint["key"]: constraint["severity"]
        for definition in guide_package.definitions()
        if definition["resourceType"] == "StructureDefinition"
        for element in definition["differential"]["element"]
        for constraint in element.get("constraint", [])
    }


def test_every_invariant_has_a_case_that_passes_and_one_that_fails() -> None:
    told = {(match[1], match[2]) for path in CASES if (match := re.match(r"(.+)-[pf]\d+-(pass|fail)", path.stem))}
    assert told == {(key, kind) for key in invariants() for kind in ("pass", "fail")}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_invariant(path: Path) -> None:
    key = re.sub(r"-[pf]\d+-(pass|fail)$", "", path.stem)
    issues = Validator().validate(path)
    broken = [issue for issue in issues if key in issue.code or key in issue.rule or key in issue.text]
    others = [issue for issue in issues if issue.severity in ("error", "fatal") and issue not in broken]
    assert bool(broken) == path.stem.endswith("fail"), issues
    assert not others, others
