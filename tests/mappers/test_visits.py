"""Body surface, cumulative doses, states of lupus: derived where the map asks, and computed by functions of holes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cart_fhir.errors import ConfigError
from cart_fhir.mappers import Mapped, load_map
from cart_fhir.profiles.activity import SLEDAI_2K
from cart_fhir.validator import Validator

ITEMS = "\n".join(f"      {item.code}: {{type: boolean, optional: true}}" for item in SLEDAI_2K)
NAMES = ", ".join(item.code for item in SLEDAI_2K)
MAP = """map: 1
source: {system: https://a.example/patients}
derive: DERIVE
tables:
  patients:
    file: patients.csv
    columns: {PAT: {type: id, required: true}}
    make:
      - {resource: Patient, key: [=PAT], body: {gender: female}}
  sizes:
    file: sizes.csv
    columns:
      PAT: {type: id, required: true}
      DAY: {type: date, required: true}
      HEIGHT: {type: number, unit: cm}
      WEIGHT: {type: number, unit: kg}
      AREA: {type: number, unit: m2}
    make:
      - resource: Observation
        profile: cart-body-size
        key: [=PAT, =column(SIZE), =DAY]
        each: {SIZE: [HEIGHT, WEIGHT, AREA]}
        body:
          status: final
          code: =translate(column(SIZE), "sizes.csv")
          subject: =ref(Patient, PAT)
          effectiveDateTime: =DAY
          valueQuantity: =quantity(SIZE)
  doses:
    file: doses.csv
    columns: {PAT: {type: id, required: true}, DAY: {type: date, required: true}, MG: number}
    make:
      - resource: MedicationAdministration
        key: [=PAT, =DAY]
        body:
          status: completed
          medicationCodeableConcept: =concept(atc, "L01AA01", "cyclophosphamide")
          subject: =ref(Patient, PAT)
          effectiveDateTime: =DAY
          dosage: {dose: '=dose(MG, "mg")'}
  visits:
    file: visits.csv
    columns:
      PAT: {type: id, required: true}
      DAY: {type: date, required: true}
      PGA: number
      PRED: number
ITEMS
    make:
      - resource: Observation
        profile: cart-sledai-2k
        key: [=PAT, sledai, =DAY]
        body:
          status: final
          subject: =ref(Patient, PAT)
          effectiveDateTime: =DAY
          component:
            each: {ITEM: [NAMES]}
            code: =concept(cart-sledai-2k-item-cs, column(ITEM))
            valueBoolean: =ITEM
      - resource: Observation
        profile: cart-pga
        key: [=PAT, pga, =DAY]
        body:
          status: final
          subject: =ref(Patient, PAT)
          effectiveDateTime: =DAY
          valueQuantity: =quantity(PGA, "{score}")
          method: =concept(cart-assessment-method-cs, scale-0-3)
      - resource: Observation
        profile: cart-therapy-state
        key: [=PAT, pred, =DAY]
        body:
          status: final
          code: =concept(cart-outcome-cs, prednisone-equivalent-dose)
          subject: =ref(Patient, PAT)
          effectiveDateTime: =DAY
          valueQuantity: =quantity(PRED, "mg/d")
"""
CODES = "source_code,target_system,target_code\nHEIGHT,loinc,8302-2\nWEIGHT,loinc,29463-7\nAREA,loinc,8277-6\n"
ZEROS = ",".join("0" for _ in SLEDAI_2K)


def run(folder: Path, derive: str, **files: str) -> Mapped:
    text = MAP.replace("DERIVE", derive).replace("ITEMS", ITEMS).replace("NAMES", NAMES)
    (folder / "map.yaml").write_text(text, encoding="utf-8")
    (folder / "codes").mkdir(exist_ok=True)
    (folder / "codes" / "sizes.csv").write_text(CODES, encoding="utf-8")
    (folder / "export").mkdir(exist_ok=True)
    for name, content in {"patients": "PAT\n1\n", **files}.items():
        (folder / "export" / f"{name}.csv").write_text(content, encoding="utf-8")
    return load_map(folder / "map.yaml").run([folder / "export"])


def coded(mapped: Mapped, code: str) -> list[dict[str, Any]]:
    return [one for one in mapped.resources if one.get("code", {}).get("coding", [{}])[0].get("code") == code]


@pytest.mark.parametrize(
    ("derive", "found"),
    [
        ("{body-surface: mosteller}", {"2024-01-01": "1.75", "2024-03-01": "1.81"}),
        ("{body-surface: {formula: haycock, max-age: 30}}", {"2024-01-01": "1.76"}),
        ("{totals: true}", {}),
    ],
)
def test_a_surface_is_computed_from_a_height_that_is_not_too_old(
    tmp_path: Path, derive: str, found: dict[str, str]
) -> None:
    sizes = "PAT,DAY,HEIGHT,WEIGHT,AREA\n1,2024-01-01,165,67,\n1,2024-03-01,,71.5,\n1,2024-04-01,165,70,1.99\n"
    with run(tmp_path, derive, sizes=sizes) as mapped:
        made = {one["effectiveDateTime"]: one for one in coded(mapped, "8277-6") if "derivedFrom" in one}
        assert {day: str(one["valueQuantity"]["value"]) for day, one in made.items()} == found
        for one in made.values():
            assert len(one["derivedFrom"]) == 2
            assert one["method"]["coding"][0]["code"] in ("mosteller", "haycock")
            assert not [issue for issue in Validator().validate(one) if issue.is_error]
            assert len(mapped.origins(f"Observation/{one['id']}")) >= 1


def test_the_doses_of_a_course_are_summed_and_a_changed_dose_keeps_the_id(tmp_path: Path) -> None:
    doses = "PAT,DAY,MG\n1,2024-01-01,500\n1,2024-01-02,500.5\n"
    found = []
    for text in (doses, doses.replace("500.5", "480")):
        with run(tmp_path, "[cumulative-doses]", doses=text) as mapped:
            (one,) = [one for one in mapped.resources if "Cumulative" in one.get("code", {}).get("text", "")]
            found.append(one)
            assert not [issue for issue in Validator().validate(one) if issue.is_error]
    assert [one["valueQuantity"]["value"] for one in found] == [Decimal("1000.5"), 980]
    assert found[0]["id"] == found[1]["id"]
    assert len(found[0]["partOf"]) == 2


def test_a_dose_of_zero_was_not_given_and_a_negative_one_leaves_the_sum_open(tmp_path: Path) -> None:
    doses = "PAT,DAY,MG\n1,2024-01-01,500\n1,2024-01-02,500\n1,2024-01-03,0\n"
    for text, sums in ((doses, [Decimal(1000)]), (doses + "1,2024-01-04,-5\n", [])):
        with run(tmp_path, "[cumulative-doses]", doses=text) as mapped:
            made = [one for one in mapped.resources if "Cumulative" in one.get("code", {}).get("text", "")]
            assert [one["valueQuantity"]["value"] for one in made] == sums


@pytest.mark.parametrize(("pga", "prednisone"), [("4", "5"), ("-1", "5"), ("0", "-5"), ("0", "")])
def test_no_state_follows_from_a_value_that_cannot_be(tmp_path: Path, pga: str, prednisone: str) -> None:
    visits = f"PAT,DAY,PGA,PRED,{NAMES.replace(' ', '')}\n1,2024-01-01,{pga},{prednisone},{ZEROS}\n"
    with run(tmp_path, "{lupus-states: {stable-therapy: true, new-activity: false}}", visits=visits) as mapped:
        assert coded(mapped, "sledai-2k")
        assert not coded(mapped, "doris-2021")
        assert not coded(mapped, "lldas")


@pytest.mark.parametrize(("pga", "prednisone", "states"), [("0.4", "5", (True, True)), ("0.8", "7.5", (False, True))])
def test_states_of_lupus_follow_from_the_visit_and_the_statements(
    tmp_path: Path, pga: str, prednisone: str, states: tuple[bool, bool]
) -> None:
    visits = f"PAT,DAY,PGA,PRED,{NAMES.replace(' ', '')}\n1,2024-01-01,{pga},{prednisone},{ZEROS}\n"
    derive = "{totals: true, lupus-states: {stable-therapy: true, new-activity: false}}"
    with run(tmp_path, derive, visits=visits) as mapped:
        assert not mapped.refused, mapped.issues
        made = [one for code in ("doris-2021", "lldas") for one in coded(mapped, code)]
        assert tuple(one["valueBoolean"] for one in made) == states
        assert all(len(one["derivedFrom"]) == 3 for one in made)


@pytest.mark.parametrize(
    "derive", ["{body-surface: dubios}", "{lupus-states: true}", "{cumulative-doses: 3}", "[body-surface]"]
)
def test_what_cannot_be_derived_is_told_with_its_line(tmp_path: Path, derive: str) -> None:
    with pytest.raises(ConfigError) as wrong:
        run(tmp_path, derive)
    assert wrong.value.issues[0].line == 3


DOSES = """map: 1
source: {system: https://a.example/patients}
tables:
  doses:
    file: doses.csv
    columns:
      PAT: {type: id, required: true}
      DAY: date
      PER: number
      KG: {type: number, unit: kg}
      CM: number
      ON: date
    make:
      - resource: MedicationAdministration
        key: [=PAT]
        body:
          status: completed
          medicationCodeableConcept: {text: x}
          subject: {display: =PAT}
          effectiveDateTime: =DAY
          dosage: {dose: '=dose(milligrams(PER, bsa(mosteller, CM, recent(KG, ON, DAY, 30))), "mg")'}
      - resource: Observation
        key: [=PAT]
        body:
          status: final
          code: {text: cells}
          valueQuantity: '=quantity(million_cells(PER, KG), "10*6")'
"""


@pytest.mark.parametrize(
    ("row", "rule", "milligrams"),
    [
        ("1,2024-02-01,30,67,165,2024-01-20", "", "52.5"),
        ("1,2024-02-01,30,67,,2024-01-20", "", None),
        ("1,2024-02-01,30,67,1.65,2024-01-20", "bsa-missing", None),
        ("1,2024-02-01,30,67,165,2023-01-20", "bsa-missing", None),
        ("1,2024-02-01,30,67,165,2024-02-20", "bsa-missing", None),
        ("1,2024-02-01,30,67,165,2024-01", "bsa-missing", None),
        ("1,2024-02-01,30,<67,165,2024-01-20", "type", None),
        ("1,2024-02-01,-3,67,165,2024-01-20", "range", None),
    ],
)
def test_doses_are_computed_where_the_map_says_how(tmp_path: Path, row: str, rule: str, milligrams: str | None) -> None:
    (tmp_path / "map.yaml").write_text(DOSES, encoding="utf-8")
    (tmp_path / "doses.csv").write_text(f"PAT,DAY,PER,KG,CM,ON\n{row}\n", encoding="utf-8")
    with load_map(tmp_path / "map.yaml").run([tmp_path / "doses.csv"]) as mapped:
        assert [issue.rule for issue in mapped.issues if issue.is_error] == ([rule] if rule else [])
        doses = [
            one.get("dosage", {}).get("dose", {}).get("value") for one in mapped if "medicationCodeableConcept" in one
        ]
        assert doses == ([] if rule else [milligrams and Decimal(milligrams)])
        cells = [one["valueQuantity"]["value"] for one in mapped if one["resourceType"] == "Observation"]
        assert cells == ([] if rule else [2010])


UNITS = """map: 1
source: {system: "https://a.example/patients"}
tables:
  doses:
    file: doses.csv
    columns:
      PER: {type: number, unit: %s}
      CELLS: {type: number, unit: 10*5/kg}
      KG: {type: number, unit: %s}
      CM: {type: number, unit: %s}
    make:
      - resource: MedicationAdministration
        key: [="1"]
        body:
          status: completed
          medicationCodeableConcept: {text: x}
          subject: {display: x}
          dosage: {dose: '=dose(milligrams(PER, bsa(mosteller, CM, KG)))'}
      - resource: Observation
        key: [="1"]
        body: {status: final, code: {text: cells}, valueQuantity: '=quantity(million_cells(CELLS, KG))'}
"""


@pytest.mark.parametrize(
    ("units", "row", "rule"),
    [
        (("mg/m2", "kg", "cm"), "30,10,67,165", ""),
        (("mg/m2/d", "g", "m"), "30,10,67000,1.65", ""),
        (("g/m2", "lbs", "in"), "0.03,10,147.71,64.96", ""),
        (("mg/kg", "kg", "cm"), "30,10,67,165", "unit-incompatible"),
        (("mg/m2", "cm", "cm"), "30,10,67,165", "unit-incompatible"),
    ],
)
def test_units_of_columns_are_minded_where_doses_are_computed(
    tmp_path: Path, units: tuple[str, ...], row: str, rule: str
) -> None:
    (tmp_path / "map.yaml").write_text(UNITS % units, encoding="utf-8")
    (tmp_path / "doses.csv").write_text(f"PER,CELLS,KG,CM\n{row}\n", encoding="utf-8")
    with load_map(tmp_path / "map.yaml").run([tmp_path / "doses.csv"]) as mapped:
        assert [issue.rule for issue in mapped.issues if issue.is_error] == ([rule] if rule else [])
        dose = [one["dosage"]["dose"] for one in mapped if one["resourceType"] == "MedicationAdministration"]
        cells = [one["valueQuantity"] for one in mapped if one["resourceType"] == "Observation"]
    assert [(str(one["value"]), one["code"]) for one in dose] == ([] if rule else [("52.5", "mg")])
    assert [(str(one["value"]), one["code"]) for one in cells] == ([] if rule else [("67.0", "10*6")])


def test_numbers_are_added_in_one_unit_only(tmp_path: Path) -> None:
    text = """map: 1
source: {system: https://a.example/patients}
tables:
  doses:
    file: doses.csv
    columns:
      PAT: {type: id, required: true}
      A: {type: number, unit: mg}
      B: {type: number, unit: UNIT}
    make:
      - resource: Observation
        key: [=PAT]
        body: {status: final, code: {text: x}, valueQuantity: '=quantity(sum(A, B), "mg")'}
"""
    (tmp_path / "doses.csv").write_text("PAT,A,B\n1,500,2\n2,<500,2\n", encoding="utf-8")
    for unit, sums, refused in (("mg", [502], ["type"]), ("g", [], ["unit-incompatible", "type"])):
        (tmp_path / "map.yaml").write_text(text.replace("UNIT", unit), encoding="utf-8")
        with load_map(tmp_path / "map.yaml").run([tmp_path / "doses.csv"]) as mapped:
            assert [one["valueQuantity"]["value"] for one in mapped if one["resourceType"] == "Observation"] == sums
            assert [issue.rule for issue in mapped.issues if issue.is_error] == refused
