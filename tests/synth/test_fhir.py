"""Journeys as FHIR: whole bundles, ids by business key, and not one error from the validator."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from cart_fhir.definitions import Registry
from cart_fhir.mappers.identity import resource_id
from cart_fhir.profiles import canonical
from cart_fhir.synth import Journey, journeys
from cart_fhir.synth.fhir import bundle, resources
from cart_fhir.validator import Validator


def test_every_fact_becomes_one_resource(hundred: list[Journey]) -> None:
    for journey in hundred[:20]:
        made = resources(journey)
        ids = Counter((resource["resourceType"], resource["id"]) for resource in made)
        assert max(ids.values()) == 1
        kinds = Counter(resource["resourceType"] for resource in made)
        assert kinds["AdverseEvent"] == len(journey.events)
        given = len(journey.lymphodepletion) + len(journey.support) + len(journey.infusions)
        assert kinds["MedicationAdministration"] == given
        measured = journey.labs, journey.kinetics, journey.scores, journey.gradings, journey.responses
        assert kinds["Observation"] == sum(map(len, measured)) + 3


def test_references_stay_inside(hundred: list[Journey]) -> None:
    made = bundle(hundred[0])
    urls = {entry["fullUrl"] for entry in made["entry"]}

    def references(value: object) -> list[str]:
        if isinstance(value, dict):
            own = [value["reference"]] if "reference" in value else []
            return own + [found for inner in value.values() for found in references(inner)]
        return [found for inner in value for found in references(inner)] if isinstance(value, list) else []

    found = references(made)
    assert len(found) > 100
    assert set(found) <= urls


def test_ids_are_by_business_key(hundred: list[Journey]) -> None:
    journey = hundred[0]
    profile = canonical.url("cart-administration")
    infusion = next(made for made in resources(journey) if profile in made.get("meta", {}).get("profile", ()))
    key = ("cart-infusion", str(journey.infusion.on))
    assert infusion["id"] == resource_id("MedicationAdministration", journey.centre.system, journey.person.number, *key)
    assert infusion["identifier"][0]["value"] == "|".join((journey.person.number, *key))


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator(registry=Registry.default())


def _errors(validator: Validator, journey: Journey) -> list[str]:
    issues = validator.validate(bundle(journey))
    return [f"{journey.person.number} {issue.expression}: {issue.text}" for issue in issues if issue.is_error]


def test_journeys_validate(validator: Validator) -> None:
    assert [error for journey in journeys(25, seed=3) for error in _errors(validator, journey)] == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_many_journeys_validate(validator: Validator) -> None:
    """A thousand of them, two minutes of one core, where everything is asked for; else a hundred."""
    patients = 1000 if os.environ.get("CART_FHIR_REQUIRE_ALL") == "1" else 100
    assert [error for journey in journeys(patients, seed=8) for error in _errors(validator, journey)] == []
