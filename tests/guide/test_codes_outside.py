"""Standard codes that stand outside the guide are those of its table of verified codes, with the names seen there."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cart_fhir.synth import journeys
from cart_fhir.synth.codes import ATC, LOINC, NCIT, ORPHANET, RXNORM, SNOMED
from cart_fhir.synth.fhir import resources

ROOT = Path(__file__).parents[2]
SYSTEMS = {"loinc": LOINC, "snomed": SNOMED, "atc": ATC, "rxnorm": RXNORM, "ncit": NCIT, "orpha": ORPHANET}
TABLES = sorted([*ROOT.glob("examples/*/codes/*.csv"), ROOT / "cart_fhir/mappers/data/known.csv"])


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


@pytest.fixture(scope="module")
def verified() -> dict[tuple[str, str], str]:
    """(system, code) -> the name it was seen with; empty where only a laboratory's was."""
    return {
        (row["system"], row["code"]): row["display"]
        for row in rows(ROOT / "implementation_guide/input/data/verified-codes.csv")
    }


def codings(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("system"), str) and isinstance(value.get("code"), str):
            yield value
        value = list(value.values())
    for part in value if isinstance(value, list) else ():
        yield from codings(part)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parents[1].name}/{path.name}")
def test_code_tables_hold_verified_codes(path: Path, verified: dict[tuple[str, str], str]) -> None:
    for row in rows(path):
        system, code = (row.get(f"target_{part}") or row.get(part) or "" for part in ("system", "code"))
        system, name = SYSTEMS.get(system, system), row.get("target_display") or row.get("display") or ""
        if code and system in SYSTEMS.values():
            assert (system, code) in verified, row
            assert name.casefold() in ("", verified[system, code].casefold()), row


def test_journeys_hold_verified_codes(verified: dict[tuple[str, str], str]) -> None:
    seen = 0
    for journey in journeys(60, 5):
        for coding in codings(resources(journey)):
            key = coding["system"], coding["code"]
            if key[0] in SYSTEMS.values():
                seen += 1
                assert key in verified
                assert coding.get("display", "").casefold() in ("", verified[key].casefold())
    assert seen > 1000
