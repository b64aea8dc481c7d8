"""The OpenAPI document lists the table and nothing else; the access log names nobody."""

from __future__ import annotations

import logging
import re

import pytest

from cart_fhir.server.routes import TABLE

from .conftest import Fhir, patient


def test_it_is_the_table(fhir: Fhir) -> None:
    answer = fhir.get("openapi.json")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    document = answer.json
    listed = {
        (method.upper(), path[1:])
        for path, item in document["paths"].items()
        for method in item
        if method != "parameters"
    }
    assert listed == {(route.method, route.path) for route in TABLE}
    ids = [
        item[method]["operationId"] for item in document["paths"].values() for method in item if method != "parameters"
    ]
    assert len(ids) == len(set(ids))
    for path, item in document["paths"].items():
        assert {one["name"] for one in item.get("parameters", ())} == set(re.findall(r"\{(\w+)\}", path))
        for method in set(item) - {"parameters"}:
            assert item[method]["description"], f"{method} {path} says nothing"


def test_the_access_log_names_nobody(fhir: Fhir, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="cart_fhir"):
        fhir.put("Patient/secret-id", patient(id="secret-id"))
        fhir.get("Patient?family=Quill")
        fhir.get("Patient/absent-id")
        fhir.post("Patient", patient(gender="unsure"))
    lines = [record.getMessage() for record in caplog.records if record.name == "cart_fhir.access"]
    assert [line.split(" ")[:2] for line in lines] == [["PUT", "201"], ["GET", "200"], ["GET", "404"], ["POST", "422"]]
    for word in ("secret-id", "Quill", "absent-id", "unsure"):
        assert word not in caplog.text
