"""patch: JSON Patch, XML Patch and FHIRPath Patch, single, conditional and in bundles."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cart_fhir.formats import json
from cart_fhir.server import json_patch

from .conftest import Fhir, Json, patient
from .test_bundle import entry

CASES = yaml.safe_load((Path(__file__).parent / "patches.yaml").read_text(encoding="utf-8"))
XML_CASES = yaml.safe_load((Path(__file__).parent / "xml_patches.yaml").read_text(encoding="utf-8"))
PATCH = "application/json-patch+json"
XML_PATCH = "application/xml-patch+xml"


def parameters(operations: list[Json]) -> Json:
    def part(name: str, value: Any) -> Json:
        if name == "value":
            return {"name": "value", **value}
        return {"name": name, "valueInteger": value} if isinstance(value, int) else {"name": name, "valueString": value}

    rows = [{"name": "operation", "part": [part(*item) for item in one.items()]} for one in operations]
    return {"resourceType": "Parameters", "parameter": rows}


@pytest.fixture
def there(fhir: Fhir) -> Fhir:
    fhir.put("Patient/p", patient(id="p", name=[{"family": "Quill", "given": ["Ada", "Bo"]}]))
    return fhir


@pytest.mark.parametrize("case", CASES, ids=[case["name"].replace(" ", "-") for case in CASES])
def test_fhirpath_patch(there: Fhir, case: Any) -> None:
    before = there.get("Patient/p").json
    answer = there("PATCH", "Patient/p", parameters(case["operations"]))
    after = there.get("Patient/p").json
    if case["result"] is None:
        assert answer.status == 422, answer.data
        assert after == before
    else:
        assert answer.status == 200, answer.data
        for name, value in case["result"].items():
            assert after.get(name) == value


def test_json_patch(there: Fhir) -> None:
    body = json.dumps(
        [{"op": "test", "path": "/active", "value": True}, {"op": "add", "path": "/gender", "value": "female"}]
    )
    done = there("PATCH", "Patient/p", body, Content_Type=PATCH)
    assert (done.status, done.json["gender"], done.headers["ETag"]) == (200, "female", 'W/"2"')
    assert there.get("Patient/p/_history").json["entry"][0]["request"]["method"] == "PATCH"
    for refused, status in (
        ([{"op": "test", "path": "/active", "value": 1}], 422),
        ([{"op": "remove", "path": "/nonsense"}], 422),
        ([{"op": "replace", "path": "/gender", "value": "unsure"}], 422),
        ([{"op": "replace", "path": "/id", "value": "x"}], 422),
        ([{"op": "dance", "path": "/gender"}], 400),
        ([{"op": "add", "path": "/gender"}], 400),
        ({"op": "add"}, 400),
        ([7], 400),
    ):
        answer = there("PATCH", "Patient/p", json.dumps(refused), Content_Type=PATCH)
        assert answer.status == status, (refused, answer.data)
    assert there.get("Patient/p").headers["ETag"] == 'W/"2"'


@pytest.mark.parametrize("case", XML_CASES, ids=[case["name"].replace(" ", "-") for case in XML_CASES])
def test_xml_patch(there: Fhir, case: Any) -> None:
    before = there.get("Patient/p").json
    diff = f'<diff xmlns="http://hl7.org/fhir" xmlns:f="http://hl7.org/fhir">{case["patch"]}</diff>'.encode()
    answer = there("PATCH", "Patient/p", diff, Content_Type=XML_PATCH)
    after = there.get("Patient/p").json
    if isinstance(case["result"], int):
        assert (answer.status, after) == (case["result"], before), answer.data
    else:
        assert answer.status == 200, answer.data
        assert {name: after.get(name) for name in case["result"]} == case["result"]


def test_an_xml_patch_may_leave_namespaces_out_and_come_in_a_bundle(there: Fhir) -> None:
    diff = b'<diff><add sel="Patient/active" pos="after"><name><text value="x"/></name></add></diff>'
    assert there("PATCH", "Patient/p", diff, Content_Type=XML_PATCH).json["name"][0] == {"text": "x"}
    diff = b'<diff><replace sel="Patient/active/@value">false</replace></diff>'
    binary = {"resourceType": "Binary", "contentType": XML_PATCH, "data": base64.b64encode(diff).decode()}
    assert there.transaction(entry("PATCH", "Patient/p", binary)).status == 200
    assert there.get("Patient/p").json["active"] is False
    for broken in (b"<diff>", b"<Patient/>", b'<!DOCTYPE d [<!ENTITY e "x">]><diff>&e;</diff>', b""):
        assert there("PATCH", "Patient/p", broken, Content_Type=XML_PATCH).status == 400


def test_patches_hold_versions_and_criteria(there: Fhir) -> None:
    body = json.dumps([{"op": "replace", "path": "/active", "value": False}])
    assert there("PATCH", "Patient/p", body, Content_Type=PATCH, If_Match='W/"7"').status == 412
    assert there("PATCH", "Patient/absent", body, Content_Type=PATCH).status == 404
    assert there("PATCH", "Patient?family=nobody", body, Content_Type=PATCH).status == 404
    assert there("PATCH", "Patient?family=Quill", body, Content_Type=PATCH).status == 200
    assert there("PATCH", "Patient/p", patient(id="p")).status == 415
    refused = there("PATCH", "Patient/p", b"x", Content_Type="text/plain")
    assert refused.status == 415
    assert "application/json-patch+json" in refused.headers["Accept-Patch"]


def test_patches_inside_bundles(there: Fhir) -> None:
    body = base64.b64encode(json.dumps([{"op": "replace", "path": "/active", "value": False}])).decode()
    binary = {"resourceType": "Binary", "contentType": PATCH, "data": body}
    done = there.transaction(entry("PATCH", "Patient/p", binary))
    assert done.status == 200, done.data
    assert there.get("Patient/p").json["active"] is False
    again = parameters([{"type": "replace", "path": "Patient.active", "value": {"valueBoolean": True}}])
    assert (
        there.transaction(entry("PATCH", "Patient/p", again), type="batch")
        .json["entry"][0]["response"]["status"]
        .startswith("200")
    )
    assert there.get("Patient/p").json["active"] is True


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab/~", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~", max_size=2), inner, max_size=3),
    max_leaves=6,
)


def _pointers(value: Any, here: str = "") -> list[str]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    escaped = [(str(key).replace("~", "~0").replace("/", "~1"), one) for key, one in inner]
    return [here, *(found for key, one in escaped for found in _pointers(one, f"{here}/{key}"))]


@given(_VALUES, _VALUES, st.data())
def test_laws_of_json_patch(document: Any, value: Any, data: st.DataObject) -> None:
    before = json.dumps(document)
    place = data.draw(st.sampled_from(_pointers(document)))
    replaced = json_patch.apply(document, [{"op": "replace", "path": place, "value": value}])
    assert json_patch.apply(replaced, [{"op": "test", "path": place, "value": value}]) == replaced
    copied = json_patch.apply({"a": document}, [{"op": "copy", "from": "/a", "path": "/b"}])
    assert copied["a"] == copied["b"] == document
    moved = json_patch.apply({"a": document}, [{"op": "move", "from": "/a", "path": "/b"}])
    assert moved == {"b": document}
    assert json.dumps(document) == before, "the document given stays as it was"
