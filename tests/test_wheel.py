"""The built wheel works alone: installed into an empty environment, it validates a resource without network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

OBSERVATION = {
    "resourceType": "Observation",
    "id": "platelets",
    "status": "finished",
    "code": {"coding": [{"system": "http://loinc.org", "code": "26515-7"}]},
    "subject": {"reference": "Patient/p1"},
    "valueQuantity": {"value": 52, "unit": "10*9/L", "system": "http://unitsofmeasure.org", "code": "10*9/L"},
}


def run(*command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    words = [str(part) for part in command]
    return subprocess.run(words, capture_output=True, text=True, timeout=280, check=False, **options)


@pytest.mark.slow
def test_the_wheel_validates_without_network(root: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"  # a copy, so that nothing left by an earlier build can hide what is missing
    shutil.copytree(root / "cart_fhir", source / "cart_fhir", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(root / name, source)
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, source)
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-2000:]
    (wheel,) = tmp_path.glob("*.whl")
    home = tmp_path / "empty"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    # The wheel alone goes in; its dependencies are lent from this environment by path, so that nothing is fetched.
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip()
    installed = run(sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--target", site, wheel)
    assert installed.returncode == 0, installed.stderr
    lent = os.pathsep.join(path for path in sys.path if path.endswith("site-packages"))
    Path(site, "lent.pth").write_text(lent + "\n", encoding="utf-8")
    resource = tmp_path / "observation.json"
    resource.write_text(json.dumps(OBSERVATION), encoding="utf-8")
    code = "import cart_fhir, cart_fhir.cli; print(cart_fhir.__file__, flush=True); cart_fhir.cli.main()"
    found = run(
        python,
        "-c",
        code,
        "validate",
        resource,
        "--output",
        "json",
        cwd=tmp_path,
        env={"PATH": "", "HOME": str(tmp_path)},
    )
    first, _, outcome = found.stdout.partition("\n")
    assert first.startswith(site), f"the installed copy must run, not the checkout: {first}"
    assert found.returncode == 1, found.stderr
    errors = [issue["expression"] for issue in json.loads(outcome)["issue"] if issue["severity"] == "error"]
    assert errors == [["Observation.status"]]
