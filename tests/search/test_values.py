"""Dates as intervals, numbers with their precision, folded text, escapes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as some

from cart_fhir.errors import BadRequest
from cart_fhir.search import dates, numbers
from cart_fhir.search.query import DateValue, Parameter, QuantityValue, ReferenceValue, TokenValue
from cart_fhir.search.text import after_prefix, fold
from cart_fhir.search.values import Values, split, unescape

DATES = yaml.safe_load((Path(__file__).parent / "dates.yaml").read_text(encoding="utf-8"))
VALUES = Values("https://me.org/fhir", datetime(2024, 1, 11, tzinfo=UTC))


@pytest.mark.parametrize(("text", "ends"), DATES.items())
def test_a_date_is_an_interval(text: str, ends: list[str] | None) -> None:
    found = dates.interval(text)
    assert (found and [dates.moment(end).strftime("%Y-%m-%dT%H:%M:%S.%f").zfill(26) for end in found]) == ends


@given(some.datetimes(timezones=some.timezones()))
def test_a_moment_lies_within_its_own_text(moment: datetime) -> None:
    if moment.utcoffset() is None or moment.utcoffset() % timedelta(minutes=1) or not 1 < moment.year < 9999:  # type: ignore[operator]
        return
    found = dates.interval(moment.isoformat())
    assert found
    assert found[0] <= dates.microseconds(moment) <= found[1]
    day = dates.interval(moment.astimezone(UTC).date().isoformat())
    assert day
    assert day[0] <= found[0] <= found[1] <= day[1]


def test_periods_and_timings() -> None:
    day = dates.interval("2024-03-10")
    assert day
    assert dates.period({"start": "2024-03-10", "end": "2024-03-10"}) == day
    assert dates.period({"start": "2024-03-10"}) == (day[0], dates.LATEST)
    assert dates.period({"end": "2024-03-10"}) == (dates.EARLIEST, day[1])
    assert dates.period({}) is None
    assert dates.period({"start": 5}) is None
    assert dates.timing({"event": ["2024-03-10", "2024-03-09"]}) == (day[0] - 86_400_000_000, day[1])
    assert dates.timing({"repeat": {"boundsPeriod": {"start": "2024-03-10"}}}) == (day[0], dates.LATEST)
    assert dates.timing({"repeat": {"frequency": 1}}) is None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("100", "99.5", "100.5"), ("100.00", "99.995", "100.005"), ("1e2", "95", "105"),
     ("1.1e2", "109.5", "110.5"), ("-2", "-2.5", "-1.5"),
     ("0", "-0.5", "0.5"), ("5.40", "5.395", "5.405"), ("+3", "2.5", "3.5")],
)  # fmt: skip
def test_a_number_has_the_precision_of_its_digits(text: str, low: str, high: str) -> None:
    value = numbers.decimal(text)
    assert value is not None
    assert numbers.around("eq", value) == (Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    "text", ["", "NaN", "Infinity", "1_0", " 1", "1,5", "0x1", "--1", "1e999", "1e-999", "e", "9" * 65]
)
def test_what_is_no_number(text: str) -> None:
    assert numbers.decimal(text) is None


def test_about_a_number_is_a_tenth() -> None:
    assert numbers.around("ap", Decimal(200)) == (180, 220)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Müller", "MULLER"), ("  Anne   Marie ", "anne marie"), ("Straße", "STRASSE"), ("Łódź", "łódz"), ("ﬁne", "FINE"),
     ("Ångström", "angstrom"), ("İstanbul", "istanbul")],
)  # fmt: skip
def test_one_form_for_all_spellings(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(some.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(some.text(min_size=1), some.text())
def test_what_starts_with_a_prefix_is_within_its_range(prefix: str, rest: str) -> None:
    assert prefix <= prefix + rest < after_prefix(prefix)


@given(some.text(), some.text())
def test_the_range_of_a_prefix_holds_nothing_else(prefix: str, text: str) -> None:
    if prefix and not text.startswith(prefix):
        assert not prefix <= text < after_prefix(prefix)


@given(some.lists(some.text(alphabet="ab,|$\\ "), min_size=1))
def test_escaped_values_come_back(parts: list[str]) -> None:
    written = ",".join("".join("\\" + sign if sign in "\\,|$" else sign for sign in part) for part in parts)
    assert [unescape(part) for part in split(written, ",")] == parts


TOKEN, REFERENCE, DATE, QUANTITY = (Parameter("x", kind) for kind in ("token", "reference", "date", "quantity"))


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        (TOKEN, "a", TokenValue(None, "a")),
        (TOKEN, "s|a", TokenValue("s", "a")),
        (TOKEN, "|a", TokenValue("", "a")),
        (TOKEN, "s|", TokenValue("s", None)),
        (TOKEN, r"s\|t|a\,b", TokenValue("s|t", "a,b")),
        (REFERENCE, "1", ReferenceValue(None, "1")),
        (REFERENCE, "Patient/1", ReferenceValue("Patient", "1")),
        (REFERENCE, "Patient/1/_history/2", ReferenceValue("Patient", "1")),
        (REFERENCE, "https://me.org/fhir/Patient/1", ReferenceValue("Patient", "1")),
        (REFERENCE, "https://me.org/fhirs/Patient/1", ReferenceValue(url="https://me.org/fhirs/Patient/1")),
        (REFERENCE, "urn:uuid:5", ReferenceValue(url="urn:uuid:5")),
        (DATE, "sa2024-01-10", DateValue("sa", *(dates.interval("2024-01-10") or (0, 0)))),
    ],
)
def test_values_are_read(parameter: Parameter, text: str, value: object) -> None:
    assert VALUES.one(parameter, text) == value


def test_about_a_date_is_a_tenth_of_the_time_since() -> None:
    found = VALUES.one(DATE, "ap2024-01-01T00:00:00.000000Z")  # ten days before the eleventh
    assert isinstance(found, DateValue)
    assert abs(dates.moment(found.low) - datetime(2023, 12, 31, tzinfo=UTC)) < timedelta(seconds=1)
    assert abs(dates.moment(found.high) - datetime(2024, 1, 2, tzinfo=UTC)) < timedelta(seconds=1)


def test_a_ucum_quantity_is_also_read_in_base_units() -> None:
    found = VALUES.one(QUANTITY, "gt5|http://unitsofmeasure.org|mg/L")
    assert isinstance(found, QuantityValue)
    assert found.base is not None
    other = VALUES.one(QUANTITY, "gt0.005|http://unitsofmeasure.org|g/L")
    assert isinstance(other, QuantityValue)
    assert other.base is not None
    assert (found.base[0].exact, found.base[1]) == (other.base[0].exact, other.base[1])
    unknown = VALUES.one(QUANTITY, "5|http://unitsofmeasure.org|furlong/s")
    assert isinstance(unknown, QuantityValue)
    assert unknown.base is None


@pytest.mark.parametrize(
    ("parameter", "text"),
    [(TOKEN, "a|b|c"), (TOKEN, "|"), (DATE, "gt"), (DATE, "2024-99"), (DATE, "xx2024"), (QUANTITY, "5|mg"),
     (QUANTITY, "x||mg"), (QUANTITY, "1|2|3|4"), (Parameter("x", "number"), "five")],
)  # fmt: skip
def test_wrong_values_are_refused_with_advice(parameter: Parameter, text: str) -> None:
    with pytest.raises(BadRequest) as caught:
        VALUES.one(parameter, text)
    assert caught.value.advice
