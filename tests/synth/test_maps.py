"""The way through an export and a map ends where the direct way ends: the same ids, the same contents."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cart_fhir.mappers import Map, Mapped, load_map
from cart_fhir.mappers.state import State
from cart_fhir.synth import CENTRES, KINDS, journeys, write
from cart_fhir.synth.fhir import resources
from cart_fhir.validator import Validator

EXAMPLES = Path(__file__).parents[2] / "examples"
# words for people, which each centre has in its own language, and where a row came from
WORDS = {"text", "display", "unit", "source", "note"}
PATIENTS = 6
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def _bare(value: Any) -> Any:
    """A value without words, lists in a fixed order: most lists in FHIR have none of their own."""
    if isinstance(value, dict):
        bare = {key: _bare(part) for key, part in value.items() if key not in WORDS}
        return {key: part for key, part in bare.items() if part != {}}
    if isinstance(value, list):
        return sorted((_bare(part) for part in value), key=lambda part: json.dumps(part, default=str, sort_keys=True))
    return value


def _by_id(made: list[dict[str, Any]]) -> dict[str, Any]:
    return {f"{one['resourceType']}/{one['id']}": one for one in made if one["resourceType"] != "Provenance"}


# kinds that tell all -> the folder of the example
MAPS = ("csv-centre-a", "csv-centre-b", "redcap", "odm")
FOLDERS = {"csv-centre-a": "centre-a", "csv-centre-b": "centre-b", "omop": "omop-cart",
           "cda": "cda-cart"}  # fmt: skip


def _mapped(kind: str, folder: Path, patients: int, seed: int) -> Mapped:
    """An export of these journeys in this format, mapped with the example's map."""
    files = [file for file in write(kind, folder, patients, seed) if file.stem != "redcap_dictionary"]
    for file in files:
        _shuffle(file, seed)
    return _map(kind).run(files)


def _shuffle(file: Path, seed: int) -> None:
    """Put the rows of a table, or the messages of a feed, into another order: no export promises one."""
    if file.suffix not in (".csv", ".hl7"):
        return
    text = file.read_bytes()
    parts = text.splitlines(keepends=True) if file.suffix == ".csv" else re.split(rb"(?=MSH\|)", text)
    head, rest = parts[:1], parts[1:]
    Random(seed).shuffle(rest)
    file.write_bytes(b"".join(head + rest))


@cache
def _map(kind: str) -> Map:
    return load_map(EXAMPLES / FOLDERS.get(kind, kind) / "map.yaml")


def _direct(kind: str, patients: int, seed: int) -> dict[str, Any]:
    centre = CENTRES[KINDS[kind][0]]
    return _by_id([made for journey in journeys(patients, seed, centre) for made in resources(journey)])


def _same(kind: str, folder: Path, patients: int, seed: int) -> None:
    """Assert that a format gives what the journeys are: all of it, or for `PARTS` nothing that isn't so."""
    direct = _direct(kind, patients, seed)
    with _mapped(kind, folder, patients, seed) as mapped:
        assert mapped.refused == 0
        assert {issue.rule for issue in mapped.issues} <= {"column-unknown", "file-empty", "kind-unused"}
        found = _by_id(mapped.resources)
    if kind in MAPS:
        assert found.keys() == direct.keys()
    else:
        assert {key for key, made in direct.items() if _profile(made) in PARTS[kind]} <= found.keys() <= direct.keys()
    for key, made in found.items():
        one, other = _bare(made), _bare(direct[key])
        assert one == other if kind in MAPS else _is_part(one, other), key


def _is_part(part: Any, whole: Any) -> bool:
    """Whether all that `part` says is said in `whole`, entries of lists in any order."""
    if isinstance(part, dict):
        if any(one.get("url") == ABSENT for one in part.get("extension", ())):
            return True  # it says that nothing is known
        return isinstance(whole, dict) and all(key in whole and _is_part(part[key], whole[key]) for key in part)
    if isinstance(part, list):
        return isinstance(whole, list) and all(any(_is_part(one, other) for other in whole) for one in part)
    if isinstance(part, str) and re.fullmatch(r"\d{4}(-\d\d)?", part):
        return str(whole).startswith(part)  # of a date the year, or year and month
    return bool(part == whole)


# kinds that tell less than all -> profiles of which every resource must come, by way of a map, with its content
GIVEN = {"cart-patient", "cart-administration", "cart-product", "cart-medication"}
MEASURED = {"cart-laboratory", "cart-kinetics", "cart-body-size", "cart-sledai-2k", "cart-jdm-das", "cart-mg-adl",
            "cart-mrss", "cart-crs-grading", "cart-icans-grading", "cart-response"}  # fmt: skip
