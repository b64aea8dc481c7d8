"""`cart-fhir demo` and `load`, as a person runs them."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from cart_fhir import synth
from cart_fhir.cli import demo, load


def call(command: object, *words: object) -> Result:
    made = CliRunner().invoke(command, [str(word) for word in words], standalone_mode=False)  # type: ignore[arg-type]
    assert made.exception is None, made.output
    return made


def test_the_demo_shows_the_main_job_with_its_refusals(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shown = call(demo.command, "--no-serve", "--folder", folder, "-n", 3)
    assert shown.return_value == 0
    assert shown.output.count("+ 0 skipped + 1 refused") == 1
    assert "labor.csv row 5 column Datum value '99.99.9999'" in shown.output, "refused, named and masked"
    assert "laboratorio.csv row 7 column unita" in shown.output
    assert (folder / "refused" / "centre-a" / "labor.csv").is_file()
    assert (folder / "cart.db").is_file()


def test_the_demo_leaves_other_folders_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("five years of work", encoding="utf-8")
    (tmp_path / "exports").mkdir()  # as docs/command-line.md has it: a demo would have one too
    made = CliRunner().invoke(demo.command, ["--no-serve", "--folder", str(tmp_path)])
    assert made.exit_code != 0
    assert (tmp_path / "thesis.txt").is_file()


def test_the_demo_makes_its_own_folder_anew(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    demo._make_anew(folder)
    (folder / "bundle.json").touch()
    demo._make_anew(folder)
    assert not (folder / "bundle.json").exists()


def test_load_stores_whole_bundles_or_nothing(tmp_path: Path) -> None:
    good, broken = synth.write("fhir", tmp_path, 2, 3)
    bundle = json.loads(broken.read_text(encoding="utf-8"))
    entry = next(row for row in bundle["entry"] if row["resource"]["resourceType"] == "Observation")
    entry["resource"]["status"] = "finished"
    broken.write_text(json.dumps(bundle), encoding="utf-8")
    store = f"sqlite:///{tmp_path / 'cart.db'}"
    first = call(load.command, good, "--store", store)
    assert first.return_value == 0
    second = call(load.command, broken, "--store", store)
    assert second.return_value == 1
    place = f"Bundle.entry[{bundle['entry'].index(entry)}].resource.status"
    assert place in second.output
    assert "nothing done" in second.output
