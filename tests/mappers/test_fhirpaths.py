"""Cells by FHIRPath: what a plain path cannot reach, and what is wrong with an expression."""

from __future__ import annotations

from pathlib import Path

import pytest

from cart_fhir.errors import ConfigError
from cart_fhir.formats import json
from cart_fhir.mappers import load_map
from cart_fhir.mappers.readers import fhir

PRESSURE = {
    "resourceType": "Observation",
    "id": "1",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]},
    "subject": {"reference": "Patient/7"},
    "category": [{"coding": [{"code": "vital-signs"}]}, {"coding": [{"code": "exam"}]}],
    "component": [
        {"code": {"coding": [{"code": "8480-6"}]}, "valueQuantity": {"value": 120, "code": "mm[Hg]"}},
        {"code": {"coding": [{"code": "8462-4"}]}, "valueQuantity": {"value": 80, "code": "mm[Hg]"}},
    ],
}
MAP = """map: 1
source: {system: https://a.example/patients, format: fhir}
tables:
  pressures:
    file: p.ndjson
    read:
      rows: Observation
      paths:
        PULSE: "iif(component.count() = 2, component[0].value.value - component[1].value.value, {})"
        KINDS: category.coding.code
        FINAL: status = 'final'
    columns:
      PAT: {from: subject.reference, part: "Patient/...", type: id, required: true}
      PULSE: {type: number, unit: "mm[Hg]"}
      KINDS: {type: code-list, separator: "+"}
      FINAL: boolean
    make:
      - resource: Observation
        key: [=PAT, pulse-pressure]
        when: =FINAL
        body: {status: final, code: {text: Pulse pressure}, category: =KINDS, valueQuantity: =quantity(PULSE)}
"""


def test_an_expression_gives_a_cell(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    (tmp_path / "p.ndjson").write_bytes(json.dumps(PRESSURE) + b"\n")
    with load_map(tmp_path / "map.yaml").run([tmp_path / "p.ndjson"]) as mapped:
        one = mapped.resources[0]
        assert mapped.refused == 0, mapped.issues
        assert one["valueQuantity"]["value"] == 40
        assert [kind["coding"][0]["code"] for kind in one["category"]] == ["vital-signs", "exam"]


@pytest.mark.parametrize(
    ("paths", "told"),
    [
        ({"A": "status ="}, "no FHIRPath"),
        ({"A": "code"}, "ends at an object"),
        ({"A": "category.coding.code.toInteger()"}, "no meaning"),
        ("status", "gives each cell"),
    ],
)
def test_what_is_wrong_with_an_expression_is_told(tmp_path: Path, paths: object, told: str) -> None:
    (tmp_path / "p.ndjson").write_bytes(json.dumps(PRESSURE) + b"\n")
    with pytest.raises(ConfigError, match=told):
        list(fhir.read(tmp_path / "p.ndjson", {"rows": "Observation", "paths": paths}).records)
