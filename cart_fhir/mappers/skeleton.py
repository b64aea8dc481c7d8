"""`cart-fhir map new`: a commented map for an unknown export, ready to be checked, edited and run.

Each table says how it is read, what each column seems to hold and how sure that is, and what its rows may become. Code
tables come with the words of the export; what is known of them is filled in and marked as a guess.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from cart_fhir.errors import ConfigError
from cart_fhir.mappers import readers
from cart_fhir.mappers.declared import Fields, boxes, of_project, of_study, project_of, projects
from cart_fhir.mappers.drafts import Draft, Words
from cart_fhir.mappers.guess import Guess, concept, guess, quoted, unaccented
from cart_fhir.mappers.readers import forms
from cart_fhir.mappers.sniff import Sheet, sheets
from cart_fhir.mappers.starters import line, starters

_ROWS = 300
_DOUBT = {"encoding": "  # a guess, the text is not UTF-8: do letters with accents look right?"}
_SHARED = ("encoding", "delimiter")
HEADER = ("source_code", "source_text", "target_system", "target_code", "target_display", "unit", "comment")


def skeleton(exports: Sequence[Path]) -> tuple[str, Words]:
    """The text of a new map for these files, and the code tables it names: their lines, to be filled in.

    ConfigError where there is no table in any of them; a file among others that cannot be read is told in the map.
    """
    files = [path for export in exports for path in (sorted(export.iterdir()) if export.is_dir() else [export])]
    wanted = [path for path in files if path.is_file() and path.suffix.lower() not in (".yaml", ".yml")]
    data, dictionaries = projects(wanted)
    found = [sheet for path in data for sheet in sheets(path)]
    decimal = Counter(sheet.decimal for sheet in found if sheet.decimal).most_common(1)
    tables = [_table(sheet, decimal[0][0] if decimal else ".", dictionaries) for sheet in found]
    if not any(one.guesses for one in tables):
        said = "; ".join(f"{one.sheet.path.name}: {one.trouble}" for one in tables)
        raise ConfigError(f"Nothing here can be mapped. {said or 'The folder is empty.'}")
    _tell_apart(tables)
    _shared_patient(tables)
    shared = _shared(found, decimal[0][0] if decimal else "")
    day0 = next((one for one in tables if one.named("patient") and one.named("infusion", "date")), None)
    words: Words = {}
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
        *(f"  {key}: {_scalar(value)}{_DOUBT.get(key, '')}" for key, value in shared.items()),
        f"empty: [{', '.join(_scalar(word) for word in _empty(tables))}]",
        *(["lookup:  # day 0, from which study days count", lookup] if lookup else []),
        "tables:",
        *body,
    ]
    return "\n".join(lines) + "\n", words


def _empty(tables: Sequence[Draft]) -> list[str]:
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


def _table(sheet: Sheet, decimal: str, dictionaries: Sequence[tuple[Path, Fields]]) -> Draft:
    title = str(next((sheet.options[key] for key in ("sheet", "only", "rows") if key in sheet.options), ""))
    made = Draft(re.sub(r"\W+", "_", f"{sheet.path.stem} {title}".strip()), sheet)
    fill = sheet.options.pop("fill", None)
    fields: Fields = {}
    try:
        reading = readers.read(sheet.path, sheet.options)
        if project := project_of(reading.columns or (), dictionaries):
            fields = project[1]
            sheet.options.update(format="redcap", dictionary=project[0].name)
            reading = readers.read(sheet.path, {**sheet.options, "dictionary": str(project[0]), "decimal": decimal})
        records = list(islice(reading.records, _ROWS))
    except (readers.Unreadable, ConfigError) as problem:
        made.trouble = problem.message
        return made
    names = forms.columns(records) if reading.columns is None else list(reading.columns)
    if not names:
        made.trouble = "The file holds no table."
    if fill and names:
        sheet.options["fill"] = names[0]
    cells = {name: [record.values.get(name, "") for record in records] for name in names if name}
    made.cells = cells
    mark = decimal if fields else sheet.decimal or decimal
    made.guesses = [
        guess(name, some, mark)
        for name, some in cells.items()
        if not (re.fullmatch(r"(column|row) \d+", name) and not any(str(cell).strip() for cell in some))
    ]
    for one in made.guesses:
        one.form = one.name.rpartition(" / ")[0]  # of two header lines the upper one holds what belongs together
    if fields:
        of_project(made.guesses, fields)
    elif sheet.options.get("format") == "redcap":
        boxes(made.guesses)
    elif sheet.options.get("format") == "odm":
        made.guesses = of_study(made.guesses, cells)
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


def _shared_patient(tables: Sequence[Draft]) -> None:
    """Where no name says patient: the column that most tables share, with words that each name one row of one table."""
    nameless = [table for table in tables if table.guesses and not table.named("patient")]
    shared = Counter(
        one.name for table in nameless for one in table.guesses if one.full and one.type in ("text", "id", "code")
    )
    for name, times in shared.most_common():
        lists = [[str(cell).strip() for cell in table.cells[name]] for table in nameless if name in table.cells]
        people = next((set(some) for some in lists if len(set(some)) == len(some) > 1), None)
        if times < 2 or people is None or not all(len(people & set(some)) * 2 > len(set(some)) for some in lists):
            continue
        for one in (one for table in nameless for one in table.guesses if one.name == name):
            one.meaning, one.type, one.options, one.words = "patient", "id", {"required": "true"}, []
            one.sure, one.why = 70, "tables share it, and it names each row of one of them"
        return
    for table in nameless if len(nameless) == len([one for one in tables if one.guesses]) else ():
        first = table.guesses[0]
        cells = [str(cell).strip() for cell in table.cells[first.name]]
        if (
            first.full
            and first.type in ("text", "id", "code")
            and len(set(cells)) == len(cells)
            and max(map(len, cells)) < 20
        ):
            first.meaning, first.type, first.options, first.words = "patient", "id", {"required": "true"}, []
            first.sure, first.why = 40, "it comes first and names each row: check that it is the patient"


def _tell_apart(tables: Sequence[Draft]) -> None:
    seen: Counter[str] = Counter()
    for table in tables:
        seen[table.name] += 1
        if seen[table.name] > 1:
            table.name += f"_{seen[table.name]}"


# -- the text ----------------------------------------------------------------------------------------------------------


def _lines(table: Draft, shared: Mapping[str, Any], day0: Draft | None, words: Words) -> Iterator[str]:
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
    table.anchor = _anchor(table, day0)
    for one in table.guesses:
        _complete(one, table, shared, words)
        yield one.line()
    yield from starters(table, words)


def _anchor(table: Draft, day0: Draft | None) -> str:
    """What study days of a table count from: its own column, the lookup, or nothing that is known."""
    if day0 is None or table is day0:
        return table.named("infusion", "date")
    return "INFUSION" if day0.named("patient") in {one.name for one in table.guesses} else ""


def _complete(one: Guess, table: Draft, shared: Mapping[str, Any], words: Words) -> None:
    """What a guess needs of its surroundings: code tables, anchors, another decimal mark, a unit known by the name."""
    if one.type == "code" and "map" not in one.options:
        name = re.sub(r"[^a-z0-9]+", "_", unaccented(f"{table.name}_{one.name}")).strip("_") + ".csv"
        name = name if name not in words else f"{len(words)}_{name}"
        one.options["map"] = name
        words[name] = [line(word, one.labels.get(word, "")) for word in one.words]
    if "anchor" in one.options:
        one.options["anchor"] = quoted(table.anchor)
        if not table.anchor:
            one.type, one.sure = "text", 50
            del one.options["anchor"]
            one.why = "study days; `relative-day` with the date they count from (anchor)"
    mark = table.sheet.decimal
    if one.type == "number" and mark and mark != shared.get("decimal", "."):
        one.options["decimal"] = f'"{mark}"'
    if one.type == "number" and "unit" not in one.options and (unit := concept(one.name).get("unit")):
        one.options["unit"], one.sure = f'"{unit}"', 50
        one.why = "numbers; the unit is a guess from the name: check it"


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, list)):
        return str(value)
    return '"\\t"' if value == "\t" else f'"{value}"'
