"""The command line: what it writes, what it says, how it ends."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cart_fhir.cli.map import command
from cart_fhir.formats import json
from cart_fhir.synth.writers import write

ROOT = Path(__file__).parents[2]
CENTRE = ROOT / "examples" / "centre-a"
BAD = Path(__file__).parent / "bad"


def call(*args: object) -> Result:
    return CliRunner().invoke(command, [str(arg) for arg in args], standalone_mode=False)


def test_mapping_needs_no_sub_command_and_writes_what_is_asked(tmp_path: Path) -> None:
    done = call(
        CENTRE / "export", "--map", CENTRE / "map.yaml", "-o", tmp_path / "b.json", "--ndjson", tmp_path / "nd",
        "--trace", tmp_path / "trace.ndjson", "--report", tmp_path / "r.json", "--exported", "2026-01-31",
    )  # fmt: skip
    assert done.return_value == 0, done.output
    bundle = json.loads((tmp_path / "b.json").read_bytes())
    assert bundle["entry"][-1]["resource"]["recorded"] == "2026-01-31T00:00:00Z"
    lines = sum(path.read_bytes().count(b"\n") for path in (tmp_path / "nd").glob("*.ndjson"))
    assert lines == len(bundle["entry"])
    traced = [json.loads(line) for line in (tmp_path / "trace.ndjson").read_bytes().splitlines()]
    assert traced[0].keys() == {"resource", "rows"}
    assert all(one["rows"] for one in traced)
    outcome = json.loads((tmp_path / "r.json").read_bytes())
    assert outcome["resourceType"] == "OperationOutcome"
    totals = [one["details"]["text"] for one in outcome["issue"] if "mapped" in one["details"]["text"]]
    assert len(totals) == 17, "one for each file"


@pytest.mark.parametrize("form", ["txt", "csv", "html", "json"])
def test_refused_rows_end_in_1_and_in_every_report_and_file(tmp_path: Path, form: str) -> None:
    report = tmp_path / f"r.{form}"
    done = call(BAD / "duplicate-key", "--map", BAD / "map.yaml", "--refused", tmp_path / "mend", "--report", report)
    assert done.return_value == 1
    assert "duplicate-key" in done.output
    assert "duplicate-key" in report.read_text(encoding="utf-8")
    with (tmp_path / "mend" / "labs.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["VALUE"] for row in rows] == ["210", "215"]
    assert all("describe one Observation differently" in row["cart_fhir_findings"] for row in rows)
    assert "210" not in report.read_text(encoding="utf-8"), "cells are told by their shape"


def test_mended_rows_run_alone(tmp_path: Path) -> None:
    call(BAD / "unit-unknown", "--map", BAD / "map.yaml", "--refused", tmp_path)
    mended = (tmp_path / "labs.csv").read_text(encoding="utf-8-sig").replace("gramm pro deziliter", "g/dl")
    (tmp_path / "labs.csv").write_text(mended, encoding="utf-8")
    others = [BAD / "unit-unknown" / name for name in ("patients.csv", "infusion.csv")]
    done = call(tmp_path / "labs.csv", *others, "--map", BAD / "map.yaml", "-o", tmp_path / "b.json")
    assert done.return_value == 0, done.output
    assert b"718-7" in (tmp_path / "b.json").read_bytes()


def test_untranslated_codes_come_as_a_table_to_fill_in(tmp_path: Path) -> None:
    call(BAD / "unknown-code", "--map", BAD / "map.yaml", "--unmapped", tmp_path / "todo.csv")
    with (tmp_path / "todo.csv").open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["source_code"], row["target_code"], row["where"]) == ("FERR", "", "labs.TEST")


def test_check_shows_rows_as_fhir_and_new_writes_a_map_that_checks(tmp_path: Path) -> None:
    done = call("check", CENTRE / "map.yaml", CENTRE / "export", "--rows", 1)
    assert '"resourceType": "Patient"' in done.output
    assert "# patienten.csv row 2" in done.output
    made = call("new", CENTRE / "export", "-o", tmp_path / "map.yaml")
    assert made.return_value == 0, made.output
    assert len(list((tmp_path / "codes").glob("*.csv"))) > 10
    assert call("check", tmp_path / "map.yaml").return_value == 0
    again = call("new", CENTRE / "export", "-o", tmp_path / "map.yaml")
    assert again.exception is not None, "a map is never overwritten"


def test_explain_names_the_cells_of_a_resource(tmp_path: Path) -> None:
    call(CENTRE / "export", "--map", CENTRE / "map.yaml", "-o", tmp_path / "b.json", "--no-validate")
    bundle = json.loads((tmp_path / "b.json").read_bytes())
    entry = next(one for one in bundle["entry"] if one["resource"]["resourceType"] == "AdverseEvent")
    done = call("explain", entry["request"]["url"], CENTRE / "export", "--map", CENTRE / "map.yaml")
    assert done.return_value == 0
    assert "nebenwirkungen.csv row" in done.output
    assert "severity: Grad '9'" in done.output
    shown = call("explain", entry["request"]["url"], CENTRE / "export", "--map", CENTRE / "map.yaml", "--show-values")
    assert "severity: Grad '9'" not in shown.output
    assert call("explain", "Patient/none", CENTRE / "export", "--map", CENTRE / "map.yaml").return_value == 1


def test_the_second_run_with_a_state_writes_an_empty_bundle(tmp_path: Path) -> None:
    args = [CENTRE / "export", "--map", CENTRE / "map.yaml", "-o", tmp_path / "b.json", "--state", tmp_path / "s.json"]
    assert call(*args, "--no-validate").return_value == 0
    assert json.loads((tmp_path / "b.json").read_bytes())["entry"]
    assert call(*args, "--no-validate").return_value == 0
    assert json.loads((tmp_path / "b.json").read_bytes())["entry"] == []


def test_a_validated_fault_is_brought_back_to_its_row(tmp_path: Path) -> None:
    write("csv-centre-a", tmp_path, patients=6, seed=1)
    path = tmp_path / "mg_adl.csv"
    rows = path.read_bytes().decode("latin-1").splitlines(keepends=True)
    cells = rows[1].rstrip("\r\n").split(";")
    cells[-1] = "1"  # a total below the sum of its items, which only the profile can know
    path.write_bytes("".join([rows[0], ";".join(cells) + "\r\n", *rows[2:]]).encode("latin-1"))
    done = call(tmp_path, "--map", CENTRE / "map.yaml")
    assert done.return_value == 1
    assert "mg_adl.csv row 2" in done.output
    assert "profile-invalid" in done.output
