"""Bad input: every refusal is a 4xx with an OperationOutcome that says what to do; the table is errors.yaml."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cart_fhir.server.extension import service_of

from .conftest import Fhir, patient

CASES = yaml.safe_load((Path(__file__).parent / "errors.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"].replace(" ", "-") for case in CASES])
def test_refused_with_an_outcome(fhir: Fhir, case: dict[str, Any]) -> None:
    method, path = case["request"].split(" ", 1)
    headers = {**case.get("headers", {})}
    if "body" in case:
        headers["Content-Type"] = case.get("content", "application/fhir+json")
    answer = fhir(method, path, case["body"].encode() if "body" in case else None, **headers)
    assert answer.status == case["status"], answer.data
    severity, code, _ = answer.issues[0]
    assert severity in ("error", "fatal")
    assert code == case["code"], answer.data
    assert answer.headers["Content-Type"].startswith("application/fhir+json")
    assert answer.text


def test_405_names_the_methods(fhir: Fhir) -> None:
    assert "GET" in fhir("DELETE", "metadata").headers["Allow"]


def test_syntax_errors_name_line_and_column(fhir: Fhir) -> None:
    answer = fhir.post("Patient", b'{"resourceType": "Patient",\n "active": tru}')
    extensions = {e["url"].rsplit("-", 1)[1]: e["valueInteger"] for e in answer.json["issue"][0]["extension"]}
    assert extensions["line"] == 2


@pytest.mark.parametrize("app", [{"CART_FHIR_MAX_BODY": 2048}], indirect=True)
def test_bodies_over_the_limit(fhir: Fhir) -> None:
    large = patient(name=[{"text": "x" * 4000}])
    assert fhir.post("Patient", large).issues[0][1] == "too-long"
    assert fhir.post("Patient", large).status == 413
    bomb = gzip.compress(b" " * 1_000_000)
    assert len(bomb) < 2048
    assert fhir.post("Patient", bomb, Content_Encoding="gzip").status == 413


def test_unexpected_errors_tell_nothing_of_the_inside(app: Flask, fhir: Fhir, caplog: pytest.LogCaptureFixture) -> None:
    def broken(interaction: str, request: Any) -> None:
        raise RuntimeError("the secret is 42")

    service_of(app).shared.hooks.before.append(broken)
    answer = fhir.get("Patient/1")
    assert answer.status == 500
    assert answer.issues[0][:2] == ("fatal", "exception")
    assert "secret" not in answer.text
    reference = answer.text.rsplit(" ", 1)[1].rstrip(".")
    assert reference in caplog.text


def test_deep_nesting_is_refused(fhir: Fhir) -> None:
    assert fhir.post("Patient", b'{"resourceType":"Patient","x":' + b"[" * 5000 + b"]" * 5000 + b"}").status == 400
    assert 400 <= fhir.post("Patient", b'{"resourceType":"Patient","contact":[null]}').status < 500
    assert 400 <= fhir.post("Patient", b'{"resourceType":"Patient","name":null}').status < 500
    assert fhir.post("Patient", b'{"resourceType":"Patient","id":"\xff"}').status == 400


def test_no_header_can_be_injected(fhir: Fhir) -> None:
    answer = fhir.post("Patient", patient(), If_None_Exist="identifier=a%0d%0aX-Evil:%201")
    assert "X-Evil" not in answer.headers


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["", "Patient", "Patient/1", "Patient/$validate", "Observation", "Bundle", "Patient/_search"]),
    method=st.sampled_from(["POST", "PUT", "PATCH", "DELETE", "GET"]),
    body=_JSON,
    type=st.sampled_from(["Patient", "Observation", "Bundle", "Parameters", "Nonsense"]),
)
def test_no_json_whatever_makes_the_server_fail(fhir: Fhir, path: str, method: str, body: Any, type: str) -> None:
    from cart_fhir.formats import json

    shaped = {**body, "resourceType": type} if isinstance(body, dict) else body
    answer = fhir(method, path, json.dumps(shaped))
    assert answer.status < 500, (method, path, shaped, answer.data)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_characters="#"), max_size=40),
    query=st.lists(
        st.tuples(st.sampled_from(["name", "_id", "birthdate", "_sort", "_include", "x"]), st.text(max_size=12))
    ),
)
def test_no_url_whatever_makes_the_server_fail(fhir: Fhir, path: str, query: list[tuple[str, str]]) -> None:
    answer = Fhir(fhir.client, "/fhir/" + path.replace("?", ""))
    assert answer.client.get(answer.prefix, query_string=query).status_code < 500
    assert answer.client.get("/fhir/Patient", query_string=query).status_code < 500
