"""`cart-fhir map new`: a commented map for an unknown export, ready to be checked, edited and run.

Each table says how it is read, what each column seems to hold and how sure that is, and what its rows may become. Code
tables come with the words of the export; what is known of them is filled in and marked as a guess.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from cart_fhir.errors import ConfigError
from cart_fhir.mappers import readers
from cart_fhir.mappers.guess import Guess, concept, guess, hole, quoted
from cart_fhir.mappers.readers import forms
from cart_fhir.mappers.sniff import Sheet, sheets

_ROWS = 300
_SIZES = ("29463-7", "8302-2", "8277-6")  # weight, height, body surface area
_SHARED = ("encoding", "delimiter")
HEADER = ("source_code", "source_text", "target_system", "target_code", "target_display", "unit", "comment")


@dataclass
class _Table:
    """One table to be: its place, its columns, and its name in the map."""

    name: str
    sheet: Sheet
    guesses: list[Guess] = field(default_factory=list)
    trouble: str = ""

    def named(self, meaning: str, *types: str) -> str:
        """The first column of a meaning (and type); "" when there is none."""
        found = (one.name for one in self.guesses if one.meaning == meaning and (not types or one.type in types))
        return next(found, "")


def skeleton(exports: Sequence[Path]) -> tuple[str, dict[str, list[list[str]]]]:
    """The text of a new map for these files, and the code tables it names: their lines, to be filled in."""
    files = [path for export in exports for path in (sorted(export.iterdir()) if export.is_dir() else [export])]
    found = [sheet for path in files if path.suffix.lower() not in (".yaml", ".yml") for sheet in sheets(path)]
    decimal = Counter(sheet.decimal for sheet in found if sheet.decimal).most_common(1)
    tables = [_table(sheet, decimal[0][0] if decimal else ".") for sheet in found]
    _tell_apart(tables)
    shared = _shared(found, decimal[0][0] if decimal else "")
    day0 = next((one for one in tables if one.named("patient") and one.named("infusion", "date")), None)
    words: dict[str, list[list[str]]] = {}
    body = [line for one in tables for line in _lines(one, shared, day0, words)]
    lookup = (
        f"  INFUSION: {{table: {day0.name}, take: {quoted(day0.named('infusion', 'date'))}, "
        f"on: {quoted(day0.named('patient'))}}}"
        if day0
        else ""
    )
    lines = [
        "# A first map, guessed from the export. Read it line by line: what is wrong here will be wrong in FHIR.",
        "# How to go on: docs/mapping.md",
        "map: 1",
        f"name: {files[0].stem if files else 'new'}",
        "source:",
        "  system: https://YOUR-HOSPITAL.example/patients  # the URL under which you number patients: choose it once",
        *(f"  {key}: {_scalar(value)}" for key, value in shared.items()),
        f"empty: [{', '.join(_scalar(word) for word in _empty(tables))}]",
        *(["lookup:  # day 0, from which study days count", lookup] if lookup else []),
        "tables:",
        *body,
    ]
    return "\n".join(lines) + "\n", words


def _empty(tables: Sequence[_Table]) -> list[str]:
    """What is read as absent: the usual, and the words of this export that say so."""
    found = sorted({word for table in tables for one in table.guesses for word in one.nothing})
    return list(dict.fromkeys(["", "NA", "n.a.", *found]))


def _shared(found: Sequence[Sheet], decimal: str) -> dict[str, Any]:
    """What most tables have in common, for `source:`; it holds for all that do not say otherwise."""
    made: dict[str, Any] = {}
    for key in _SHARED:
        given = Counter(sheet.options[key] for sheet in found if key in sheet.options)
        if given:
            made[key] = given.most_common(1)[0][0]
    if made.get("encoding") and any(
        "encoding" not in sheet.options and "delimiter" in sheet.options for sheet in found
    ):
        del made["encoding"]  # some are in UTF-8: each says its own
    return {**made, **({"decimal": decimal} if decimal else {})}


def _table(sheet: Sheet, decimal: str) -> _Table:
    title = str(next((sheet.options[key] for key in ("sheet", "only", "rows") if key in sheet.options), ""))
    made = _Table(re.sub(r"\W+", "_", f"{sheet.path.stem} {title}".strip()), sheet)
    fill = sheet.options.pop("fill", None)
    try:
        reading = readers.read(sheet.path, sheet.options)
        records = list(islice(reading.records, _ROWS))
    except (readers.Unreadable, ConfigError) as problem:
        made.trouble = problem.message
        return made
    names = forms.columns(records) if reading.columns is None else list(reading.columns)
    if not names:
        made.trouble = "The file holds no table."
    if fill and names:
        sheet.options["fill"] = names[0]
    columns = {name: [record.values.get(name, "") for record in records] for name in names if name}
    mark = sheet.decimal or decimal
    made.guesses = [
        guess(name, cells, mark)
        for name, cells in columns.items()
        if not (re.fullmatch(r"(column|row) \d+", name) and not any(str(cell).strip() for cell in cells))
    ]
    _one_patient(made.guesses, ("id",) if sheet.options.get("rows") == "Patient" else forms.PATIENT)
    return made


def _one_patient(guesses: Sequence[Guess], usual: Sequence[str]) -> None:
    """Of several columns that seem to name the patient one does; others only sound like it (`patient_phone`)."""
    several = [one for one in guesses if one.meaning == "patient"]
    named = next((one for one in guesses if one.name in usual), next(iter(several), None))
    for one in several:
        if one is not named:
            one.meaning, one.type, one.options, one.sure, one.why = (
                "",
                "text",
                {},
                30,
                "its name says patient, as another's",
            )
    if named is not None and named.meaning != "patient":
        named.meaning, named.type, named.options = "patient", "id", {"required": "true"}
        named.sure, named.why = 90, "where this format names the patient"


def _tell_apart(tables: Sequence[_Table]) -> None:
    seen: Counter[str] = Counter()
    for table in tables:
        seen[table.name] += 1
        if seen[table.name] > 1:
            table.name += f"_{seen[table.name]}"


# -- the text ----------------------------------------------------------------------------------------------------------


def _lines(
    table: _Table, shared: Mapping[str, Any], day0: _Table | None, words: dict[str, list[list[str]]]
) -> Iterator[str]:
    yield ""
    if table.trouble:
        yield f"  # {table.sheet.path.name} could not be read: {table.trouble}"
        return
    yield f"  {table.name}:"
    yield f"    file: {quoted(table.sheet.path.name)}"
    options = {key: value for key, value in table.sheet.options.items() if shared.get(key) != value}
    if options:
        told = f"  # {'; '.join(table.sheet.notes)}" if table.sheet.notes else ""
        yield f"    read: {{{', '.join(f'{key}: {_scalar(value)}' for key, value in options.items())}}}{told}"
    yield "    columns:"
    anchor = _anchor(table, day0)
    for one in table.guesses:
        _complete(one, table, shared, anchor, words)
        yield one.line()
    yield from _make(table, words)


def _anchor(table: _Table, day0: _Table | None) -> str:
    """What study days of a table count from: its own column, the lookup, or nothing that is known."""
    if day0 is None or table is day0:
        return table.named("infusion", "date")
    return "INFUSION" if day0.named("patient") in {one.name for one in table.guesses} else ""


def _complete(
    one: Guess, table: _Table, shared: Mapping[str, Any], anchor: str, words: dict[str, list[list[str]]]
) -> None:
    """What a guess needs of its surroundings: code tables, anchors, another decimal mark, a unit known by the name."""
    if one.type == "code" and "map" not in one.options:
        name = re.sub(r"[^a-z0-9]+", "_", f"{table.name}_{one.name}".lower()).strip("_") + ".csv"
        one.options["map"] = name
        words[name] = [_line(word) for word in one.words]
    if "anchor" in one.options:
        one.options["anchor"] = quoted(anchor)
        if not anchor:
            del one.options["anchor"]
            one.why = "study days; say from which date they count (anchor)"
    mark = table.sheet.decimal
    if one.type == "number" and mark and mark != shared.get("decimal", "."):
        one.options["decimal"] = f'"{mark}"'
    if one.type == "number" and "unit" not in one.options and (unit := concept(one.name).get("unit")):
        one.options["unit"], one.sure = f'"{unit}"', 50
        one.why = "numbers; the unit is a guess from the name: check it"


def _line(word: str) -> list[str]:
    known = concept(word)
    told = [known.get(key, "") for key in ("system", "code", "display", "unit")]
    return [word, "", *told, "a guess: check it" if known else ""]


def _make(table: _Table, words: dict[str, list[list[str]]]) -> Iterator[str]:
    """First resources: what the meanings of the columns allow, the rest as a comment."""
    patient = table.named("patient")
    if not patient:
        yield "    make: []  # no column seems to name the patient: name it, then say what each row becomes"
        return
    made = [line for part in (_person, _diagnosis, _results, _drugs, _numbers) for line in part(table, patient, words)]
    if any("resource:" in line for line in made):
        yield "    make:"
    else:
        yield "    make: []  # say here what each row becomes: docs/mapping.md"
    yield from made


def _person(table: _Table, patient: str, words: dict[str, list[list[str]]]) -> Iterator[str]:
    found = [
        ("gender", table.named("sex")),
        ("birthDate", table.named("birth")),
        ("deceasedDateTime", table.named("death")),
    ]
    if not any(name for _, name in found[:2]):
        return
    yield from ("      - resource: Patient", "        profile: cart-patient", f"        key: [{_value(patient)}]")
    yield "        body:"
    yield from (f"          {element}: {_value(name)}" for element, name in found if name)


def _diagnosis(table: _Table, patient: str, words: dict[str, list[list[str]]]) -> Iterator[str]:
    name = table.named("diagnosis", "code")
    if not name:
        return
    yield "      - resource: Condition  # with `profile: cart-autoimmune-condition` the guide is checked too"
    yield f"        key: [{_value(patient)}, {_value(name)}]"
    yield f"        when: {_value(name)}"
    yield f"        body: {{code: {_value(name)}, subject: '=ref(Patient, {hole(patient)})'{_onset(table)}}}"


def _onset(table: _Table) -> str:
    onset = table.named("onset", "date")
    return f", onsetDateTime: {_value(onset)}" if onset else ""


def _results(table: _Table, patient: str, words: dict[str, list[list[str]]]) -> Iterator[str]:
    """One result a row: test, value, unit, date."""
    test, value, unit = table.named("test", "code"), table.named("value", "number"), table.named("unit")
    if not (test and value):
        return
    dated = _date(table)
    yield "      - resource: Observation  # with `profile: cart-laboratory` the guide is checked too"
    key = ", ".join(_value(name) for name in (patient, test, dated) if name)
    yield f"        key: [{key}]  # what makes it one of a kind"
    yield f"        when: {_value(value)}"
    yield "        body:"
    yield "          status: final"
    yield f"          code: {_value(test)}"
    yield f"          subject: =ref(Patient, {hole(patient)})"
    if dated:
        yield f"          effectiveDateTime: {_value(dated)}"
    yield f"          valueQuantity: '=quantity({hole(value)}{', ' + hole(unit) if unit else ''})'"


def _drugs(table: _Table, patient: str, words: dict[str, list[list[str]]]) -> Iterator[str]:
    drug = table.named("drug", "code")
    days = next(
        (one for one in table.guesses if one.type in ("day-list", "relative-day") and "anchor" in one.options), None
    )
    dated = days.name if days else _date(table)
    if not (drug and dated):
        return
    many = days is not None and days.type == "day-list"
    when = "=DAY_GIVEN" if many else _value(dated)
    yield "      - resource: MedicationAdministration  # profiles: cart-lymphodepletion, cart-supportive-administration"
    yield f"        key: [{_value(patient)}, {_value(drug)}, {when}]"
    if many:
        yield f"        each: {{DAY_GIVEN: {quoted(dated)}}}"
    yield "        body:"
    yield "          status: completed"
    yield f"          medicationCodeableConcept: {_value(drug)}"
    yield f"          subject: =ref(Patient, {hole(patient)})"
    yield f"          effectiveDateTime: {when}"
    dose = next(
        (one for one in table.guesses if one.meaning == "dose" and one.type == "number" and "unit" in one.options), None
    )
    if dose:
        yield f"          # its dose: as extension cart-planned-dose or dosage: dose: '=dose({hole(dose.name)})'"


def _numbers(table: _Table, patient: str, words: dict[str, list[list[str]]]) -> Iterator[str]:
    """Several results a row, one a column: those of which the unit is known."""
    if table.named("test", "code") and table.named("value", "number"):
        return
    numbers = [one for one in table.guesses if one.type == "number" and one.meaning not in ("dose", "day")]
    known, open_ = (
        [one for one in numbers if "unit" in one.options],
        [one for one in numbers if "unit" not in one.options],
    )
    name, dated = f"{table.name.lower()}_columns.csv", _date(table)
    if known:
        words[name] = [_line(one.name) for one in known]
    for profile, some in _by_profile(known):
        yield "      - resource: Observation  # one for each of these columns"
        yield f"        profile: {profile}"
        yield f"        key: [{_value(patient)}, =column(RESULT){', ' + _value(dated) if dated else ''}]"
        yield f"        each: {{RESULT: [{', '.join(quoted(one.name, flow=True) for one in some)}]}}"
        yield "        body:"
        yield "          status: final"
        yield f'          code: =translate(column(RESULT), "{name}")'
        yield f"          subject: =ref(Patient, {hole(patient)})"
        if dated:
            yield f"          effectiveDateTime: {_value(dated)}"
        yield "          valueQuantity: =quantity(RESULT)"
    if open_:
        yield f"      # numbers without a unit, not used yet: {', '.join(one.name for one in open_)}"


def _by_profile(known: Sequence[Guess]) -> Iterator[tuple[str, list[Guess]]]:
    """Columns of body sizes, which are vital signs, and those of the laboratory."""
    sizes = [one for one in known if concept(one.name).get("code") in _SIZES]
    for profile, some in (("cart-body-size", sizes), ("cart-laboratory", [one for one in known if one not in sizes])):
        if some:
            yield profile, some


def _date(table: _Table) -> str:
    return table.named("date", "date") or next(
        (one.name for one in table.guesses if one.type == "date" and one.meaning not in ("birth", "death", "onset")), ""
    )


def _value(name: str) -> str:
    """A hole that is a column, as YAML, safe inside brackets too."""
    return f"={name}" if hole(name) == name else f"'=[{name}]'"


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, list)):
        return str(value)
    return '"\\t"' if value == "\t" else f'"{value}"'