DRUGS = {"cart-lymphodepletion", "cart-supportive-administration"}
PRIOR = {"cart-prior-immunosuppression", "cart-prior-procedure"}
PARTS = {
    "hl7v2": GIVEN | MEASURED | DRUGS,
    "omop": GIVEN | MEASURED | DRUGS | PRIOR | {"cart-leukapheresis", "cart-adverse-event"},
    "cda": GIVEN | MEASURED | DRUGS | PRIOR | {"cart-leukapheresis", "cart-adverse-event"},
    "cibmtr": GIVEN,
    "ebmt": GIVEN,
}


@pytest.mark.parametrize("kind", [*MAPS, *PARTS])
def test_a_format_and_its_map_give_the_same_resources(kind: str, tmp_path: Path) -> None:
    """Formats that can't hold all give the same ids, and say nothing that isn't so."""
    _same(kind, tmp_path, PATIENTS, seed=2)


@pytest.mark.parametrize("kind", [*MAPS, *PARTS, "slide"])
def test_a_second_run_sends_nothing(kind: str, tmp_path: Path) -> None:
    """Nor when the rows come in another order."""
    state = State()
    with _mapped(kind, tmp_path, 3, seed=7) as mapped:
        assert len(mapped.bundle(state)["entry"]) == mapped.count + len(list(mapped.provenance()))
    for file in tmp_path.iterdir():
        _shuffle(file, seed=11)
    with _map(kind).run([file for file in tmp_path.iterdir() if file.stem != "redcap_dictionary"]) as mapped:
        assert mapped.bundle(state)["entry"] == []
        assert not [issue for issue in mapped.issues if issue.rule == "vanished"]


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(patients=st.integers(1, 2), seed=st.integers(0, 2**32))
def test_whatever_the_journeys_are_all_formats_agree(patients: int, seed: int) -> None:
    for kind in [*MAPS, *PARTS]:
        with TemporaryDirectory() as folder:
            _same(kind, Path(folder), patients, seed)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(os.environ.get("CART_FHIR_REQUIRE_ALL") != "1", reason="some seconds for each format")
@pytest.mark.parametrize("kind", [*MAPS, *PARTS])
def test_many_journeys_are_the_same_in_each_format(kind: str, tmp_path: Path) -> None:
    """Thirty in CI; CART_FHIR_JOURNEYS=200 asks for as many as a release should see."""
    _same(kind, tmp_path, int(os.environ.get("CART_FHIR_JOURNEYS", "30")), seed=7)


def test_a_slide_says_nothing_that_is_not_so(tmp_path: Path) -> None:
    """Drugs, days, toxicities and the peak are those of the journeys; what was found at a visit has no date."""
    direct = _direct("slide", 40, seed=7)
    with _mapped("slide", tmp_path, 40, seed=7) as mapped:
        assert mapped.refused == 0
        assert {issue.rule for issue in mapped.issues} <= {"file-unused"}
        found = _by_id(mapped.resources)
    told = PRIOR | {"cart-patient", "cart-lymphodepletion", "cart-administration"}
    expected = {key for key, made in direct.items() if _profile(made) in told and not _later(made)}
    assert expected <= found.keys()
    for key in found.keys() & direct.keys():
        if _profile(direct[key]) != "cart-administration":  # of another product record: the slide tells no lot
            assert _is_part(_bare(found[key]), _bare(direct[key])), key
    undated = {_profile(made) for key, made in found.items() if key not in direct}
    assert undated == {"cart-product", "cart-response", "cart-laboratory", "cart-sledai-2k", "cart-jdm-das",
                       "cart-mg-adl", "cart-mrss"}  # fmt: skip
    for made in found.values():
        assert _profile(made) not in undated or "effectiveDateTime" not in made
    for score in [made for made in found.values() if _profile(made) == "cart-sledai-2k"]:
        visit = score["extension"][0]["valueCodeableConcept"]["coding"][0]["code"]
        assert score["valueQuantity"]["value"] == _sledai(score, visit)


def _sledai(score: dict[str, Any], visit: str) -> int:
    """The total of the journey at that visit."""
    number = int(score["identifier"][0]["value"][1:5])
    journey = list(journeys(number, 7))[-1]
    return next(one.total for one in journey.scores if one.visit == visit)


def _later(made: dict[str, Any]) -> bool:
    """A second infusion, or a dose that was withheld: the slide has no line for it."""
    numbers = [one["valuePositiveInt"] for one in made.get("extension", ()) if "valuePositiveInt" in one]
    return (made.get("status") == "not-done" and made["resourceType"] == "MedicationAdministration") or 2 in numbers


def _profile(made: dict[str, Any]) -> str:
    return str(made["meta"]["profile"][0].rpartition("/")[2])


@pytest.mark.parametrize("kind", [*MAPS, *PARTS])
def test_what_is_mapped_is_valid(kind: str, tmp_path: Path) -> None:
    with _mapped(kind, tmp_path, PATIENTS, seed=2) as mapped:
        issues = Validator().validate(mapped.bundle())
    assert [(issue.expression, issue.text) for issue in issues if issue.is_error] == []
