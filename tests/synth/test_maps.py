"""The way through an export and a map ends where the direct way ends: the same ids, the same contents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cart_fhir.mappers import load_map
from cart_fhir.synth import CENTRES, KINDS, journeys, write
from cart_fhir.synth.fhir import resources
from cart_fhir.validator import Validator

EXAMPLES = Path(__file__).parents[2] / "examples"
# words for people, which each centre has in its own language, and where a row came from
WORDS = {"text", "display", "unit", "source"}
PATIENTS = 12


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
FOLDERS = {"csv-centre-a": "centre-a", "csv-centre-b": "centre-b"}


@pytest.mark.parametrize("kind", MAPS)
def test_mapping_an_export_gives_the_same_resources(kind: str, tmp_path: Path) -> None:
    files = [file for file in write(kind, tmp_path, PATIENTS, seed=2) if file.stem != "redcap_dictionary"]
    mapped = load_map(EXAMPLES / FOLDERS.get(kind, kind) / "map.yaml").run(files)
    assert not [issue for issue in mapped.issues if issue.is_error]
    centre = CENTRES[KINDS[kind][0]]
    direct = [made for journey in journeys(PATIENTS, 2, centre) for made in resources(journey)]
    one, other = _by_id(mapped.resources), _by_id(direct)
    assert one.keys() == other.keys()
    for key in one:
        assert _bare(one[key]) == _bare(other[key])


def _is_part(part: Any, whole: Any) -> bool:
    """Whether all that `part` says is said in `whole`, entries of lists in any order."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and _is_part(part[key], whole[key]) for key in part)
    if isinstance(part, list):
        return isinstance(whole, list) and all(any(_is_part(one, other) for other in whole) for one in part)
    return bool(part == whole)


# kinds that tell less than all -> profiles of which every resource must come, by way of a map, with its content
PARTS = {
    "hl7v2": {"cart-administration", "cart-lymphodepletion", "cart-supportive-administration", "cart-laboratory",
              "cart-kinetics", "cart-body-size", "cart-sledai-2k", "cart-jdm-das", "cart-mg-adl", "cart-mrss",
              "cart-crs-grading", "cart-icans-grading", "cart-response", "cart-product", "cart-medication"},
}  # fmt: skip


@pytest.mark.parametrize("kind", PARTS)
def test_what_a_format_tells_is_what_the_others_tell(kind: str, tmp_path: Path) -> None:
    """Formats that can't hold all give the same resources as far as they tell: same ids, nothing that isn't so."""
    mapped = load_map(EXAMPLES / kind / "map.yaml").run(write(kind, tmp_path, PATIENTS, seed=2))
    assert mapped.refused == 0
    assert not [issue for issue in mapped.issues if issue.severity != "information"]
    direct = _by_id([made for journey in journeys(PATIENTS, 2) for made in resources(journey)])
    for key, made in _by_id(mapped.resources).items():
        assert _is_part(_bare(made), _bare(direct[key])), (made, direct[key])
    wanted = {key for key, made in direct.items() if _profile(made) in PARTS[kind]}
    assert wanted
    assert wanted <= _by_id(mapped.resources).keys()


def _profile(made: dict[str, Any]) -> str:
    return str(made["meta"]["profile"][0].rpartition("/")[2])


@pytest.mark.parametrize("kind", [*MAPS, *PARTS])
def test_what_is_mapped_is_valid(kind: str, tmp_path: Path) -> None:
    files = [file for file in write(kind, tmp_path, PATIENTS, seed=2) if file.stem != "redcap_dictionary"]
    issues = Validator().validate(load_map(EXAMPLES / FOLDERS.get(kind, kind) / "map.yaml").run(files).bundle())
    assert [(issue.expression, issue.text) for issue in issues if issue.is_error] == []
