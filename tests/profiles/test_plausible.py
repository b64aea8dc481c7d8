"""Doses that can't be right are told, every published one passes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cart_fhir.profiles import plausible
from cart_fhir.profiles.regimen import REGIMENS
from cart_fhir.synth import journeys


def test_every_published_dose_passes() -> None:
    for regimen in REGIMENS.values():
        assert plausible.cell_dose(regimen.million_cells_per_kg) == ""
        assert all(plausible.lymphodepletion(drug.atc, drug.per_m2) == "" for drug in regimen.drugs)


def test_every_synthetic_total_passes() -> None:
    for journey in journeys(200, 12):
        cells = journey.infusion
        assert plausible.total(cells.millions_per_kg, cells.weight, cells.millions, per="kg") == ""
        for dose in (one for one in journey.lymphodepletion if one.milligrams):  # some were withheld
            assert plausible.total(dose.per_m2, journey.body.area, dose.milligrams, per="m2") == ""


@pytest.mark.parametrize("slip", ["0.01", "0.1", "10", "100", "1000"])
def test_a_slip_of_the_decimal_point_is_told(slip: str) -> None:
    wrong = Decimal(30) * Decimal(slip)
    assert "Check the decimal point" in plausible.lymphodepletion("L01BB05", wrong)
    assert "Check the decimal point" in plausible.cell_dose(Decimal(slip))


def test_a_drug_of_no_regimen_has_no_yardstick() -> None:
    assert plausible.lymphodepletion("L04AC07", Decimal(8000)) == ""


@pytest.mark.parametrize(
    ("planned", "size", "total", "words"),
    [
        ("1", "52.3", "1", "which is the planned dose per kg"),
        ("1", "52.3", "52300000", "1000000 times"),
        ("1", "52.3", "0.0523", "one 1000th of"),
        ("1", "52.3", "80", "the planned one is 52.3"),
        ("1", "52.3", "55", ""),
        ("1", "1", "1", ""),
    ],
)
def test_totals(planned: str, size: str, total: str, words: str) -> None:
    found = plausible.total(Decimal(planned), Decimal(size), Decimal(total), per="kg")
    assert words in found
    assert bool(words) == bool(found)


@given(st.decimals("0.1", 50, places=2), st.decimals("0.4", 150, places=2), st.decimals("0.85", "1.15", places=3))
def test_rounding_and_capping_are_tolerated(planned: Decimal, size: Decimal, factor: Decimal) -> None:
    assert plausible.total(planned, size, planned * size * factor, per="kg") == ""
