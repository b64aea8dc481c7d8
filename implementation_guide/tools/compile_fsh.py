"""Runs SUSHI (the FSH compiler, from npm) on the sources, offline, and reads what it made."""

from __future__ import annotations

import json
import os
import re
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import core_package

GUIDE = Path(__file__).parents[1]
HOME = GUIDE / ".cache" / "home"
SUSHI = GUIDE / "node_modules" / ".bin" / "sushi"

# Packages SUSHI would like to fetch and we do not use; and the menu, which our own pages make.
EXPECTED_WARNINGS = (
    r"Failed to load automatically-provided hl7\.(fhir\.uv\.tools|terminology|fhir\.uv\.extensions)\.r4",
    r'No "menu" property or file was found',
)


def prepare() -> None:
    """Fetch SUSHI (npm) and the R4 core package (PyPI), where that has not been done."""
    core_package.install(HOME)
    if not SUSHI.exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=GUIDE, check=True)


def run() -> None:
    """Compile input/fsh to fsh-generated/. Raises RuntimeError with SUSHI's words on an error or unexpected warning."""
    prepare()
    environment = {**os.environ, "HOME": str(HOME), "NO_UPDATE_NOTIFIER": "1"}
    command = [SUSHI, "build", ".", "--snapshot"]
    done = subprocess.run(command, cwd=GUIDE, env=environment, capture_output=True, text=True, timeout=300, check=False)
    problems = _problems(done.stdout + done.stderr)
    if done.returncode or problems:
        raise RuntimeError("SUSHI refuses the sources:\n" + "\n".join(problems or [done.stdout[-2000:]]))


def _problems(output: str) -> list[str]:
    """Errors and warnings that are ours, each with the lines that say where."""
    found: list[str] = []
    for block in re.split(r"\n(?=(?:error|warn|info)\b)", output):
        if block.startswith("error") or (
            block.startswith("warn") and not any(re.search(known, block) for known in EXPECTED_WARNINGS)
        ):
            found.append(block.split("\n\n")[0])
    return found


def resources() -> list[dict[str, Any]]:
    """Every resource SUSHI made, decimals as written, by file name."""
    folder = GUIDE / "fsh-generated" / "resources"
    return [json.loads(path.read_bytes(), parse_float=Decimal) for path in sorted(folder.glob("*.json"))]


if __name__ == "__main__":
    prepare()
