"""FHIR JSON: digits kept, strict reading, places."""

from __future__ import annotations

import json as stdlib_json
import pathlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import hypothesis
import hypothesis.strategies as st
import pytest
import yaml

from cart_fhir.errors import BadSyntax
from cart_fhir.formats import json, json_places, json_text

CASES = yaml.safe_load((pathlib.Path(__file__).parent / "json_cases.yaml").read_text(encoding="utf-8"))

decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | decimals | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)


def same(one: Any, other: Any) -> bool:
    """Equal in value, type, key order and digits."""
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Decimal) and one.as_tuple().exponent == 0:
        return bool(one == other)  # Decimal("5") is written 5 and comes back as an integer
    return type(one) is type(other) and str(one) == str(other)


def fault(reader: Callable[[bytes], Any], data: bytes) -> str:
    """The place and message of the BadSyntax of a reader, or "" when it reads."""
    try:
        reader(data)
    except BadSyntax as error:
        return f"{error.line}:{error.column} {error.message}"
    return ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.get("text", case.get("hex")))[:25])
def test_refuses_with_place_and_advice(case: dict[str, Any]) -> None:
    data = bytes.fromhex(case["hex"]) if "hex" in case else case["text"].encode()
    with pytest.raises(BadSyntax) as caught:
        json.loads(data)
    assert (caught.value.line, caught.value.column) == (case["line"], case["column"]), caught.value.message
    assert case["says"] in caught.value.message


@hypothesis.settings(deadline=None)
@hypothesis.given(values)
def test_round_trip_keeps_everything(value: Any) -> None:
    assert same(value, json.loads(json.dumps(value)))
    assert same(value, json.loads(json.dumps(value, pretty=True)))


@pytest.mark.parametrize(
    "number",
    [
        "1.50",
        "0.0",
        "-0.0",
        "0.010",
        "1.0E+5",
        "185",
        "123456789012345678901234567890",
        "12.000000000000000000000000000001",
        "0E-445",
    ],
)
def test_digits_stay(number: str) -> None:
    assert json.dumps(json.loads(f'{{"value":{number}}}')) == f'{{"value":{number}}}'.encode()


def test_decimal_where_there_is_a_point_and_integer_where_not() -> None:
    assert json.loads("[1.0, 1, 1e2]") == [Decimal("1.0"), 1, Decimal("1E+2")]
    assert [type(number) for number in json.loads("[1.0, 1, 1e2]")] == [Decimal, int, Decimal]


@hypothesis.settings(deadline=None)
@hypothesis.given(
    st.binary(max_size=60) | st.text(alphabet='{}[]",:\\u0d8atrue1.5eE- \n').map(lambda text: text.encode())
)
def test_reading_ends_in_a_value_or_in_bad_syntax_and_both_readers_agree(data: bytes) -> None:
    assert fault(json.loads, data) == fault(json_text.scan, data)


def test_depth_is_bounded() -> None:
    assert json.loads("[" * 128 + "]" * 128)
    for text in ("[" * 129 + "]" * 129, '{"a":' * 129 + "1" + "}" * 129, "[" * 100_000):
        with pytest.raises(BadSyntax, match="deeper than 128"):
            json.loads(text)


def test_brackets_in_texts_do_not_count() -> None:
    assert json.loads('["' + "[" * 500 + '", "}{"]') == ["[" * 500, "}{"]


def test_lone_surrogate_in_a_str_is_refused() -> None:
    with pytest.raises(BadSyntax, match="surrogate") as caught:
        json.loads('{\n"a": "\ud800"}')
    assert (caught.value.line, caught.value.column) == (2, 7)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_json_cannot_say_is_not_written(number: str) -> None:
    with pytest.raises(BadSyntax, match=number):
        json.dumps({"a": [Decimal(number)]})
    assert json.dumps({"a": number}) == f'{{"a":"{number}"}}'.encode()


def test_pretty() -> None:
    assert json.dumps({"a": [Decimal("1.50")], "b": {}}, pretty=True) == b'{\n  "a": [\n    1.50\n  ],\n  "b": {}\n}'


TEXT = """{
  "resourceType": "Bundle",
  "entry": [
    {"resource": {"resourceType": "Patient", "name": [{"family": "A"}, {"given": ["B", "C"]}]}},
    {"resource": {"resourceType": "Observation",
      "extension": [{"url": "http://x"}, {"url": "http://y",
         "valueString": "z"}],
      "valueQuantity": {
        "value": 1.50,
        "code": "mg"},
      "_status": {"id": "s"}
    }}
  ]
}"""


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("Bundle", (1, 1)),
        ("Bundle.entry[0].resource.name[1].given[1]", (4, 88)),
        ("Bundle.entry[0].resource.ofType(Patient).name[0].family", (4, 66)),
        ("Bundle.entry[0].resource/*Patient/1*/.name", (4, 55)),
        ("Bundle.entry[1].resource.ofType(Observation).value.ofType(Quantity).code", (10, 17)),
        ("Bundle.entry[1].resource.value.code", (10, 17)),
        ("Bundle.entry[1].resource.extension('http://y').value.ofType(string)", (7, 25)),
        ("Bundle.entry[1].resource.extension[1].value", (7, 25)),
        ("Bundle.entry[1].resource.status", (11, 18)),
        ("Bundle.entry[1].resource.code.coding", (5, 18)),
        ("Bundle.entry[1].resource.value.ofType(string)", (5, 18)),
        ("Bundle.entry[7].resource.status", (11, 18)),
    ],
)
def test_locate(expression: str, place: tuple[int, int]) -> None:
    assert json.locate(TEXT)(expression) == place


@hypothesis.settings(deadline=None)
@hypothesis.given(st.text("aé😀\n"), st.data())
def test_lines_and_columns(text: str, data: st.DataObject) -> None:
    encoded = text.encode()
    lines = json_text.Lines(encoded)
    starts = [len(text[:number].encode()) for number in range(len(text) + 1)]
    for offset in data.draw(st.lists(st.sampled_from(starts), max_size=5)):
        assert lines.position(offset) == json_text.position(encoded, offset)


def all_places(place: json_places.Place, value: Any) -> Iterator[tuple[int, Any]]:
    """(offset, value) of everything in a value."""
    yield place.offset, value
    if isinstance(value, dict):
        assert list(place.members) == list(value)
        for name, child in value.items():
            yield from all_places(place.members[name], child)
    elif isinstance(value, list):
        assert len(place.items) == len(value)
        for inner, child in zip(place.items, value, strict=True):
            yield from all_places(inner, child)


@hypothesis.settings(deadline=None)
@hypothesis.given(values, st.sampled_from([(None, (",", ":")), (1, (" ,", " : ")), (None, (", ", ":"))]), st.booleans())
def test_every_value_stands_where_its_place_says(
    value: Any, layout: tuple[int | None, tuple[str, str]], ascii_only: bool
) -> None:
    indent, separators = layout
    text = " \n" + stdlib_json.dumps(
        value, indent=indent, separators=separators, ensure_ascii=ascii_only, default=float
    )
    read = stdlib_json.loads(text)
    data = text.encode()
    for offset, part in all_places(json_places.root(data), read):
        start = len(data[:offset].decode())
        assert stdlib_json.JSONDecoder().raw_decode(text, start)[0] == part


def test_locate_knows_nothing_of_text_that_is_not_json() -> None:
    assert json.locate("{")("Patient.name") is None
