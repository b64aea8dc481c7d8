"""The databases the tests of the store run on."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import create_engine

from cart_fhir.definitions import Registry
from cart_fhir.store import open_store
from cart_fhir.store.tables import metadata

POSTGRES = "CART_FHIR_TEST_POSTGRES"


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The URL of a PostgreSQL database that tests may fill and empty."""
    url = os.environ.get(POSTGRES, "")
    if not url:
        reason = f"{POSTGRES} names no PostgreSQL database (postgresql://user@host/database)"
        if os.environ.get("CART_FHIR_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return url


@pytest.fixture
def empty_postgres(postgres_url: str) -> str:
    """The same, with the schema made and nothing in it."""
    open_store(postgres_url, Registry(guide=False)).close()
    engine = create_engine(postgres_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):  # for a few rows much quicker than TRUNCATE
            connection.execute(table.delete())
    engine.dispose()
    return postgres_url
