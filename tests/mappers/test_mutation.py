"""Single cells of a good export are corrupted: each is harmless, warned of, or refuses rows - and is never silent.

Silent would be: the result is other than before although nothing was told. A changed value that is as plausible as the
old one is not a fault that any mapper could see; it must show in the resources of that row and nowhere else.
"""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest

from cart_fhir.formats import json
from cart_fhir.mappers import Map, load_map

CENTRE = Path(__file__).parents[2] / "examples" / "centre-a"
CORRUPTIONS = ["", "???", "31.02.2024", "-1", "1e99", "<5", "99999999", "01.01.1899"]
CORRUPTIONS += ["x", "+", "µ", "1.5", "D-3", "k.A.", "A0002"]
PATIENTS = ("A0001", "A0002")  # two of the export, so that 500 rounds stay quick
ROUNDS = 120  # 500 pass too, in four times the time


@pytest.fixture(scope="module")
def mapping() -> Map:
    return load_map(CENTRE / "map.yaml")


def resources(mapping: Map, folder: Path) -> tuple[dict[str, bytes], list[tuple[str, int | None]], int, int]:
    """(resources by reference, places told, rows refused, files refused as a whole) of an export."""
    with mapping.run([folder]) as mapped:
        made = {
            f"{one['resourceType']}/{one['id']}": json.dumps(one)
            for one in mapped
            if one["resourceType"] != "Provenance"
        }
        told = [(issue.origin.file, issue.origin.row) for issue in mapped.issues if issue.origin]
        assert all(total.read == total.mapped + total.skipped + total.refused for total in mapped.totals)
        return made, told, mapped.refused, sum(issue.rule == "reader" for issue in mapped.issues)


def test_no_corrupt_cell_passes_in_silence_or_harms_another_row(mapping: Map, tmp_path: Path) -> None:
    chance = random.Random(20260310)
    tables = {}
    for path in sorted((CENTRE / "export").glob("*.csv")):
        text = path.read_bytes().decode("latin-1")
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
        tables[path.name] = [row for row in rows if row[0] in (*PATIENTS, "PatNr")]
        save(tmp_path / path.name, tables[path.name])
    good, quiet, refused, _ = resources(mapping, tmp_path)
    assert refused == 0
    origins = owners(mapping, tmp_path)
    filled = [name for name, rows in tables.items() if len(rows) > 1]
    for _ in range(ROUNDS):
        name = chance.choice(filled)
        rows = tables[name]
        line = chance.randrange(1, len(rows))
        column = chance.randrange(len(rows[0]))
        word = chance.choice(CORRUPTIONS)
        if word == rows[line][column]:
            continue
        changed = [list(row) for row in rows]
        changed[line][column] = word
        save(tmp_path / name, changed)
        made, told, _, unread = resources(mapping, tmp_path)
        save(tmp_path / name, rows)
        place = f"{name} line {line + 1} column {rows[0][column]} = {word!r}"
        assert unread == 0, place
        news = [at for at in told if at not in quiet]
        differing = {ref for ref in good.keys() | made.keys() if good.get(ref) != made.get(ref)}
        mine = {ref for ref in differing if ref not in good or (name, line + 1) in origins[ref]}
        # rows that lean on this one, or collide with it now, are refused by name; a moved day 0 moves the days
        silent = {ref for ref in differing - mine if not origins[ref] & set(news)}
        assert not silent or name == "infusion.csv", f"{place}: {sorted(silent)[:2]}"
        if {ref for ref in good if ref not in made} and word not in ("", "k.A.") and made.keys() <= good.keys():
            assert news, f"{place}: resources vanished and nothing was told"


def owners(mapping: Map, folder: Path) -> dict[str, set[tuple[str, int | None]]]:
    """Which rows each resource is made of."""
    with mapping.run([folder]) as mapped:
        return {ref: {(one.file, one.row) for one in places} for ref, places in mapped.trace.items()}


def save(path: Path, rows: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows(rows)
    path.write_bytes(stream.getvalue().encode("latin-1"))
