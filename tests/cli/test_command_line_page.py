"""docs/command-line.md works as written: its commands, one after the other, in an empty folder."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from cart_fhir.cli import COMMANDS, main, validate

CALL = "import sys; from cart_fhir.cli import main; sys.argv[0] = 'cart-fhir'; main()"


def test_it_names_every_command(root: Path) -> None:
    page = (root / "docs/command-line.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `cart-fhir (\w+)", page, re.MULTILINE)) == set(COMMANDS)


def test_step_by_step(root: Path, tmp_path: Path) -> None:
    page = (root / "docs/command-line.md").read_text(encoding="utf-8")
    block = re.search(r"step by step\n\n```\n(.*?)```", page, re.DOTALL)
    assert block
    (tmp_path / "examples").symlink_to(root / "examples")
    lines = [line for line in block[1].splitlines() if not line.startswith("cart-fhir serve")]
    assert len(lines) == 4
    for line in lines:
        words = [sys.executable, "-c", CALL, *shlex.split(line)[1:]]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    assert (tmp_path / "cart.db").stat().st_size > 100_000


@pytest.mark.parametrize("asked", [False, True])
def test_a_fault_of_the_program_is_2_and_quotes_no_data(
    asked: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> None:
        raise KeyError("Erika Mustermann")

    monkeypatch.setattr(validate.command, "callback", fail)
    monkeypatch.setattr(sys, "argv", ["cart-fhir", "validate"])
    if asked:
        monkeypatch.setenv("CART_FHIR_TRACEBACK", "1")
    with pytest.raises(KeyError if asked else SystemExit) as caught:
        main()
    if not asked:
        assert caught.value.code == 2  # type: ignore[attr-defined]  # it is a SystemExit here
        said = capsys.readouterr().err
        assert "this is a fault of the program: KeyError at " in said
        assert "Mustermann" not in said
