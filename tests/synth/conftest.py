"""A hundred journeys that the tests of this room share."""

from __future__ import annotations

import pytest

from cart_fhir.synth import Journey, journeys


@pytest.fixture(scope="session")
def hundred() -> list[Journey]:
    return list(journeys(100, seed=11))
