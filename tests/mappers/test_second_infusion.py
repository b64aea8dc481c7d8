"""A patient who is infused twice: each row counts from the infusion before it, and nothing is refused for it."""

from __future__ import annotations

import random
from pathlib import Path

from cart_fhir.mappers import load_map

MAP = """map: 1
source: {system: https://a.example/patients}
lookup:
  INFUSION: {table: infusions, take: WHEN, on: PAT, by: [DAY, BEGIN]}
tables:
  infusions:
    file: infusions.csv
    columns:
      PAT: {type: id, required: true}
      WHEN: {type: date, required: true}
    make:
      - {resource: Patient, profile: cart-patient, key: [=PAT], body: {gender: unknown}}
  weights:
    file: weights.csv
    columns:
      PAT: {type: id, required: true}
      DAY: {type: date, required: true}
      KG: {type: number, unit: kg}
    make:
      - resource: Observation
        profile: cart-body-size
        key: [=PAT, weight, =DAY]
        body:
          extension: {cart-study-day: '=study_day(DAY, INFUSION)'}
          status: final
          code: =concept(loinc, "29463-7")
          subject: =ref(Patient, PAT)
          effectiveDateTime: =DAY
          valueQuantity: =quantity(KG)
"""
INFUSIONS = ["P1,2024-03-01\n", "P1,2024-09-01\n", "P2,2024-05-05\n"]
# the day of a weight -> the study day that it has, and the infusion that it counts from
EXPECTED = {
    ("P1", "2024-02-25"): (-5, "2024-03-01"),
    ("P1", "2024-03-01"): (0, "2024-03-01"),
    ("P1", "2024-08-31"): (183, "2024-03-01"),
    ("P1", "2024-09-01"): (0, "2024-09-01"),
    ("P1", "2024-10-01"): (30, "2024-09-01"),
    ("P2", "2024-10-01"): (149, "2024-05-05"),
}


def days(folder: Path, infusions: list[str], which: str = MAP) -> tuple[dict[tuple[str, str], tuple[int, str]], int]:
    """((patient, day) -> (study day, infusion), rows refused)."""
    (folder / "map.yaml").write_text(which, encoding="utf-8")
    (folder / "infusions.csv").write_text("PAT,WHEN\n" + "".join(infusions), encoding="utf-8")
    rows = "".join(f"{patient},{day},60\n" for patient, day in EXPECTED)
    (folder / "weights.csv").write_text("PAT,DAY,KG\n" + rows, encoding="utf-8")
    with load_map(folder / "map.yaml").run([folder / "infusions.csv", folder / "weights.csv"]) as mapped:
        found = {}
        for one in mapped:
            if one["resourceType"] == "Observation":
                parts = {part["url"]: part for part in one["extension"][0]["extension"]}
                key = (one["identifier"][0]["value"].partition("|")[0], one["effectiveDateTime"])
                found[key] = (parts["day"]["valueInteger"], parts["infusionDate"]["valueDate"])
        return found, mapped.refused


def test_a_row_counts_from_the_infusion_before_it_in_any_order_of_rows(tmp_path: Path) -> None:
    for seed in range(3):
        rows = random.Random(seed).sample(INFUSIONS, k=3)
        assert days(tmp_path, rows) == (EXPECTED, 0)


def test_without_a_rule_rows_of_that_patient_are_refused_and_no_others(tmp_path: Path) -> None:
    found, refused = days(tmp_path, INFUSIONS, MAP.replace(", by: [DAY, BEGIN]", ""))
    assert refused == 5
    assert list(found) == [("P2", "2024-10-01")]


def test_a_row_without_a_date_counts_from_none_of_two(tmp_path: Path) -> None:
    text = MAP.replace("DAY: {type: date, required: true}", "DAY: date\n      NO: {type: id, required: true}")
    (tmp_path / "map.yaml").write_text(text.replace("weight, =DAY]", "weight, =NO]"), encoding="utf-8")
    (tmp_path / "infusions.csv").write_text("PAT,WHEN\n" + "".join(INFUSIONS), encoding="utf-8")
    (tmp_path / "weights.csv").write_text("PAT,NO,DAY,KG\nP1,1,,60\nP2,2,,70\n", encoding="utf-8")
    with load_map(tmp_path / "map.yaml").run([tmp_path / "infusions.csv", tmp_path / "weights.csv"]) as mapped:
        assert mapped.refused == 0
        assert not [one for one in mapped if "extension" in one]


def test_a_table_may_choose_otherwise(tmp_path: Path) -> None:
    own = "    lookup: {INFUSION: {table: infusions, take: WHEN, on: PAT, which: first}}\n"
    make = "    make:\n      - resource: Obs"
    found, refused = days(tmp_path, INFUSIONS, MAP.replace(make, own + make))
    assert refused == 0
    assert found["P1", "2024-10-01"] == (214, "2024-03-01")
