"""Wrong maps: each comment in tests/mappers/wrong_maps says what must be told of its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cart_fhir.errors import ConfigError
from cart_fhir.mappers import load_map

MAPS = sorted((Path(__file__).parent / "wrong_maps").glob("*.yaml"))


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_everything_wrong_in_a_map_is_told_with_its_line(path: Path) -> None:
    told: list[tuple[int, str]] = []
    text = path.read_text(encoding="utf-8")
    wanted = [(number, line.split("# ", 1)[1]) for number, line in enumerate(text.splitlines(), 1) if "# " in line]
    # the map's own form is checked before its bodies are, so two looks may be needed
    with pytest.raises(ConfigError) as wrong:
        load_map(path)
    told = [(issue.line or 0, f"{issue.text} {issue.advice}") for issue in wrong.value.issues]
    for line, words in wanted:
        assert any(at == line and words in said for at, said in told), (line, words, told)
    assert told
