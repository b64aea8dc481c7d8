"""Binary: a document in and out in its own type, or as a resource where FHIR's types are asked for."""

from __future__ import annotations

import base64
import gzip

import pytest

from cart_fhir.formats import json

from .conftest import Fhir, patient

PAGE = b"<html><script>alert(1)</script></html>"
PDF = b"%PDF-1.4 \x00\xff invented"


@pytest.fixture
def document(fhir: Fhir) -> str:
    """The URL of a stored document."""
    made = fhir.post(
        "Binary", PDF, Content_Type="application/pdf", X_Security_Context="Patient/p", Prefer="return=minimal"
    )
    assert made.status == 201, made.data
    return "Binary/" + made.headers["Location"].split("/")[-3]


@pytest.mark.parametrize(
    "accept", ["", "*/*", "application/pdf", "application/*;q=0.2, image/png", "text/html,*/*;q=0.8"]
)
def test_a_document_comes_back_as_it_was_sent(fhir: Fhir, document: str, accept: str) -> None:
    answer = fhir.get(document, **({"Accept": accept} if accept else {}))
    assert (answer.status, answer.data) == (200, PDF)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Security-Context"] == "Patient/p"
    assert answer.headers["ETag"] == 'W/"1"'
    assert fhir.get(document, Accept="*/*", If_None_Match='W/"1"').status == 304
    head = fhir("HEAD", document, Accept="*/*")
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(PDF)))


@pytest.mark.parametrize(
    ("path", "accept"),
    [("", "application/fhir+json"), ("", "application/json"), ("?_format=json", "*/*"), ("?_summary=false", "")],
)
def test_it_is_a_resource_where_fhir_is_asked_for(fhir: Fhir, document: str, path: str, accept: str) -> None:
    answer = fhir.get(document + path, **({"Accept": accept} if accept else {}))
    assert answer.json["contentType"] == "application/pdf"
    assert answer.json["securityContext"] == {"reference": "Patient/p"}
    assert base64.b64decode(answer.json["data"]) == PDF
    assert b"<Binary" in fhir.get(document, Accept="application/fhir+xml").data


def test_searches_and_bundles_give_resources(fhir: Fhir, document: str) -> None:
    assert fhir.get("Binary").json["entry"][0]["resource"]["resourceType"] == "Binary"
    done = fhir.transaction({"request": {"method": "GET", "url": document}})
    assert done.json["entry"][0]["resource"]["resourceType"] == "Binary"


def test_versions_and_types_of_a_document(fhir: Fhir, document: str) -> None:
    note = "gelesen".encode("utf-16")
    assert fhir.put(document, note, Content_Type="text/plain; charset=utf-16").status == 200
    latest = fhir.get(document, Accept="text/plain")
    assert (latest.data, latest.headers["Content-Type"]) == (note, "text/plain; charset=utf-16")
    assert fhir.get(f"{document}/_history/1", Accept="application/pdf").data == PDF
    assert fhir.get(document, Accept="image/png").status == 406
    packed = fhir.put(document, gzip.compress(PDF), Content_Type="application/pdf", Content_Encoding="gzip")
    assert packed.status == 200
    assert fhir.get(document).data == PDF


def test_a_page_cannot_run_as_the_servers_own(fhir: Fhir) -> None:
    fhir.put("Binary/page", PAGE, Content_Type="text/html")
    answer = fhir.get("Binary/page", Accept="text/html")
    assert answer.data == PAGE
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_binary_resource_is_read_as_what_it_holds(fhir: Fhir) -> None:
    held = {"resourceType": "Binary", "id": "b", "contentType": "text/csv", "data": base64.b64encode(b"a;b").decode()}
    assert fhir.put("Binary/b", held).status == 201
    assert fhir.get("Binary/b", Accept="*/*").data == b"a;b"
    empty = {"resourceType": "Binary", "id": "e", "contentType": "text/csv"}
    assert fhir.put("Binary/e", empty).status == 201
    answer = fhir.get("Binary/e", Accept="text/csv")
    assert (answer.status, answer.data) == (200, b"")
    as_resource = {"resourceType": "Binary", "id": "f", "contentType": "application/fhir+json"}
    as_resource["data"] = base64.b64encode(json.dumps(patient())).decode()
    assert fhir.put("Binary/f", as_resource).status == 201
    assert fhir.get("Binary/f", Accept="application/fhir+json").json["resourceType"] == "Binary"


@pytest.mark.parametrize("app", [{"CART_FHIR_VALIDATION": "off"}], indirect=True)
@pytest.mark.parametrize(
    ("kind", "data"), [("text/html\r\nX-Evil: 1", "QQ=="), (5, "QQ=="), ("text/plain", "Q"), ("text/plain", {"a": 1})]
)
def test_what_was_stored_unvalidated_breaks_nothing(fhir: Fhir, kind: object, data: object) -> None:
    assert fhir.put("Binary/x", {"resourceType": "Binary", "id": "x", "contentType": kind, "data": data}).status == 201
    answer = fhir.get("Binary/x", Accept="*/*")
    assert answer.status == 200
    assert "X-Evil" not in answer.headers


@pytest.mark.parametrize("kind", ["nonsense", "text/", "", "text/plain\tx, y"])
def test_a_type_that_is_none_is_refused(fhir: Fhir, kind: str) -> None:
    assert fhir.post("Binary", PDF, Content_Type=kind).status == 415
    assert fhir.post("Patient", PDF, Content_Type="application/pdf").status == 415
