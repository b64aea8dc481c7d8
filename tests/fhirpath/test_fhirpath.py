"""FHIRPath on FHIR data: choices, primitives with extensions, ill-formed data, what is refused and when."""

from __future__ import annotations

import pathlib
import re
import time
from decimal import Decimal
from typing import Any

import hypothesis
import hypothesis.strategies as st
import pytest
import yaml

from cart_fhir import fhirpath
from cart_fhir.definitions import Registry, ucum
from cart_fhir.definitions.terminology import Terminology
from cart_fhir.errors import BadSyntax
from cart_fhir.fhirpath import lexer, parser

TABLE = yaml.safe_load((pathlib.Path(__file__).parent / "cases.yaml").read_text("utf-8"))
TYPES = Registry.default().types


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: f"{case['of']} {case['expression']}"[:60])
def test_case(case: dict[str, Any]) -> None:
    resource = TABLE["resources"][case["of"]]
    env = fhirpath.Env(resource=resource, convert=ucum.convert)
    if "refuses" in case:
        with pytest.raises((BadSyntax, fhirpath.EvaluationError), match=re.escape(case["refuses"])):
            fhirpath.compile(case["expression"], TYPES, resource["resourceType"]).evaluate(resource, env)
        return
    assert fhirpath.compile(case["expression"], TYPES, resource["resourceType"]).values(resource, env) == case["gives"]


def expression(text: str, root: str = "Patient", **how: Any) -> fhirpath.Expression:
    return fhirpath.compile(text, TYPES, root, **how)


def test_typed_values_for_a_search_index() -> None:
    observation = TABLE["resources"]["observation"]
    assert expression("status | effective | value.value", "Observation").typed(observation) == [
        ("code", "final"),
        ("dateTime", "2024-03-02T08:30:00+01:00"),
        ("decimal", 150),
    ]
    assert expression("name.given").typed(TABLE["resources"]["patient"]) == [("string", "Ada")]


def test_a_path_of_another_type_is_an_error_or_nothing() -> None:
    with pytest.raises(BadSyntax, match="context is Patient"):
        expression("Practitioner.name")
    assert expression("Practitioner.name | Patient.name.family", any_root=True).values(
        TABLE["resources"]["patient"]
    ) == ["Lovelace"]


def test_as_filters_unless_read_strictly() -> None:
    patient = {"resourceType": "Patient", "name": [{"family": "A"}, {"family": "B"}]}
    assert expression("name.as(HumanName).family").values(patient) == ["A", "B"]
    with pytest.raises(fhirpath.EvaluationError, match="one item"):
        expression("name.as(HumanName).family", strict=True).values(patient)


def test_a_backbone_element_knows_its_resource() -> None:
    observation = TABLE["resources"]["observation"]
    found = expression("%resource.component.code.text.exclude(code.text)", "Observation.component")
    assert found.values(observation["component"][0], fhirpath.Env(resource=observation)) == ["b"]


def test_a_primitive_is_given_as_a_node() -> None:
    node = fhirpath.Node(None, "date", {"extension": [{"url": "http://x", "valueCode": "unknown"}]})
    assert expression("hasValue().not() and extension.value = 'unknown'", "date").test(node)
    assert expression("$this.length() < 5", "string").test("Ada")


def test_test_is_true_for_things_and_false_for_nothing() -> None:
    patient = TABLE["resources"]["patient"]
    assert expression("name").test(patient)
    assert expression("id").test(patient)
    assert not expression("photo").test(patient)
    assert not expression("active").test(patient)


def test_callbacks_get_raw_json_and_types() -> None:
    asked: list[Any] = []

    def member_of(url: str, value: Any, type_name: str) -> bool | None:
        asked.append((url, value, type_name))
        return None

    env = fhirpath.Env(
        member_of=member_of, resolve=lambda reference: {"resourceType": "Organization", "name": reference}
    )
    observation = TABLE["resources"]["observation"]
    assert expression("status.memberOf('http://vs')", "Observation").values(observation, env) == []
    assert asked == [("http://vs", "final", "code")]
    assert expression("subject.resolve().ofType(Organization).name", "Observation").values(observation, env) == [
        "Patient/p1"
    ]


def test_variables_are_told_when_compiling() -> None:
    found = expression("%day + 1", variables=["day"])
    assert found.values({}, fhirpath.Env(variables={"day": 4})) == [5]
    with pytest.raises(fhirpath.EvaluationError, match="no value"):
        found.values({})


