"""Values take the form that their element wants, and what it cannot hold is refused, never written."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cart_fhir.definitions import Registry
from cart_fhir.mappers import load_map
from cart_fhir.mappers.placing import choice, placed
from cart_fhir.mappers.values import Amount, Coded, Day, Missing, Refused
from cart_fhir.validator import Validator

CODE = Coded("Fludara", ({"system": "http://www.whocc.no/atc", "code": "L01BB05"},))
DAY = Day(-5, "2024-03-05", "2024-03-10")
REFERENCE = {"reference": "Patient/1", "type": "Patient"}
QUANTITY = {"value": Decimal(3), "code": "mg"}


@pytest.mark.parametrize(
    ("value", "type_name", "made"),
    [
        (CODE, "code", "L01BB05"),
        (CODE, "Coding", CODE.codings[0]),
        (CODE, "CodeableConcept", {"coding": [CODE.codings[0]], "text": "Fludara"}),
        (CODE, "string", "Fludara"),
        ("free text", "CodeableConcept", {"text": "free text"}),
        ("free text", "Annotation", {"text": "free text"}),
        (DAY, "dateTime", "2024-03-05"),
        (REFERENCE, "Reference", REFERENCE),
        (QUANTITY, "Age", QUANTITY),
        (Decimal("2.0"), "integer", 2),
        ("007", "positiveInt", 7),
        (Amount(Decimal("2.50")), "decimal", Decimal("2.50")),
        (True, "string", "true"),
        (REFERENCE, "string", REFERENCE["reference"]),
        (Missing("unknown"), "Reference", Missing("unknown")),
        ((CODE, CODE), "code", ["L01BB05", "L01BB05"]),
    ],
)
def test_a_value_takes_the_form_of_its_element(value: Any, type_name: str, made: Any) -> None:
    assert placed(value, type_name) == made


@pytest.mark.parametrize(
    ("value", "type_name"),
    [
        (REFERENCE, "CodeableConcept"), ("P1", "Reference"), (Decimal(3), "Quantity"),
        (CODE, "boolean"), ("yes", "boolean"), (Decimal("2.5"), "integer"), (QUANTITY, "Reference"),
        ("x", "Identifier"), (CODE, "date"),
        (Amount(Decimal(1), "<"), "decimal"),
    ],
)  # fmt: skip
def test_what_an_element_cannot_hold_is_refused(value: Any, type_name: str) -> None:
    with pytest.raises(Refused):
        placed(value, type_name)


@given(
    st.sampled_from([CODE, DAY, REFERENCE, QUANTITY, "text", "2024-03-05", True, 4, Decimal("1.5")]),
    st.lists(
        st.sampled_from(["Reference", "Quantity", "CodeableConcept", "string", "date", "boolean", "integer"]),
        unique=True,
    ),
)
def test_a_choice_is_one_of_the_types_and_holds_the_value(value: Any, types: list[str]) -> None:
    kind = choice(value, tuple(types))
    assert kind in (*types, "")
    if kind:
        assert placed(value, kind) is not None


MAP = """map: 1
source: {system: https://a.example/patients}
tables:
  t:
    file: t.csv
    columns:
      PAT: {type: id, required: true}
      loinc: text
      ACTION: text
      REF: text
      RASH: {type: code-list, separator: "+"}
    make:
      - resource: AdverseEvent
        key: [=PAT]
        body:
          subject: {display: =PAT}
          actuality: actual
          event: '=concept(loinc, "1", "x")'
          category: =RASH
          extension:
            cart-mitigating-action: [=ACTION, '=if(REF, ref(MedicationAdministration, PAT, REF))']
"""


def test_an_extension_of_several_types_takes_the_one_of_its_value(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    (tmp_path / "t.csv").write_text("PAT,loinc,ACTION,REF,RASH\nP1,http://loinc.org,given,7,a+b\n", encoding="utf-8")
    mapping = load_map(tmp_path / "map.yaml")
    with mapping.run([tmp_path / "t.csv"]) as mapped:
        made = mapped.resources[0]
        assert [next(key for key in one if key.startswith("value")) for one in made["extension"]] == [
            "valueCodeableConcept", "valueReference",
        ]  # fmt: skip
        assert [one["coding"][0]["code"] for one in made["category"]] == ["a", "b"]
        assert not [
            issue for issue in Validator(registry=Registry.default()).validate(made) if "extension" in issue.expression
        ]


def test_a_word_that_is_a_column_too_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    (told,) = load_map(tmp_path / "map.yaml").warnings
    assert (told.severity, told.line) == ("warning", 18)
    assert "[loinc]" in told.advice
    (tmp_path / "map.yaml").write_text(MAP.replace("concept(loinc,", "concept([loinc],"), encoding="utf-8")
    assert not load_map(tmp_path / "map.yaml").warnings


def test_a_dictionary_beside_the_map_is_found(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "dict.csv").write_text("x", encoding="utf-8")
    text = MAP.replace("file: t.csv", "file: t.csv\n    read: {dictionary: dict.csv}")
    (tmp_path / "maps" / "map.yaml").write_text(text, encoding="utf-8")
    (table,) = load_map(tmp_path / "maps" / "map.yaml").spec.tables
    assert Path(table.options["dictionary"]) == tmp_path / "maps" / "dict.csv"
