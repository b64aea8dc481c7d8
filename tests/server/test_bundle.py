"""batch and transaction: order, references, conditions, all or nothing, the same outcome as the single request."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Fhir, Json, observation, patient

URN = "urn:uuid:7f6c2a0e-5b1d-4c3a-9a52-0d2f5f1c8a01"
OTHER = "urn:uuid:7f6c2a0e-5b1d-4c3a-9a52-0d2f5f1c8a02"


def entry(method: str, url: str, resource: Json | None = None, full_url: str = "", **request: str) -> Json:
    made: Json = {"request": {"method": method, "url": url, **request}}
    if resource is not None:
        made["resource"] = resource
    if full_url:
        made["fullUrl"] = full_url
    return made


def statuses(answer: Any) -> list[str]:
    assert answer.status == 200, answer.data
    return [row["response"]["status"][:3] for row in answer.json["entry"]]


def test_references_by_full_url_lead_to_what_was_made(fhir: Fhir) -> None:
    about = observation(URN, text=None)
    del about["text"]
    about["note"] = [{"text": f"see {URN}"}]
    about["identifier"] = [{"system": "urn:ietf:rfc:3986", "value": URN}]
    done = fhir.transaction(
        entry("POST", "Observation", about, OTHER),
        entry("POST", "Patient", patient(), URN),
    )
    assert done.status == 200, done.data
    assert done.json["type"] == "transaction-response"
    assert statuses(done) == ["201", "201"]
    locations = [row["response"]["location"].split("/") for row in done.json["entry"]]
    observation_id, patient_id = locations[0][-3], locations[1][-3]
    stored = fhir.get(f"Observation/{observation_id}").json
    assert stored["subject"]["reference"] == f"Patient/{patient_id}"
    assert stored["identifier"][0]["value"] == URN, "an identifier's value is not a link"
    assert stored["note"][0]["text"] == f"see {URN}"


def test_narrative_links_follow_too(fhir: Fhir) -> None:
    div = f'<div xmlns="http://www.w3.org/1999/xhtml"><a href="{URN}">the patient</a></div>'
    about = observation(URN, text={"status": "generated", "div": div})
    done = fhir.transaction(entry("PUT", "Patient/p", patient(id="p"), URN), entry("POST", "Observation", about, OTHER))
    assert done.status == 200, done.data
    assert '<a href="Patient/p">' in fhir.get("Observation").json["entry"][0]["resource"]["text"]["div"]
    lost = observation("Patient/p", text={"status": "generated", "div": div})
    assert fhir.transaction(entry("POST", "Observation", lost, OTHER)).status == 422, "no entry bears that URN"


def test_every_write_says_where_its_resource_is(fhir: Fhir) -> None:
    one = patient(identifier=[{"system": "urn:a", "value": "1"}])
    made = fhir.transaction(entry("POST", "Patient", one, URN, ifNoneExist="identifier=urn:a|1"))
    again = fhir.transaction(entry("POST", "Patient", one, URN, ifNoneExist="identifier=urn:a|1"))
    place = made.json["entry"][0]["response"]["location"]
    assert (statuses(again), again.json["entry"][0]["response"]["location"]) == (["200"], place)
    single = fhir.post("Patient", one, If_None_Exist="identifier=urn:a|1")
    assert (single.status, single.headers["Location"]) == (200, place)
    id = place.split("/")[-3]
    put = fhir.transaction(entry("PUT", f"Patient/{id}", one | {"id": id, "active": False}))
    assert put.json["entry"][0]["response"]["location"] == place[:-1] + "2"


def test_two_entries_of_one_resource_are_told_in_plain_words(fhir: Fhir) -> None:
    answer = fhir.transaction(
        entry("PUT", "Patient/p", patient(id="p")), entry("PUT", "Patient/p", patient(id="p", active=False))
    )
    assert (answer.status, "both write Patient/p" in answer.text) == (400, True), answer.text


@pytest.mark.parametrize("app", [{"CART_FHIR_VALIDATION": "off"}], indirect=True)
def test_relative_references_mean_the_entry_beside_them(fhir: Fhir) -> None:
    """A bundle made of another server's resources: Patient/7 is the Patient/7 of that server."""
    there = "https://there.example/fhir"
    done = fhir.transaction(
        entry("POST", "Observation", observation("Patient/7"), f"{there}/Observation/1"),
        entry("POST", "Observation", observation("Patient/7"), "https://elsewhere.example/fhir/Observation/1"),
        entry("POST", "Patient", patient(), f"{there}/Patient/7"),
    )
    assert statuses(done) == ["201"] * 3
    ids = [row["response"]["location"].split("/")[-3] for row in done.json["entry"]]
    assert fhir.get(f"Observation/{ids[0]}").json["subject"]["reference"] == f"Patient/{ids[2]}"
    assert fhir.get(f"Observation/{ids[1]}").json["subject"]["reference"] == "Patient/7"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "url",
    [
        "",
        "/",
        "//",
        "?",
        "Patient//x",
        "Patient/x/y/z",
        "Patient/a b",
        "Patient/$everything",
        "$process",
        "x://[",
        "\0",
    ],
)
def test_no_url_of_an_entry_makes_the_server_fail(fhir: Fhir, method: str, url: str) -> None:
    row = entry(method, url, None if method == "DELETE" else patient())
    assert 400 <= fhir.transaction(row).status < 500
    answer = fhir.transaction(row, type="batch")
    assert answer.status in (200, 400, 422)
    if answer.status == 200:
        assert answer.json["entry"][0]["response"]["status"].startswith("4")
    assert fhir.get("Patient").json.get("entry") is None


