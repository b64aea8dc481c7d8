"""/metadata states what is there: what it lists works, what works it lists."""

from __future__ import annotations

from typing import Any

import pytest

from cart_fhir.definitions import Registry
from cart_fhir.server.routes import TABLE
from cart_fhir.validator import Validator

from .conftest import Fhir


@pytest.fixture
def statement(fhir: Fhir) -> Any:
    return fhir.get("metadata").json


def of(statement: Any, type: str) -> Any:
    return next(row for row in statement["rest"][0]["resource"] if row["type"] == type)


def test_the_statement_is_valid_fhir(statement: Any) -> None:
    issues = Validator(registry=Registry.default()).validate(statement)
    assert not [issue for issue in issues if issue.is_error], issues


def test_it_lists_the_table(statement: Any) -> None:
    codes = {row["code"] for row in of(statement, "Patient")["interaction"]}
    assert codes == {route.code for route in TABLE if route.code and route.level != "system"}
    system = {row["code"] for row in statement["rest"][0]["interaction"]}
    assert system == {route.code for route in TABLE if route.code and route.level == "system"} | {"batch"}


def test_the_guides_profiles_are_supported_profiles(statement: Any) -> None:
    profiles = of(statement, "MedicationAdministration")["supportedProfile"]
    assert any("cart-administration|" in profile for profile in profiles)
    assert any("cart-lymphodepletion|" in profile for profile in profiles)


def test_definitions_are_read_only(statement: Any) -> None:
    codes = {row["code"] for row in of(statement, "StructureDefinition")["interaction"]}
    assert "read" in codes
    assert not codes & {"create", "update", "delete", "patch"}


SPECIAL = {"_filter": "_id eq x", "_list": "x", "near": "47|8"}


@pytest.mark.parametrize("type", ["Patient", "MedicationAdministration", "Observation", "AdverseEvent", "Location"])
def test_every_search_parameter_that_is_listed_runs(fhir: Fhir, statement: Any, type: str) -> None:
    values = {
        "token": "x", "string": "x", "reference": "Patient/x", "date": "2026-01-01", "number": "1",
        "quantity": "1", "uri": "http://x", "composite": "x$1",
    }  # fmt: skip
    for row in of(statement, type)["searchParam"]:
        answer = fhir.get(f"{type}?{row['name']}={SPECIAL.get(row['name']) or values[row['type']]}")
        composite_of_another_kind = row["type"] == "composite" and answer.status == 400
        assert answer.status == 200 or composite_of_another_kind, (row, answer.data)
        assert answer.status == 200 or answer.issues[0][1] == "invalid", (row, answer.data)


def test_it_is_not_sent_twice(fhir: Fhir) -> None:
    first = fhir.get("metadata")
    assert fhir.get("metadata").data == first.data
    assert fhir.get("metadata", If_None_Match=first.headers["ETag"]).status == 304


def test_terminology_capabilities(fhir: Fhir) -> None:
    statement = fhir.get("metadata?mode=terminology").json
    assert statement["resourceType"] == "TerminologyCapabilities"
    assert any(system["uri"].endswith("/cart-grade-cs") for system in statement["codeSystem"])
