"""The two example centres: mapped by files only, valid, repeatable, and telling the same clinical facts."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cart_fhir.formats import json
from cart_fhir.mappers import Map, Mapped, load_map
from cart_fhir.synth import write
from cart_fhir.validator import Validator

EXAMPLES = Path(__file__).parents[2] / "examples"
CENTRES = ("centre-a", "centre-b")


@pytest.fixture(scope="module")
def maps() -> dict[str, Map]:
    return {centre: load_map(EXAMPLES / centre / "map.yaml") for centre in CENTRES}


def valid(mapped: Mapped) -> list[str]:
    validator = Validator()
    return [
        f"{resource['resourceType']}: {issue.expression}: {issue.text}"
        for resource in mapped.resources
        for issue in validator.validate(resource)
        if issue.is_error
    ]


@pytest.mark.parametrize("centre", CENTRES)
def test_the_committed_export_becomes_a_valid_bundle(centre: str, maps: dict[str, Map]) -> None:
    with maps[centre].run([EXAMPLES / centre / "export"]) as mapped:
        assert mapped.refused == 0
        assert not mapped.unmapped
        assert {issue.rule for issue in mapped.issues} <= {"file-empty"}
        errors = [issue.text for issue in Validator().validate(mapped.bundle()) if issue.is_error]
        assert errors == []


@pytest.mark.parametrize("centre", CENTRES)
def test_a_larger_synthetic_export_is_mapped_without_a_finding(
    centre: str, maps: dict[str, Map], tmp_path: Path
) -> None:
    write(f"csv-{centre}", tmp_path, patients=24, seed=5)
    with maps[centre].run([tmp_path]) as mapped:
        assert mapped.refused == 0
        assert not mapped.unmapped
        assert mapped.count > 1000
        assert valid(mapped) == []


@pytest.mark.parametrize("centre", CENTRES)
def test_the_same_rows_give_the_same_bytes_in_any_order(centre: str, maps: dict[str, Map], tmp_path: Path) -> None:
    for path in (EXAMPLES / centre / "export").iterdir():
        lines = path.read_bytes().splitlines(keepends=True)
        if path.suffix == ".csv":
            rows = lines[1:]
            random.Random(7).shuffle(rows)
            lines = [lines[0], *rows]
        (tmp_path / path.name).write_bytes(b"".join(lines))
    bundles = []
    for folder in (EXAMPLES / centre / "export", EXAMPLES / centre / "export", tmp_path):
        with maps[centre].run([folder]) as mapped:
            bundles.append(json.dumps(mapped.bundle()))
    assert bundles[0] == bundles[1] == bundles[2]


def clinical(mapped: Mapped) -> list[str]:
    """The facts without what is the centre's own: ids, identifiers, words, files."""
    facts = []
    for resource in mapped:
        if resource["resourceType"] != "Provenance":
            facts.append(json.dumps(bare(resource)).decode())
    return sorted(facts)


def bare(value: Any) -> Any:
    if isinstance(value, dict):
        own = {"id", "identifier", "reference", "source", "text", "display"}
        return {key: bare(inner) for key, inner in sorted(value.items()) if key not in own}
    if isinstance(value, list):
        return [bare(inner) for inner in value]
    return str(Decimal(value).normalize()) if isinstance(value, (int, Decimal)) and value is not True else value


def test_both_centres_tell_the_same_facts_of_the_same_journeys(maps: dict[str, Map], tmp_path: Path) -> None:
    found = []
    for centre in CENTRES:
        write(f"csv-{centre}", tmp_path / centre, patients=12, seed=9)
        with maps[centre].run([tmp_path / centre]) as mapped:
            found.append(clinical(mapped))
    only_a, only_b = (set(one) - set(other) for one, other in (found, found[::-1]))
    assert not only_a, next(iter(sorted(only_a)))
    assert not only_b, next(iter(sorted(only_b)))


def test_nothing_is_left_of_a_run_and_a_second_one_is_independent(maps: dict[str, Map]) -> None:
    first = maps["centre-a"].run([EXAMPLES / "centre-a" / "export"])
    count = first.count
    first.close()
    with maps["centre-a"].run([EXAMPLES / "centre-a" / "export"]) as second:
        assert second.count == count
