"""schemathesis makes calls of everything that /openapi.json lists: no 5xx, and answers as the document says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

from cart_fhir.server.extension import service_of
from cart_fhir.server.routes import TABLE

from .conftest import make_app

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis comes with the test extra")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One server for every call; what one call leaves there is found by another."""
    app = make_app(tmp_path_factory.mktemp("schemathesis"))
    yield app
    service_of(app).shared.store.close()


@pytest.fixture(scope="module")
def document(whole: Flask) -> Any:
    """The document as a schema that is called in this process."""
    return schemathesis.openapi.from_wsgi("/fhir/openapi.json", whole)


@pytest.mark.parametrize("mode", ["POSITIVE", "NEGATIVE"])
@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.path}")
def test_everything_listed_answers_as_listed(document: Any, row: Any, mode: str) -> None:
    operation = document[f"/{row.path}"][row.method]
    modes = schemathesis.GenerationMode

    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=modes[mode]))
    def calls(case: Any) -> None:
        # its in-process transport takes gzip and does not unpack it
        answer = case.call(headers={"Accept-Encoding": "identity"})
        case.validate_response(
            answer,
            checks=[
                schemathesis.checks.not_a_server_error,
                schemathesis.specs.openapi.checks.content_type_conformance,
                schemathesis.specs.openapi.checks.response_schema_conformance,
            ],
        )
        listed = operation.definition.raw["responses"]
        assert answer.status_code >= 400 or str(answer.status_code) in listed, f"{answer.status_code} is not listed"

    calls()
