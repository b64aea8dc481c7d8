"""Laws of what only makes the validator faster: values taken for right at sight, invariants not asked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_laws import mutated

from cart_fhir import fhirpath
from cart_fhir.definitions import Registry
from cart_fhir.validator.context import Context, Options
from cart_fhir.validator.program import Program
from cart_fhir.validator.rules import datatypes
from cart_fhir.validator.rules.guard import needed
from cart_fhir.validator.rules.native import NATIVE
from cart_fhir.validator.rules.primitives import FORMATS, SURE
from cart_fhir.validator.schema import Element

REGISTRY = Registry.default()
PROGRAM = Program.of(REGISTRY)
DAYS = st.from_regex(r"[0-9]{4}-[0-3][0-9]-[0-4][0-9]", fullmatch=True)
CLOCKS = st.from_regex(r"T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](Z|[+-][01][0-9]:[0-6][0-9])", fullmatch=True)
VALUES = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="aZ0-.:/|urn #\t\u00a0\u00ad\u202e\u0000<>bé", max_size=12),
    st.tuples(st.sampled_from(["urn:uuid:", "urn:oid:", "http://", "<b>", " "]), st.text(max_size=5)).map("".join),
    st.from_regex(r"[0-9]{4}(-[0-3][0-9](-[0-3][0-9])?)?", fullmatch=True),
    st.tuples(DAYS, CLOCKS).map("".join),
    st.integers(-(2**33), 2**33),
    st.booleans(),
    st.decimals(),
    st.floats(),
    st.none(),
    st.just({}),
    st.just([]),
)


@pytest.mark.parametrize("code", sorted(SURE))
@settings(max_examples=300, deadline=None)
@given(value=VALUES)
@example("0000-01-01")
@example("2024-02-30")
@example(Decimal("NaN"))
@example("a" * 2000)
@example("\u202eabc")
def test_what_is_taken_for_right_is_right(code: str, value: Any) -> None:
    accepts = SURE[code].get(type(value))
    if accepts is not None and accepts(value):
        assert FORMATS[code](value) is None
        for rule in datatypes.of_primitive(PROGRAM, code, Element("x", "x", "x")):
            assert rule(value, Context(PROGRAM, Options())) is None


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("string", "Platelets [#/volume] in Blood"),
        ("string", "Müller"),
        ("code", "final"),
        ("date", "2024-02-28"),
        ("dateTime", "2024-02-28T10:00:00+01:00"),
        ("uri", "http://loinc.org"),
        ("decimal", Decimal("1.50")),
        ("integer", -6),
    ],
)
def test_common_values_are_taken_for_right(code: str, value: Any) -> None:
    assert SURE[code][type(value)](value)


def _expressions() -> list[tuple[str, str]]:
    """(type, expression) of every invariant of resources and of the guide that is guarded."""
    definitions = [REGISTRY.structure(name) for name in REGISTRY.resource_types] + REGISTRY.profiles()
    found = {
        (definition["type"], constraint["expression"])
        for definition in definitions
        if definition is not None
        for element in definition["snapshot"]["element"]
        if "." not in element["path"]
        for constraint in element.get("constraint", ())
        if needed(constraint.get("expression", ""))
    }
    return sorted(found)


GUARDED = [each for each in _expressions() if each[0] in ("Observation", "AdverseEvent", "MedicationAdministration")]


def test_many_invariants_are_guarded() -> None:
    assert len(_expressions()) > 60
    assert needed("contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()") == {"contained"}
    assert needed("dataAbsentReason.empty() or value.empty()") == {"dataAbsentReason", "value"}
    assert needed("(a.exists() and b.c.exists()) implies d.exists()") == {"a", "b"}
    assert needed("extension('http://x').exists() implies a = 1") == {"extension"}
    assert needed("a.where(b.exists()).exists().not() or c.exists()") == {"a"}
    assert needed("a implies b.exists()") == frozenset()
    assert needed("a.count() < 2") == frozenset()
    assert needed("((") == frozenset()


@settings(max_examples=60, deadline=None)
@given(resource=mutated())
def test_an_invariant_that_is_not_asked_would_hold(resource: dict[str, Any]) -> None:
    for kind, expression in GUARDED:
        compiled = fhirpath.compile(expression, REGISTRY.types, kind)
        for name in needed(expression):
            keys = REGISTRY.types.children(kind)[name].json_names
            without = {
                key: value for key, value in resource.items() if key not in keys and key.removeprefix("_") not in keys
            }
            without["resourceType"] = kind
            env = fhirpath.Env(resource=without, root_resource=without, resolve=lambda reference: None)
            try:
                assert compiled.test(without, env), (expression, name)
            except fhirpath.EvaluationError:
                continue  # about other elements, of the wrong shape: the structure rules say so


@st.composite
def bundles(draw: st.DrawFn) -> dict[str, Any]:
    """Bundles of all types, whose entries repeat and lack what they should have."""
    resources = st.fixed_dictionaries(
        {"resourceType": st.just("Basic")},
        optional={"meta": st.fixed_dictionaries({}, optional={"versionId": st.sampled_from(["1", "2"])})},
    )
    entries = st.fixed_dictionaries(
        {},
        optional={
            "fullUrl": st.sampled_from(["urn:uuid:1", "urn:uuid:2"]),
            "_fullUrl": st.just({"id": "a"}),
            "resource": resources,
            "request": st.just({"method": "GET"}),
            "response": st.just({"status": "200"}),
            "search": st.just({"mode": "match"}),
        },
    )
    kinds = ["searchset", "history", "batch", "transaction", "batch-response", "transaction-response", "collection"]
    made = st.fixed_dictionaries(
        {"resourceType": st.just("Bundle")},
        optional={"type": st.sampled_from(kinds), "entry": st.lists(entries, min_size=1, max_size=3)},
    )
    return draw(made)


@settings(max_examples=300, deadline=None)
@given(bundle=bundles())
def test_native_invariants_of_bundles_agree_with_fhirpath(bundle: dict[str, Any]) -> None:
    context = Context(PROGRAM, Options(), resource=bundle, root=bundle)
    env = fhirpath.Env(resource=bundle, root_resource=bundle)
    for expression, native in NATIVE.items():
        if "entry" in expression:
            compiled = fhirpath.compile(expression, REGISTRY.types, "Bundle")
            assert native(bundle, context) == compiled.test(bundle, env), expression
        elif "request" in expression:
            compiled = fhirpath.compile(expression, REGISTRY.types, "Bundle.entry")
            for entry in bundle.get("entry", ()):
                assert native(entry, context) == compiled.test(entry, env), expression
