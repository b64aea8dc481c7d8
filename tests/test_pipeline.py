"""The main job: an export in, a validated store out; twice changes nothing, killed leaves nothing half-written."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import cast

import pytest

from cart_fhir import pipeline, synth
from cart_fhir.definitions import Registry
from cart_fhir.issues import Issue
from cart_fhir.mappers import load_map
from cart_fhir.store import open_store
from cart_fhir.validator import Validator

KINDS = {"centre-a": "csv-centre-a", "centre-b": "csv-centre-b"}


@pytest.fixture(scope="module", params=sorted(KINDS))
def centre(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def exports(centre: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(centre)
    synth.write(KINDS[centre], folder, 6, 7)
    return folder


def run(exports: Path, centre: str, root: Path, database: Path) -> pipeline.Report:
    registry = Registry.default()
    store = open_store(f"sqlite:///{database}", registry)
    try:
        mapping = load_map(root / "examples" / centre / "map.yaml", registry=registry)
        return pipeline.run([exports], mapping, store, Validator(registry=registry))
    finally:
        store.close()


def bundle(exports: Path, centre: str, root: Path) -> dict[str, object]:
    with load_map(root / "examples" / centre / "map.yaml").run([exports]) as mapped:
        return mapped.bundle()


def test_everything_is_stored_and_the_second_run_changes_nothing(
    exports: Path, centre: str, root: Path, tmp_path: Path
) -> None:
    first = run(exports, centre, root, tmp_path / "cart.db")
    assert first.refused == 0, [str(issue.origin) + issue.text for issue in first.issues if issue.is_error]
    assert first.created == first.resources.total() > 500
    second = run(exports, centre, root, tmp_path / "cart.db")
    assert (second.created, second.changed) == (0, 0)
    assert second.unchanged == first.created


def test_a_store_that_remembers_little_stores_the_same(
    exports: Path, centre: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a transaction knows of resources is forgotten after many of them; nothing may hang on that."""
    usual = run(exports, centre, root, tmp_path / "usual.db")
    monkeypatch.setattr("cart_fhir.store.writing._MOST_KNOWN", 10)
    monkeypatch.setattr("cart_fhir.pipeline._BATCH", 50)
    first = run(exports, centre, root, tmp_path / "forgetful.db")
    assert (first.created, first.changed, first.resources) == (usual.created, 0, usual.resources)
    second = run(exports, centre, root, tmp_path / "forgetful.db")
    assert (second.created, second.changed, second.unchanged) == (0, 0, first.created)


def test_rows_add_up(exports: Path, centre: str, root: Path, tmp_path: Path) -> None:
    for total in run(exports, centre, root, tmp_path / "cart.db").totals:
        assert total.read == total.mapped + total.skipped + total.refused


def test_shuffled_rows_give_the_same_bundle(exports: Path, centre: str, root: Path, tmp_path: Path) -> None:
    shuffled = tmp_path / "shuffled"
    shutil.copytree(exports, shuffled)
    for path in shuffled.glob("*.csv"):
        header, *rows = path.read_bytes().splitlines(keepends=True)
        random.Random(1).shuffle(rows)
        path.write_bytes(header + b"".join(rows))
    assert bundle(shuffled, centre, root) == bundle(exports, centre, root)


def test_a_rule_of_the_guide_refuses_the_row_and_what_leans_on_it(root: Path, tmp_path: Path) -> None:
    """An infusion dated before the patient's birth breaks a rule; the other patients are stored."""
    synth.write("csv-centre-b", tmp_path / "exports", 3, 7)
    path = tmp_path / "exports" / "linfodeplezione.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    cells = lines[1].split(",")
    day = lines[0].split(",").index("giorno")
    cells[day] = "9"  # a lymphodepletion after the infusion
    lines[1] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    registry = Registry.default()
    store = open_store(f"sqlite:///{tmp_path / 'cart.db'}", registry)
    try:
        mapping = load_map(root / "examples/centre-b/map.yaml", registry=registry)
        folder = tmp_path / "refused"
        report = pipeline.run([tmp_path / "exports"], mapping, store, Validator(registry=registry), refused=folder)
    finally:
        store.close()
    wrong = [issue for issue in report.issues if issue.is_error and issue.origin and issue.origin.row == 2]
    assert wrong, [issue.text for issue in report.issues if issue.is_error]
    assert {issue.origin.file for issue in wrong if issue.origin} == {"linfodeplezione.csv"}
    assert report.refused == 1
    refused = (folder / "linfodeplezione.csv").read_text(encoding="utf-8-sig").splitlines()
    assert refused[1].startswith(lines[1]), "the refused row is written as it came"
    for total in report.totals:
        assert total.read == total.mapped + total.skipped + total.refused


