"""docs/conformance/server.md is generated from conformance.yaml, and every test it names is there.

`CART_FHIR_WRITE=1 pytest tests/server/test_conformance.py` writes it anew.
"""

from __future__ import annotations

import ast
import os
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TESTS = Path(__file__).parents[1]
ROWS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "conformance.yaml").read_text(encoding="utf-8"))
HEAD = """# What the server offers of R4

Generated from `tests/server/conformance.yaml`; each row names the tests that prove it. The rows are those of a public
comparison of FHIR servers; what is not offered is refused, and /metadata does not list it.
"""


def table() -> str:
    """The page."""
    lines = [HEAD]
    area = ""
    for row in ROWS:
        if row["area"] != area:
            area = row["area"]
            lines.append(f"\n## {area}\n| what | offered | proved by |\n|---|---|---|")
        proof = ", ".join(f"`{test}`" for test in row["tests"])
        lines.append(f"| {row['what']} | {row['state']} | {proof} |")
    return "\n".join(lines) + "\n"


@cache
def names(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def test_every_proof_is_there() -> None:
    for row in ROWS:
        assert row["tests"] or row["state"] == "no", f"{row['what']}: nothing proves it"
        for test in row["tests"]:
            file, _, name = test.partition("::")
            assert name in names(file), test


def test_the_page_is_the_table(root: Path) -> None:
    page = root / "docs" / "conformance" / "server.md"
    if os.environ.get("CART_FHIR_WRITE") == "1":
        page.write_text(table(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == table()


def test_the_compose_file_keeps_to_itself(root: Path) -> None:
    compose = yaml.safe_load((root / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
    assert all(port.startswith("127.0.0.1:") for port in compose["services"]["server"]["ports"])
    assert ":?" in compose["services"]["database"]["environment"]["POSTGRES_PASSWORD"], "no default password"
    dockerfile = (root / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    assert "\nUSER cart\n" in dockerfile
    assert "health/ready" in dockerfile
