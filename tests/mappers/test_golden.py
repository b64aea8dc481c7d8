"""Each example gives the resources that were read by eye, to the byte (golden/README.md tells how to renew them)."""

from __future__ import annotations

from pathlib import Path

import pytest

from cart_fhir.formats import json
from cart_fhir.mappers import load_map

EXAMPLES = Path(__file__).parents[2] / "examples"
GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/map.yaml") if (path.parent / "export").is_dir())


def test_every_example_has_a_golden_tree() -> None:
    assert sorted(path.name for path in GOLDEN.iterdir() if path.is_dir()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_example_gives_what_was_read_by_eye(name: str, tmp_path: Path) -> None:
    with load_map(EXAMPLES / name / "map.yaml").run([EXAMPLES / name / "export"]) as mapped:
        written = mapped.write_ndjson(tmp_path)
    assert written.pop("Provenance") > 0
    assert set(written) == {path.stem for path in (GOLDEN / name).iterdir()}
    for kind in written:
        made, wanted = (resources(folder / f"{kind}.ndjson") for folder in (tmp_path, GOLDEN / name))
        assert made.keys() == wanted.keys(), kind
        for key, line in made.items():
            assert line == wanted[key], f"{kind}/{key}"


def resources(path: Path) -> dict[str, bytes]:
    """Id -> the line of a resource."""
    return {json.loads(line)["id"]: line for line in path.read_bytes().splitlines()}
