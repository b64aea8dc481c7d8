"""What a failed invariant says of the values that it read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cart_fhir.validator import Validator
from cart_fhir.validator.rules.evidence import seen

DAY = {
    "url": "http://test.invalid/StructureDefinition/study-day",
    "extension": [{"url": "day", "valueInteger": 3}, {"url": "infusionDate", "valueDate": "2026-03-10"}],
}


@pytest.mark.parametrize(
    ("expression", "value", "wanted"),
    [
        ("low <= high", {"low": {"value": Decimal(5), "unit": "g"}, "high": {"value": Decimal("3.0")}, "text": "x"},
         "found: low = 5 g, high = 3.0"),
        ("extension('http://test.invalid/StructureDefinition/study-day').extension('day').value = effective",
         {"extension": [DAY], "effectiveDateTime": "2026-03-12", "status": "final"},
         "found: day = 3, infusionDate = 2026-03-10, effective = 2026-03-12"),
        ("code.coding.where(code = 'a' and display.exists()).exists()",
         {"code": {"coding": [{"code": "b"}, {"code": "c"}]}, "display": "not read"}, "found: code = b c"),
        ("period.start < period.end", {"period": {"start": "2024", "end": "2023"}}, "found: period = 2024 to 2023"),
        ("name.exists()", {"active": True}, ""),
        ("$this.length() > 5", "abc", "found: abc"),
        ("item.all(x > 1)", {"item": [1, 2, 3, 4, 5, 6, 7, 8]},
         "found: item = 1, item = 2, item = 3, item = 4, item = 5, item = 6, and 2 more"),
        ("where(", {"a": 1}, ""),
    ],
)  # fmt: skip
def test_values_are_named(expression: str, value: Any, wanted: str) -> None:
    assert seen(expression, value) == wanted


def test_a_finding_says_what_was_found(validator: Validator) -> None:
    period = {"start": "2024-02-01", "end": "2024-01-01"}
    issues = validator.validate({"resourceType": "Patient", "name": [{"period": period}]})
    assert [issue.text for issue in issues if issue.definition == "per-1"] == [
        "per-1: If present, start SHALL have a lower value than end (found: start = 2024-02-01, end = 2024-01-01)."
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["extension", "url", "value", "coding", "code", "period", "start"]), inner)
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_value_can_be_told(value: Any) -> None:
    assert len(seen("extension('x').value = period or code.value > coding", value)) < 1000
