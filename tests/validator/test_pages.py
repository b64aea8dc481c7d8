"""The pages in docs are what the catalogue and the record say, and every rule that code names is in the catalogue."""

from __future__ import annotations

import ast
from pathlib import Path

from cart_fhir.validator import pages
from cart_fhir.validator.catalogue import RULES

ROOT = Path(__file__).parents[2]


def test_pages_are_up_to_date() -> None:
    made = pages.pages(ROOT / "docs")
    assert {path: path.read_text(encoding="utf-8") for path in made} == made
    assert set((ROOT / "docs" / "rules").glob("*.md")) == {p for p in made if p.parent.name == "rules"}


def named() -> set[str]:
    """The first arguments of one(...), note(...) and Finding(...) in the validator's code."""
    found = set()
    for path in (ROOT / "cart_fhir" / "validator").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in ("one", "note", "Finding"):
                    found.add(node.args[0].value)
    return found


def test_every_rule_is_in_the_catalogue_and_none_is_idle() -> None:
    by_variable = {
        "syntax",
        "invariant",
        "best-practice",
        "binding-maximum",
        "min-value",
        "max-value",
    }
    assert named() <= set(RULES)
    assert set(RULES) - named() == by_variable
