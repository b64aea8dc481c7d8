"""The way through an export and a map ends where the direct way ends: the same ids, the same contents."""

from __future__ import annotations

import json
from collections import Counter
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


MAPS = {
    "csv-centre-a": EXAMPLES / "centre-a" / "map.yaml",
    "csv-centre-b": EXAMPLES / "centre-b" / "map.yaml",
    "redcap": Path(__file__).parent / "maps" / "redcap" / "map.yaml",
    "odm": Path(__file__).parent / "maps" / "odm" / "map.yaml",
}


@pytest.mark.parametrize("kind", MAPS)
def test_mapping_an_export_gives_the_same_resources(kind: str, tmp_path: Path) -> None:
    files = [file for file in write(kind, tmp_path, PATIENTS, seed=2) if file.stem != "redcap_dictionary"]
    mapped = load_map(MAPS[kind]).run(files)
    assert not [issue for issue in mapped.issues if issue.is_error]
    centre = CENTRES[KINDS[kind][0]]
    direct = [made for journey in journeys(PATIENTS, 2, centre) for made in resources(journey)]
    one, other = _by_id(mapped.resources), _by_id(direct)
    assert one.keys() == other.keys()
    for key in one:
        assert _bare(one[key]) == _bare(other[key])


def test_a_message_feed_gives_the_same_as_far_as_it_tells(tmp_path: Path) -> None:
    """HL7 v2: who, what was given (RAS^O17) and what was measured, with the ids and contents of the other formats."""
    files = write("hl7v2", tmp_path, PATIENTS, seed=2)
    mapped = load_map(Path(__file__).parent / "maps" / "hl7v2" / "map.yaml").run(files)
    assert mapped.issues == []
    direct = {made["id"]: made for journey in journeys(PATIENTS, 2) for made in resources(journey)}
    kinds: Counter[str] = Counter()
    for made in mapped.resources:
        if made["resourceType"] == "Provenance":
            continue
        whole = direct[made["id"]]
        profile = made["meta"]["profile"][0].rpartition("/")[2]
        kinds[profile] += 1
        # whether all of the bag was given stands in an OBX after the RXA, which this map doesn't read;
        # how cells were counted, and which height and weight gave an area, no message says
        untold = {"cart-administration", "cart-kinetics", "cart-body-size"}
        assert profile in untold or _bare(made) == _bare(whole)
    assert kinds["cart-administration"] == PATIENTS
    assert {"cart-lymphodepletion", "cart-supportive-administration", "cart-laboratory", "cart-kinetics"} <= set(kinds)
    assert kinds["cart-laboratory"] == sum(len(journey.labs) for journey in journeys(PATIENTS, 2))


@pytest.mark.parametrize("kind", ["redcap", "odm"])
def test_what_is_mapped_is_valid(kind: str, tmp_path: Path) -> None:
    files = [file for file in write(kind, tmp_path, PATIENTS, seed=2) if file.stem != "redcap_dictionary"]
    issues = Validator().validate(load_map(MAPS[kind]).run(files).bundle())
    assert [(issue.expression, issue.text) for issue in issues if issue.is_error] == []
