"""Runs that follow each other, private ids, de-identified exports, many rows to one resource, missing codes."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from cart_fhir.errors import ConfigError
from cart_fhir.formats import json
from cart_fhir.mappers import Map, load_map
from cart_fhir.mappers.state import State
from cart_fhir.validator import Validator

CENTRE = Path(__file__).parents[2] / "examples" / "centre-a"
SECRET = b"0123456789abcdef0123456789abcdef"


def centre_map(folder: Path, **changes: Any) -> Path:
    """A copy of centre A's map with other settings on its top level."""
    shutil.copytree(CENTRE / "codes", folder / "codes")
    shutil.copy(CENTRE / "units.csv", folder / "units.csv")
    text = (CENTRE / "map.yaml").read_text(encoding="utf-8")
    (folder / "map.yaml").write_text(text + yaml.safe_dump(changes), encoding="utf-8")
    return folder / "map.yaml"


def small(folder: Path, text: str, **files: str) -> Map:
    (folder / "map.yaml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return load_map(folder / "map.yaml")


def test_a_second_run_gives_nothing_and_a_correction_gives_itself(tmp_path: Path) -> None:
    mapping = load_map(CENTRE / "map.yaml")
    shutil.copytree(CENTRE / "export", tmp_path / "export")
    state = State()
    with mapping.run([tmp_path / "export"]) as mapped:
        everything = mapped.bundle(state)["entry"]
        assert len(everything) == len(mapped.resources)
    state.write(tmp_path / "state.json")
    again = State.read(tmp_path / "state.json")
    with mapping.run([tmp_path / "export"]) as mapped:
        assert mapped.bundle(again)["entry"] == []
    path = tmp_path / "export" / "labor.csv"
    rows = path.read_bytes().decode("latin-1").splitlines(keepends=True)
    cells = rows[1].split(";")
    cells[3] = "199"
    path.write_bytes("".join([rows[0], ";".join(cells), *rows[2:-1]]).encode("latin-1"))
    with mapping.run([tmp_path / "export"]) as mapped:
        entries = mapped.bundle(again)["entry"]
        told = [issue for issue in mapped.issues if issue.rule == "vanished"]
    assert [entry["resource"]["resourceType"] for entry in entries] == ["Observation", "Provenance"]
    assert entries[0]["resource"]["valueQuantity"]["value"] == 199
    assert told, "the last row of labor.csv is gone"


def test_a_file_that_is_no_state_is_told(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text("[]")
    with pytest.raises(ConfigError):
        State.read(tmp_path / "state.json")
    assert State.read(tmp_path / "none.json").digests == {}


def test_private_ids_need_a_secret_and_show_no_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = centre_map(tmp_path, identity="private")
    monkeypatch.delenv("CART_FHIR_MAP_SECRET", raising=False)
    with pytest.raises(ConfigError, match="at least 32 characters"):
        load_map(path)
    with (
        load_map(path, secret=SECRET).run([CENTRE / "export"]) as one,
        load_map(CENTRE / "map.yaml").run([CENTRE / "export"]) as plain,
    ):
        assert one.count == plain.count
        hidden = [resource for resource in one.resources if resource["resourceType"] == "Patient"]
        assert not re.search(r"A000\d", json.dumps(hidden).decode())
        assert {resource["id"] for resource in one.resources}.isdisjoint(item["id"] for item in plain.resources)


def test_a_de_identified_export_keeps_study_days_and_nothing_else_of_the_calendar(tmp_path: Path) -> None:
    path = centre_map(tmp_path, deid={"birthDate": "year", "dates": "shift", "window": 100, "text": "drop"})
    with (
        load_map(path, secret=SECRET).run([CENTRE / "export"]) as mapped,
        load_map(CENTRE / "map.yaml").run([CENTRE / "export"]) as plain,
    ):
        assert mapped.refused == 0
        text = json.dumps(mapped.resources).decode()
        before, after = infusions(plain.resources), infusions(mapped.resources)
        assert not re.search(r"A000\d|COI-|KY-|ZC-", text)
        assert all(len(one["birthDate"]) == 4 for one in mapped.resources if one["resourceType"] == "Patient")
        assert sorted(days(plain.resources)) == sorted(days(mapped.resources))
        assert not set(before) & set(after)
        moved = [abs((date.fromisoformat(a) - date.fromisoformat(b)).days) for a in after for b in before]
        assert min(moved) <= 100
        validator = Validator()
        errors = [issue for one in mapped.resources for issue in validator.validate(one) if issue.is_error]
        assert not errors, errors[0]


def infusions(resources: list[dict[str, Any]]) -> list[str]:
    return [
        one["effectiveDateTime"]
        for one in resources
        if one["resourceType"] == "MedicationAdministration" and "supportingInformation" in one
    ]


def days(resources: list[dict[str, Any]]) -> list[int]:
    return [
        part["valueInteger"]
        for one in resources
        for extension in one.get("extension", [])
        if extension["url"].endswith("cart-study-day")
        for part in extension["extension"]
        if part["url"] == "day"
    ]


ITEMS = """map: 1
source: {system: https://a.example/patients}
missing: {"99": not-asked}
tables:
  items:
    file: items.csv
    columns:
      PAT: {type: id, required: true}
      DAY: {type: date, required: true}
      ITEM: {type: code, map: {talk: cart-mg-adl-item-cs#talking, chew: cart-mg-adl-item-cs#chewing}, unmapped: refuse}
      SCORE: {type: number, min: 0, max: 3, unit: "{score}"}
    make:
      - resource: Observation
        profile: cart-mg-adl
        key: [=PAT, mg-adl, =DAY]
        collect: component
        body:
          status: final
          subject: =ref(Patient, PAT)
          effectiveDateTime: =DAY
          component: {code: =ITEM, valueQuantity: =quantity(SCORE)}
"""


def test_rows_of_a_score_come_together_as_components_in_any_order(tmp_path: Path) -> None:
    rows = ["P1,2024-01-01,talk,2\n", "P1,2024-01-01,chew,99\n", "P1,2024-02-01,talk,0\n"]
    found = []
    for order in (rows, rows[::-1]):
        with small(tmp_path, ITEMS, items="PAT,DAY,ITEM,SCORE\n" + "".join(order)).run(
            [tmp_path / "items.csv"]
        ) as mapped:
            assert [(total.mapped, total.refused) for total in mapped.totals] == [(3, 0)]
            found.append(mapped.resources)
            assert len(mapped.origins(f"Observation/{mapped.resources[0]['id']}")) in (1, 2)
    assert found[0] == found[1]
    first = next(one for one in found[0] if one.get("effectiveDateTime") == "2024-01-01")
    assert [part["code"]["coding"][0]["code"] for part in first["component"]] == ["chewing", "talking"]
    assert first["component"][0]["dataAbsentReason"]["coding"][0]["code"] == "not-asked"
    assert first["component"][1]["valueQuantity"]["value"] == 2


def test_rows_that_disagree_about_the_whole_are_refused_together(tmp_path: Path) -> None:
    text = ITEMS.replace("status: final", "status: =STATUS").replace("ITEM: {", "STATUS: text\n      ITEM: {")
    rows = "PAT,DAY,STATUS,ITEM,SCORE\nP1,2024-01-01,final,talk,2\nP1,2024-01-01,amended,chew,1\n"
    with small(tmp_path, text, items=rows).run([tmp_path / "items.csv"]) as mapped:
        assert mapped.refused == 2
        assert {issue.rule for issue in mapped.issues} == {"duplicate-key"}
        assert mapped.count == 0


def test_what_a_validator_refuses_takes_its_row_and_names_its_column(tmp_path: Path) -> None:
    rows = "PAT,DAY,ITEM,SCORE\nP1,2024-01-01,talk,2\n"
    with small(tmp_path, ITEMS, items=rows).run([tmp_path / "items.csv"]) as mapped:
        ref = f"Observation/{mapped.resources[0]['id']}"
        found = [issue for issue in Validator().validate({**mapped.resources[0], "status": "done"}) if issue.is_error]
        mapped.refuse({ref: found})
        assert (mapped.refused, mapped.count) == (1, 0)
        assert mapped.resources == []
    assert mapped.issues[-1].rule == "profile-invalid"


PEOPLE = """map: 1
source: {system: https://a.example/patients}
tables:
  people:
    file: people.csv
    columns: {PAT: {type: id, required: true}, SEX: {type: code, map: {f: female}}, BORN: date}
    make:
      - resource: Patient
        profile: cart-patient
        key: [=PAT]
        body: {gender: =SEX, birthDate: =BORN}
"""


@pytest.mark.parametrize(
    ("text", "column", "told"),
    [
        (PEOPLE, "BORN", "The map makes it of BORN."),
        (
            PEOPLE.replace(", birthDate: =BORN", ""),
            "",
            "The map has no line for it: add one to the resource in line 8.",
        ),
        (PEOPLE.replace("birthDate: =BORN", "birthDate: =absent(unknown)"), None, ""),
    ],
)
def test_what_is_required_and_not_there_is_told_with_the_columns_it_is_made_of(
    tmp_path: Path, text: str, column: str | None, told: str
) -> None:
    with small(tmp_path, text, people="PAT,SEX,BORN\nP1,f,\n").run([tmp_path / "people.csv"]) as mapped:
        made = next(one for one in mapped.resources if one["resourceType"] == "Patient")
        errors = [issue for issue in Validator().validate(made) if issue.is_error]
        mapped.refuse({f"Patient/{made['id']}": errors} if errors else {})
        found = [(issue.origin and issue.origin.column, told in issue.text) for issue in mapped.issues]
        assert found == ([] if column is None else [(column, True)])


def test_warnings_that_every_row_gives_are_counted_and_not_kept(tmp_path: Path) -> None:
    text = ITEMS.replace("{type: number, min: 0, max: 3, unit", "{type: number, min: 0, high: 1, unit")
    lines = "".join(f"P{n},2024-01-01,talk,2\n" for n in range(1_200))
    with small(tmp_path, text, items="PAT,DAY,ITEM,SCORE\n" + lines).run([tmp_path / "items.csv"]) as mapped:
        told = [issue for issue in mapped.issues if issue.rule == "implausible"]
        assert len(told) == 1_001
        assert "200 more rows" in told[-1].text
        assert [(total.read, total.mapped) for total in mapped.totals] == [(1_200, 1_200)]


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    """A file ten times as long takes hardly more memory: rows stream, resources wait on disk."""
    import tracemalloc

    peaks = []
    for rows in (600, 6_000):
        lines = (f"P{n},2024-01-01,talk,{n % 4}\n" for n in range(rows))
        mapping = small(tmp_path, ITEMS, items="PAT,DAY,ITEM,SCORE\n" + "".join(lines))
        tracemalloc.start()
        with mapping.run([tmp_path / "items.csv"]) as mapped:
            assert mapped.count == rows
            mapped.write_ndjson(tmp_path / "out")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0] + 4_000_000
