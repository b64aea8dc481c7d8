"""Every trap that the specifications name has a test: tests/mappers/traps.csv says which, and traps/ holds the rest."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from cart_fhir.errors import ConfigError
from cart_fhir.mappers import Mapped, load_map

HERE = Path(__file__).parent
with (HERE / "traps.csv").open(encoding="utf-8", newline="") as stream:
    TRAPS = list(csv.DictReader(stream))


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap["trap"])
def test_each_trap_names_a_test_that_is_there(trap: dict[str, str]) -> None:
    file, _, name = trap["test"].partition("::")
    path = HERE / file
    assert path.exists(), trap
    assert name in path.read_text(encoding="utf-8") if name else path, trap


@pytest.fixture(scope="module")
def mapped() -> Any:
    with load_map(HERE / "traps" / "map.yaml").run([HERE / "traps" / "hazards.csv"]) as found:
        yield found


def statement(mapped: Mapped, patient: int) -> dict[str, Any]:
    (one,) = [
        one for one in mapped
        if one["resourceType"] == "MedicationStatement" and one["subject"]["display"] == str(patient)
    ]  # fmt: skip
    return one


@pytest.mark.parametrize(
    ("patient", "meant"),
    [
        (1, ("completed", "L01AA01", ["3-plus"], "0.5 10*6/kg", "2024-03")),
        (2, ("not-taken", "L04AD", ["2-plus"], "1 10*6/kg", "2024-03-01")),
        (3, ("not-taken", "L01AA01", ["1-plus"], "1 10*6", "2024-03-01T08:15:00+01:00")),
        (4, ("completed", "L01AA01", [], "1 10*6", "2024-10-31")),
    ],
)
def test_hazards_are_read_as_they_are_meant(mapped: Mapped, patient: int, meant: tuple[Any, ...]) -> None:
    one = statement(mapped, patient)
    quantity = one["dosage"][0]["doseAndRate"][0]["doseQuantity"]
    assert meant == (
        one["status"],
        one["medicationCodeableConcept"]["coding"][0]["code"],
        [reason["coding"][0]["code"] for reason in one.get("reasonCode", [])],
        f"{quantity['value']} {quantity['code']}",
        one["effectiveDateTime"],
    )


def test_lists_of_days_are_lists_and_never_ranges(mapped: Mapped) -> None:
    found = sorted(
        (one["subject"]["display"], one["performedDateTime"]) for one in mapped if one["resourceType"] == "Procedure"
    )
    assert found == [
        ("1", "2024-03-05"), ("1", "2024-03-06"), ("1", "2024-03-07"), ("2", "2024-03-06"), ("2", "2024-03-07"),
    ]  # fmt: skip


def test_units_convert_exactly(mapped: Mapped) -> None:
    found = [one["valueQuantity"] for one in mapped if one["resourceType"] == "Observation"]
    assert sorted((str(one["value"]), one["code"]) for one in found) == [("0.9", "g/L"), ("0.9", "g/L")]


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        (6, "day-anchor-missing", "DAYS"),
        (7, "time-nonexistent", "WHEN"),
        (8, "time-ambiguous", "WHEN"),
        (9, "code-unmapped", "DRUG"),
        (10, "type", "DOSE"),
        (11, "range", "HCO"),
        (13, "unit-missing", "DOSE"),
        (14, "type", "DAYS"),
        (15, "date", "DAY0"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_cell(mapped: Mapped, row: int, rule: str, column: str) -> None:
    told = [issue for issue in mapped.issues if issue.is_error and issue.origin and issue.origin.row == row]
    assert [(issue.rule, issue.origin and issue.origin.column) for issue in told] == [(rule, column)]
    assert all(issue.advice for issue in told)


def test_an_unknown_strength_is_kept_and_told(mapped: Mapped) -> None:
    (told,) = [issue for issue in mapped.issues if issue.rule == "code-unmapped" and not issue.is_error]
    assert told.origin is not None
    assert (told.origin.row, told.origin.column) == (12, "STRENGTH")


def test_a_header_in_look_alike_letters_is_taken(mapped: Mapped) -> None:
    assert not [issue for issue in mapped.issues if issue.rule in ("column-missing", "column-unknown")]


def test_a_reader_that_is_not_there_is_named(tmp_path: Path) -> None:
    text = (
        (HERE / "traps" / "map.yaml")
        .read_text(encoding="utf-8")
        .replace("file: hazards.csv", "file: '*'\n    read: {format: edifact}")
    )
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "drugs.csv").write_bytes((HERE / "traps" / "drugs.csv").read_bytes())
    with pytest.raises(ConfigError, match="edifact") as told:
        load_map(tmp_path / "map.yaml").run([HERE / "traps" / "hazards.csv"])
    assert "hl7v2" in told.value.advice
