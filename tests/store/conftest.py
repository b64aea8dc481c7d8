"""The databases the tests of the store run on."""

from __future__ import annotations

import os

import pytest

POSTGRES = "CART_FHIR_TEST_POSTGRES"


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The URL of an empty PostgreSQL database that tests may fill and empty."""
    url = os.environ.get(POSTGRES, "")
    if not url:
        reason = f"{POSTGRES} names no PostgreSQL database (postgresql://user@host/database)"
        if os.environ.get("CART_FHIR_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return url
