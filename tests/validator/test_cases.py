"""The table cases: for each resource the errors it must give, as rule and place, no more and no less."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cart_fhir.validator import Validator

CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_errors(case: dict[str, Any], validator: Validator) -> None:
    issues = validator.validate(case.get("text") or _resource(case), case.get("profile"))
    errors = sorted([issue.rule, issue.expression] for issue in issues if issue.is_error)
    assert errors == sorted(case["expect"]), "\n".join(map(str, issues))
    rest = [[issue.rule, issue.expression] for issue in issues if not issue.is_error]
    for wanted in case.get("also", ()):
        assert wanted in rest


def _resource(case: dict[str, Any]) -> dict[str, Any]:
    dropped = case.get("drop", ())
    return {key: value for key, value in case["resource"].items() if key not in dropped}
