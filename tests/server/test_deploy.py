"""The container files: linted by hadolint, the compose file read by the compose specification, closed by default."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from compose_spec import PyCompose


def test_the_dockerfile_passes_the_linter(root: Path) -> None:
    hadolint = shutil.which("hadolint", path=Path(sys.executable).parent)
    assert hadolint, "hadolint comes with the test extra"
    run = subprocess.run(
        [hadolint, root / "deploy" / "Dockerfile"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (run.returncode, run.stdout) == (0, "")


def test_the_container_asks_for_little(root: Path) -> None:
    dockerfile = (root / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    assert "\nUSER 10001\n" in dockerfile
    assert "health/ready" in dockerfile


def test_the_compose_file_is_one(root: Path) -> None:
    compose = PyCompose.from_yaml((root / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
    compose.validate()
    assert sorted(compose.service_names()) == ["database", "server"]


def test_the_compose_file_keeps_to_itself(root: Path) -> None:
    services = yaml.safe_load((root / "deploy" / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert all(port.startswith("127.0.0.1:") for port in services["server"]["ports"])
    assert "ports" not in services["database"]
    assert ":?" in services["database"]["environment"]["POSTGRES_PASSWORD"], "no default password"
    assert (
        root / "deploy" / services["server"]["build"]["context"] / services["server"]["build"]["dockerfile"]
    ).exists()
