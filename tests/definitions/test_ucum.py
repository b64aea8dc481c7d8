"""Units: which codes are UCUM, what converts into what, and the laws of conversion; ucumvert is the oracle."""

from __future__ import annotations

import csv
import importlib.util
import math
import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cart_fhir.definitions import ucum

HERE = Path(__file__).parent
ROWS = list(csv.DictReader((HERE / "ucum.csv").read_text("utf-8").splitlines()))
CODES = yaml.safe_load((HERE / "units.yaml").read_text("utf-8"))


def examples() -> list[str]:
    spec = importlib.util.find_spec("ucumvert")
    assert spec is not None
    assert spec.origin is not None
    lines = (Path(spec.origin).parent / "vendor" / "ucum_examples.tsv").read_text("utf-8").splitlines()
    return [line.split("\t")[1] for line in lines[1:]]


@pytest.mark.parametrize("code", CODES["valid"])
def test_a_unit(code: str) -> None:
    assert ucum.is_valid(code)


@pytest.mark.parametrize("code", [*CODES["invalid"], "m" * 201])
def test_no_unit(code: str) -> None:
    assert not ucum.is_valid(code)
    assert ucum.canonical(Decimal(1), code) is None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['value']} {row['from']} in {row['to']}")
def test_conversion(row: dict[str, str]) -> None:
    made = ucum.convert(Decimal(row["value"]), row["from"], row["to"])
    assert made == (Decimal(row["expected"]) if row["expected"] else None)


def test_every_published_example_is_a_unit() -> None:
    # Torr stands in the table of examples but is defined nowhere in UCUM.
    assert [code for code in examples() if not ucum.is_valid(code)] == ["Torr"]


def test_amounts_of_one_kind_get_one_base_unit() -> None:
    assert ucum.canonical(Decimal(5), "g/L") == (Decimal(5000), "g.m-3")
    assert ucum.canonical(Decimal(500), "mg/dL") == (Decimal(5000), "g.m-3")
    assert ucum.canonical(Decimal(50), "%") == (Decimal("0.5"), "1")
    assert ucum.canonical(Decimal(7), "[pH]") is None


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_not_converted(value: str) -> None:
    assert ucum.convert(Decimal(value), "g", "mg") is None
    assert ucum.canonical(Decimal(value), "g") is None


def test_digits_that_end_are_kept_and_written_plainly() -> None:
    assert str(ucum.convert(Decimal("0.000001"), "kg", "mg")) == "1"
    assert str(ucum.convert(Decimal("1000"), "m", "km")) == "1"
    assert str(ucum.convert(Decimal("1234.5678"), "g", "kg")) == "1.2345678"


AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=6)
MASSES = st.sampled_from(["g", "mg", "kg", "ug", "t", "[lb_av]", "[oz_av]", "[gr]"])
ANY = st.sampled_from([code for code in examples() if ucum.is_valid(code)])


@given(AMOUNTS, MASSES, MASSES)
def test_there_and_back_again(amount: Decimal, source: str, target: str) -> None:
    there = ucum.convert(amount, source, target)
    assert there is not None
    back = ucum.convert(there, target, source)
    assert back is not None
    assert math.isclose(back, amount, rel_tol=1e-24, abs_tol=1e-24)


@given(AMOUNTS, ANY, ANY)
@settings(max_examples=300)
def test_two_units_convert_exactly_when_their_base_units_are_equal(amount: Decimal, source: str, target: str) -> None:
    assume(source != target)
    old, new = ucum.canonical(amount, source), ucum.canonical(Decimal(1), target)
    converts = old is not None and new is not None and old[1] == new[1]
    assert (ucum.convert(amount, source, target) is not None) == converts


@given(st.text(alphabet="mgkLdu10*^/.[]{}()+-%IUHGCel'_ ", max_size=40))
@settings(max_examples=500)
def test_no_text_breaks_the_parser(text: str) -> None:
    assert ucum.is_valid(text) in (True, False)
    # What is a unit stays one when it is put in brackets and divided.
    if ucum.is_valid(text):
        assert ucum.is_valid(f"({text})/s")


NOT_ALIKE = ("mol", "eq", "osm", "U", "kat", "Cel", "[")
"""ucumvert keeps the mole and arbitrary units as kinds of their own, UCUM counts them."""


@pytest.mark.filterwarnings("ignore")
def test_ucumvert_agrees_on_the_published_examples() -> None:
    from ucumvert import PintUcumRegistry, get_ucum_parser

    parser, registry = get_ucum_parser(), PintUcumRegistry()
    compared = 0
    for code in examples():
        if code == "Torr":
            continue
        parser.parse(code)
        ours = ucum.canonical(Decimal(1), code)
        if ours is None or any(part in code for part in NOT_ALIKE):
            continue
        theirs = registry.from_ucum(code)
        if not hasattr(theirs, "to_base_units"):
            continue  # an annotation alone, which ucumvert leaves as text
        grams = sum(int(power or 1) for power in re.findall(r"(?:^|\.)g(-?\d*)(?=\.|$)", ours[1]))
        # pint counts mass in kilograms, we in grams.
        assert math.isclose(float(ours[0]), theirs.to_base_units().magnitude * 1000.0**grams, rel_tol=1e-9), code
        compared += 1
    assert compared > 250
