"""Codes and units: ConceptMaps in and out, OMOP's columns, codes to fill in, analytes, values that cannot be."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cart_fhir.cli.map import command
from cart_fhir.definitions import ucum
from cart_fhir.errors import ConfigError
from cart_fhir.formats import json
from cart_fhir.mappers import Map, load_map
from cart_fhir.mappers.codes import CodeTable
from cart_fhir.mappers.plausibility import doubt, limits
from cart_fhir.mappers.units import Units
from cart_fhir.mappers.values import Coded, Refused
from cart_fhir.profiles import canonical
from cart_fhir.synth import journeys
from cart_fhir.synth.fhir import resources
from cart_fhir.validator import Validator

MAP = """map: 1
source: {system: https://a.example/patients, codes: https://a.example/lab}
units: units.csv
tables:
  labs:
    file: labs.csv
    columns:
      PAT: {type: id, required: true}
      TEST: {type: code, map: tests.csv}
      VALUE: number
      UNIT: unit
      FLAGS: {type: code-list, map: tests.csv, separator: "+", optional: true}
    make:
      - resource: Observation
        key: [=PAT, =TEST]
        body:
          status: final
          code: =TEST
          interpretation: =FLAGS
          subject: {display: =PAT}
          valueQuantity: =quantity(VALUE, UNIT, extra(TEST, unit), TEST)
"""
TESTS = (
    "source_code,source_text,target_system,target_code,target_display,equivalence,unit,molar_mass\n"
    "CREA,Kreatinin,loinc,2160-0,Creatinine,equivalent,umol/L,113.12\n"
    "GLU,Glukose,loinc,2345-7,Glucose,,mmol/L,\nHB,,loinc,718-7,,wider,g/dL,\nTODO,,,,,,,\n"
)
UNITS = "source_unit,ucum,factor,offset,analyte\nmg/dl,mmol/L,0.0555,,2345-7\n"


def mapped(folder: Path, labs: str, tests: str = TESTS, text: str = MAP) -> tuple[Map, Path]:
    (folder / "codes").mkdir(exist_ok=True)
    (folder / "map.yaml").write_text(text, encoding="utf-8")
    (folder / "codes" / "tests.csv").write_text(tests, encoding="utf-8")
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    (folder / "labs.csv").write_text(labs, encoding="utf-8")
    return load_map(folder / "map.yaml"), folder / "labs.csv"


def values(run: Any) -> dict[str, str]:
    return {
        one["code"]["coding"][0]["code"]: f"{one['valueQuantity']['value']} {one['valueQuantity']['code']}"
        for one in run
        if one["resourceType"] == "Observation"
    }


def test_mass_becomes_substance_only_by_a_molar_mass_or_a_line_for_the_analyte(tmp_path: Path) -> None:
    mapping, path = mapped(tmp_path, "PAT,TEST,VALUE,UNIT\n1,CREA,1.20,mg/dl\n1,GLU,90,mg/dl\n2,HB,95,g/l\n")
    with mapping.run([path]) as run:
        assert values(run) == {"2160-0": "106 umol/L", "2345-7": "4.995 mmol/L", "718-7": "9.5 g/dL"}
    mapping, path = mapped(tmp_path, "PAT,TEST,VALUE,UNIT\n1,CREA,1.20,mg/dl\n", TESTS.replace("113.12", ""))
    with mapping.run([path]) as run:
        assert [issue.rule for issue in run.issues if issue.is_error] == ["unit-incompatible"]
        assert run.refused == 1


def test_substance_becomes_mass_and_arbitrary_units_nothing() -> None:
    analyte = Coded("", ({"code": "x"},), {"molar_mass": "113.12"})
    assert Units().of_analyte(Decimal(106), "umol/l", "mg/dL", analyte) == Decimal("1.20")
    for unit in ("IU/ml", "G/l", "/ul"):  # a count is no amount of substance, though UCUM's mole is a number
        with pytest.raises(Refused):
            Units().of_analyte(Decimal(106), unit, "mg/dL", analyte)


def test_untranslated_codes_are_told_once_and_come_as_a_table_that_can_be_given_back(tmp_path: Path) -> None:
    labs = "PAT,TEST,VALUE,UNIT,FLAGS\n1,HB,9,g/dl,H+!!\n2,FERR,9,ng/ml,\n3,FERR,9,ng/ml,\n4,TODO,1,g/l,\n"
    mapping, path = mapped(tmp_path, labs)
    with mapping.run([path]) as run:
        told = [issue for issue in run.issues if issue.rule == "code-unmapped"]
        assert len(told) == 4
        run.write_unmapped(tmp_path / "codes" / "todo.csv")
    with (tmp_path / "codes" / "todo.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["source_code"]: row for row in csv.DictReader(stream)}
    assert set(rows) == {"!!", "H", "FERR", "TODO"}
    assert (rows["FERR"]["count"], rows["FERR"]["first_seen"], rows["FERR"]["where"]) == (
        "2",
        "labs.csv row 3",
        "labs.TEST",
    )
    assert CodeTable.read(tmp_path / "codes" / "todo.csv", canonical.system).find("FERR") is None, (
        "nothing is filled in"
    )


def test_code_tables_go_out_as_concept_maps_and_come_back(tmp_path: Path) -> None:
    mapping, path = mapped(tmp_path, "PAT,TEST,VALUE,UNIT\n1,HB,9.5,g/dl\n")
    done = CliRunner().invoke(command, ["codes", str(tmp_path / "map.yaml"), "-o", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    made = json.loads((tmp_path / "out" / "tests.json").read_bytes())
    assert not [issue for issue in Validator().validate(made) if issue.is_error]
    assert [element["code"] for element in made["group"][0]["element"]] == ["CREA", "GLU", "HB"]
    assert made["group"][0]["source"] == "https://a.example/lab"
    one = CodeTable.read(tmp_path / "out" / "tests.json", canonical.system)
    other = CodeTable.read(tmp_path / "codes" / "tests.csv", canonical.system)
    for code in ("CREA", "Kreatinin", "GLU", "HB", "TODO"):
        here, there = one.find(code), other.find(code)
        assert (here and (here.text, here.codings)) == (there and (there.text, there.codings))
    (tmp_path / "codes" / "labs.json").write_bytes((tmp_path / "out" / "tests.json").read_bytes())
    mapping, path = mapped(tmp_path, "PAT,TEST,VALUE,UNIT\n1,HB,9.5,g/dl\n", text=MAP.replace("tests.csv", "labs.json"))
    with mapping.run([path]) as run:
        assert values(run) == {"718-7": "9.5 g/dL"}


@pytest.mark.parametrize(
    ("group", "code", "found"),
    [
        ({"element": [{"code": "a", "target": [{"code": "1", "equivalence": "unmatched"}]}]}, "a", None),
        ({"element": [{"code": "a"}]}, "a", None),
        ({"element": [], "unmapped": {"mode": "fixed", "code": "other"}}, "anything", "other"),
        ({"element": [], "unmapped": {"mode": "provided"}}, "anything", None),
    ],
)
def test_what_a_concept_map_does_not_translate(
    tmp_path: Path, group: dict[str, Any], code: str, found: str | None
) -> None:
    content = {"resourceType": "ConceptMap", "status": "draft", "group": [{"target": "http://loinc.org", **group}]}
    (tmp_path / "m.json").write_bytes(json.dumps(content))
    translated = CodeTable.read(tmp_path / "m.json", canonical.system).find(code)
    assert (translated and (translated.code, translated.text)) == (found and (found, code))


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"resourceType":"Patient"}',
        b'{"resourceType":"ConceptMap","group":[{"unmapped":{"mode":"other-map"}}]}',
    ],
)
def test_a_concept_map_that_cannot_be_used_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.json").write_bytes(content)
    with pytest.raises(ConfigError):
        CodeTable.read(tmp_path / "m.json", canonical.system)


def test_source_to_concept_map_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(
        "source_code,source_concept_id,source_vocabulary_id,source_code_description,target_concept_id,"
        "target_vocabulary_id,valid_start_date,valid_end_date,invalid_reason\n"
        "FLU,0,LOCAL,Fludarabin,1395557,RxNorm,1970-01-01,2099-12-31,\n"
        "CYC,0,LOCAL,Cyclo,1310317,RxNorm,1970-01-01,2001-12-31,D\nNIX,0,LOCAL,,0,None,1970-01-01,2099-12-31,\n",
        encoding="utf-8",
    )
    table = CodeTable.read(tmp_path / "s.csv", canonical.system)
    found = table.find("fludarabin")
    assert found is not None
    assert found.codings == ({"system": "https://fhir-terminology.ohdsi.org", "code": "1395557"},)
    assert table.find("CYC") is None, "the line is deleted"
    assert table.find("NIX") is None, "0 is OMOP's 'no matching concept'"


@pytest.mark.parametrize(
    ("code", "value", "unit", "doubtful"),
    [
        ("718-7", "9.5", "g/dL", False), ("718-7", "95", "g/L", False), ("718-7", "950", "g/dL", True),
        ("29463-7", "52000", "g", False), ("29463-7", "5200", "kg", True), ("8302-2", "1.62", "cm", True),
        ("8302-2", "1.62", "m", False), ("1988-5", "3", "mg/dL", False), ("1988-5", "3", "{score}", True),
        ("0-0", "1", "g/dL", False), ("2465-3", "12.3", "10*9/L", True), ("2465-3", "12.3", "g/L", False),
        ("2160-0", "90", "umol/L", False), ("2532-0", "300", "[IU]/L", False), ("2532-0", "5", "ukat/L", False),
        ("26515-7", "150", "%", True), ("8116-6", "0.2", "10*9/L", False), ("718-7", "5.9", "mmol/L", False),
        ("8310-5", "98.6", "[degF]", False), ("8310-5", "98.6", "Cel", True), ("777-3", "250000", "10*9/L", True),
    ],
)  # fmt: skip
def test_a_slip_of_the_point_is_doubted(code: str, value: str, unit: str, doubtful: bool) -> None:
    observation = {"code": {"coding": [{"code": code}]}, "valueQuantity": {"value": Decimal(value), "code": unit}}
    assert bool(doubt(observation)) == doubtful


@pytest.mark.parametrize(
    ("name", "unit", "doubtful"),
    [
        ("Hemoglobin [Mass/volume] in Blood", "mmol/L", True), ("Hemoglobin [Mass/volume] in Blood", "g/L", False),
        ("Hemoglobin [Moles/volume] in Blood", "g/L", True), ("Hemoglobin [Moles/volume] in Blood", "mmol/L", False),
        ("Platelets [#/volume] in Blood", "10*9/L", False), ("", "mmol/L", False),
    ],
)  # fmt: skip
def test_a_code_for_mass_is_doubted_with_moles(name: str, unit: str, doubtful: bool) -> None:
    coding = {"code": "0-0", "display": name}
    observation = {"code": {"coding": [coding]}, "valueQuantity": {"value": Decimal(5), "code": unit}}
    assert bool(doubt(observation)) == doubtful


def test_no_value_of_the_journeys_is_doubted_and_every_limit_is_one() -> None:
    assert all(ucum.is_valid(one.unit) and one.low < one.high for one in limits().values())
    seen = [one for journey in journeys(40, 3) for one in resources(journey) if one["resourceType"] == "Observation"]
    assert not [doubt(one) for one in seen if doubt(one)]
    assert len({one["code"]["coding"][0]["code"] for one in seen} & limits().keys()) > 10


def test_a_doubted_value_is_kept_and_told_with_its_cell(tmp_path: Path) -> None:
    mapping, path = mapped(tmp_path, "PAT,TEST,VALUE,UNIT\n1,HB,950,g/dl\n")
    with mapping.run([path], show_values=True) as run:
        (told,) = [issue for issue in run.issues if issue.rule == "implausible"]
        assert told.origin is not None
        assert (told.severity, told.origin.row) == ("warning", 2)
        assert "VALUE" in told.origin.column
        assert run.refused == 0
