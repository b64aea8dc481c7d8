"""The shortcuts give what the general closures give, on data right and wrong."""

from __future__ import annotations

from typing import Any

import hypothesis
import hypothesis.strategies as st
import pytest

from cart_fhir import fhirpath
from cart_fhir.definitions import Registry

TYPES = Registry.default().types

odd = st.sampled_from([None, "", "a", "b", 1, True, {}, [], ["a"], [None, "a"], {"value": 1}, [{"code": "a"}], 1.5])
codings = st.lists(st.dictionaries(st.sampled_from(["code", "_code", "system", "id"]), odd, max_size=3), max_size=3)
observations = st.fixed_dictionaries(
    {"resourceType": st.just("Observation")},
    optional={
        "status": odd,
        "_status": odd,
        "code": st.fixed_dictionaries({}, optional={"coding": codings | odd, "text": odd}) | odd,
        "valueQuantity": st.fixed_dictionaries({}, optional={"value": odd, "code": odd, "unit": odd}),
        "extension": st.lists(
            st.fixed_dictionaries({"url": odd}, optional={"valueCode": odd, "_valueCode": odd}) | odd,
            max_size=3,
        ),
        "component": st.lists(
            st.fixed_dictionaries(
                {}, optional={"code": st.fixed_dictionaries({"coding": codings}), "valueString": odd}
            ),
            max_size=2,
        ),
    },
)


def outcome(text: str, resource: dict[str, Any]) -> Any:
    """The values of an expression, or the name of what it raises."""
    try:
        return fhirpath.compile(text, TYPES, "Observation").values(resource)
    except fhirpath.EvaluationError:
        return "EvaluationError"


@pytest.mark.parametrize(
    ("short", "general"),
    [
        ("status = 'a'", "'a' = status"),
        ("status != 'a'", "'a' != status"),
        ("code.coding.code = 'a'", "'a' = code.coding.code"),
        ("value.ofType(Quantity).unit != 'a'", "'a' != value.ofType(Quantity).unit"),
        ("component.value = true", "true = component.value"),
        ("code.text = false", "false = code.text"),
        ("effective = '2024-01-01'", "'2024-01-01' = effective"),
        ("code.coding.where(code = 'a')", "code.coding.where('a' = code)"),
        ("code.coding.where(code = 'a').exists()", "code.coding.where('a' = code and $index >= 0).count() > 0"),
        ("code.coding.where(code = 'a').empty()", "code.coding.where('a' = code).count() = 0"),
        ("code.coding.exists(code = 'a')", "code.coding.exists('a' = code and $index >= 0)"),
        ("value.ofType(Quantity)", "value.where($this is Quantity)"),
        ("component.value.ofType(string)", "component.value.where($this is string)"),
        ("extension.value.ofType(code)", "extension.value.where($this is code)"),
        ("extension('a').value", "extension('a' & '').value"),
        ("code.text.startsWith('a')", "code.text.startsWith('a' & '')"),
        ("value.ofType(Quantity).value = 1", "value.ofType(Quantity).value in 1"),
        ("(status | code.text).first()", "status.combine(code.text).distinct().first()"),
    ],
)
@hypothesis.settings(max_examples=60, deadline=None)
@hypothesis.given(resource=observations)
def test_same_as_the_long_way(short: str, general: str, resource: dict[str, Any]) -> None:
    assert outcome(short, resource) == outcome(general, resource)
