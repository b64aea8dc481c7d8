"""The command line: what it writes, what it says, how it ends."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from cart_fhir.cli.map import command
from cart_fhir.cli.paths import with_standard_input
from cart_fhir.errors import ConfigError
from cart_fhir.formats import json
from cart_fhir.formats.whole import whole
from cart_fhir.mappers import Mapped
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


@pytest.mark.parametrize("option", ["-o", "--report", "--ndjson", "--refused", "--trace", "--unmapped", "--state"])
@pytest.mark.parametrize("place", ["wrong kind", "under a file"])
def test_a_target_that_cannot_be_written_is_told_before_mapping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, place: str
) -> None:
    file, folder = tmp_path / "file", tmp_path / "folder"
    file.write_text("x")
    folder.mkdir()
    wrong_kind = file if option in ("--ndjson", "--refused") else folder
    target = wrong_kind if place == "wrong kind" else file / "sub" / "name"
    monkeypatch.setattr("cart_fhir.mappers.load_map", None)  # it is not even asked for
    with pytest.raises(click.BadParameter) as told:
        CliRunner().invoke(
            command, [str(CENTRE / "export"), "--map", str(CENTRE / "map.yaml"), option, str(target)],
            standalone_mode=False, catch_exceptions=False,
        )  # fmt: skip
    assert str(wrong_kind if place == "wrong kind" else file) in told.value.message
    assert told.value.exit_code == 2


def test_a_target_without_the_right_to_write_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: not mode & os.W_OK)
    done = call(CENTRE / "export", "--map", CENTRE / "map.yaml", "-o", tmp_path / "b.json")
    assert isinstance(done.exception, click.BadParameter)
    assert "no right to write" in str(done.exception)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_an_unfinished_file_leaves_the_old_one_as_it_was(tmp_path: Path, stop: Any) -> None:
    def half(target: Path) -> None:
        with whole(target) as stream:
            stream.write(b"half")
            raise stop

    for name in ("old", "new"):
        target = tmp_path / name
        if name == "old":
            target.write_bytes(b"before")
            target.chmod(0o600)
        with pytest.raises((KeyboardInterrupt, OSError)):
            half(target)
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old").read_bytes() == b"before"
    with whole(tmp_path / "old") as stream:
        stream.write(b"after")
    assert (tmp_path / "old").read_bytes() == b"after"
    assert (tmp_path / "old").stat().st_mode & 0o777 == 0o600, "what was private stays so"


def test_a_full_disk_leaves_no_ndjson_and_no_bundle_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Mapped) -> Iterator[tuple[str, bytes]]:
        yield "Patient/1", b"{}"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Mapped, "_serialized", full)
    done = call(CENTRE / "export", "--map", CENTRE / "map.yaml", "--ndjson", tmp_path / "nd", "--no-validate")
    assert isinstance(done.exception, OSError)
    assert list((tmp_path / "nd").iterdir()) == []


def test_a_file_into_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    done = call(CENTRE / "export", "--map", CENTRE / "map.yaml", "-o", tmp_path / "a" / "b.json", "--no-validate")
    assert done.return_value == 0, done.output
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.json"]


def test_standard_input_is_an_export(tmp_path: Path) -> None:
    labs = (BAD / "unit-unknown" / "labs.csv").read_bytes()
    found = []
    for export, given in ((BAD / "unit-unknown" / "labs.csv", b""), ("-", labs)):
        words = [export, "--map", BAD / "map.yaml", "--stdin-name", "labs.csv", "-o", tmp_path / "b.json", "--report",
                 tmp_path / "r.csv"]  # fmt: skip
        done = CliRunner().invoke(command, [str(word) for word in words], input=given, standalone_mode=False)
        found.append((done.return_value, (tmp_path / "b.json").read_bytes(), (tmp_path / "r.csv").read_bytes()))
    assert found[0] == found[1]


def test_standard_input_takes_its_name_from_a_map_with_one_and_asks_where_there_are_several() -> None:
    with pytest.raises(click.UsageError, match=r"--stdin-name, one of a\.csv, b\.csv"):
        with_standard_input([Path("-")], "", ["b.csv", "a.csv"]).__enter__()
    for pattern, name in (("*.hl7", "input.hl7"), ("labs.csv", "labs.csv")):
        with CliRunner().isolation(input="x"), with_standard_input([Path("-")], "", [pattern] * 2) as (path,):
            assert (path.name, path.read_text()) == (name, "x")
            assert path.parent.stat().st_mode & 0o077 == 0
        assert not path.exists()


@pytest.mark.parametrize("stated", ["yesterday", "2026-02-30", "2026-03-31T08:00:00", "31.03.2026"])
def test_when_an_export_was_made_is_checked_first(tmp_path: Path, stated: str) -> None:
    done = call(CENTRE / "export", "--map", CENTRE / "map.yaml", "-o", tmp_path / "b.json", "--exported", stated)
    assert isinstance(done.exception, ConfigError)
    assert stated in done.exception.message
    assert not (tmp_path / "b.json").exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--report", "r.docx"], "written as .csv, .html, .json, .txt"),
        (["--full"], "--full needs --state"),
        (["--nonsense"], "No such option"),
    ],
)
def test_wrong_words_are_told_by_the_command_that_was_called(args: list[str], said: str) -> None:
    done = call(CENTRE / "export", "--map", CENTRE / "map.yaml", *args)
    assert isinstance(done.exception, click.UsageError)
    assert said in done.exception.message
    assert done.exception.ctx
    assert done.exception.ctx.command_path == "map"


def test_check_shows_one_row_at_least() -> None:
    assert isinstance(call("check", CENTRE / "map.yaml", CENTRE / "export", "--rows", "-1").exception, click.UsageError)
