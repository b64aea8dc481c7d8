"""docs/mapping.md says what is there: its example runs, its tables are complete."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cart_fhir import plugins
from cart_fhir.formats import json
from cart_fhir.mappers import load_map, readers
from cart_fhir.mappers.fields import TYPES
from cart_fhir.mappers.functions import BUILT_IN, FUNCTIONS
from cart_fhir.mappers.mapspec import _COLUMN, _DEID, _MAKE, _SOURCE, _TABLE, _TOP
from cart_fhir.validator import Validator

PAGE = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text(encoding="utf-8")
SCHEMA = Path(__file__).parents[2] / "cart_fhir" / "mappers" / "data" / "map.schema.json"


def test_the_worked_example_gives_a_valid_bundle(tmp_path: Path) -> None:
    export = re.search(r"ward might export it:\n\n((?:    .*\n)+)", PAGE)
    body = re.search(r"```yaml\n(map: 1\nsource: \{.*?)```", PAGE, re.DOTALL)
    assert export
    assert body
    (tmp_path / "weights.csv").write_text(re.sub(r"(?m)^    ", "", export[1]), encoding="utf-8")
    (tmp_path / "map.yaml").write_text(body[1], encoding="utf-8")
    with load_map(tmp_path / "map.yaml").run([tmp_path / "weights.csv"]) as mapped:
        assert not mapped.issues
        assert [resource["resourceType"] for resource in mapped.resources] == ["Observation", "Patient", "Provenance"]
        assert not [issue for issue in Validator().validate(mapped.bundle()) if issue.is_error]


def test_every_function_type_and_key_is_documented() -> None:
    for name in (*FUNCTIONS, *BUILT_IN):
        assert f"`{name}(" in PAGE, name
    for name in (*TYPES, *_MAKE, *_TABLE):
        assert re.search(rf"`{re.escape(name)}[`:]", PAGE), name
    for name in set(_COLUMN) - {"type", "zone", "system"}:
        assert re.search(rf"`{name}[`:]", PAGE), name


def test_the_schema_for_editors_knows_what_the_maps_know() -> None:
    schema = json.loads(SCHEMA.read_bytes())
    assert set(schema["properties"]) == {*_TOP, *_TABLE} | {"tables"}
    assert set(schema["properties"]["source"]["properties"]) == set(_SOURCE)
    assert set(schema["$defs"]["column"]["properties"]) == set(_COLUMN)
    assert schema["$defs"]["column"]["properties"]["type"]["enum"] == list(TYPES)
    assert set(schema["$defs"]["make"]["properties"]) == set(_MAKE)
    assert set(schema["properties"]["deid"]["properties"]) == set(_DEID)
    assert set(schema["properties"]["tables"]["additionalProperties"]["properties"]) == set(_TABLE)


def test_the_reader_of_the_page_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    block = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert block
    names: dict[str, Any] = {}
    exec(block[1], names)
    readers.reader.cache_clear()
    monkeypatch.setattr(plugins, "load", lambda group, name: names["read"])
    (tmp_path / "a.log").write_text("17 2026-03-12 61.5\n18 2026-03-13\n")
    records = readers.read(tmp_path / "a.log", {"format": "logbook"}).records
    assert next(records).values == {"PAT": "17", "DAY": "2026-03-12", "KG": "61.5"}
    with pytest.raises(readers.Unreadable) as caught:
        next(records)
    assert caught.value.row == 2
    readers.reader.cache_clear()
