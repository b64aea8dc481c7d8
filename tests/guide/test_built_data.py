"""The data that cart_fhir ships are those of the FSH sources: by checksums, and by compiling where Node is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import compile_fsh
import guide_data
import pytest

from cart_fhir.definitions.pack import Pack


def test_the_sources_are_those_the_data_were_made_from() -> None:
    manifest = json.loads((guide_data.DATA / "manifest.json").read_text())
    assert guide_data.sources() == manifest["sources"], "the sources changed: run make guide and commit what it writes"


def test_every_definition_is_in_the_pack() -> None:
    manifest = json.loads((guide_data.DATA / "manifest.json").read_text())
    assert len(Pack(guide_data.DATA / "guide.pack").entries) == manifest["definitions"] > 130


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_compiling_again_gives_the_same_definitions(tmp_path: Path, need: Callable[[str, bool], None]) -> None:
    need("SUSHI (run make guide)", compile_fsh.SUSHI.exists() and compile_fsh.HOME.exists())
    compile_fsh.run()
    guide_data.write(tmp_path, compile_fsh.resources())
    for name in ("package.json", "manifest.json", "examples.ndjson.gz"):
        assert (tmp_path / name).read_bytes() == (guide_data.DATA / name).read_bytes(), name
    made, shipped = (Pack(folder / "guide.pack") for folder in (tmp_path, guide_data.DATA))
    assert made.entries == shipped.entries
    for entry in shipped.entries:
        assert made.read(entry.record) == shipped.read(entry.record), entry.url
