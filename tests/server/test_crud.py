"""read, vread, create, update, delete: status, headers and body of each, single and conditional."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Fhir, observation, patient


def test_create_gives_an_id_a_version_and_the_place(fhir: Fhir) -> None:
    made = fhir.post("Patient", patient(id="mine"))
    assert made.status == 201
    body = made.json
    assert body["id"] != "mine"
    assert body["meta"]["versionId"] == "1"
    assert made.headers["ETag"] == 'W/"1"'
    assert made.headers["Location"].endswith(f"/fhir/Patient/{body['id']}/_history/1")
    read = fhir.get(f"Patient/{body['id']}")
    assert read.status == 200
    assert read.json == body
    assert "Last-Modified" in read.headers


def test_digits_survive(fhir: Fhir) -> None:
    made = fhir.put("Observation/o", observation("Patient/p", "1.500", id="o"))
    assert made.status == 201
    assert b'"value":1.500' in fhir.get("Observation/o").data
    assert b'value value="1.500"' in fhir.get("Observation/o", Accept="application/fhir+xml").data


def test_update_makes_versions_and_the_same_content_none(fhir: Fhir) -> None:
    assert fhir.put("Patient/p", patient(id="p")).status == 201
    changed = fhir.put("Patient/p", patient(id="p", active=False))
    assert (changed.status, changed.headers["ETag"]) == (200, 'W/"2"')
    again = fhir.put("Patient/p", patient(id="p", active=False))
    assert (again.status, again.headers["ETag"]) == (200, 'W/"2"')
    assert fhir.get("Patient/p/_history/1").json["active"] is True
    assert fhir.get("Patient/p/_history/2").json["active"] is False
    assert fhir.get("Patient/p/_history/3").status == 404


def test_delete_is_gone_and_can_come_back(fhir: Fhir) -> None:
    fhir.put("Patient/p", patient(id="p"))
    assert fhir.delete("Patient/p").status == 204
    assert fhir.delete("Patient/p").status == 204
    assert fhir.delete("Patient/never").status == 204
    gone = fhir.get("Patient/p")
    assert (gone.status, gone.issues[0][1]) == (410, "deleted")
    assert fhir.get("Patient/p/_history/2").status == 410
    assert fhir.get("Patient/p/_history/1").status == 200
    back = fhir.put("Patient/p", patient(id="p"))
    assert (back.status, back.headers["ETag"]) == (201, 'W/"3"')


def test_if_match_guards_against_lost_updates(fhir: Fhir) -> None:
    fhir.put("Patient/p", patient(id="p"))
    assert fhir.put("Patient/p", patient(id="p", active=False), If_Match='W/"1"').status == 200
    late = fhir.put("Patient/p", patient(id="p"), If_Match='W/"1"')
    assert (late.status, late.issues[0][1]) == (412, "conflict")
    assert "version is 2" in late.text
    assert fhir.put("Patient/q", patient(id="q"), If_Match='W/"1"').status == 412
    assert fhir.put("Patient/p", patient(id="p"), If_Match="nonsense").status == 400
    assert fhir.put("Patient/p", patient(id="p"), If_None_Match="*").status == 412
    assert fhir.put("Patient/new", patient(id="new"), If_None_Match="*").status == 201
    assert fhir.delete("Patient/p", If_Match='W/"9"').status == 412
    assert fhir.delete("Patient/p", If_Match='W/"2"').status == 204


def test_reading_only_when_it_changed(fhir: Fhir) -> None:
    made = fhir.put("Patient/p", patient(id="p"))
    assert fhir.get("Patient/p", If_None_Match=made.headers["ETag"]).status == 304
    assert fhir.get("Patient/p", If_None_Match='W/"0"').status == 200
    not_since = fhir.get("Patient/p", If_Modified_Since=made.headers["Last-Modified"])
    assert (not_since.status, not_since.data) == (304, b"")
    assert fhir.get("Patient/p", If_Modified_Since="Mon, 01 Jan 2001 00:00:00 GMT").status == 200
    assert fhir.get("Patient/p", If_Modified_Since="yesterday").status == 200


def test_conditional_create(fhir: Fhir) -> None:
    person = patient(identifier=[{"system": "urn:example:mrn", "value": "7"}])
    first = fhir.post("Patient", person, If_None_Exist="identifier=urn:example:mrn|7")
    second = fhir.post("Patient", person, If_None_Exist="identifier=urn:example:mrn|7")
    assert (first.status, second.status) == (201, 200)
    assert first.json["id"] == second.json["id"]
    fhir.post("Patient", person)
    assert fhir.post("Patient", person, If_None_Exist="identifier=urn:example:mrn|7").status == 412
    for wrong in ("unknown=1", "", "_count=1"):
        answer = fhir.post("Patient", person, If_None_Exist=wrong or "?")
        assert answer.status == 400, wrong


def test_conditional_update(fhir: Fhir) -> None:
    person = patient(identifier=[{"system": "urn:example:mrn", "value": "8"}])
    first = fhir.put("Patient?identifier=urn:example:mrn|8", person)
    assert first.status == 201
    second = fhir.put("Patient?identifier=urn:example:mrn|8", person | {"active": False})
    assert (second.status, second.json["id"], second.headers["ETag"]) == (200, first.json["id"], 'W/"2"')
    other = fhir.put("Patient?identifier=urn:example:mrn|8", person | {"id": "other"})
    assert (other.status, other.issues[0][2]) == (400, "Patient.id")
    named = fhir.put("Patient?identifier=urn:example:mrn|9", person | {"id": "named"})
    assert (named.status, named.json["id"]) == (201, "named")
    assert fhir.put("Patient", person).status == 400
    assert fhir.put("Patient?identifier=urn:example:mrn|8", person, If_Match='W/"1"').status == 412


def test_conditional_delete_tells_what_it_did(fhir: Fhir) -> None:
    fhir.put("Patient/p", patient(id="p", gender="female"))
    answer = fhir.delete("Patient?gender=female", Prefer="return=OperationOutcome")
    assert (answer.status, answer.text) == (200, "1 Patient deleted.")
    assert fhir.delete("Patient?gender=female").status == 204


def test_conditional_delete_takes_one(fhir: Fhir) -> None:
    for number in "ab":
        fhir.put(f"Patient/{number}", patient(id=number, gender="female"))
    several = fhir.delete("Patient?gender=female")
    assert several.status == 412
    fhir.delete("Patient/a")
    assert fhir.delete("Patient?gender=female").status == 204
    assert fhir.get("Patient/b").status == 410
    assert fhir.delete("Patient").status == 400


@pytest.mark.parametrize("app", [{"CART_FHIR_CONDITIONAL_DELETE": "multiple"}], indirect=True)
def test_conditional_delete_may_take_several(fhir: Fhir) -> None:
    for number in "abc":
        fhir.put(f"Patient/{number}", patient(id=number, gender="female" if number != "c" else "male"))
    assert fhir.delete("Patient?gender=female").status == 204
    assert [fhir.get(f"Patient/{number}").status for number in "abc"] == [410, 410, 200]


@pytest.mark.parametrize("app", [{"CART_FHIR_UPDATE_AS_CREATE": False}], indirect=True)
def test_ids_may_be_the_servers_alone(fhir: Fhir) -> None:
    assert fhir.put("Patient/p", patient(id="p")).status == 405
    made = fhir.post("Patient", patient())
    assert fhir.put(f"Patient/{made.json['id']}", made.json | {"active": False}).status == 200


@pytest.mark.parametrize(
    ("prefer", "kind"),
    [("return=minimal", None), ("return=representation", "Patient"), ("return=OperationOutcome", "OperationOutcome")],
)
def test_prefer_return(fhir: Fhir, prefer: str, kind: Any) -> None:
    made = fhir.post("Patient", patient(), Prefer=prefer)
    assert made.status == 201
    assert (made.json["resourceType"] if made.data else None) == kind
    assert "Location" in made.headers


def test_head_is_get_without_a_body(fhir: Fhir) -> None:
    fhir.put("Patient/p", patient(id="p"))
    full, head = fhir.get("Patient/p"), fhir("HEAD", "Patient/p")
    assert (head.status, head.data) == (200, b"")
    assert head.headers["ETag"] == full.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(full.data))


def test_the_body_must_be_what_the_url_says(fhir: Fhir) -> None:
    assert fhir.post("Observation", patient()).issues == [("error", "invalid", "resourceType")]
    assert fhir.put("Patient/a", patient(id="b")).issues == [("error", "invalid", "Patient.id")]
    assert fhir.put("Patient/a", patient()).issues == [("error", "invalid", "Patient.id")]
    subsetted = patient(id="a", meta={"tag": [{"code": "SUBSETTED"}]})
    assert fhir.put("Patient/a", subsetted).issues == [("error", "invalid", "Patient.meta.tag")]
