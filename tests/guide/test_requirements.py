"""Requirements that no invariant can hold: a value that is not known is said to be so, and is never read as a zero."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import guide_package
import pytest

from cart_fhir import Validator
from cart_fhir.definitions import Registry
from cart_fhir.issues import has_errors
from cart_fhir.search import Indexer

Json = dict[str, Any]

UNKNOWN = [one for one in guide_package.examples() if one.get("dataAbsentReason")]


@pytest.mark.parametrize("example", UNKNOWN, ids=lambda one: one["id"])
def test_a_must_have_that_is_not_known_says_why(example: Json) -> None:
    """Without the reason it is refused; with a value as well as a reason it contradicts itself and is refused too."""
    validator = Validator()
    assert not has_errors(validator.validate(example))
    parts = "component" in example  # then R4 asks for neither value nor reason
    silent = {key: value for key, value in example.items() if key != "dataAbsentReason"}
    assert has_errors(validator.validate(silent)) or parts
    invented = {**example, "valueQuantity": {"value": Decimal(0)}}
    assert has_errors(validator.validate(invented))


@pytest.mark.parametrize("example", UNKNOWN, ids=lambda one: one["id"])
def test_what_is_absent_is_not_zero_or_false(example: Json) -> None:
    """A search for zero finds a zero, not what was not measured."""
    zero = {key: value for key, value in example.items() if key != "dataAbsentReason"}
    zero["valueQuantity"] = {"value": Decimal(0), "system": "http://unitsofmeasure.org", "code": "{score}"}
    assert "value-quantity" in _indexed(zero)
    assert not {"value-quantity", "value-concept"} & _indexed(example)


def _indexed(resource: Json) -> set[str]:
    return {row[0] for _, row in Indexer(Registry.default()).rows(resource)}