def test_slashes_around_the_url_of_an_entry_mean_nothing(fhir: Fhir) -> None:
    done = fhir.transaction(entry("POST", "/Patient//", patient()))
    id = done.json["entry"][0]["response"]["location"].split("/")[-3]
    assert len(id) == 36
    assert fhir.get(f"Patient/{id}").status == 200


def test_an_entry_of_a_batch_that_cannot_be_read_spoils_no_other(fhir: Fhir) -> None:
    rows = [
        entry("GET", "https://evil.example/Patient"),
        entry("PUT", "Patient/p", patient(id="p")),
        entry("PUT", "Patient/q"),
    ]
    done = fhir.transaction(*rows, type="batch")
    assert statuses(done) == ["400", "201", "400"]
    assert fhir.get("Patient/p").status == 200


def test_all_or_nothing(fhir: Fhir) -> None:
    done = fhir.transaction(
        entry("PUT", "Patient/p", patient(id="p")),
        entry("PUT", "Observation/o", observation("Patient/p", id="o") | {"status": "wrong"}),
    )
    assert done.status == 422
    assert any(place.startswith("Bundle.entry[1].resource") and "status" in place for _, _, place in done.issues)
    assert fhir.get("Patient/p").status == 404
    late = fhir.transaction(
        entry("PUT", "Patient/p", patient(id="p")),
        entry("PUT", "Patient/q", patient(id="q"), ifMatch='W/"4"'),
    )
    assert late.status == 412
    assert late.issues[0][2] == "Bundle.entry[1]"
    assert fhir.get("Patient/p").status == 404


def test_order_of_the_specification(fhir: Fhir) -> None:
    fhir.put("Patient/old", patient(id="old", gender="female"))
    done = fhir.transaction(
        entry("GET", "Patient?gender=female"),
        entry("PUT", "Patient/put", patient(id="put", gender="female")),
        entry("POST", "Patient", patient(gender="female")),
        entry("DELETE", "Patient/old"),
    )
    assert done.status == 200, done.data
    assert statuses(done) == ["200", "201", "201", "204"]
    found = done.json["entry"][0]["resource"]
    assert len(found["entry"]) == 2, "the read comes last: it sees what was written, and not what was deleted"


