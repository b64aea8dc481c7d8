"""The scripts under examples/ run as they stand, and print what they promise."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SAYS = {
    "01_validate.py": ["error: Observation: cart-mga-"],
    "02_map.py": ["patienten.csv: ", "MedicationAdministration/", "was made of infusion.csv row"],
    "03_serve.py": ["201 CREATED", "found 1"],
    "04_pseudonyms.py": ["resources, 0 errors", "and still day 0"],
}


def test_every_script_is_run(root: Path) -> None:
    assert {path.name for path in (root / "examples").glob("*.py")} == set(SAYS)


@pytest.mark.parametrize("name", sorted(SAYS))
def test_script(name: str, root: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(root / "examples" / name)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    for expected in SAYS[name]:
        assert expected in done.stdout, done.stdout
