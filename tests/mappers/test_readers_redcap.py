"""REDCap exports and what only the data dictionary tells of them: branching, boxes, labels, decimals, missing codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cart_fhir.mappers import Unreadable
from cart_fhir.mappers.readers import redcap
from cart_fhir.mappers.readers.redcapdict import dictionary
from cart_fhir.mappers.readers.redcaplogic import parse

HEADINGS = (
    "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
    '"Choices, Calculations, OR Slider Labels",Text Validation Type OR Show Slider Number,'
    "Branching Logic (Show field only if...)\n"
)
DICTIONARY = HEADINGS + (
    "study_id,base,,text,Study ID,,,\n"
    'sex,base,,radio,Sex,"1, male | 2, female, or so",,\n'
    "pregnant,base,,yesno,Pregnant,,,[sex] = '2'\n"
    'signs,base,,checkbox,Signs,"1, rash | -9, <b>other</b> | aB, fever",,[sex] = "2" and [pregnant] <> \'1\'\n'
    "weight,labs,,text,Weight,,number_1dp_comma_decimal,\n"
    "height,labs,,text,Height,,number,\n"
    "bmi,labs,,calc,BMI,round([weight]/[height],1),,\n"
    "other,labs,,text,Other,,,[signs(-9)] = '1'\n"
)


def reading(tmp_path: Path, text: str, name: str = "data.csv", **options: str) -> Any:
    (tmp_path / "dict.csv").write_text(DICTIONARY, encoding="utf-8-sig")
    (tmp_path / name).write_text(text, encoding="utf-8")
    return redcap.read(tmp_path / name, {"dictionary": "dict.csv", **options})


def rows(tmp_path: Path, text: str, name: str = "data.csv", **options: str) -> list[dict[str, Any]]:
    return [dict(record.values) for record in reading(tmp_path, text, name, **options).records]


def test_a_hidden_box_was_not_asked_and_a_hidden_value_is_doubted(tmp_path: Path) -> None:
    head = "study_id,sex,pregnant,signs___1,signs____9,signs___ab,base_complete\n"
    text = head + "1,1,,0,0,0,2\n2,2,0,0,1,0,2\n3,2,1,0,0,0,2\n4,1,1,1,0,0,2\n5,,,0,0,0,2\n"
    found = list(reading(tmp_path, text).records)
    boxes = [[record.values[name] for name in head.split(",")[3:6]] for record in found]
    assert boxes == [[""] * 3, ["0", "1", "0"], [""] * 3, ["1", "", ""], [""] * 3]
    assert [[doubt.column for doubt in record.doubts] for record in found] == [
        [],
        [],
        [],
        ["pregnant", "signs___1"],
        [],
    ]
    assert found[3].doubts[0].severity == "warning"
    assert found[3].values["pregnant"] == "1", "what stands there is kept"


def test_numbers_get_the_decimal_mark_of_the_map(tmp_path: Path) -> None:
    text = 'study_id,weight,height,bmi,other,labs_complete\n1,"61,5",1.80,"19,0",1.5,2\n'
    for mark in ".,":
        (row,) = rows(tmp_path, text, decimal=mark)
        assert [row[name] for name in ("weight", "height", "bmi")] == [f"61{mark}5", f"1{mark}80", f"19{mark}0"]
        assert row["other"] == "1.5", "a text stays as it is"


def test_labels_are_read_back_as_codes_and_told(tmp_path: Path) -> None:
    head = "study_id,sex,pregnant,signs___1,signs____9,signs___ab,base_complete\n"
    one = reading(tmp_path, head + '1,"female, or so",No,Checked,Unchecked,Unchecked,Complete\n')
    (row,) = [dict(record.values) for record in one.records]
    assert list(row.values()) == ["1", "2", "0", "1", "0", "0", "2"]
    assert {doubt.column for doubt in one.doubts} == {
        "sex", "pregnant", "signs___1", "signs____9", "signs___ab", "base_complete",
    }  # fmt: skip
    other = redcap.read(tmp_path / "data.csv", {})
    assert len(list(other.records)) == 1
    assert {doubt.column for doubt in other.doubts} == {"signs___1", "signs____9", "signs___ab", "base_complete"}


@pytest.mark.parametrize("head", ["Study ID,Sex,Complete?", "Record ID,Event Name,Sex", "a,b"])
def test_headers_of_labels_are_told_from_variables(tmp_path: Path, head: str) -> None:
    with pytest.raises(Unreadable, match="labels"):
        rows(tmp_path, f"{head}\n1,2,3\n")


def test_a_missing_data_code_of_a_checkbox_is_the_reason_it_has_no_answer(tmp_path: Path) -> None:
    head = "study_id,sex,signs___1,signs____9,signs___ab,signs___nask,base_complete\n"
    found = reading(tmp_path, head + "1,2,0,0,0,1,2\n2,2,1,0,0,0,2\n")
    assert "signs" in found.columns
    first, second = (record.values for record in found.records)
    assert [first[name] for name in ("signs", "signs___1", "signs___ab")] == ["NASK", "", ""]
    assert [second[name] for name in ("signs", "signs___1", "signs___ab")] == ["", "1", "0"]


def test_a_missing_data_code_of_the_project_s_own_leaves_no_box_unticked(tmp_path: Path) -> None:
    head = "study_id,sex,signs___1,signs____9,signs___ab,signs____777,base_complete\n"
    found = reading(tmp_path, head + "1,2,0,0,0,1,2\n2,2,1,0,0,1,2\n")
    first, second = list(found.records)
    assert [first.values[name] for name in ("signs", "signs___1", "signs___ab")] == ["-777", "", ""]
    assert [second.values[name] for name in ("signs", "signs___1", "signs___ab")] == ["", "1", "0"]
    assert [doubt.column for doubt in second.doubts] == ["signs____777"], "a choice that the dictionary lacks"


def test_a_ticked_box_may_hold_the_label_of_its_choice(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, "study_id,signs___1,signs____9,signs___ab\n1,,,fever\n")
    assert [row[name] for name in ("signs___1", "signs____9", "signs___ab")] == ["", "", "1"]


def test_values_one_a_row_give_the_flat_record(tmp_path: Path) -> None:
    flat = (
        "study_id,redcap_repeat_instrument,redcap_repeat_instance,sex,signs___1,signs____9,signs___ab,base_complete\n"
    )
    values = [("sex", "2"), ("signs", "-9"), ("signs", "aB"), ("base_complete", "2")]
    eav = "record,redcap_repeat_instrument,redcap_repeat_instance,field_name,value\n" + "".join(
        f"1,,,{name},{value}\n" for name, value in values
    )
    listed = json.dumps([{"record": 1, "field_name": name, "value": value} for name, value in values])
    (one,) = rows(tmp_path, flat + "1,,,2,0,1,1,2\n")
    (two,) = rows(tmp_path, eav, "eav.csv")
    (three,) = rows(tmp_path, listed, "eav.json")
    assert one == {**two, "study_id": "1"}
    assert {name: cell for name, cell in one.items() if cell} == {name: cell for name, cell in three.items() if cell}


def test_values_of_a_record_that_stand_apart_are_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="apart"):
        rows(tmp_path, "record,field_name,value\n1,sex,2\n2,sex,1\n1,weight,3\n")


def test_a_repeat_does_not_hold_the_record_that_its_logic_asks_for(tmp_path: Path) -> None:
    head = "study_id,redcap_repeat_instrument,redcap_repeat_instance,signs____9,other,labs_complete\n"
    one = reading(tmp_path, head + "1,labs,1,0,seen,2\n1,,,0,seen,2\n")
    assert [[doubt.column for doubt in record.doubts] for record in one.records] == [[], ["other"]]


def test_the_api_metadata_are_a_dictionary_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(DICTIONARY, encoding="utf-8")
    given = dictionary(tmp_path / "a.csv")
    assert given["signs"].choices == {"1": "rash", "-9": "other", "aB": "fever"}
    assert given["signs"].boxes == {"1": "signs___1", "-9": "signs____9", "aB": "signs___ab"}
    rows = [
        {"field_name": one.name, "form_name": one.form, "field_type": one.kind, "field_label": one.label,
         "select_choices_or_calculations": " | ".join(f"{code}, {label}" for code, label in one.choices.items()),
         "text_validation_type_or_show_slider_number": one.validation, "branching_logic": one.branching}
        for one in given.values()
    ]  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps(rows), encoding="utf-8")
    assert dictionary(tmp_path / "a.json") == given


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\x00"])
def test_what_is_no_dictionary_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "d.csv").write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable):
        dictionary(tmp_path / "d.csv")


CELLS = {"sex": "2", "age": "18", "none": "", "box(3)": "1"}


@pytest.mark.parametrize(
    ("logic", "answer"),
    [
        ("[sex] = '2'", True), ("[sex]='1'", False), ("[sex] <> \"2\"", False), ("[sex] != 1", True),
        ("[age] >= 18", True), ("[age] > '18'", False), ("[age] = 18.0", True), ("[none] = ''", True),
        ("[none] > 5", None), ("[box(3)] = '1' and [box(4)] = '1'", False), ("[box(3)] = 1 OR [box(4)] = 1", True),
        ("[sex] = '1' or ([sex] = '2' and ([age] < 20))", True), ("[event_1_arm_1][sex] = '2'", None),
        ("[event_1_arm_1][sex] = '2' or [sex] = '2'", True), ("[event_1_arm_1][sex] = '2' and [sex] = '1'", False),
        ("datediff([a],[b],'d') > 3", None), ("[age] + 1 = 19", None), ("[age] > -1", True), ("", None),
        ("[sex] =", None),
        ("(" * 60 + "[sex]=2" + ")" * 60, None), ("[sex] = '2' [age]", None), ("[unknown] = '1'", None), ("§", None),
    ],
)  # fmt: skip
def test_branching_logic_answers_what_a_row_can_tell(logic: str, answer: bool | None) -> None:
    def look(name: str, code: str) -> str | None:
        return CELLS.get(f"{name}({code})", "0") if code else CELLS.get(name)

    assert parse(logic)(look) is answer
