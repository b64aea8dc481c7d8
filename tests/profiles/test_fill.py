"""Filling: what the profile fixes is added, what is given stays, what isn't constant is not invented."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cart_fhir.definitions import Registry
from cart_fhir.errors import NotFound
from cart_fhir.profiles import canonical
from cart_fhir.profiles.fill import fill

UCUM = "http://unitsofmeasure.org"


def _codes(concept: dict[str, Any]) -> list[str]:
    return [coding["code"] for coding in concept["coding"]]


def test_names_of_the_guide() -> None:
    assert canonical.url("cart-product") == f"{canonical.BASE}/StructureDefinition/cart-product"
    assert canonical.system("cart-product") == canonical.system("cart-product-cs")
    assert canonical.value_set("cart-product") == f"{canonical.BASE}/ValueSet/cart-product-vs"
    assert canonical.PACKAGE == "fhir.cart.autoimmune"
    assert Registry.default().structure(canonical.url("cart-product"))
    with pytest.raises(AttributeError):
        canonical.NAME  # noqa: B018 - the look-up is the test


def test_fixed_values_and_slices_are_added() -> None:
    made = fill(canonical.url("cart-lymphodepletion"), {"status": "completed", "id": "x"})
    assert made["resourceType"] == "MedicationAdministration"
    assert made["meta"]["profile"] == [canonical.url("cart-lymphodepletion")]
    assert [_codes(reason) for reason in made["reasonCode"]] == [["lymphodepletion"]]
    assert list(made)[:3] == ["resourceType", "id", "meta"], "FHIR's order"


def test_what_is_given_stays() -> None:
    own = {"coding": [{"system": "http://example.org", "code": "own"}]}
    body = {"reasonCode": [own], "meta": {"profile": ["http://example.org/other"]}}
    made = fill(canonical.url("cart-lymphodepletion"), body)
    assert [_codes(reason) for reason in made["reasonCode"]] == [["own"], ["lymphodepletion"]]
    assert made["meta"]["profile"] == ["http://example.org/other", canonical.url("cart-lymphodepletion")]
    assert body == {"reasonCode": [own], "meta": {"profile": ["http://example.org/other"]}}, "the input isn't changed"


def test_a_code_beside_the_fixed_one_stays() -> None:
    own = {"system": "http://example.org", "code": "SLEDAI"}
    made = fill(canonical.url("cart-sledai-2k"), {"code": {"coding": [own]}})
    assert _codes(made["code"]) == ["SLEDAI", "sledai-2k"]


def test_a_contradiction_is_left_for_the_validator() -> None:
    made = fill(canonical.url("cart-sledai-2k"), {"valueQuantity": {"value": 4, "code": "mg"}})
    assert made["valueQuantity"] == {"value": 4, "code": "mg", "system": UCUM}


def test_patterns_inside_slices_are_added_to_the_items_that_are_of_them() -> None:
    item = {"code": {"coding": [{"system": canonical.system("cart-disease-activity"), "code": "jdm-das-muscle"}]}}
    made = fill(canonical.url("cart-jdm-das"), {"component": [{**item, "valueQuantity": {"value": 3}}]})
    assert made["component"][0]["valueQuantity"] == {"value": 3, "system": UCUM, "code": "{score}"}


@pytest.mark.parametrize("profile", ["cart-administration", "cart-product", "cart-adverse-event"])
def test_nothing_is_invented(profile: str) -> None:
    made = fill(canonical.url(profile), {})
    assert set(made) <= {"resourceType", "meta", "productCategory"}


@given(st.sampled_from([structure["url"] for structure in Registry.default().profiles()]))
def test_filling_twice_changes_nothing(profile: str) -> None:
    once = fill(profile, {})
    assert fill(profile, once) == once


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(NotFound, match="no profile"):
        fill("http://example.org/none", {})
