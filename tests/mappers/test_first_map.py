"""docs/first-map.md holds what it promises: its files and its map, as printed, give a valid bundle of every row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from cart_fhir.cli.map import command
from cart_fhir.mappers import load_map
from cart_fhir.validator import Validator

PAGE = (Path(__file__).parents[2] / "docs" / "first-map.md").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the page, each as it is printed under its name."""
    (tmp_path / "codes").mkdir()
    for name, text in re.findall(r"`([\w/.-]+)`[^\n]*\n\n```\w+\n(.*?)```", PAGE, re.DOTALL):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_page_gives_a_valid_bundle_of_every_row(folder: Path) -> None:
    exports = sorted(folder.glob("*.csv"))
    assert [path.stem for path in exports] == ["biverkningar", "infusion", "lab", "patienter"]
    with load_map(folder / "map.yaml").run(exports) as mapped:
        assert not mapped.issues
        assert [(total.mapped, total.refused) for total in mapped.totals] == [(3, 0), (3, 0), (6, 0), (3, 0)]
        assert mapped.count == 46
        assert not [issue.text for issue in Validator().validate(mapped.bundle()) if issue.is_error]


def test_the_first_step_writes_a_map_that_can_be_checked(folder: Path) -> None:
    exports = [str(path) for path in sorted(folder.glob("*.csv"))]
    (folder / "own").mkdir()
    written = folder / "own" / "map.yaml"
    runner = CliRunner()
    new = runner.invoke(command, ["new", *exports, "-o", str(written)])
    assert new.exit_code == 0, new.output
    check = runner.invoke(command, ["check", str(written), *exports])
    assert "no errors" in check.output
