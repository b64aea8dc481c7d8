"""Two tables share a file: a row of neither kind is refused where the kinds are listed, not left out by both."""

from __future__ import annotations

from pathlib import Path

import pytest

from cart_fhir.mappers import load_map

MAP = """map: 1
source: {system: https://a.example/patients}
tables:
  women:
    file: all.csv
    skip: =not(equals(SEX, "w"))
    columns: {PAT: {type: id, required: true}, SEX: VALUES}
    make: [{resource: Patient, profile: cart-patient, key: [=PAT], body: {gender: female}}]
  men:
    file: all.csv
    skip: =not(equals(SEX, "m"))
    columns: {PAT: {type: id, required: true}, SEX: text}
    make: [{resource: Patient, profile: cart-patient, key: [=PAT], body: {gender: male}}]
"""


@pytest.mark.parametrize(("kinds", "refused"), [("text", 0), ("{type: text, values: [w, m]}", 1)])
def test_a_row_of_no_kind(kinds: str, refused: int, tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(MAP.replace("VALUES", kinds), encoding="utf-8")
    (tmp_path / "all.csv").write_text("PAT,SEX\nP1,w\nP2,m\nP3,?\n", encoding="utf-8")
    with load_map(tmp_path / "map.yaml").run([tmp_path / "all.csv"]) as mapped:
        assert mapped.refused == refused
        told = [(issue.origin.row, issue.origin.column) for issue in mapped.issues if issue.is_error and issue.origin]
        assert told == [(4, "SEX")] * refused
        assert mapped.count == 2
