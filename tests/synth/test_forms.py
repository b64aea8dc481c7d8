"""The data collection project: REDCap and ODM hold the same values, and every value fits its dictionary."""

from __future__ import annotations

import csv
import re

import pytest
from lxml import etree

from cart_fhir.synth import journeys, write
from cart_fhir.synth.exports.filled import filled
from cart_fhir.synth.exports.forms import FORMS

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
PATIENTS = 15


@pytest.fixture(scope="module")
def redcap(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, str]]]:
    files = write("redcap", tmp_path_factory.mktemp("redcap"), PATIENTS, seed=4)
    tables = {}
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.stem] = list(csv.DictReader(file))
    return tables


@pytest.fixture(scope="module")
def odm(tmp_path_factory: pytest.TempPathFactory) -> etree._Element:
    (path,) = write("odm", tmp_path_factory.mktemp("odm"), PATIENTS, seed=4)
    return etree.fromstring(path.read_bytes())


def test_names_are_redcap_names(redcap: dict[str, list[dict[str, str]]]) -> None:
    names = [row["Variable / Field Name"] for row in redcap["redcap_dictionary"]]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,25}", name) for name in names), "REDCap's rule for variable names"
    assert not [name for name in names if name.endswith("_complete")], "that is how REDCap ends the status of a form"


def test_the_dictionary_can_be_imported(redcap: dict[str, list[dict[str, str]]]) -> None:
    """REDCap's columns in their order, its types, and branching by fields and choices that there are."""
    rows = redcap["redcap_dictionary"]
    assert list(rows[0]) == [
        "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
        "Choices, Calculations, OR Slider Labels", "Field Note", "Text Validation Type OR Show Slider Number",
        "Text Validation Min", "Text Validation Max", "Identifier?", "Branching Logic (Show field only if...)",
        "Required Field?", "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?",
        "Field Annotation",
    ]  # fmt: skip
    assert rows[0]["Variable / Field Name"] == "record_id"
    fields = {row["Variable / Field Name"]: row for row in rows}
    for row in rows:
        assert row["Field Type"] in ("text", "radio", "checkbox", "yesno")
        choices = row["Choices, Calculations, OR Slider Labels"]
        assert bool(choices) == (row["Field Type"] in ("radio", "checkbox")), row["Variable / Field Name"]
        assert row["Text Validation Type OR Show Slider Number"] in ("", "date_ymd", "integer", "number")
        assert re.fullmatch(r"[a-z][a-z0-9_]*", row["Form Name"])
        logic = row["Branching Logic (Show field only if...)"]
        if logic:
            asked = re.fullmatch(r"\[(\w+)\] (=|>) (?:'(\w+)'|(\d+))", logic)
            assert asked, logic
            question = fields[asked[1]]
            assert asked[4] or question["Field Type"] == "yesno" or f"{asked[3]}, " in question[
                "Choices, Calculations, OR Slider Labels"
            ]  # fmt: skip
    forms = [row["Form Name"] for row in rows]
    assert len([form for form, before in zip(forms, ["", *forms], strict=False) if form != before]) == len(set(forms))


def test_labels_pipe_nothing(redcap: dict[str, list[dict[str, str]]]) -> None:
    """REDCap takes square brackets in a label for the name of another field."""
    assert not [row for row in redcap["redcap_dictionary"] if "[" in row["Field Label"]]


def test_every_column_is_in_the_dictionary(redcap: dict[str, list[dict[str, str]]]) -> None:
    names = {row["Variable / Field Name"] for row in redcap["redcap_dictionary"]}
    forms = {row["Form Name"] for row in redcap["redcap_dictionary"]}
    for column in redcap["redcap"][0]:
        known = column.partition("___")[0] in names or column.removesuffix("_complete") in forms
        assert known or column.startswith("redcap_repeat_")


def test_values_fit_the_dictionary(redcap: dict[str, list[dict[str, str]]]) -> None:
    dictionary = {row["Variable / Field Name"]: row for row in redcap["redcap_dictionary"]}
    patterns = {"date_ymd": r"\d{4}-\d\d-\d\d", "integer": r"\d+", "number": r"\d+(\.\d+)?"}
    checked = 0
    for record in redcap["redcap"]:
        for column, value in record.items():
            question = dictionary.get(column)
            if not question or not value:
                continue
            checked += 1
            kind = question["Text Validation Type OR Show Slider Number"]
            assert not kind or re.fullmatch(patterns[kind], value), (column, value)
            if question["Field Type"] == "radio":
                choices = question["Choices, Calculations, OR Slider Labels"]
                assert value in [choice.partition(",")[0].strip() for choice in choices.split("|")]
    assert checked > 1000


def test_needed_fields_are_filled(redcap: dict[str, list[dict[str, str]]]) -> None:
    needed = {
        row["Variable / Field Name"]: row["Form Name"] for row in redcap["redcap_dictionary"] if row["Required Field?"]
    }
    for record in redcap["redcap"]:
        for name, form in needed.items():
            assert record[name] or record[f"{form}_complete"] != "2"


def test_repeats_are_counted(redcap: dict[str, list[dict[str, str]]]) -> None:
    for number, journey in enumerate(journeys(PATIENTS, 4), 1):
        rows = [row for row in redcap["redcap"] if row["record_id"] == f"A{number:04}"]
        doses = [row["redcap_repeat_instance"] for row in rows if row["redcap_repeat_instrument"] == "lymphodepletion"]
        assert doses == [str(place) for place in range(1, len(journey.lymphodepletion) + 1)]


def test_odm_defines_what_it_holds(odm: etree._Element) -> None:
    items = {item.get("OID") for item in odm.iter(f"{ODM}ItemDef")}
    forms = {form.get("OID") for form in odm.iter(f"{ODM}FormDef")}
    lists = {codes.get("OID") for codes in odm.iter(f"{ODM}CodeList")}
    assert {item.get("ItemOID") for item in odm.iter(f"{ODM}ItemData")} <= items
    assert {form.get("FormOID") for form in odm.iter(f"{ODM}FormData")} <= forms
    assert {ref.get("CodeListOID") for ref in odm.iter(f"{ODM}CodeListRef")} == lists


def test_both_formats_hold_the_same(redcap: dict[str, list[dict[str, str]]], odm: etree._Element) -> None:
    repeating = {form.name for form in FORMS if form.repeats}
    from_odm = set()
    for subject in odm.iter(f"{ODM}SubjectData"):
        for form in subject.iter(f"{ODM}FormData"):
            place = form.get("FormRepeatKey", "")
            for item in form.iter(f"{ODM}ItemData"):
                from_odm.add((subject.get("SubjectKey"), place, item.get("ItemOID", "")[2:], item.get("Value")))
    skipped = ("record_id", "redcap_repeat_instrument", "redcap_repeat_instance")
    from_redcap = {
        (row["record_id"], row["redcap_repeat_instance"], column, value)
        for row in redcap["redcap"]
        for column, value in row.items()
        if value and column not in skipped and not column.endswith("_complete")
    }
    assert from_odm == from_redcap
    assert {row["redcap_repeat_instrument"] for row in redcap["redcap"]} - {""} <= repeating


def test_every_form_is_used() -> None:
    used = {form.form for journey in journeys(PATIENTS, 4) for form in filled(journey)}
    assert used == {form.name for form in FORMS}
