"""Clinical arithmetic against hand-worked cases (cases.yaml) and against the laws it has to keep."""

from __future__ import annotations

import pathlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cart_fhir.profiles import activity, adverse_event, cytopenia, dose, kinetics, regimen, response, study_day

CASES = yaml.safe_load((pathlib.Path(__file__).parent / "cases.yaml").read_text())
Case = dict[str, Any]
sledai_items = st.fixed_dictionaries({item.code: st.booleans() for item in activity.SLEDAI_2K})


@pytest.mark.parametrize("case", CASES["crs_grade"], ids=str)
def test_crs_grade(case: Case) -> None:
    case = dict(case)
    assert case.pop("grade") == adverse_event.crs_grade(**case)


@pytest.mark.parametrize("case", CASES["icans_grade"], ids=str)
def test_icans_grade(case: Case) -> None:
    case = dict(case)
    assert case.pop("grade") == adverse_event.icans_grade(**case)


@pytest.mark.parametrize("case", CASES["body_surface_area"], ids=str)
def test_body_surface_area(case: Case) -> None:
    area = dose.body_surface_area(Decimal(case["height"]), Decimal(case["weight"]), case["formula"])
    assert str(area) == case["area"]


@pytest.mark.parametrize("case", CASES["t_icaht_grade"], ids=str)
def test_t_icaht_grade(case: Case) -> None:
    counts = [(day, Decimal(count)) for day, count in case["platelets"]]
    assert cytopenia.t_icaht_grade(counts, case["period"]) == case["grade"]


@pytest.mark.parametrize("case", CASES["licats_window"], ids=str)
def test_licats_window(case: Case) -> None:
    assert adverse_event.licats_window(case["day"]) == case["window"]


@pytest.mark.parametrize("case", CASES["study_day"], ids=str)
def test_study_day(case: Case) -> None:
    assert study_day.day_of(case["event"], case["infusion"], case["calendar"]) == case["day"]
    assert study_day.date_of(case["day"], case["infusion"], case["calendar"]) == case["event"]


def test_t_icaht_needs_fourteen_days_for_grade_4() -> None:
    series = [(day, Decimal(15)) for day in range(14)]
    assert cytopenia.t_icaht_grade(series, "early") == 4
    assert cytopenia.t_icaht_grade(series[:13], "early") == 3


def test_sledai_weights_sum_to_105() -> None:
    everything = {item.code: True for item in activity.SLEDAI_2K}
    assert len(everything) == 24
    assert activity.sledai_2k_total(everything) == 105
    assert activity.RANGES["sledai-2k"] == (0, 105)


def test_each_sledai_item_has_its_published_weight() -> None:
    assert {item.code: item.weight for item in activity.SLEDAI_2K} == CASES["sledai_2k_weights"]


@pytest.mark.parametrize("case", CASES["lupus_visits"], ids=str)
def test_lupus_states_of_a_visit(case: Case) -> None:
    items = {item.code: item.code in case["items"] for item in activity.SLEDAI_2K}
    visit = response.LupusVisit(items, Decimal(case["pga"]), Decimal(case["dose"]), case["stable"], case["new"])
    assert (response.doris_remission(visit), response.lldas(visit)) == (case["doris"], case["lldas"])


@given(sledai_items)
def test_sledai_total_is_in_range_and_clinical_part_is_not_above_it(items: dict[str, bool]) -> None:
    total = activity.sledai_2k_total(items)
    assert activity.check_range("sledai-2k", total) == total
    assert 0 <= total - activity.clinical_sledai(items) <= 4


@given(sledai_items, st.sampled_from(activity.SLEDAI_2K))
def test_adding_an_item_adds_its_weight(items: dict[str, bool], item: activity.Item) -> None:
    without = activity.sledai_2k_total(items | {item.code: False})
    assert activity.sledai_2k_total(items | {item.code: True}) == without + item.weight


def test_an_unanswered_item_is_not_an_absent_one() -> None:
    items = {item.code: False for item in activity.SLEDAI_2K}
    del items["rash"]
    with pytest.raises(ValueError, match="not answered: rash"):
        activity.sledai_2k_total(items)
    with pytest.raises(ValueError, match="no item: rush"):
        activity.sledai_2k_total(items | {"rash": False, "rush": True})


def test_jdm_das() -> None:
    assert activity.jdm_das_total(11, 9) == 20
    with pytest.raises(ValueError, match="0 to 11"):
        activity.jdm_das_total(12, 0)


