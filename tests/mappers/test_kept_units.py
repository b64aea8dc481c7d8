"""Values of unknown kind: `if` works out only what it takes, `unmapped: text` keeps a unit as a word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cart_fhir.mappers import load_map

MAP = """map: 1
source: {system: https://a.example/patients}
file: a.csv
columns: {PAT: {type: id, required: true}, KIND: text, VALUE: text, UNIT: {type: unit, unmapped: text}}
make:
  - resource: Observation
    key: [=PAT]
    body:
      status: final
      code: {text: X}
      valueQuantity: =if(equals(KIND, "number"), quantity(VALUE, UNIT))
      valueString: =if(not(equals(KIND, "number")), VALUE)
"""


def run(tmp_path: Path, *rows: str) -> tuple[list[dict[str, Any]], list[str]]:
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    (tmp_path / "a.csv").write_text("\n".join(["PAT,KIND,VALUE,UNIT", *rows]), encoding="utf-8")
    with load_map(tmp_path / "map.yaml").run([tmp_path / "a.csv"]) as mapped:
        found = sorted(issue.rule for issue in mapped.issues)
        return [one for one in mapped if one["resourceType"] == "Observation"], found


def test_a_text_is_not_read_as_the_number_that_it_is_not(tmp_path: Path) -> None:
    made, rules = run(tmp_path, "P1,word,many,g/L")
    assert made[0]["valueString"] == "many"
    assert rules == []


def test_an_unknown_unit_stays_a_word_and_is_told(tmp_path: Path) -> None:
    made, rules = run(tmp_path, "P1,number,<5,puffs")
    assert made[0]["valueQuantity"] == {"value": 5, "comparator": "<", "unit": "puffs"}
    assert rules == ["unit-kept"]


def test_a_refusal_names_the_cells_that_the_function_took(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    (tmp_path / "a.csv").write_text("PAT,KIND,VALUE,UNIT\nP1,number,many,g/L\n", encoding="utf-8")
    with load_map(tmp_path / "map.yaml").run([tmp_path / "a.csv"]) as mapped:
        (issue,) = [issue for issue in mapped.issues if issue.is_error]
        assert issue.origin
        assert issue.origin.column == "UNIT, VALUE"
