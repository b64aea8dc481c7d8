"""The databases the tests of the store run on."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import create_engine, make_url, text

from cart_fhir.definitions import Registry
from cart_fhir.store import open_store
from cart_fhir.store.tables import metadata

POSTGRES = "CART_FHIR_TEST_POSTGRES"


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The URL of a PostgreSQL database that tests may fill and empty; each worker of pytest-xdist has its own."""
    url = os.environ.get(POSTGRES, "")
    if not url:
        reason = f"{POSTGRES} names no PostgreSQL database (postgresql://user@host/database)"
        if os.environ.get("CART_FHIR_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        return url
    engine = create_engine(driver_url(url), isolation_level="AUTOCOMMIT")
    own = make_url(url).set(database=f"{make_url(url).database}_{worker}")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{own.database}"'))
        connection.execute(text(f'CREATE DATABASE "{own.database}"'))
    engine.dispose()
    return own.render_as_string(hide_password=False)


def driver_url(url: str) -> str:
    """The URL with the driver that is used named."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture
def empty_postgres(postgres_url: str) -> str:
    """The same, with the schema made and nothing in it."""
    open_store(postgres_url, Registry(guide=False)).close()
    engine = create_engine(driver_url(postgres_url))
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):  # for a few rows much quicker than TRUNCATE
            connection.execute(table.delete())
    engine.dispose()
    return postgres_url
