"""What an export says itself of its columns, for `map new`: a REDCap project's dictionary, decodes and units of ODM."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cart_fhir.mappers.guess import Guess, meaning, sexes, unit_in
from cart_fhir.mappers.readers import Unreadable, redcap
from cart_fhir.mappers.readers.redcapdict import Field, dictionary

Fields = Mapping[str, Field]

_PROJECT = re.compile(
    r"\s*\[?\s*\{?\W*(?:Variable / Field Name|field_name)\W.{0,40}(?:Form Name|form_name)\W", re.DOTALL
)
_EVENTS = re.compile(r"[\w\W]{0,40}\barm_num\W+unique_event_name\W")  # a project's events, and their forms
_KEY = re.compile(r"\w+(?:OID|RepeatKey)|redcap_\w+")
_TIMES = {
    "datetime_seconds": '["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]', "datetime": '["%Y-%m-%d %H:%M"]',
}  # fmt: skip
_SHORT = 5
_CODED = ("sex", "diagnosis", "drug", "test", "visit", "infusion", "unit")  # what a map will want as codes


def projects(paths: Iterable[Path]) -> tuple[list[Path], list[tuple[Path, Fields]]]:
    """The files that hold data, and the data dictionaries among them; lists of events are neither."""
    data, found = list[Path](), list[tuple[Path, Fields]]()
    for path in paths:
        start = path.read_bytes()[:2000].decode("utf-8", "replace").lstrip("\ufeff")
        if _PROJECT.match(start):
            try:
                found.append((path, dictionary(path)))
                continue
            except Unreadable:
                pass  # told when it is read as data
        if not _EVENTS.match(start):
            data.append(path)
    return data, found


def project_of(names: Sequence[str], dictionaries: Sequence[tuple[Path, Fields]]) -> tuple[Path, Fields] | None:
    """The dictionary that most of these columns stand in."""
    bare = {name.split("___")[0] for name in names}
    for path, fields in dictionaries:
        if 2 * len(bare & set(fields)) > len(bare):
            return path, fields
    return None


def of_project(guesses: Sequence[Guess], fields: Fields) -> None:
    """Lay what the dictionary says over what was guessed of the cells."""
    first = next(iter(fields))
    forms = {f"{field.form}_complete" for field in fields.values()}
    for one in guesses:
        name, _, box = one.name.partition("___")
        field = fields.get(name)
        if one.name in forms or one.name in redcap.KEYS or field is None:
            _is(one, "text", 95, "REDCap's own")
            one.meaning = ""
        elif name == first:
            _is(one, "id", 95, "the first field of the project names the record", required="true")
            one.meaning = "patient"
        elif box:
            ticked = next((label for code, label in field.choices.items() if field.boxes.get(code) == one.name), box)
            _is(one, "boolean", 95, f"ticked: {ticked} ({field.label})", yes='["1"]', no='["0"]')
        else:
            _as_field(one, field)
        if field is not None:
            one.form, one.label = field.form, field.label


def _as_field(one: Guess, field: Field) -> None:
    named = meaning(field.label) if len(field.label.split()) <= _SHORT else ""  # of a long question a word says little
    if one.meaning == "patient":  # the record is named by the first field alone
        _is(one, "text", 60, "its name says patient")
    one.meaning = next((told for told in (one.meaning, named) if told and told != "patient"), "")
    kind, told = field.validation, f"{field.kind}: {field.label}"
    if field.kind in ("yesno", "truefalse"):
        _is(one, "boolean", 95, told, yes='["1"]', no='["0"]')
    elif field.choices:
        _as_choice(one, field)
    elif kind.startswith("datetime"):
        formats = _TIMES["datetime_seconds" if kind.startswith("datetime_seconds") else "datetime"]
        _is(one, "date", 90, f"{told}; `datetime` keeps the time, and needs source: zone:", formats=formats)
    elif kind.startswith("date"):
        _is(one, "date", 95, told)
    elif field.kind in ("calc", "slider") or kind.startswith(("number", "integer")):
        unit = one.options.get("unit") or quote(unit_in(f"({field.note})") or unit_in(field.label))
        _is(one, "number", 90, told, **({"unit": unit} if unit else {}))
    elif one.type == "code":
        _is(one, "text", 60, told)
    else:
        one.why = f"{one.why}; {told}"


def _as_choice(one: Guess, field: Field) -> None:
    """A choice of the project: a code where a map will want one, else text with its meaning beside it."""
    told = ", ".join(f"{code} = {label}" for code, label in field.choices.items())
    if one.meaning == "sex":
        pairs = sexes(field.choices)
        _is(
            one,
            "code",
            90,
            f"{field.label}: {told}",
            map="{" + ", ".join(f'"{k}": {v}' for k, v in pairs.items()) + "}",
        )
    elif one.meaning in _CODED:
        _is(one, "code", 90, f"{field.label}: {told}")
        one.words, one.labels = list(field.choices), dict(field.choices)
    else:
        _is(one, "text", 90, f"{field.label}: {told}; a `code` with a table when it is used")


def of_study(guesses: list[Guess], cells: Mapping[str, Sequence[Any]]) -> list[Guess]:
    """The columns of ODM: decodes stand for codes, a unit that is always the same for the column that says it."""
    names = {one.name for one in guesses}
    made = []
    for one in guesses:
        bare, _, kind = one.name.rpartition(".")
        units = {str(cell) for cell in cells.get(f"{one.name}.unit", ()) if cell}
        if _KEY.fullmatch(one.name) and one.meaning != "patient":
            _is(one, "text", 95, "names the place in the study")
        elif f"{one.name}.label" in names:
            continue
        elif one.type == "number":
            one.options.pop("unit", None)
            if len(units) == 1:
                _is(one, "number", 90, "numbers; the file says their unit", unit=quote(units.pop()))
        elif kind == "unit" and bare in names and len({str(cell) for cell in cells[one.name] if cell}) == 1:
            continue
        made.append(one)
    return made


def quote(unit: str) -> str:
    """A unit as YAML; nothing for none."""
    return f'"{unit}"' if unit else ""


def boxes(guesses: Sequence[Guess]) -> None:
    """REDCap's own columns where no dictionary tells of them, and its boxes."""
    for one in guesses:
        if one.name in redcap.KEYS or one.name.endswith("_complete"):
            _is(one, "text", 90, "REDCap's own")
        elif "___" in one.name:
            _is(one, "boolean", 80, "a box of REDCap", yes='["1"]', no='["0"]')


def _is(one: Guess, kind: str, sure: int, why: str, **options: str) -> None:
    one.type, one.sure, one.why, one.options, one.words = kind, sure, why, dict(options), []