KILLED = """
import sys, pathlib
from cart_fhir import pipeline
from cart_fhir.definitions import Registry
from cart_fhir.issues import Issue
from cart_fhir.mappers import load_map
from cart_fhir.store import open_store
from cart_fhir.validator import Validator
registry = Registry.default()
store = open_store("sqlite:///" + sys.argv[3], registry)
told = lambda what, more: what == "resources" and print("writing", flush=True)
pipeline.run([pathlib.Path(sys.argv[1])], load_map(sys.argv[2]), store, Validator(registry=registry), progress=told)
"""


@pytest.mark.parametrize("pause", [0.0, 0.02])
def test_killed_while_writing_leaves_nothing(root: Path, tmp_path: Path, pause: float) -> None:
    synth.write("csv-centre-a", tmp_path / "exports", 8, 7)
    database = tmp_path / "cart.db"
    argv = [sys.executable, "-c", KILLED, tmp_path / "exports", root / "examples/centre-a/map.yaml", database]
    with subprocess.Popen([str(word) for word in argv], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        more = process.stdout.read()
    store = open_store(f"sqlite:///{database}", Registry.default())
    try:
        assert more.count("writing") == 0 or store.counts(), "killed after the last batch: all or nothing"
        counts = store.counts()
        assert not counts or counts["Patient"] == 8
    finally:
        store.close()


def test_results_without_their_patients_are_validated_too(root: Path, tmp_path: Path) -> None:
    """A map of a laboratory alone: nothing says who the patients are, and what is wrong is refused all the same."""
    (tmp_path / "labs.csv").write_text("Pat,Day,Status,Value\n1,2026-03-10,final,52\n2,2026-03-11,nonsense,53\n")
    (tmp_path / "map.yaml").write_text(
        """
map: 1
source: {system: https://clinic.example/patients, dates: ["%Y-%m-%d"]}
tables:
  labs:
    file: labs.csv
    columns:
      Pat: {type: id, required: true}
      Day: {type: date, required: true}
      Status: text
      Value: {type: number, unit: "10*9/L"}
    make:
      - resource: Observation
        profile: cart-laboratory
        key: [=Pat, "26515-7", =Day]
        body:
          status: =Status
          code: =concept(loinc, "26515-7", "Platelets")
          subject: =ref(Patient, Pat)
          effectiveDateTime: =Day
          valueQuantity: =quantity(Value)
"""
    )
    registry = Registry.default()
    store = open_store(f"sqlite:///{tmp_path / 'cart.db'}", registry)
    try:
        mapping = load_map(tmp_path / "map.yaml", registry=registry)
        report = pipeline.run([tmp_path / "labs.csv"], mapping, store, Validator(registry=registry))
    finally:
        store.close()
    assert report.resources["Observation"] == 1
    assert [(total.mapped, total.refused) for total in report.totals] == [(1, 1)]
    assert any(issue.is_error and issue.expression == "Observation.status" for issue in report.issues)


class Doubting:
    """A validator that doubts the first resource of every bundle, and each bundle as a whole."""

    def validate(self, resource: dict[str, object]) -> list[Issue]:
        places = ("Bundle.entry[0].resource.gender", "Bundle") if resource["resourceType"] == "Bundle" else ()
        return [Issue("warning", "invalid", "doubt", "Is this so?", place) for place in places]


def test_warnings_name_the_resource_and_refuse_nothing(exports: Path, centre: str, root: Path) -> None:
    with load_map(root / "examples" / centre / "map.yaml").run([exports]) as mapped:
        told = pipeline.validate(mapped, cast(Validator, Doubting()), lambda what, more: None)
        patients = [f"Patient/{one['id']}" for one in mapped if one["resourceType"] == "Patient"]
        assert sorted(one.expression for one in told) == sorted(patients + [f"{one}.gender" for one in patients])
        assert sum(total.refused for total in mapped.totals) == 0
