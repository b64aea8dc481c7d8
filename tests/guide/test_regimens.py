"""The regimens of the guide and those that cart_fhir computes with are the same: drugs, days, doses and their sums."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal

import guide_package
import pytest

from cart_fhir.profiles.regimen import REGIMENS

DEFINITIONS = {definition["url"]: definition for definition in guide_package.definitions()}
PLANS = {
    definition["title"].split(":")[0].removeprefix("Regimen "): definition
    for definition in DEFINITIONS.values()
    if definition["resourceType"] == "PlanDefinition"
}


def test_every_regimen_is_a_plan() -> None:
    assert set(PLANS) == set(REGIMENS)


@pytest.mark.parametrize("key", sorted(REGIMENS))
def test_days_doses_and_sums_agree(key: str) -> None:
    days: dict[str, list[int]] = defaultdict(list)
    doses: dict[str, list[Decimal]] = defaultdict(list)
    *drugs, infusion = PLANS[key]["action"]
    for action in drugs:
        activity = DEFINITIONS[action["definitionCanonical"]]
        atc = next(c["code"] for c in activity["productCodeableConcept"]["coding"] if c["system"].endswith("/atc"))
        quantity = activity["dosage"][0]["doseAndRate"][0]["doseQuantity"]
        assert quantity["code"] == "mg/m2"
        days[atc].append(-int(action["relatedAction"][0]["offsetDuration"]["value"]))
        doses[atc].append(Decimal(quantity["value"]))
    regimen = REGIMENS[key]
    assert {drug.atc: list(drug.days) for drug in regimen.drugs} == dict(days)
    for drug in regimen.drugs:
        assert set(doses[drug.atc]) == {drug.per_m2}
        assert sum(doses[drug.atc]) == drug.sum_per_m2
        assert f"{drug.name} {drug.sum_per_m2} mg/m2 in all" in infusion["description"]
    planned = re.search(r"Planned dose ([0-9.]+) x 10\*6/kg", infusion["description"])
    assert planned
    assert Decimal(planned[1]) == regimen.million_cells_per_kg
