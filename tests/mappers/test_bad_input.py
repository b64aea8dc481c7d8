"""Bad input, one folder a case: what is told, where, and what becomes of every row (tests/mappers/bad)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cart_fhir.issues import Issue
from cart_fhir.mappers import load_map

BAD = Path(__file__).parent / "bad"
CASES = sorted(path.parent.name for path in BAD.glob("*/expected.yaml"))


@pytest.fixture(scope="module")
def mapping() -> Any:
    return load_map(BAD / "map.yaml")


def exports(case: str) -> list[Path]:
    return [path for path in sorted((BAD / case).iterdir()) if path.name != "expected.yaml"]


def told(issue: Issue) -> dict[str, Any]:
    place = issue.origin
    where = (
        {} if place is None else {"file": place.file, "row": place.row, "column": place.column, "value": place.value}
    )
    return {"severity": issue.severity, "rule": issue.rule, "text": issue.text, **where}


def matches(found: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return all(value in found["text"] if key == "text" else found.get(key) == value for key, value in wanted.items())


@pytest.mark.parametrize("case", CASES)
def test_every_row_is_accounted_for_and_every_fault_is_told(case: str, mapping: Any, tmp_path: Path) -> None:
    expected = yaml.safe_load((BAD / case / "expected.yaml").read_text(encoding="utf-8"))
    with mapping.run(exports(case)) as mapped:
        totals = {total.file: [total.read, total.mapped, total.skipped, total.refused] for total in mapped.totals}
        assert totals == expected["totals"]
        assert all(read == sum(rest) for read, *rest in totals.values())
        found = [told(issue) for issue in mapped.issues]
        for wanted in expected["issues"]:
            assert any(matches(one, wanted) for one in found), (wanted, found)
        assert len(found) == len(expected["issues"]), found
        assert all(issue.advice for issue in mapped.issues)
        assert mapped.dropped == expected.get("dropped", 0)
        assert [list(row) for row in mapped.unmapped] == expected.get("unmapped", [])
        for path in mapped.write_refused(tmp_path):
            if path.suffix == ".xlsx":
                continue  # test_mending reads those
            lines = path.read_text(encoding="utf-8-sig").splitlines()[1:]
            for start in expected.get("refused", {}).get(path.name, []):
                assert any(line.startswith(start) for line in lines), lines
                assert all(len(line) > len(start) for line in lines), "the findings stand beside the row"


@pytest.mark.parametrize("case", CASES)
def test_what_is_left_does_not_depend_on_the_order_of_rows(case: str, mapping: Any, tmp_path: Path) -> None:
    files = [path for path in exports(case) if path.suffix == ".csv"]
    for path in files:
        header, *rows = path.read_bytes().splitlines(keepends=True) or [b""]
        (tmp_path / path.name).write_bytes(header + b"".join(reversed(rows)))
    with mapping.run(files) as one, mapping.run(sorted(tmp_path.iterdir())) as other:
        if not any(issue.rule == "reader" for issue in one.issues + other.issues):
            assert one.resources == other.resources
