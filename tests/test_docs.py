"""The docs are true: links lead somewhere, every command, reader and store is described, no command that is gone."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

from cart_fhir.cli import COMMANDS

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
TEXT = {page: page.read_text(encoding="utf-8") for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", TEXT[page]):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_described(name: str) -> None:
    assert any(f"cart-fhir {name}" in text for text in TEXT.values())


def test_commands_in_the_docs_exist() -> None:
    for page, text in TEXT.items():
        for name in re.findall(r"^\s*(?:\$ )?cart-fhir ([a-z]+)", text, re.MULTILINE):
            assert name in COMMANDS, f"{page.name} tells of cart-fhir {name}"


def test_every_plug_in_is_described() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    told = "\n".join(TEXT.values())
    for group in ("cart_fhir.readers", "cart_fhir.stores"):
        assert group in told
        for line in setup["options.entry_points"][group].strip().splitlines():
            name = line.split("=")[0].strip()
            assert re.search(rf"\b{re.escape(name)}\b", told), f"{group}: {name} is nowhere described"


def test_targets_of_make_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page, text in TEXT.items():
        for name in re.findall(r"`make ([a-z]+)", text):
            assert re.search(rf"^{name}:", makefile, re.MULTILINE), f"{page.name} tells of make {name}"