def test_mg_adl() -> None:
    assert activity.mg_adl_total(dict.fromkeys(activity.MG_ADL, 3)) == 24
    with pytest.raises(ValueError, match="0 to 3"):
        activity.mg_adl_total(dict.fromkeys(activity.MG_ADL, 4))
    with pytest.raises(ValueError, match="not answered"):
        activity.mg_adl_total({"talking": 1})


def test_ice_score() -> None:
    full = {"orientation": 4, "naming": 3, "command": 1, "writing": 1, "attention": 1}
    assert adverse_event.ice_score(full) == 10
    with pytest.raises(ValueError, match="0 to 1"):
        adverse_event.ice_score(full | {"writing": 2})
    with pytest.raises(ValueError, match="exactly these parts"):
        adverse_event.ice_score({"orientation": 4})
    with pytest.raises(ValueError, match="0 to 10"):
        adverse_event.icans_grade(ice=11)
    with pytest.raises(ValueError, match="0 to 32"):
        adverse_event.icans_grade(ice=None, capd=33)


def test_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="one of none, low-flow"):
        adverse_event.crs_grade(fever=True, hypotension="none", hypoxia="mask")  # type: ignore[arg-type]  # the point


def test_children_below_twelve_are_screened_with_capd() -> None:
    birth = date(2020, 6, 15)
    assert adverse_event.neuro_instrument(birth, date(2032, 6, 14)) == "CAPD"
    assert adverse_event.neuro_instrument(birth, date(2032, 6, 15)) == "ICE"
    assert adverse_event.neuro_instrument(date(2020, 2, 29), date(2032, 2, 28)) == "CAPD"


@pytest.mark.parametrize(("height", "weight"), [("1.62", "52"), ("162", "52000"), ("1620", "52")])
def test_body_size_in_the_wrong_unit_is_refused(height: str, weight: str) -> None:
    with pytest.raises(ValueError, match="Check the unit"):
        dose.body_surface_area(Decimal(height), Decimal(weight), "mosteller")


@given(st.decimals(50, 200, places=1), st.decimals(3, 150, places=1), st.sampled_from(dose.FORMULAS))
def test_body_surface_area_grows_with_weight(height: Decimal, weight: Decimal, formula: dose.Formula) -> None:
    smaller = dose.body_surface_area(height, weight, formula, places=6)
    assert dose.body_surface_area(height, weight + 1, formula, places=6) > smaller > 0


def test_doses() -> None:
    assert dose.milligrams(Decimal(30), Decimal("1.62")) == Decimal("48.6")
    assert dose.million_cells(Decimal("0.5"), Decimal("52.3")) == Decimal("26.2")  # 26.15 rounds half up
    assert dose.cumulative([Decimal(30)] * 3) == 90
    with pytest.raises(ValueError, match="above 0"):
        dose.cumulative([Decimal(0)])
    with pytest.raises(ValueError, match="no formula"):
        dose.body_surface_area(Decimal(160), Decimal(60), "boyd")  # type: ignore[arg-type]  # the point


def test_a_stale_measurement_is_refused() -> None:
    dose.check_age("The weight", date(2031, 3, 1), date(2031, 3, 10), 14)
    with pytest.raises(ValueError, match="9 days old"):
        dose.check_age("The weight", date(2031, 3, 1), date(2031, 3, 10), 7)
    with pytest.raises(ValueError, match="from after"):
        dose.check_age("The weight", date(2031, 3, 11), date(2031, 3, 10), 7)


def _series(*points: tuple[int, str]) -> list[tuple[int, Decimal]]:
    return [(day, Decimal(value)) for day, value in points]


def test_kinetics() -> None:
    series = _series((-6, "0"), (7, "40"), (10, "120"), (14, "120"), (28, "20"), (90, "0.5"), (180, "0"))
    assert kinetics.peak(series) == (10, Decimal(120))
    # triangle to day 7, then four trapezoids' worth up to day 28
    assert kinetics.area_under_curve(series) == Decimal(140 + 240 + 480 + 980)
    assert kinetics.persistence(series, Decimal("0.1")) == kinetics.Persistence(90, ongoing=False)
    assert kinetics.persistence(series[:-1], Decimal("0.1")) == kinetics.Persistence(90, ongoing=True)
    assert kinetics.persistence(_series((7, "0")), Decimal(0)) is None


