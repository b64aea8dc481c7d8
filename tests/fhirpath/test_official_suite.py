"""The official FHIRPath suite for R4: every test passes, or stands in official_misses.yaml with its reason."""

from __future__ import annotations

import pathlib

import fhirpath_suite as suite
import pytest
import yaml

from cart_fhir.errors import BadSyntax
from cart_fhir.fhirpath import EvaluationError

MISSES: dict[str, str] = yaml.safe_load((pathlib.Path(__file__).parent / "official_misses.yaml").read_text("utf-8"))
CASES = list(suite.cases()) if suite.SUITE.exists() else []
VALUES = [case for case in CASES if not case.invalid]
MUST_FAIL = [case for case in CASES if case.invalid]

pytestmark = pytest.mark.skipif(not CASES, reason="../shared/cases/fhirpath is not there")


def test_suite_is_whole_and_misses_are_few() -> None:
    assert (len(VALUES), len(MUST_FAIL)) == (900, 35)
    assert MISSES.keys() <= {case.name for case in VALUES}
    assert len(MISSES) <= 0.02 * len(VALUES)


@pytest.mark.parametrize("case", VALUES, ids=lambda case: case.name)
def test_value(case: suite.Case) -> None:
    why = suite.misses(case)
    if case.name in MISSES:
        assert why, "this passes now: take it off official_misses.yaml"
    else:
        assert not why, f"{case.expression}: {why}"


@pytest.mark.parametrize("case", MUST_FAIL, ids=lambda case: case.name)
def test_must_fail(case: suite.Case) -> None:
    with pytest.raises((BadSyntax, EvaluationError)):
        suite.run(case)
