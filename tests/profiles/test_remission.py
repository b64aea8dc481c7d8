"""DORIS and LLDAS as derived Observations: right, valid, traceable; nothing from half the facts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cart_fhir.profiles import canonical
from cart_fhir.profiles.activity import SLEDAI_2K
from cart_fhir.profiles.elements import local, quantity, study_day
from cart_fhir.profiles.fill import fill
from cart_fhir.profiles.remission import lupus_states
from cart_fhir.validator import Validator

INFUSION, ON = date(2031, 3, 10), date(2031, 6, 9)


def _observed(profile: str, **elements: Any) -> dict[str, Any]:
    body = {
        "id": profile,
        "extension": [study_day(ON, INFUSION)],
        "status": "final",
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": str(ON),
        **elements,
    }
    return fill(canonical.url(profile), body)


def _visit(present: tuple[str, ...] = (), pga: str = "0.4", dose: str = "5") -> tuple[Any, Any, Any]:
    items = [
        {"code": local("cart-sledai-2k-item", item.code), "valueBoolean": item.code in present} for item in SLEDAI_2K
    ]
    total = sum(item.weight for item in SLEDAI_2K if item.code in present)
    return (
        _observed("cart-sledai-2k", valueQuantity={"value": total}, component=items),
        _observed(
            "cart-pga", valueQuantity={"value": Decimal(pga)}, method=local("cart-assessment-method", "scale-0-3")
        ),
        _observed(
            "cart-therapy-state",
            code=local("cart-outcome", "prednisone-equivalent-dose"),
            valueQuantity=quantity(Decimal(dose), "mg/d"),
        ),
    )


def _states(sources: tuple[Any, Any, Any], **told: bool) -> dict[str, bool]:
    facts = {"stable_therapy": True, "new_activity": False} | told
    made = lupus_states(sources, identify=lambda patient, key: {"id": key[0]}, **facts)
    return {one["code"]["coding"][0]["code"]: one["valueBoolean"] for one in made}


@pytest.mark.parametrize(
    ("sources", "doris", "low"),
    [
        (_visit(), True, True),
        (_visit(("low-complement", "increased-dna-binding")), True, True),
        (_visit(("rash",)), False, True),
        (_visit(("proteinuria",)), False, False),
        (_visit(pga="0.8"), False, True),
        (_visit(dose="7.5"), False, True),
        (_visit(dose="10"), False, False),
    ],
    ids=["remission", "serology only", "rash", "kidney", "pga", "7.5 mg", "10 mg"],
)
def test_states(sources: tuple[Any, Any, Any], doris: bool, low: bool) -> None:
    assert _states(sources) == {"doris-2021": doris, "lldas": low}


def test_new_activity_and_unstable_therapy() -> None:
    assert _states(_visit(), new_activity=True) == {"doris-2021": True, "lldas": False}
    assert _states(_visit(), stable_therapy=False) == {"doris-2021": False, "lldas": False}


def test_they_are_valid_and_say_whence() -> None:
    validator = Validator()
    sources = _visit()
    made = lupus_states(sources, stable_therapy=True, new_activity=False, identify=lambda patient, key: {"id": key[0]})
    for one in [*made, *sources]:
        assert [issue.text for issue in validator.validate(one) if issue.is_error] == []
    for one in made:
        assert [source["reference"] for source in one["derivedFrom"]] == [
            f"Observation/{part['id']}" for part in sources
        ]
        assert one["method"]["text"]


def test_half_the_facts_give_nothing() -> None:
    sledai, pga, prednisone = _visit()
    fewer = {**sledai, "component": sledai["component"][1:]}
    assert _states((fewer, pga, prednisone)) == {}
    assert _states((sledai, {**pga, "method": local("cart-assessment-method", "scale-0-10")}, prednisone)) == {}
    assert _states((sledai, pga, {**prednisone, "valueQuantity": quantity(1, "mg/kg/d")})) == {}


def test_sources_of_two_dates_are_refused() -> None:
    sledai, pga, prednisone = _visit()
    with pytest.raises(ValueError, match="one date"):
        _states((sledai, {**pga, "effectiveDateTime": "2031-06-10"}, prednisone))