def test_area_interpolates_but_never_extrapolates() -> None:
    assert kinetics.area_under_curve(_series((0, "0"), (20, "20"), (40, "0")), last=30) == Decimal(350)
    with pytest.raises(ValueError, match="needs one on or after"):
        kinetics.area_under_curve(_series((0, "0"), (20, "20")))


def test_b_cell_aplasia_and_return() -> None:
    series = _series((-6, "180"), (7, "3"), (28, "0"), (120, "0"), (180, "12"), (365, "60"))
    assert kinetics.b_cell_aplasia(series, Decimal(1)) == kinetics.Aplasia(28, 180)
    assert kinetics.b_cell_aplasia(series[:4], Decimal(1)) == kinetics.Aplasia(28, None)
    assert kinetics.b_cell_aplasia(series[:2], Decimal(1)) is None


def test_kinetics_refuses_an_ambiguous_or_empty_series() -> None:
    with pytest.raises(ValueError, match="Two samples"):
        kinetics.peak(_series((7, "1"), (7, "2")))
    with pytest.raises(ValueError, match="No sample"):
        kinetics.peak(_series((-1, "1")))


def test_sdtm_has_no_day_zero() -> None:
    with pytest.raises(ValueError, match="no day 0"):
        study_day.date_of(0, date(2031, 3, 10), "sdtm")


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(-3000, 3000))
def test_days_and_dates_are_inverse(infusion: date, day: int) -> None:
    assert study_day.day_of(study_day.date_of(day, infusion), infusion) == day
    sdtm = study_day.day_of(study_day.date_of(day, infusion), infusion, "sdtm")
    assert sdtm != 0
    assert study_day.to_infusion_day(sdtm, "sdtm") == day


@pytest.mark.parametrize(
    ("key", "sums"), [("R1", [90, 1000]), ("R3", [90, 900]), ("R4a", [75, 1000]), ("R4b", [75, 1000])]
)
def test_regimen_sums(key: str, sums: list[int]) -> None:
    drugs = regimen.REGIMENS[key].drugs
    assert [drug.sum_per_m2 for drug in drugs] == sums
    assert all(day < 0 for drug in drugs for day in drug.days)


def _visit(**changes: Any) -> response.LupusVisit:
    items = {item.code: False for item in activity.SLEDAI_2K} | changes.pop("items", {})
    facts = {"pga": Decimal("0.4"), "prednisone_mg": Decimal(5), "stable_therapy": True} | changes
    return response.LupusVisit(items=items, **facts)


def test_doris_ignores_serology_and_lldas_counts_it() -> None:
    serology = _visit(items={"low-complement": True, "increased-dna-binding": True})
    assert response.doris_remission(serology)
    assert response.lldas(serology)
    assert not response.doris_remission(_visit(pga=Decimal("0.5")))
    assert not response.doris_remission(_visit(prednisone_mg=Decimal("5.1")))
    assert not response.doris_remission(_visit(items={"rash": True}))
    assert response.lldas(_visit(items={"rash": True}, pga=Decimal(1), prednisone_mg=Decimal("7.5")))
    assert not response.lldas(_visit(items={"proteinuria": True}))  # a major organ, though the total is 4
    assert not response.lldas(_visit(new_activity=True))
    with pytest.raises(ValueError, match="scale of 0 to 3"):
        response.doris_remission(_visit(pga=Decimal(4)))
    with pytest.raises(ValueError, match="negative"):
        response.lldas(_visit(prednisone_mg=Decimal(-1)))


def test_itp_complete_response() -> None:
    assert response.itp_complete_response(Decimal(100))
    assert not response.itp_complete_response(Decimal(99))


def test_half_a_step_is_rounded_up_as_on_a_prescription() -> None:
    assert str(dose.milligrams(Decimal(30), Decimal("1.535"))) == "46.1"  # 46.05
    assert str(dose.million_cells(Decimal("0.5"), Decimal("52.3"))) == "26.2"  # 26.15


def test_a_value_at_the_limit_is_detected_and_ends_an_aplasia() -> None:
    limit = Decimal(5)
    found = kinetics.persistence([(7, Decimal(90)), (28, limit), (90, Decimal(0))], limit)
    assert found == kinetics.Persistence(28, ongoing=False)
    cells = [(-5, Decimal(200)), (7, Decimal(0)), (90, limit), (180, Decimal(60))]
    assert kinetics.b_cell_aplasia(cells, limit) == kinetics.Aplasia(7, 90)