def test_trace_tells_the_caller() -> None:
    told: list[Any] = []
    env = fhirpath.Env(trace=lambda name, items: told.append((name, items)))
    expression("('a' | 'b').trace('letters', $this & '!')").values({}, env)
    assert told == [("letters", ["a!", "b!"])]


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*a){20}$", r"(\w+\s?)*$", "([A-Za-z0-9]+_?)*!"])
def test_regular_expressions_take_linear_time(pattern: str) -> None:
    found = expression(f"$this.matches('{pattern}')".replace("\\", "\\\\"), "string")
    began = time.perf_counter()
    found.test("a" * 20_000 + "!")
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    "text",
    [
        "name.repeat(ofType(Patient)." * 40 + "telecom" + ")" * 40,
        "(" * 5000,
        "-" * 5000 + "1",
        "a" + ".a" * 2000,
        "1" + "+1" * 3000,
        "a[" * 1000,
        "x" * 30_000,
        "1" * 5_000,
        "f(" * 999,
        "{" * 99,
    ],
    ids=["repeats", "parentheses", "signs", "dots", "sums", "indexes", "long", "digits", "calls", "braces"],
)
def test_too_much_is_refused(text: str) -> None:
    with pytest.raises(BadSyntax):
        expression(text)


WORDS = (
    "name given . ( ) [ ] { } 1 2.5 'a' `b` @2014-01-01 @T10:00 and or is as in + - * / div | & = ~ != < > $this %x , "
    "where exists days"
)


@hypothesis.settings(deadline=None)
@hypothesis.given(st.text(max_size=80) | st.lists(st.sampled_from(WORDS.split())).map(" ".join))
def test_parsing_ends_in_syntax_or_in_bad_syntax(text: str) -> None:
    try:
        parser.parse(text)
    except BadSyntax as error:
        assert error.line is not None  # noqa: PT017 - both ends are right


@hypothesis.settings(deadline=None)
@hypothesis.given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=12).map(" ".join))
def test_compiling_and_evaluating_end_in_a_value_or_in_a_told_error(text: str) -> None:
    try:
        expression(text).evaluate(TABLE["resources"]["patient"], fhirpath.Env(convert=ucum.convert))
    except (BadSyntax, fhirpath.EvaluationError) as error:
        assert error.message  # noqa: PT017 - both ends are right


def test_errors_show_the_place() -> None:
    with pytest.raises(BadSyntax, match="⟨here⟩given1") as caught:
        expression("name\n .given1")
    assert (caught.value.line, caught.value.column) == (2, 3)
    assert [token.text for token in lexer.tokens("a.b")] == ["a", ".", "b", ""]


def test_errors_advise() -> None:
    with pytest.raises(BadSyntax) as choice:
        expression("valueQuantity", "Observation")
    assert "'value'" in choice.value.advice
    with pytest.raises(BadSyntax) as spelling:
        expression("name.Where(true)")
    assert "where()" in spelling.value.advice


def test_decimal_arithmetic_is_exact() -> None:
    assert expression("0.1 + 0.2").values({}) == [Decimal("0.3")]
    assert str(expression("1.50 + 1").values({})[0]) == "2.50"


def test_a_system_type_without_namespace_means_the_primitive_too_unless_read_strictly() -> None:
    patient = {"resourceType": "Patient", "active": True, "name": [{"family": "Ada"}], "deceasedBoolean": False}
    assert expression("active is Boolean").values(patient) == [True]
    assert expression("active is System.Boolean").values(patient) == [False]
    assert expression("active is Boolean", strict=True).values(patient) == [False]
    assert expression("(name.family.first() as String).length()").values(patient) == [3]
    assert expression("deceased.ofType(Boolean)").values(patient) == [False]


def test_subsumption_asks_the_terminology() -> None:
    system = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
    concepts = [{"coding": [{"system": system, "code": code}]} for code in ("_ActEncounterCode", "AMB")]
    observation = {"resourceType": "Observation", "status": "final", "code": concepts[0], "category": [concepts[1]]}
    registry = Registry.default()

    def values(text: str) -> list[object]:
        env = fhirpath.Env(subsumes=Terminology(registry).subsumes)
        return fhirpath.compile(text, registry.types, "Observation").values(observation, env)

    assert values("code.subsumes(category.first())") == [True]
    assert values("category.first().subsumes(code)") == [False]
    assert values("category.first().subsumedBy(code)") == [True]
    assert values("code.coding.first().subsumes(category.first().coding.first())") == [True]
    assert values("code.subsumes(code)") == [True]
    assert values("code.subsumes(method)") == []
