"""De-identified resources: nothing that tells who somebody is, study days as they were, and still valid."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cart_fhir.cli.map import command
from cart_fhir.formats import json
from cart_fhir.mappers import load_map
from cart_fhir.mappers.deid import DEFAULT, Deid
from cart_fhir.mappers.values import Refused
from cart_fhir.profiles import canonical

CENTRE = Path(__file__).parents[2] / "examples" / "centre-a"
SECRET = b"0123456789abcdef0123456789abcdef"
OWN = {"system": "https://a.example/patients", "value": "f" * 64}
TELLING = {
    "resourceType": "Patient",
    "id": "x",
    "text": {"status": "generated", "div": "<div>Anna Muster</div>"},
    "identifier": [OWN, {"system": "https://a.example/insurance", "value": "Muster-1"}],
    "name": [{"family": "Muster", "given": ["Anna"]}],
    "telecom": [{"value": "0123-Muster"}],
    "address": [{"city": "Musterstadt"}],
    "photo": [{"title": "Muster"}],
    "contact": [{"name": {"family": "Muster"}}],
    "birthDate": "1990-05-17",
    "gender": "female",
    "managingOrganization": {"reference": "Organization/1", "display": "Muster-Klinik"},
    "generalPractitioner": [{"identifier": {"value": "Dr Muster"}, "display": "Dr Muster"}],
    "maritalStatus": {
        "coding": [{"system": "https://a.example/codes", "code": "Muster says"}, {"system": "x", "code": "M"}],
        "text": "Frau Muster",
    },
    "extension": [
        {"url": "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", "valueString": "Muster"},
        {"url": "https://a.example/ward", "valueString": "Muster"},
        {"url": canonical.url("cart-study-day"), "extension": [{"url": "infusionDate", "valueDate": "2024-03-10"}]},
    ],
}


def test_nothing_that_tells_who_it_is_is_left() -> None:
    made = Deid(DEFAULT, SECRET, "https://a.example/codes")(TELLING, "P1", OWN)
    assert "Muster" not in json.dumps(made).decode()
    assert made["identifier"] == [OWN]
    assert made["birthDate"] == "1990"
    assert made["maritalStatus"] == {"coding": [{"system": "x", "code": "M"}]}
    assert made["managingOrganization"] == {"reference": "Organization/1"}
    (kept,) = made["extension"]
    assert kept["extension"][0]["valueDate"] != "2024-03-10"


def test_extensions_stay_if_they_are_named_and_a_modifier_refuses() -> None:
    ward = "https://a.example/ward"
    deid = Deid({"extensions": [ward]}, SECRET)
    assert [one["url"] for one in deid(TELLING, "P1", OWN)["extension"]] == [ward, canonical.url("cart-study-day")]
    modified = {"resourceType": "Observation", "modifierExtension": [{"url": ward, "valueBoolean": True}]}
    assert deid(modified, "P1")["modifierExtension"]
    with pytest.raises(Refused):
        Deid(DEFAULT, SECRET)(modified, "P1")


@given(
    st.text(min_size=1, max_size=8),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.integers(-3000, 3000),
    st.integers(1, 900),
)
def test_all_dates_of_a_patient_move_alike_and_never_stay(patient: str, day: date, gap: int, window: int) -> None:
    other = date.fromordinal(day.toordinal() + gap)
    one = {
        "resourceType": "Observation",
        "effectivePeriod": {"start": f"{day}T10:00:00+01:00", "end": str(other)},
        "issued": f"{day}T10:00:00Z",
        "valueDateTime": str(day)[:7],
    }
    made = Deid({"dates": "shift", "window": window}, SECRET)(one, patient)
    start, end = (
        date.fromisoformat(made["effectivePeriod"]["start"][:10]),
        date.fromisoformat(made["effectivePeriod"]["end"]),
    )
    assert (end - start).days == gap
    assert 1 <= abs((start - day).days) <= window
    assert made["issued"] == f"{start}T10:00:00Z"
    assert made["valueDateTime"] == str(day)[:4]


def test_codes_ids_and_numbers_are_no_dates() -> None:
    one: dict[str, Any] = {
        "resourceType": "Observation",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2160-01", "version": "2024-01-01"}]},
        "valueQuantity": {"value": 20240101},
    }
    assert Deid(DEFAULT, SECRET)(one, "P1") == one


def test_the_switch_of_the_command_line_sends_pseudonyms_of_any_map(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(SECRET)
    args = [CENTRE / "export", "--map", CENTRE / "map.yaml", "-o", tmp_path / "b.json", "--pseudonyms"]
    done = CliRunner().invoke(
        command, [str(arg) for arg in [*args, "--secret-file", tmp_path / "secret"]], standalone_mode=False
    )
    assert done.return_value == 0, done.output
    text = (tmp_path / "b.json").read_text(encoding="utf-8")
    assert not re.search(r"A000\d|COI-|\.csv", text)
    with load_map(CENTRE / "map.yaml").run([CENTRE / "export"]) as plain:
        bundle = json.loads(text)
        assert len(bundle["entry"]) == len(plain.resources)
