"""Cells, units, holes: tables of cases in tests/mappers/cases, and the laws behind them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from cart_fhir.errors import BadSyntax
from cart_fhir.mappers import dates, durations, holes
from cart_fhir.mappers.fields import TYPES, Column, decimal_of
from cart_fhir.mappers.identity import Identity, resource_id
from cart_fhir.mappers.mapspec import _NO, _YES
from cart_fhir.mappers.schema import bind
from cart_fhir.mappers.text import fold
from cart_fhir.mappers.units import Units
from cart_fhir.mappers.values import Amount, Missing, Refused

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> Any:
    return yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))


def column(case: dict[str, Any]) -> Column:
    options = dict(case.get("options", {}))
    kind = case["type"]
    made: dict[str, Any] = {"yes": frozenset(_YES.get(kind, ())), "no": frozenset(_NO.get(kind, ()))}
    for name, value in options.items():
        if name in ("empty", "values", "yes", "no"):
            made[name] = frozenset(value)
        elif name in ("min", "max"):
            made[name] = Decimal(value)
        else:
            made[name] = ZoneInfo(value) if name == "zone" else tuple(value) if name == "formats" else value
    return Column("C", kind, **made)


def shown(value: Any) -> Any:
    if isinstance(value, Amount):
        return f"{value.comparator}{value.value} {value.unit}".strip()
    if isinstance(value, Missing):
        return value.reason
    return list(value) if isinstance(value, tuple) else str(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("case", cases("cells"), ids=lambda case: f"{case['type']}:{case['cell']}")
def test_a_cell_becomes_its_value_or_is_refused_by_its_rule(case: dict[str, Any]) -> None:
    field = TYPES[case["type"]](column(case), Units())
    if "rule" in case:
        with pytest.raises(ValidationError) as refused:
            field.deserialize(case["cell"])
        assert refused.value.messages[0].rule == case["rule"]
        assert case["cell"].strip() not in str(refused.value) or len(case["cell"].strip()) < 3
    else:
        assert shown(field.deserialize(case["cell"])) == case["value"]


@pytest.mark.parametrize(("spelling", "ucum"), cases("units").items())
def test_a_unit_is_known_by_its_spelling(spelling: str, ucum: str | None) -> None:
    if ucum is None:
        with pytest.raises(Refused):
            Units().find(spelling)
    else:
        assert Units().find(spelling).ucum == ucum


def tree(expr: holes.Expr) -> str:
    if isinstance(expr, holes.Call):
        return f"{expr.name}({' '.join(tree(arg) for arg in expr.args)})"
    if isinstance(expr, holes.Name):
        return expr.name
    return str(expr.value) if not isinstance(expr.value, str) else repr(expr.value)


@pytest.mark.parametrize("case", cases("holes"), ids=lambda case: case["hole"])
def test_a_hole_is_parsed_or_told_by_character(case: dict[str, Any]) -> None:
    if "at" in case:
        with pytest.raises(BadSyntax) as bad:
            holes.parse(case["hole"])
        assert bad.value.column == case["at"]
    else:
        assert tree(holes.parse(case["hole"])) == case["tree"]


@given(st.text(max_size=40))
def test_no_hole_breaks_the_parser(text: str) -> None:
    with suppress(BadSyntax):
        assert list(holes.names(holes.parse("=" + text))) is not None


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_cyrillic_lookalikes_meet_their_latin_twins() -> None:
    assert fold("НСО") == fold("HCO")
    assert fold("СУС") == fold("CYC")


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(-400, 6000))
def test_a_study_day_and_its_date_are_one(infusion: date, day: int) -> None:
    found = bind(day, infusion.isoformat(), Column("D", "relative-day", anchor="I"))
    assert date.fromisoformat(found.date) == infusion + timedelta(days=day)
    assert dates.days_between(infusion.isoformat(), found.date) == found.number == day


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(-400, 6000).filter(bool))
def test_the_sdtm_calendar_has_no_day_0(reference: date, day: int) -> None:
    found = bind(day, reference.isoformat(), Column("D", "relative-day", anchor="I", calendar="sdtm"))
    assert date.fromisoformat(found.date) == reference + timedelta(days=day - 1 if day > 0 else day)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_number_keeps_its_digits_whatever_the_mark(number: Decimal) -> None:
    text = f"{number:f}"
    assert str(decimal_of(text, ".", "")) == text
    assert decimal_of(text.replace(".", ","), ",", "") == number


@given(st.dates(), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y"]))
def test_a_date_comes_back_from_every_format(day: date, form: str) -> None:
    text = form.replace("%Y", f"{day.year:04}").replace("%m", f"{day.month:02}").replace("%d", f"{day.day:02}")
    assert dates.parse(text, (form,)) == day.isoformat()


def test_ids_hold_the_patient_and_tell_keys_apart() -> None:
    plain = resource_id("Observation", "https://a.example/patients", "P1", "sledai-2k", "2024-03-10")
    assert plain == resource_id("Observation", "https://a.example/patients", "P1", "sledai-2k", "2024-03-10")
    assert plain != resource_id("Observation", "https://a.example/patients", "P2", "sledai-2k", "2024-03-10")
    assert plain != resource_id("Observation", "https://b.example/patients", "P1", "sledai-2k", "2024-03-10")


@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
def test_private_ids_show_nothing_of_the_patient(patient: str, key: str) -> None:
    one, other = (Identity("https://a.example/p", "https://a.example/r", secret * 32) for secret in (b"a", b"b"))
    told = one.identifier("Observation", [patient, key])["value"]
    assert len(patient) < 4 or patient not in told
    assert one.id("Patient", [patient]) == one.id("Patient", [patient]) != other.id("Patient", [patient])


@pytest.mark.parametrize(
    ("number", "unit", "day", "found"),
    [
        (11, "a", "2023-07-24", "2012"),
        (98, "mo", "2022-12-01", "2014-10"),
        (7, "mo", "2022-07", "2021-12"),
        (7, "mo", "2022", None),
        (2, "wk", "2024-03-10", "2024-02-25"),
        (3, "d", "2024-03", None),
    ],
)
def test_a_date_so_long_before_another_is_no_more_exact_than_they_are(
    number: int, unit: str, day: str, found: str | None
) -> None:
    assert durations.before(Amount(Decimal(number), "", unit), day) == found
