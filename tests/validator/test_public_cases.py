"""The public conformance cases as a floor: what agrees with the reference validator must go on agreeing.

docs/conformance/validator.yaml lists every run that disagrees and why; validator.md beside it is written from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cart_fhir.definitions import Registry
from cart_fhir.issues import Issue
from cart_fhir.validator import Validator

ROOT = Path(__file__).parents[2]
CASES = ROOT / ".." / "shared" / "cases" / "validator"
RECORD = ROOT / "docs" / "conformance" / "validator.yaml"
PAGE = ROOT / "docs" / "conformance" / "validator.md"

pytestmark = pytest.mark.skipif(not CASES.exists(), reason="the public cases (../shared) are not here")


def plain(path: str) -> str:
    """A path as the score compares it: without resource comments, types of choices and `.resource`."""
    return re.sub(r"\.(ofType|as)\([^)]*\)", "", re.sub(r"/\*.*?\*/", "", path)).replace(".resource.", ".").strip()


def wanted(path: Path) -> set[str]:
    """The places of the errors that the reference validator gives."""
    outcome = json.loads(path.read_bytes().lstrip(b"\xef\xbb\xbf"))
    errors = [issue for issue in outcome.get("issue", []) if issue["severity"] in ("error", "fatal")]
    return {plain(place) for issue in errors for place in issue.get("expression") or issue.get("location") or ["?"]}


def canonical(path: Path) -> str | None:
    """The first URL in a definition file, as the score reads it."""
    raw = path.read_bytes().lstrip(b"\xef\xbb\xbf")
    if raw.lstrip()[:1] == b"{":
        url: str | None = json.loads(raw).get("url")
        return url
    found = re.search(rb'<url\s+value="([^"]+)"', raw)
    return found.group(1).decode() if found else None


def runs() -> Iterator[tuple[str, dict[str, Any], str]]:
    """Every run of every case, by a name for people."""
    for case in json.loads((CASES / "manifest.json").read_text(encoding="utf-8")):
        for kind in case["runs"]:
            yield f"{case['module']}/{case['name']} ({kind})", case, kind


def found(case: dict[str, Any], kind: str) -> list[Issue]:
    """What our validator says of a run."""
    spec = case["runs"][kind]
    names = [*case.get("definitions", []), *spec.get("definitions", [])]
    profile = None
    if kind == "profile":
        names.append(spec["source"])
        profile = canonical(CASES / "files" / spec["source"])
    registry = Registry() if names else Registry.default()
    for name in names:
        registry.load(CASES / "files" / name)
    return Validator(registry=registry).validate(CASES / "files" / case["file"], profile)


@pytest.fixture(scope="module")
def differences() -> dict[str, str]:
    """The runs that disagree: by verdict, or by place only."""
    made = {}
    for name, case, kind in runs():
        want = wanted(CASES / case["runs"][kind]["outcome"])
        got = {plain(issue.expression) for issue in found(case, kind) if issue.is_error}
        if bool(want) != bool(got):
            made[name] = "verdict"
        elif want != got:
            made[name] = "places"
    return made


def test_every_disagreement_is_recorded_with_its_cause(differences: dict[str, str]) -> None:
    record = yaml.safe_load(RECORD.read_text(encoding="utf-8"))
    assert differences == {each["run"]: each["differs"] for each in record}
    assert all(each["cause"] for each in record)


def test_the_page_lists_them(differences: dict[str, str]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert all(name in page for name in differences)


def test_the_verdict_agrees_often_enough(differences: dict[str, str]) -> None:
    total = len(list(runs()))
    wrong = sum(kind == "verdict" for kind in differences.values())
    assert 1 - wrong / total >= 0.92
