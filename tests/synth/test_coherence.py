"""A thousand journeys make clinical sense: what the arithmetic of the profiles room says of them is what they say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from cart_fhir.profiles import activity, adverse_event, dose, kinetics, study_day
from cart_fhir.profiles.regimen import REGIMENS
from cart_fhir.synth import Journey, journeys
from cart_fhir.synth.plan import VISITS


@pytest.fixture(scope="module")
def thousand() -> list[Journey]:
    return list(journeys(1000, seed=7))


def _dated(journey: Journey) -> Iterator[tuple[date, int]]:
    for facts in (
        journey.lymphodepletion,
        journey.scores,
        journey.labs,
        journey.kinetics,
        journey.gradings,
        journey.responses,
    ):
        for fact in facts:
            yield fact.on, fact.day


def _dates(journey: Journey) -> Iterator[date]:
    yield from (on for on, _ in _dated(journey))
    yield from (journey.apheresis.on, journey.infusion.on, journey.body.on)
    yield from (dose.on for dose in journey.support)
    for event in journey.events:
        yield event.begin
        yield event.end or event.begin


def test_every_disease_is_there(thousand: list[Journey]) -> None:
    assert {journey.disease.key for journey in thousand} == {"sle", "jdm", "ssc", "mg", "itp", "aiha"}
    assert {journey.regimen for journey in thousand} == set(REGIMENS)
    assert any(journey.disease.nephritis for journey in thousand)
    assert any(journey.disease.key == "sle" and _age(journey, journey.infusion.on) < 18 for journey in thousand)


def test_study_days_match_dates(thousand: list[Journey]) -> None:
    for journey in thousand:
        for on, day in _dated(journey):
            assert study_day.day_of(on, journey.infusion.on) == day


def test_nothing_before_birth_or_after_death(thousand: list[Journey]) -> None:
    died = 0
    for journey in thousand:
        last = journey.person.died or date.max
        died += last != date.max
        assert journey.person.birth.isoformat()[:7] < journey.disease.onset
        assert journey.disease.onset < journey.infusion.on.isoformat()[:7]
        assert all(journey.person.birth < on <= last for on in _dates(journey))
    assert 0 < died < 30


def test_the_order_of_treatment(thousand: list[Journey]) -> None:
    for journey in thousand:
        given = journey.lymphodepletion
        assert journey.apheresis.on == journey.product.collected < journey.body.on < given[0].on
        assert all(-6 < dose.day < 0 for dose in given)
        assert journey.infusion.lot == journey.product.lot
        assert journey.product.donation == journey.apheresis.donation


def test_doses_are_those_of_the_regimen(thousand: list[Journey]) -> None:
    for journey in thousand:
        regimen = REGIMENS[journey.regimen]
        body = journey.body
        assert body.area == dose.body_surface_area(body.height, body.weight, "mosteller")
        for drug in regimen.drugs:
            doses = [given for given in journey.lymphodepletion if given.atc == drug.atc]
            assert tuple(given.day for given in doses) == drug.days
            assert dose.cumulative([given.per_m2 for given in doses]) == drug.sum_per_m2
            assert {given.milligrams for given in doses} <= {dose.milligrams(drug.per_m2, body.area), 0}
        infusion = journey.infusion
        assert infusion.millions == dose.million_cells(regimen.million_cells_per_kg, infusion.weight)
        assert infusion.weight == body.weight


def test_body_sizes_fit_the_age(thousand: list[Journey]) -> None:
    for journey in thousand:
        index = journey.body.weight / (journey.body.height / 100) ** 2
        assert Decimal(12) < index < Decimal(30), journey.person
        assert journey.body.height > 135 or _age(journey, journey.infusion.on) < 13


def test_expansion_peaks_between_day_7_and_14(thousand: list[Journey]) -> None:
    for journey in thousand:
        for code in ("cart-cells-per-ul", "cart-percent-of-t-cells"):
            series = [(point.day, point.value) for point in journey.kinetics if point.code == code]
            day, highest = kinetics.peak(series)
            assert 7 <= day <= 14
            assert highest > 0
            assert [value for _, value in series if value == highest] == [highest]


def test_b_cells_are_zero_before_they_return(thousand: list[Journey]) -> None:
    returned = 0
    for journey in thousand:
        last = _again(journey) or 10_000
        series = [(lab.day, lab.value) for lab in journey.labs if lab.analyte == "b-cells" and lab.day < last]
        assert series[0][0] < 0
        assert series[0][1] > 0
        after = [value for day, value in series if day >= 14]
        zeros = after.index(next(value for value in [*after, Decimal(1)] if value)) if any(after) else len(after)
        assert zeros >= 1, "no sample shows the aplasia"
        assert all(after[zeros:]), "B cells came back and went again"
        aplasia = kinetics.b_cell_aplasia(series, Decimal(1))
        assert aplasia is not None
        assert aplasia.began in (7, 14)
        if aplasia.ended is not None:
            returned += 1
            assert aplasia.ended >= 75
    assert returned > 500


def test_grades_are_those_of_the_criteria(thousand: list[Journey]) -> None:
    graded = 0
    for journey in thousand:
        treated_from = min((dose.on for dose in journey.support if dose.atc == "L04AC07"), default=date.max)
        for grading in journey.gradings:
            graded += 1
            if grading.system == "astct-crs":
                assert grading.temperature is not None
                assert grading.hypotension is not None
                assert grading.hypoxia is not None
                expected = adverse_event.crs_grade(
                    fever=grading.temperature >= 38,
                    hypotension=grading.hypotension,
                    hypoxia=grading.hypoxia,
                    fever_treated=treated_from < grading.on,
                )
            else:
                assert grading.consciousness is not None
                assert grading.seizure is not None
                expected = adverse_event.icans_grade(
                    ice=grading.ice, consciousness=grading.consciousness, seizure=grading.seizure
                )
                assert adverse_event.neuro_instrument(journey.person.birth, grading.on) == "ICE"
            assert grading.grade == expected >= 1
    assert graded > 1000


def test_events_have_the_highest_grade_and_their_treatment(thousand: list[Journey]) -> None:
    for journey in thousand:
        for event in journey.events:
            gradings = [
                grading
                for grading in journey.gradings
                if grading.system == f"astct-{event.code}" and journey.zero(grading.on) == journey.zero(event.begin)
            ]
            assert (event.code in ("crs", "icans")) == bool(gradings)
            if gradings:
                assert event.grade == max(grading.grade for grading in gradings)
                assert event.begin == gradings[0].on
                assert event.end == gradings[-1].on + timedelta(days=1)
            given = {dose.atc for dose in journey.support if event.begin <= dose.on <= (event.end or dose.on)}
            assert event.code != "crs" or (event.grade >= 2) == ("L04AC07" in given)
            assert event.code != "icans" or event.grade < 2 or "H02AB02" in given
            assert (event.grade == 5) == (event.outcome == "fatal")
            assert bool(event.criterion) == event.serious
        assert any(event.outcome == "fatal" for event in journey.events) == (journey.person.died is not None)


def test_scores_are_sums_of_their_items(thousand: list[Journey]) -> None:
    instruments = set()
    for journey in thousand:
        for score in journey.scores:
            instruments.add(score.instrument)
            activity.check_range(score.instrument, score.total)
            if score.instrument == "sledai-2k":
                assert score.total == activity.sledai_2k_total(
                    {code: bool(value) for code, value in score.items.items()}
                )
            elif score.items:
                assert score.total == sum(score.items.values())
    assert instruments == {"sledai-2k", "jdm-das-total", "mg-adl", "mrss"}


def test_serological_items_agree_with_the_laboratory(thousand: list[Journey]) -> None:
    for journey in thousand:
        for score in journey.scores:
            if score.instrument == "sledai-2k":
                values = {lab.analyte: lab.value for lab in journey.labs if lab.on == score.on}
                assert score.items["low-complement"] == (values["c3"] < Decimal("0.9") or values["c4"] < Decimal("0.1"))
                assert score.items["increased-dna-binding"] == (values["anti-dsdna"] > 30)
                assert score.items["thrombocytopenia"] == (values["platelets"] < 100)


def test_most_patients_get_better(thousand: list[Journey]) -> None:
    better = [journey.scores[-1].total < journey.scores[0].total for journey in thousand if journey.scores]
    assert sum(better) > 0.85 * len(better)
    values = {judged.value for journey in thousand for judged in journey.responses}
    assert values == {"cr", "pr", "nr", "relapse"}


def test_itp_response_follows_the_platelets(thousand: list[Journey]) -> None:
    for journey in thousand:
        if journey.disease.key == "itp":
            counts = {lab.on: lab.value for lab in journey.labs if lab.analyte == "platelets"}
            for judged in journey.responses:
                assert judged.value != "cr" or counts[judged.on] >= 100


def test_neutrophils_are_part_of_the_leukocytes(thousand: list[Journey]) -> None:
    for journey in thousand:
        white = {lab.day: lab.value for lab in journey.labs if lab.analyte == "leukocytes"}
        assert all(lab.value <= white[lab.day] for lab in journey.labs if lab.analyte == "neutrophils")


def test_some_are_infused_again_after_a_relapse(thousand: list[Journey]) -> None:
    twice = [journey for journey in thousand if len(journey.infusions) > 1]
    assert 10 < len(twice) < 120
    for journey in twice:
        first, second = journey.infusions
        assert (first.number, second.number, second.reason, second.lot) == (1, 2, "relapse", journey.product.lot)
        assert journey.day(second.on) == 0
        assert journey.day(second.on - timedelta(days=1)) > 100


def test_few_doses_of_lymphodepletion_are_withheld(thousand: list[Journey]) -> None:
    withheld = [dose for journey in thousand for dose in journey.lymphodepletion if not dose.milligrams]
    assert 10 < len(withheld) < 80


def test_business_keys_are_unique(thousand: list[Journey]) -> None:
    for journey in thousand:
        for keys in (
            [(lab.analyte, lab.on) for lab in journey.labs],
            [(point.code, point.on) for point in journey.kinetics],
            [(given.purpose, given.atc, given.on) for given in journey.support],
            [(event.code, event.begin) for event in journey.events],
            [(grading.system, grading.on) for grading in journey.gradings],
        ):
            assert len(set(keys)) == len(keys)
    assert len({journey.product.lot for journey in thousand}) == len(thousand)


def test_visits_are_on_their_days(thousand: list[Journey]) -> None:
    for journey in thousand:
        assert all(VISITS[score.visit] == score.day for score in journey.scores)
        assert all(VISITS[judged.visit] == judged.day for judged in journey.responses)


def _again(journey: Journey) -> int | None:
    """The day of the second infusion, counted from the first."""
    return (journey.infusions[1].on - journey.infusion.on).days if len(journey.infusions) > 1 else None


def _age(journey: Journey, on: date) -> int:
    birth = journey.person.birth
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
