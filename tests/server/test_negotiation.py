"""Representation: formats, pretty printing, gzip both ways, parts of resources, CORS."""

from __future__ import annotations

import gzip

import pytest

from .conftest import Fhir, observation, patient

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "path", "format"),
    [
        ("", "Patient/p", "json"),
        ("*/*", "Patient/p", "json"),
        (BROWSER, "Patient/p", "json"),
        ("application/json", "Patient/p", "json"),
        ("application/fhir+xml", "Patient/p", "xml"),
        ("text/xml", "Patient/p", "xml"),
        ("application/fhir+json;q=0.4, application/fhir+xml;q=0.9", "Patient/p", "xml"),
        ("application/fhir+xml; fhirVersion=4.0", "Patient/p", "xml"),
        ("application/fhir+xml", "Patient/p?_format=json", "json"),
        ("application/fhir+json", "Patient/p?_format=xml", "xml"),
        ("", "Patient/p?_format=application/fhir+xml", "xml"),
        ("", "Patient/p?_format=application/fhir%2Bxml", "xml"),
        ("application/fhir+xml", "Patient/absent", "xml"),
        ("application/fhir+xml", "metadata", "xml"),
        ("application/fhir+xml", "Patient", "xml"),
        ("application/fhir+xml; fhirVersion=3.0, application/fhir+json; fhirVersion=4.0", "Patient/p", "json"),
        ("application/fhir+json;q=0, */*", "Patient/p", "xml"),
    ],
)
def test_the_format_asked_for(fhir: Fhir, accept: str, path: str, format: str) -> None:
    fhir.put("Patient/p", patient(id="p"))
    answer = fhir.get(path, **({"Accept": accept} if accept else {}))
    assert answer.headers["Content-Type"] == f"application/fhir+{format}; charset=utf-8"
    assert answer.data.lstrip().startswith(b"<" if format == "xml" else b"{")
    assert "Accept" in answer.headers["Vary"]


def test_xml_in_and_out_is_the_same_resource(fhir: Fhir) -> None:
    fhir.put("Observation/o", observation("Patient/p", "1.500", id="o"))
    as_xml = fhir.get("Observation/o", Accept="application/fhir+xml").data
    back = fhir("PUT", "Observation/o", as_xml, Content_Type="application/fhir+xml")
    assert (back.status, back.headers["ETag"]) == (200, 'W/"1"'), "the same content makes no version"
    bundle = (
        b'<Bundle xmlns="http://hl7.org/fhir"><type value="transaction"/><entry><resource>'
        b'<Patient><id value="x"/></Patient></resource><request><method value="PUT"/><url value="Patient/x"/></request>'
        b"</entry></Bundle>"
    )
    assert fhir("POST", "", bundle, Content_Type="application/fhir+xml").status == 200
    assert fhir.get("Patient/x").status == 200


def test_a_form_may_name_the_format(fhir: Fhir) -> None:
    form = "application/x-www-form-urlencoded"
    answer = fhir.post("Patient/_search?active=true", b"_id=p&_format=xml&_pretty=true", Content_Type=form)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/fhir+xml; charset=utf-8")
    assert fhir.post("Patient/_search", b"_id=p&_format=png", Content_Type=form).status == 406


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("metadata", "GET, HEAD, OPTIONS"),
        ("", "GET, HEAD, POST, OPTIONS"),
        ("Patient/p", "DELETE, GET, HEAD, PATCH, PUT, OPTIONS"),
        ("Patient/p/_history/1", "GET, HEAD, OPTIONS"),
        ("no/such/url/here/at/all", "OPTIONS"),
    ],
)
def test_options_name_the_methods_of_a_url(fhir: Fhir, path: str, methods: str) -> None:
    answer = fhir("OPTIONS", path)
    assert (answer.status, answer.headers["Allow"]) == (204, methods)
    assert "Content-Type" not in answer.headers
    assert ("Accept-Patch" in answer.headers) == ("PATCH" in methods)


def test_pretty(fhir: Fhir) -> None:
    fhir.put("Patient/p", patient(id="p"))
    assert b'\n  "id": "p"' in fhir.get("Patient/p?_pretty=true").data
    assert b"\n" not in fhir.get("Patient/p").data
    assert b'\n  <id value="p"/>' in fhir.get("Patient/p?_pretty=true&_format=xml").data


def test_gzip_out_and_in(fhir: Fhir) -> None:
    large = patient(id="p", name=[{"text": "x" * 3000}])
    from cart_fhir.formats import json

    packed = fhir.put("Patient/p", gzip.compress(json.dumps(large)), Content_Encoding="gzip")
    assert packed.status == 201
    plain, zipped = fhir.get("Patient/p"), fhir.get("Patient/p", Accept_Encoding="gzip")
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert "Content-Encoding" not in fhir.get("Patient/p", Accept_Encoding="gzip;q=0").headers


