"""docs/conformance.md is generated from conformance.yaml, and every test it names is there.

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
HEAD = """# Conformance

What the server offers of R4, and the tests that prove it. The first rows are those of a public comparison of FHIR
servers, in its order; what is not offered is refused, and /metadata does not list it. Generated from
`tests/server/conformance.yaml`; a test checks that every proof is there.

The validator's agreement with the reference validator: [validator](conformance/validator.md); its findings on the
official R4 examples: [examples](conformance/examples.md).
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
        assert row["state"] in ("yes", "partly", "no"), row["what"]
        assert bool(row["tests"]) == (row["state"] != "no"), f"{row['what']}: nothing proves it"
        for test in row["tests"]:
            file, _, name = test.partition("::")
            assert name in names(file), test


def test_the_page_is_the_table(root: Path) -> None:
    page = root / "docs" / "conformance.md"
    if os.environ.get("CART_FHIR_WRITE") == "1":
        page.write_text(table(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == table()
