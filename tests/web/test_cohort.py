"""The rows of the cohort, made of resources as a search gives them, in whatever order."""

from __future__ import annotations

from typing import Any, cast

from cart_fhir.profiles import canonical
from cart_fhir.web import views
from cart_fhir.web.records import Records

Json = dict[str, Any]
GRADES = {1: "C41338", 3: "C41340"}


class Found:
    """Searches whose answers are given."""

    def __init__(self, **resources: list[Json]) -> None:
        self.resources = resources
        self.asked: list[str] = []

    def all(self, type: str, query: str = "") -> list[Json]:
        self.asked.append(query)
        return self.resources.get(type, [])

    def of_profile(self, type: str, profile: str, more: str = "") -> list[Json]:
        return self.all(type, more)

    def name(self, concept: Json) -> str:
        return str(concept["text"])

    label = name


def records(**resources: list[Json]) -> Records:
    return cast(Records, Found(**resources))


def event(patient: str, name: str, grade: int) -> Json:
    grading = {"coding": [{"code": GRADES[grade]}]}
    stated = {"url": canonical.url("cart-ae-grade"), "valueCodeableConcept": grading}
    subject = {"reference": f"Patient/{patient}"}
    return {"resourceType": "AdverseEvent", "subject": subject, "event": {"text": name}, "extension": [stated]}


def test_patients_stand_by_centre_and_then_by_name() -> None:
    patients = [
        {"id": id, "identifier": [{"value": name, "assigner": {"display": centre}}]}
        for id, name, centre in (("1", "B", "West"), ("2", "A", "West"), ("3", "Z", "East"))
    ]
    diseases = [{"subject": {"reference": "Patient/1"}, "code": {"text": text}} for text in ("Sclerosis", "Lupus")]
    rows = views._patients(records(Patient=patients, Condition=[*diseases, *diseases]))
    assert [(row["centre"], row["name"]) for row in rows] == [("East", "Z"), ("West", "A"), ("West", "B")]
    assert rows[2]["diseases"] == ["Lupus", "Sclerosis"]


def test_the_dead_are_not_shown_as_living() -> None:
    patients: list[Json] = [
        {"id": "1", "deceasedDateTime": "2024-05-06T07:00:00Z"},
        {"id": "2", "deceasedBoolean": True},
        {"id": "3", "deceasedBoolean": False},
        {"id": "4"},
    ]
    rows = views._patients(records(Patient=patients))
    assert [row["died"] for row in rows] == ["2024-05-06", "date not known", "", ""]


def test_the_highest_grade_of_an_event_is_shown_whatever_came_later() -> None:
    rows: dict[str, Json] = {"1": {"grades": []}}
    found = Found(AdverseEvent=[event("1", "CRS", 1), event("1", "CRS", 3), event("1", "CRS", 1), event("2", "CRS", 3)])
    views._add_course(cast(Records, found), rows)
    assert rows["1"]["grades"] == [("CRS", 3)]
    assert all("subject=Patient/1" in query for query in found.asked), "only the patients of the page are read"


def test_what_was_not_given_entered_in_error_or_only_feared_is_not_counted() -> None:
    mine = {"subject": {"reference": "Patient/1"}}
    infusions = [  # the newest first, as they are asked for
        {**mine, "resourceType": "MedicationAdministration", "status": status, "effectivePeriod": {"start": on}}
        for status, on in (("completed", "2026-09-01"), ("completed", "2026-03-10"), ("entered-in-error", "2026-01-01"))
    ]
    responses = [
        {**mine, "resourceType": "Observation", "status": status, "valueCodeableConcept": {"text": text}}
        for status, text in (("final", "CR"), ("entered-in-error", "NR"))
    ]
    feared = event("1", "CRS", 3) | {"actuality": "potential"}
    rows: dict[str, Json] = {"1": {"grades": [], "infusion": "", "response": ""}}
    found = Found(MedicationAdministration=infusions, Observation=responses, AdverseEvent=[feared])
    views._add_course(cast(Records, found), rows)
    assert rows["1"] == {"grades": [], "infusion": "2026-03-10", "response": "CR"}
