"""What the tests of the definitions share."""

from __future__ import annotations

import pytest

from cart_fhir.definitions import Registry


@pytest.fixture(scope="session")
def core() -> Registry:
    """The R4 core facts alone; nothing is loaded into it."""
    return Registry(guide=False)


@pytest.fixture
def registry() -> Registry:
    """The R4 core facts, for tests that load something."""
    return Registry(guide=False)