def test_conditional_references(fhir: Fhir) -> None:
    known = patient(id="known", identifier=[{"system": "urn:example:mrn", "value": "1"}])
    fhir.put("Patient/known", known)
    done = fhir.transaction(entry("PUT", "Observation/o", observation("Patient?identifier=urn:example:mrn|1", id="o")))
    assert done.status == 200, done.data
    assert fhir.get("Observation/o").json["subject"]["reference"] == "Patient/known"
    missing = fhir.transaction(
        entry("PUT", "Observation/x", observation("Patient?identifier=urn:example:mrn|2", id="x"))
    )
    assert missing.status == 412
    assert missing.issues[0][2] == "Bundle.entry[0].resource.subject.reference"
    assert "Patient?identifier=urn:example:mrn|2" in missing.text


def test_a_conditional_reference_may_mean_what_the_bundle_brings(fhir: Fhir) -> None:
    done = fhir.transaction(
        entry("POST", "Observation", observation("Patient?identifier=urn:example:mrn|3")),
        entry("POST", "Patient", patient(identifier=[{"system": "urn:example:mrn", "value": "3"}])),
    )
    assert done.status == 200, done.data
    assert fhir.get("Observation").json["entry"][0]["resource"]["subject"]["reference"].startswith("Patient/")


def test_conditional_create_inside_a_transaction(fhir: Fhir) -> None:
    person = patient(identifier=[{"system": "urn:example:mrn", "value": "5"}])
    bundle = (
        entry("POST", "Patient", person, URN, ifNoneExist="identifier=urn:example:mrn|5"),
        entry("POST", "Observation", observation(URN), OTHER),
    )
    first, second = fhir.transaction(*bundle), fhir.transaction(*bundle)
    assert statuses(first) == ["201", "201"]
    assert statuses(second) == ["200", "201"]
    assert fhir.get("Patient?_summary=count").json["total"] == 1
    subjects = {row["resource"]["subject"]["reference"] for row in fhir.get("Observation").json["entry"]}
    assert len(subjects) == 1


def test_two_entries_may_want_the_same_conditional_create(fhir: Fhir) -> None:
    person = patient(identifier=[{"system": "urn:example:mrn", "value": "6"}])
    done = fhir.transaction(
        entry("POST", "Patient", person, URN, ifNoneExist="identifier=urn:example:mrn|6"),
        entry("POST", "Patient", person, OTHER, ifNoneExist="identifier=urn:example:mrn|6"),
        entry("POST", "Observation", observation(OTHER)),
    )
    assert statuses(done) == ["201", "200", "201"]
    [made] = fhir.get("Patient").ids
    assert fhir.get("Observation").json["entry"][0]["resource"]["subject"]["reference"] == f"Patient/{made}"


def test_conditional_update_and_delete_inside_a_transaction(fhir: Fhir) -> None:
    person = patient(identifier=[{"system": "urn:example:mrn", "value": "7"}])
    first = fhir.transaction(
        entry("PUT", "Patient?identifier=urn:example:mrn|7", person, URN),
        entry("POST", "Observation", observation(URN)),
    )
    assert statuses(first) == ["201", "201"], first.data
    [made] = fhir.get("Patient").ids
    assert fhir.get(f"Observation?subject=Patient/{made}&_summary=count").json["total"] == 1
    second = fhir.transaction(entry("PUT", "Patient?identifier=urn:example:mrn|7", person | {"active": False}))
    assert statuses(second) == ["200"]
    third = fhir.transaction(entry("DELETE", "Patient?identifier=urn:example:mrn|7"))
    assert third.status == 200, third.data
    assert statuses(third) == ["204"]
    assert fhir.get(f"Patient/{made}").status == 410


