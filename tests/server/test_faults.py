"""Races and large loads: no lost update, one winner of a conditional create, whole transactions or none."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from cart_fhir.formats import json

from .conftest import Answer, Fhir, Json, patient
from .test_bundle import entry


def together(app: Flask, number: int, call: Callable[[Fhir, int], Answer]) -> list[Answer]:
    """The answers of calls that begin at the same moment, each in a thread of its own."""
    barrier = threading.Barrier(number)
    answers: list[Any] = [None] * number

    def run(index: int) -> None:
        fhir = Fhir(app.test_client())
        barrier.wait()
        answers[index] = call(fhir, index)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_concurrent_updates_lose_nothing(app: Flask, fhir: Fhir) -> None:
    fhir.put("Patient/p", patient(id="p"))

    def change(client: Fhir, index: int) -> Answer:
        return client.put("Patient/p", patient(id="p", name=[{"family": f"n{index}"}]), If_Match='W/"1"')

    answers = together(app, 8, change)
    assert Counter(answer.status for answer in answers) == {200: 1, 412: 7}
    assert fhir.get("Patient/p").headers["ETag"] == 'W/"2"'


def test_updates_without_if_match_each_make_a_version(app: Flask, fhir: Fhir) -> None:
    fhir.put("Patient/p", patient(id="p"))
    answers = together(
        app, 8, lambda client, index: client.put("Patient/p", patient(id="p", name=[{"family": f"n{index}"}]))
    )
    assert {answer.status for answer in answers} <= {200, 409}
    made = sum(answer.status == 200 for answer in answers)
    assert fhir.get("Patient/p/_history").json["total"] == made + 1


def test_one_of_racing_conditional_creates_wins(app: Flask, fhir: Fhir) -> None:
    person = patient(identifier=[{"system": "urn:example:mrn", "value": "1"}])
    answers = together(
        app, 8, lambda client, index: client.post("Patient", person, If_None_Exist="identifier=urn:example:mrn|1")
    )
    assert Counter(answer.status for answer in answers) == {201: 1, 200: 7}
    assert fhir.get("Patient?_summary=count").json["total"] == 1


def test_racing_transactions_are_whole_or_absent(app: Flask, fhir: Fhir) -> None:
    def send(client: Fhir, index: int) -> Answer:
        name = [{"family": f"n{index}"}]
        return client.transaction(
            entry("PUT", "Patient/a", patient(id="a", name=name)), entry("PUT", "Patient/b", patient(id="b", name=name))
        )

    answers = together(app, 6, send)
    assert {answer.status for answer in answers} <= {200, 409}
    assert fhir.get("Patient/a").json["name"] == fhir.get("Patient/b").json["name"]


@pytest.mark.slow
@pytest.mark.parametrize("app", [{"CART_FHIR_VALIDATION": "off"}], indirect=True)
def test_ten_thousand_entries_at_once(fhir: Fhir) -> None:
    rows = [entry("PUT", f"Patient/p{n}", patient(id=f"p{n}")) for n in range(10_000)]
    assert fhir.transaction(*rows).status == 200
    assert fhir.get("Patient?_summary=count").json["total"] == 10_000
    again = fhir.transaction(*rows[:9_999], entry("PUT", "Patient/p9999", patient(id="wrong")))
    assert again.status == 400
    assert again.issues[0][2] == "Bundle.entry[9999].resource.id"


@pytest.mark.parametrize("app", [{"CART_FHIR_VALIDATION": "warn"}], indirect=True)
def test_a_synthea_record_loads_and_loads_again(fhir: Fhir, shared: Path) -> None:
    bundle = json.loads((shared / "samples" / "fhir" / "synthea_r4_Alva958_Dickinson688.json").read_bytes())
    first = fhir.post("", bundle)
    if first.status == 412:
        # its practitioners and organisations are searched for by identifier, and come in a file of their own
        helpers = _searched(bundle)
        assert fhir.transaction(*helpers).status == 200
        first = fhir.post("", bundle)
    assert first.status == 200, first.data[:3000]
    assert len(first.json["entry"]) == len(bundle["entry"])
    for row in fhir.get("Observation?_count=200").json["entry"]:
        assert row["resource"]["subject"]["reference"].startswith("Patient/")
    # Synthea posts everything unconditionally; where a resource has an identifier, it can be created once
    once = set()
    for row in bundle["entry"]:
        if found := [one for one in row["resource"].get("identifier", ()) if "system" in one and "value" in one]:
            row["request"]["ifNoneExist"] = f"identifier={found[0]['system']}|{found[0]['value']}"
            once.add(row["request"]["url"])
    assert "Patient" in once
    counts = {type: fhir.get(f"{type}?_summary=count").json["total"] for type in once}
    again = fhir.post("", bundle)
    assert again.status == 200, again.data[:3000]
    assert counts == {type: fhir.get(f"{type}?_summary=count").json["total"] for type in once}
    for row, said in zip(bundle["entry"], again.json["entry"], strict=True):
        assert said["response"]["status"][:3] == ("200" if "ifNoneExist" in row["request"] else "201")


def _searched(bundle: Json) -> list[Json]:
    """The resources that the conditional references of a bundle search for, made up from their identifiers."""
    found: dict[str, Json] = {}

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            reference = value.get("reference")
            if isinstance(reference, str) and "?identifier=" in reference:
                type, _, token = reference.partition("?identifier=")
                system, _, code = token.partition("|")
                identifier = [{"system": system, "value": code}]
                found[reference] = {"resourceType": type, "identifier": identifier, "name": _name(type, value)}
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(bundle)
    return [entry("POST", one["resourceType"], one) for one in found.values()]


def _name(type: str, reference: Json) -> Any:
    display = reference.get("display", "made up")
    return [{"text": display}] if type == "Practitioner" else display
