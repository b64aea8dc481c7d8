"""The guide's own resources: right ones have no errors, each broken variant is refused at the right place."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from cart_fhir.validator import Validator

HERE = Path(__file__).parent / "guide"
BASES: dict[str, dict[str, Any]] = json.loads((HERE / "bases.json").read_text(encoding="utf-8"))
VARIANTS: list[dict[str, Any]] = yaml.safe_load((HERE / "variants.yaml").read_text(encoding="utf-8"))


def broken(variant: dict[str, Any]) -> dict[str, Any]:
    """The base with the variant's places set and removed."""
    resource = copy.deepcopy(BASES[variant["base"]])
    for way, value in [*variant.get("set", {}).items(), *((way, ...) for way in variant.get("remove", ()))]:
        *before, last = [int(step) if step.isdigit() else step for step in way.split("/")]
        holder: Any = resource
        for step in before:
            holder = holder[step]
        if value is ...:
            del holder[last]
        else:
            holder[last] = value
    return resource


@pytest.mark.parametrize("name", BASES)
def test_right_resources_have_no_errors(name: str) -> None:
    assert [issue for issue in Validator().validate(BASES[name]) if issue.is_error] == []


def test_no_warning_about_a_code_that_the_profile_itself_prescribes() -> None:
    """R4 binds types of identifiers extensibly; the guide has judged that no code of that set means a lot of cells."""
    product = copy.deepcopy(BASES["cart-product"])
    assert product["identifier"]
    assert Validator().validate(product) == []
    own = {"coding": [{"system": "http://example.org/kinds", "code": "own"}]}
    product["identifier"].append({"system": "http://example.org/own", "value": "7", "type": own})
    assert [issue.rule for issue in Validator().validate(product)] == ["binding-extensible"]


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant["name"])
def test_broken_variants_are_refused_at_the_right_place(variant: dict[str, Any]) -> None:
    errors = [[issue.rule, issue.expression] for issue in Validator().validate(broken(variant)) if issue.is_error]
    assert sorted(errors) == sorted(variant["expect"])


def test_enough_families_are_covered() -> None:
    assert len(VARIANTS) >= 40
    assert len({rule for variant in VARIANTS for rule, _ in variant["expect"]}) >= 20