def test_parts_of_a_resource(fhir: Fhir) -> None:
    whole = observation("Patient/p", id="o", note=[{"text": "long"}])
    whole["text"] = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">x</div>'}
    assert fhir.put("Observation/o", whole).status == 201
    mandatory = {"resourceType", "id", "meta", "status", "code"}
    elements = fhir.get("Observation/o?_elements=subject,value").json
    assert set(elements) == mandatory | {"subject", "valueQuantity"}
    assert elements["meta"]["tag"][0]["code"] == "SUBSETTED"
    assert set(fhir.get("Observation/o?_summary=text").json) == mandatory | {"text"}
    assert "text" not in fhir.get("Observation/o?_summary=data").json
    summary = fhir.get("Observation/o?_summary=true").json
    assert "note" not in summary
    assert "text" not in summary
    assert {"status", "code", "subject", "valueQuantity"} <= set(summary)
    assert fhir.get("Observation/o?_summary=false").json == fhir.get("Observation/o").json
    found = fhir.get("Observation?_elements=subject").json["entry"][0]["resource"]
    assert set(found) == mandatory | {"subject"}
    assert fhir.put("Observation/o", elements).status == 422, "a part is not to be stored as the whole"
    version = fhir.get("Observation/o/_history?_elements=subject").json["entry"][0]["resource"]
    assert version == found
    assert fhir.get("Observation/o/_history?_summary=count").json["total"] == 1


def test_parts_inside_a_batch_are_those_of_the_single_request(fhir: Fhir) -> None:
    fhir.put("Patient/p", patient(id="p", gender="female"))
    entry = {"request": {"method": "GET", "url": "Patient/p?_elements=gender"}}
    answer = fhir.transaction(entry, type="batch").json["entry"][0]["resource"]
    assert answer == fhir.get("Patient/p?_elements=gender").json
    assert "name" not in answer


def test_included_resources_are_whole_unless_their_type_is_named(fhir: Fhir) -> None:
    fhir.put("Patient/p", patient(id="p", gender="female"))
    fhir.put("Observation/o", observation("Patient/p", id="o"))
    query = "Observation?_include=Observation:subject&_elements=subject"
    subject = fhir.get(query).json["entry"][1]["resource"]
    assert subject == fhir.get("Patient/p").json
    subject = fhir.get(f"{query},Patient.gender").json["entry"][1]["resource"]
    assert set(subject) == {"resourceType", "id", "meta", "gender"}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("Patient/p?_elements=colour", "'colour', which is no element of Patient"),
        ("Patient?_elements=name,colour", "'colour', which is no element of Patient"),
        ("Patient?_elements=Observation.colour", "'Observation.colour'"),
        ("Patient/p/_history?_elements=colour", "'colour'"),
        ("Patient/p?_summary=count", "counts the results of a search"),
        ("Patient/p?_summary=all", "_summary must be one of"),
        ("Patient?_summary=text&_include=Patient:organization", "cannot be mixed"),
        ("Patient?_summary=text&_revinclude=Observation:subject", "cannot be mixed"),
    ],
)
def test_parts_that_make_no_sense(fhir: Fhir, path: str, said: str) -> None:
    fhir.put("Patient/p", patient(id="p"))
    answer = fhir.get(path)
    assert (answer.status, said in answer.text) == (400, True), answer.text


def test_unknown_elements_are_passed_over_leniently(fhir: Fhir) -> None:
    fhir.put("Patient/p", patient(id="p"))
    answer = fhir.get("Patient?_elements=colour", Prefer="handling=lenient").json
    assert answer["entry"][0]["resource"]["name"]
    assert "colour" in answer["entry"][1]["resource"]["issue"][0]["details"]["text"]


@pytest.mark.parametrize("app", [{"CART_FHIR_CORS_ORIGINS": "https://app.example.org"}], indirect=True)
def test_cors_for_the_origins_configured(fhir: Fhir) -> None:
    ours = fhir.get("metadata", Origin="https://app.example.org")
    assert ours.headers["Access-Control-Allow-Origin"] == "https://app.example.org"
    assert "ETag" in ours.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Origin" not in fhir.get("metadata", Origin="https://evil.example").headers
    before = fhir("OPTIONS", "Patient/p", Origin="https://app.example.org")
    assert (before.status, "PUT" in before.headers["Access-Control-Allow-Methods"]) == (204, True)


def test_no_cors_by_default(fhir: Fhir) -> None:
    answer = fhir.get("metadata", Origin="https://app.example.org")
    assert not [name for name in dict(answer.headers) if name.startswith("Access-Control")]