@pytest.mark.parametrize(
    ("entries", "status", "place"),
    [
        ([entry("POST", "Observation", observation(URN))], 422, "Bundle.entry[0].resource.subject"),
        ([{"resource": patient()}], 400, "Bundle.entry[0].request"),
        ([entry("FETCH", "Patient/1")], 400, "Bundle.entry[0].request.method"),
        ([entry("PUT", "Patient/1")], 400, "Bundle.entry[0].resource"),
        ([entry("GET", "https://elsewhere.example/Patient/1")], 400, "Bundle.entry[0].request.url"),
        ([entry("GET", "Patient"), entry("GET", "Nonsense/1")], 404, "Bundle.entry[1]"),
        ([entry("PUT", "Patient/a", patient(id="b"))], 400, "Bundle.entry[0].resource.id"),
        (
            [entry("PUT", "Patient/a", patient(id="a")), entry("DELETE", "Patient/a")],
            400,
            "Bundle.entry[0].request.url",
        ),
        ([entry("POST", "", {"resourceType": "Bundle", "type": "batch"})], 400, "Bundle.entry[0].request.url"),
    ],
)
def test_errors_name_the_entry(fhir: Fhir, entries: list[Json], status: int, place: str) -> None:
    refused = fhir.post("", {"resourceType": "Bundle", "type": "transaction", "entry": entries})
    assert refused.status == status, refused.data
    assert place in [where for _, _, where in refused.issues], refused.data


def test_a_batch_entry_has_the_outcome_of_its_single_request(fhir: Fhir) -> None:
    fhir.put("Patient/there", patient(id="there"))
    bad = observation("Patient/there") | {"status": "wrong"}
    requests: list[tuple[str, str, Json | None]] = [
        ("POST", "Patient", patient()),
        ("GET", "Patient/there", None),
        ("GET", "Patient/missing", None),
        ("POST", "Observation", bad),
        ("PUT", "Patient/x", patient(id="y")),
        ("GET", "Nonsense", None),
        ("GET", "Patient?nonsense=1", None),
        ("DELETE", "Patient/there", None),
        ("GET", "Patient/there", None),
    ]
    done = fhir.transaction(*(entry(method, url, body) for method, url, body in requests), type="batch")
    assert done.json["type"] == "batch-response"
    fhir.put("Patient/there", patient(id="there"))
    for (method, url, body), row in zip(requests, done.json["entry"], strict=True):
        single = fhir(method, url, body)
        assert row["response"]["status"].startswith(str(single.status)), (method, url)
        if single.status >= 400:
            ours, theirs = row["response"]["outcome"]["issue"], single.json["issue"]
            for issue in theirs:
                issue.pop("extension", None)  # line and column of a body of its own
            assert ours == theirs


def test_representations_on_request(fhir: Fhir) -> None:
    minimal = fhir.transaction(entry("PUT", "Patient/p", patient(id="p")))
    assert "resource" not in minimal.json["entry"][0]
    full = fhir.transaction(entry("PUT", "Patient/q", patient(id="q")), Prefer="return=representation")
    assert full.json["entry"][0]["resource"]["id"] == "q"
    told = fhir.transaction(entry("PUT", "Patient/r", patient(id="r")), Prefer="return=OperationOutcome")
    assert told.json["entry"][0]["response"]["outcome"]["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize("app", [{"CART_FHIR_MAX_ENTRIES": 2}], indirect=True)
def test_too_many_entries(fhir: Fhir) -> None:
    assert fhir.transaction(*[entry("GET", "Patient")] * 3).status == 413


def test_only_bundles_to_process_are_sent_to_the_base(fhir: Fhir) -> None:
    assert fhir.post("", patient()).status == 400
    assert fhir.post("", {"resourceType": "Bundle", "type": "collection"}).issues[0][2] == "Bundle.type"
    assert fhir.post("", {"resourceType": "Bundle", "type": "transaction", "entry": {}}).status == 400
    empty = fhir.post("", {"resourceType": "Bundle", "type": "transaction"})
    assert (empty.status, empty.json) == (200, {"resourceType": "Bundle", "type": "transaction-response"})
