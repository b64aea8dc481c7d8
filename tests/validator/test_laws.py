"""Laws: no data make the validator raise or run long; hand-written invariants and memos agree with FHIRPath."""

from __future__ import annotations

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cart_fhir import fhirpath
from cart_fhir.definitions import Registry
from cart_fhir.validator import Validator
from cart_fhir.validator.context import Context, Options
from cart_fhir.validator.findings import distinct, lift
from cart_fhir.validator.program import Program
from cart_fhir.validator.rules.memo import Memo
from cart_fhir.validator.rules.native import NATIVE

REGISTRY = Registry.default()
SEEDS: list[dict[str, Any]] = [
    case["resource"]
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    if "resource" in case
]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
    st.just("\ud800"),
    st.just("#"),
    st.just("http://hl7.org/fhir/StructureDefinition/Patient"),
    st.sampled_from(["2024-02-30", "urn:uuid:1", "a" * 5000, "<div>", "\u202e"]),
    st.dictionaries(
        st.sampled_from(["id", "url", "reference", "coding", "extension", "resourceType", "value"]), st.text(max_size=5)
    ),
)


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to every value below, deepest included."""
    found = [way] if way else []
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, below in steps:
        found += places(below, (*way, step))
    return found


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A resource of the table cases with some of its values exchanged, removed, wrapped or named otherwise."""
    resource = copy.deepcopy(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 4))):
        ways = places(resource)
        if not ways:
            break
        *before, last = draw(st.sampled_from(ways))
        holder = resource
        for step in before:
            holder = holder[step]
        match draw(st.sampled_from(["junk", "remove", "wrap", "twin", "rename"])):
            case "junk":
                holder[last] = draw(JUNK)
            case "remove":
                del holder[last]
            case "wrap":
                holder[last] = [holder[last]]
            case "twin" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[last]))
            case "rename" if isinstance(holder, dict):
                holder[draw(st.sampled_from(["_", "value", "extension", "contained", "foo"])) + str(last)] = holder.pop(
                    last
                )
    return resource


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(resource=mutated())
def test_nothing_makes_it_raise_or_run_long(resource: dict[str, Any], validator: Validator) -> None:
    start = time.process_time()
    for issue in validator.validate(resource):
        assert issue.text
        assert issue.expression
    assert time.process_time() - start < 1


@settings(max_examples=100, deadline=None)
@given(
    value=st.recursive(
        JUNK, lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=8), below, max_size=3)
    )
)
def test_any_json_is_answered(value: Any) -> None:
    data = json.dumps(value).encode()
    assert isinstance(Validator().validate(data), list)


def test_deep_nesting_is_a_finding() -> None:
    deep: dict[str, Any] = {"linkId": "x", "type": "group"}
    for _ in range(3000):
        deep = {"linkId": "x", "type": "group", "item": [deep]}
    issues = Validator().validate({"resourceType": "Questionnaire", "status": "draft", "item": [deep]})
    assert any(issue.is_error for issue in issues)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(resources=st.lists(mutated(), min_size=1, max_size=6))
def test_what_was_checked_before_changes_nothing(resources: list[dict[str, Any]]) -> None:
    """A program that has seen other data, in bundles and alone, finds the same as a new one."""
    validator = Validator()
    entries = [{"fullUrl": f"urn:uuid:{number}", "resource": each} for number, each in enumerate(resources)]
    validator.validate({"resourceType": "Bundle", "type": "collection", "entry": entries})
    for resource in resources:
        validator.validate(resource)
    fresh = Context(Program(REGISTRY), Options())
    last = resources[-1]
    found = fresh.program.check(last, fresh) or []
    kind = last.get("resourceType")
    start = kind if isinstance(kind, str) and kind else "Resource"
    assert set(distinct([*lift(found, start), *fresh.notes(start)])) == set(validator.validate(last))


@pytest.mark.parametrize(
    "expression", [each for each in NATIVE if "contained" not in each and "request" not in each and "entry" not in each]
)
@settings(max_examples=60, deadline=None)
@given(resource=mutated())
def test_native_invariants_agree_with_fhirpath(expression: str, resource: dict[str, Any]) -> None:
    """On what has the right shape: other data are refused by the structure rules, whatever an invariant says."""
    root = (
        "Quantity"
        if expression.startswith("code.empty()")
        else "Observation.referenceRange"
        if "low" in expression
        else "Observation"
    )
    value = resource.get("valueQuantity", {"value": 1, "code": "g"}) if root == "Quantity" else resource
    if root == "Observation" and Validator().validate(resource) and resource.get("resourceType") != "Observation":
        return
    errors = [each for each in Validator().validate(resource) if each.rule not in ("invariant", "min", "best-practice")]
    if not isinstance(value, dict) or any(each.is_error for each in errors):
        return
    program = Program.of(REGISTRY)
    context = Context(program, Options(), resource=resource, root=resource)
    compiled = fhirpath.compile(expression, REGISTRY.types, root)
    env = fhirpath.Env(resource=resource, root_resource=resource)
    assert NATIVE[expression](value, context) == compiled.test(value, env)


GUIDE_EXPRESSIONS = sorted(
    {
        constraint["expression"]
        for profile in REGISTRY.profiles()
        if profile["type"] == "Observation"
        for element in profile["snapshot"]["element"]
        if element["path"] == "Observation"
        for constraint in element.get("constraint", ())
        if Memo.of(constraint["expression"]) is not None
    }
)


@settings(max_examples=60, deadline=None)
@given(resource=mutated(), other=mutated())
def test_a_remembered_answer_is_the_answer(resource: dict[str, Any], other: dict[str, Any]) -> None:
    """Two values that a memo takes for the same give the same answer."""
    for expression in GUIDE_EXPRESSIONS:
        memo = Memo.of(expression)
        assert memo is not None
        compiled = fhirpath.compile(expression, REGISTRY.types, "Observation")
        answers = {}
        for value in (resource, other, {**resource, "note": [{"text": "b"}]}):
            key = memo.key(value)
            if key is None:
                continue
            try:
                answer: object = compiled.test(value, fhirpath.Env(resource=value, root_resource=value))
            except fhirpath.EvaluationError:
                answer = "error"
            assert answers.setdefault(key, answer) == answer
