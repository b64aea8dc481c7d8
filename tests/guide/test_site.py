"""The published form: every page is rendered, no link is dead, the package loads, the tables are complete."""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path

import pytest
from guide_package import DATA, definitions

from cart_fhir.definitions import Registry

sys.path.append(str(Path(__file__).parents[2] / "implementation_guide" / "tools" / "site"))
build_site = pytest.importorskip("build_site", reason="the docs extra (Jinja2) is not installed")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    assert build_site.main([str(folder)]) == 0
    return folder


def test_no_link_is_dead(site: Path) -> None:
    there = {path.name for path in site.iterdir()}
    dead = {
        f"{page.name}: {link}"
        for page in site.glob("*.html")
        for link in re.findall(r'href="([^"#]+)', page.read_text(encoding="utf-8"))
        if "://" not in link and link not in there
    }
    assert not dead


def test_every_definition_has_a_page(site: Path) -> None:
    manifest = json.loads((DATA / "manifest.json").read_text())
    pages = {path.stem for path in site.glob("*-*.html")}
    told = {path.stem for path in site.glob("*-*.json")}
    assert len(told) == manifest["definitions"] + manifest["examples"]
    assert told <= pages


def test_the_package_loads_as_any_package(site: Path) -> None:
    registry = Registry(guide=False)
    registry.load(site / "package.tgz")
    assert not [issue for issue in registry.issues if issue.severity != "information"]
    regimens = {"ActivityDefinition", "PlanDefinition"}  # content that a server stores, not rules that it loads
    wanted = {(d["resourceType"], d["url"]) for d in definitions() if d["resourceType"] not in regimens}
    assert {(kind, d["url"]) for kind in {kind for kind, _ in wanted} for d in registry.all(kind)} == wanted
    administration = registry.structure("https://w3id.org/cart-fhir/StructureDefinition/cart-administration")
    assert administration is not None
    assert administration["snapshot"]["element"]


def test_the_dictionary_names_every_profile(site: Path) -> None:
    with (site / "data-dictionary.csv").open(encoding="utf-8", newline="") as file:
        told = {row["profile"] for row in csv.DictReader(file)}
    assert told == {profile["title"] for profile in Registry.default().profiles()}


def test_every_covered_item_of_a_registry_form_has_an_example(site: Path) -> None:
    rows = re.findall(r"<tr><td>.*?</tr>", (site / "registry-forms.html").read_text(encoding="utf-8"))
    assert len(rows) > 60
    assert not [row for row in rows if "<td></td>" in row and "not covered" not in row]


def test_what_a_page_quotes_is_escaped() -> None:
    html = build_site.markdown.to_html(
        "# A <b>\n\n`<script>` and **bold** [x](index.html)\n\n| a | b |\n|---|---|\n| 1 | <i> |"
    )
    assert "<script>" not in html
    assert "<i>" not in html
    assert '<a href="index.html">x</a>' in html
