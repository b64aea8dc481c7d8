"""Every map under examples/ does what its page promises with the export beside it: all rows, valid, the same bytes."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cart_fhir.formats import json
from cart_fhir.mappers import load_map
from cart_fhir.validator import Validator

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDERS = sorted(path.parent.name for path in EXAMPLES.glob("*/map.yaml") if (path.parent / "export").is_dir())


def test_each_format_has_an_example() -> None:
    assert set(FOLDERS) >= {
        "centre-a",
        "centre-b",
        "redcap",
        "odm",
        "hl7v2",
        "hl7v2-pharmacy",
        "omop",
        "omop-cart",
        "cibmtr",
        "ebmt",
    }


@pytest.mark.parametrize("name", FOLDERS)
def test_the_example_maps_every_row(name: str) -> None:
    with load_map(EXAMPLES / name / "map.yaml").run([EXAMPLES / name / "export"]) as mapped:
        assert mapped.count
        assert not mapped.unmapped
        for totals in mapped.totals:
            assert totals.read == totals.mapped + totals.skipped + totals.refused
            assert totals.refused == 0
        # nothing to tell but columns that another table of the file takes, tables without a row, and segments of no use
        assert {issue.rule for issue in mapped.issues} <= {"column-unknown", "file-empty", "kind-unused"}


def test_the_map_of_omop_reads_the_same_from_a_database(tmp_path: Path) -> None:
    example = EXAMPLES / "omop-cart"
    with closing(sqlite3.connect(tmp_path / "omop.sqlite")) as database:
        for path in (example / "export").glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as stream:
                header, *rows = csv.reader(stream)
            database.execute(f"CREATE TABLE {path.stem.lower()} ({', '.join(header)})")
            marks = ", ".join("?" * len(header))
            cells = [[cell or None for cell in row] for row in rows]
            database.executemany(f"INSERT INTO {path.stem.lower()} VALUES ({marks})", cells)
        database.commit()
    found = []
    for export in (example / "export", tmp_path / "omop.sqlite"):
        with load_map(example / "map.yaml").run([export]) as mapped:
            assert mapped.refused == 0
            found.append([one for one in mapped if one["resourceType"] != "Provenance"])
    assert found[0] == found[1]
    assert len(found[0]) > 300


@pytest.mark.parametrize("name", FOLDERS)
def test_the_example_gives_a_valid_bundle_and_the_same_bytes_again(name: str) -> None:
    written = []
    for _ in range(2):
        with load_map(EXAMPLES / name / "map.yaml").run([EXAMPLES / name / "export"]) as mapped:
            bundle = mapped.bundle()
        written.append(json.dumps(bundle))
    assert written[0] == written[1]
    assert [issue.text for issue in Validator().validate(bundle) if issue.is_error] == []
