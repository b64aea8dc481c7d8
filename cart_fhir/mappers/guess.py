"""`cart-fhir map new`: a commented skeleton of a map from an export, with a guess for each column and how sure it is.

Guesses are made from names, units in names and the first rows; they are a start for a person, never used unread.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from cart_fhir.mappers import dates, readers, tables
from cart_fhir.mappers.text import fold
from cart_fhir.mappers.units import Units
from cart_fhir.mappers.values import Refused

_ROWS = 300
_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d", "%Y-%m", "%m.%Y", "%m/%Y", "%d-%m-%Y")
_YES_NO = (("ja", "nein"), ("yes", "no"), ("si", "no"), ("sì", "no"), ("oui", "non"), ("y", "n"), ("true", "false"))
_WORDS = Path(__file__).parent / "data" / "words.csv"


@dataclass
class Guess:
    """What a column seems to hold: its type and options, why, and how sure that is (0 to 100)."""

    name: str
    type: str = "text"
    options: dict[str, Any] = field(default_factory=dict)
    meaning: str = ""
    sure: int = 30
    why: str = "free text"
    words: list[str] = field(default_factory=list)  # of a code, to be translated

    def line(self) -> str:
        """The column's line of the map, with the reason as a comment."""
        options = {"type": self.type, **self.options}
        plain = len(options) == 1
        spec = self.type if plain else "{" + ", ".join(f"{key}: {value}" for key, value in options.items()) + "}"
        return f"      {quoted(self.name)}: {spec}  # {self.sure}% sure: {self.why}"


def skeleton(exports: Sequence[Path]) -> tuple[str, dict[str, list[str]]]:
    """The text of a new map for these files, and for each code table it names the words to translate."""
    files = [path for export in exports for path in (sorted(export.iterdir()) if export.is_dir() else [export])]
    options = sniff([path for path in files if path.suffix.lower() in (".csv", ".tsv", ".txt")])
    words: dict[str, list[str]] = {}
    body, anchors = [], []
    for path in files:
        made, anchor = _table(path, {key: value.strip('"') for key, value in options.items()}, words)
        body += made
        anchors += anchor
    lines = [
        "# A first map, guessed from the export. Read it line by line: what is wrong here will be wrong in FHIR.",
        "# How to go on: docs/mapping.md",
        "map: 1",
        f"name: {files[0].stem if files else 'new'}",
        "source:",
        "  system: https://YOUR-HOSPITAL.example/patients  # the URL under which you number patients: choose it once",
        *(f"  {key}: {value}" for key, value in options.items()),
        'empty: ["", "NA", "n.a."]',
        *(["lookup:  # day 0, from which study days count", *anchors[:1]] if anchors else []),
        "tables:",
        *body,
    ]
    text = "\n".join(lines) + "\n"
    return text if anchors else text.replace(", anchor: INFUSION", ""), words


def sniff(files: Sequence[Path]) -> dict[str, str]:
    """Encoding, delimiter and decimal mark of delimited files that belong together, as lines for `source:`."""
    samples = [_sample(path) for path in files]
    if not samples:
        return {}
    encoding = "utf-8"
    for sample in samples:
        try:
            sample[: sample.rfind(b"\n") + 1].decode("utf-8-sig")
        except UnicodeDecodeError:
            encoding = "cp1252"  # what Windows writes in western Europe; it reads ISO-8859-1 too
    texts = [sample.decode(encoding, "replace") for sample in samples]
    heads = "".join(text.split("\n", 1)[0] for text in texts)
    delimiter = max(",;\t|", key=heads.count)
    cells = [
        cell for text in texts for row in csv.reader(text.splitlines()[1:200], delimiter=delimiter) for cell in row
    ]
    commas = sum(bool(re.fullmatch(r"-?\d+,\d+", cell.strip())) for cell in cells)
    points = sum(bool(re.fullmatch(r"-?\d+\.\d+", cell.strip())) for cell in cells)
    made = {"encoding": encoding, "delimiter": '"\\t"' if delimiter == "\t" else f'"{delimiter}"'}
    return {**made, "decimal": '","' if commas > points else '"."'}


def _sample(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(65536)


def guess(name: str, cells: Sequence[Any], decimal: str = ".") -> Guess:
    """What a column of this name with these cells holds."""
    made = Guess(name, meaning=_meaning(name))
    filled = [cell.strip() if isinstance(cell, str) else cell for cell in cells if cell not in ("", None)]
    if not filled:
        made.why = "no cell is filled"
        return made
    texts = [cell for cell in filled if isinstance(cell, str)]
    for attempt in (_is_id, _is_sign, _is_date, _is_days, _is_number, _is_unit, _is_yes_no, _is_code):
        if attempt(made, filled, texts, decimal):
            break
    return made


def quoted(name: str) -> str:
    """A name as a YAML key."""
    return (
        name
        if re.fullmatch(r"[^\W\d][\w .()/+µμ%*-]*", name) and ": " not in name
        else '"' + name.replace('"', '\\"') + '"'
    )


# -- one question each: does the column hold ...? -----------------------------------------------------------------


def _is_id(made: Guess, filled: Sequence[Any], texts: Sequence[str], decimal: str) -> bool:
    if made.meaning != "patient":
        return False
    made.type, made.options, made.sure, made.why = "id", {"required": "true"}, 90, "its name says patient"
    return True


def _is_sign(made: Guess, filled: Sequence[Any], texts: Sequence[str], decimal: str) -> bool:
    if not set(texts) <= {"+", "-", "−", "–"} or len(texts) < len(filled):
        return False
    made.type, made.sure, made.why = "plus-minus", 95, "holds + and -"
    return True


def _is_date(made: Guess, filled: Sequence[Any], texts: Sequence[str], decimal: str) -> bool:
    if len(texts) < len(filled):
        made.type, made.sure, made.why = "date", 95, "Excel dates"
        return all(hasattr(cell, "year") for cell in filled)
    fitting = [form for form in _FORMATS if all(_reads(cell, form) for cell in filled)]
    if not fitting:
        return False
    made.type = "date"
    made.options = {} if fitting[0] in dates.DATE_FORMATS else {"formats": f'["{fitting[0]}"]'}
    made.sure, made.why = 90, f"dates as {fitting[0]}"
    if "%d/%m/%Y" in fitting and "%m/%d/%Y" in fitting:
        made.sure, made.why = 50, "dates, but day and month cannot be told apart: check"
    return True


def _is_days(made: Guess, filled: Sequence[Any], texts: Sequence[str], decimal: str) -> bool:
    many = [text for text in texts if re.fullmatch(r"D?\s*[+-]?\d{1,3}(\s*[,/;]\s*[+-]?\d{1,3})*", text, re.IGNORECASE)]
    if len(many) < len(filled) or not any(text[0] in "dD" for text in many):
        return False
    several = any(re.search(r"\d\s*[,/;]", text) for text in many)
    made.type = "day-list" if several else "relative-day"
    made.options = {"anchor": "INFUSION"}
    made.sure, made.why = 85, "study days; INFUSION must be a column or a lookup"
    return True


def _is_number(made: Guess, filled: Sequence[Any], texts: Sequence[str], decimal: str) -> bool:
    pattern = rf"[<>]?=?\s*-?\d+(?:{re.escape(decimal)}\d+)?"
    if not all(not isinstance(cell, str) or re.fullmatch(pattern, cell) for cell in filled):
        return False
    if any(isinstance(cell, bool) or hasattr(cell, "year") for cell in filled):
        return False
    if made.meaning == "day":
        made.type, made.sure, made.why = "integer", 70, "whole numbers, and its name says day"
        return all(decimal not in text for text in texts)
    made.type, made.sure, made.why = "number", 85, "numbers"
    unit = _unit_in(made.name)
    if unit:
        made.options, made.why = {"unit": f'"{unit}"'}, f"numbers, and its name says {unit}"
    if any(re.fullmatch(r"0\d+", text) for text in texts):
        made.type, made.options, made.sure, made.why = "id", {}, 70, "numbers with leading zeros"
    return True


def _is_unit(made: Guess, filled: Sequence[Any], texts: Sequence[str], decimal: str) -> bool:
    units, kinds = Units(), set(texts)
    known = [text for text in kinds if _finds(units, text)]
    if made.meaning != "unit" and len(known) < len(kinds):
        return False
    made.type, made.sure = "unit", 60 + 35 * len(known) // max(len(kinds), 1)
    made.why = f"{len(known)} of {len(kinds)} spellings are known units"
    return made.meaning == "unit" or (bool(known) and len(kinds) > 1)


def _is_yes_no(made: Guess, filled: Sequence[Any], texts: Sequence[str], decimal: str) -> bool:
    words = {fold(text) for text in texts}
    for yes, no in _YES_NO:
        if words <= {yes, no}:
            made.type, made.options = "boolean", {"yes": f"[{yes}]", "no": f'["{no}"]'}
            made.sure, made.why = 85, f"holds {yes} and {no}"
            return True
    return False


def _is_code(made: Guess, filled: Sequence[Any], texts: Sequence[str], decimal: str) -> bool:
    kinds = sorted(set(texts))
    if len(kinds) > 40 or len(kinds) * 2 > max(len(filled), 8):
        return False
    made.type, made.sure, made.why = "code", 70, f"{len(kinds)} words: {', '.join(kinds[:6])}"
    if made.meaning == "sex":
        pairs = {kind: "female" if fold(kind)[0] in "fw" else "male" for kind in kinds}
        made.options = {"map": "{" + ", ".join(f'"{kind}": {code}' for kind, code in pairs.items()) + "}"}
    made.words = kinds
    return True


# -- the skeleton ----------------------------------------------------------------------------------------------------


def _table(path: Path, options: dict[str, str], words: dict[str, list[str]]) -> tuple[list[str], list[str]]:
    """The lines of one table, and the lookup of day 0 where it holds the date of the infusion."""
    try:
        reading = readers.read(path, options)
        records = list(islice(reading.records, _ROWS))
    except readers.Unreadable as problem:
        return [f"  # {path.name} could not be read: {problem.message}"], []
    names = [name for name in reading.columns or (records[0].values if records else ()) if name]
    decimal = options.get("decimal", ".")
    guesses = [guess(name, [record.values.get(name, "") for record in records], decimal) for name in names]
    name = re.sub(r"\W+", "_", path.stem)
    for one in guesses:
        if one.type == "code" and "map" not in one.options:
            file = re.sub(r"[^a-z0-9]+", "_", f"{name}_{one.name}".lower()) + ".csv"
            one.options["map"], words[file] = file, one.words
    lines = ["", f"  {name}:", f"    file: {quoted(path.name)}", "    columns:", *(one.line() for one in guesses)]
    patient = next((one.name for one in guesses if one.meaning == "patient"), "")
    day0 = next((one.name for one in guesses if one.meaning == "infusion" and one.type == "date"), "")
    lookup = f"  INFUSION: {{table: {name}, take: {quoted(day0)}, on: {quoted(patient)}}}"
    return lines + list(_make(guesses)), [lookup] if patient and day0 else []


def _make(guesses: Sequence[Guess]) -> Iterator[str]:
    """A first resource: the Patient where birth or sex is there, else an Observation for the numbers."""
    by_meaning = {one.meaning: one.name for one in reversed(guesses) if one.meaning}
    patient = by_meaning.get("patient")
    if not patient:
        yield "    make: []  # no column seems to name the patient: name it, then say what each row becomes"
        return
    yield "    make:"
    if "birth" in by_meaning or "sex" in by_meaning:
        yield "      - resource: Patient"
        yield "        profile: cart-patient"
        yield f"        key: [{_hole(patient)}]"
        yield "        body:"
        for element, meaning in (("gender", "sex"), ("birthDate", "birth"), ("deceasedDateTime", "death")):
            if meaning in by_meaning:
                yield f"          {element}: {_hole(by_meaning[meaning])}"
        return
    dated = next((one.name for one in guesses if one.type == "date"), None)
    numbers = [one.name for one in guesses if one.type == "number"]
    for name in numbers[:1]:
        yield "      - resource: Observation"
        yield "        profile: cart-laboratory  # or another: cart-fhir guide lists them"
        when = f", {_hole(dated)}" if dated else ""
        yield f"        key: [{_hole(patient)}, CODE{when}]  # what makes it one of a kind"
        yield f"        when: {_hole(name)}"
        yield "        body:"
        yield "          status: final"
        yield '          code: =concept(loinc, "CODE")'
        yield f"          subject: =ref(Patient, {_name(patient)})"
        if dated:
            yield f"          effectiveDateTime: {_hole(dated)}"
        yield f"          valueQuantity: '=quantity({_name(name)})'"
    if not numbers:
        yield "      []  # say here what each row becomes: docs/mapping.md"


def _name(name: str) -> str:
    """A column inside a hole."""
    return name if re.fullmatch(r"[^\W\d_][\w.+%-]*", name) else f"[{name}]"


def _hole(name: str) -> str:
    """A hole that is a column, as YAML."""
    return f"={name}" if _name(name) == name else f"'=[{name}]'"


def _meaning(name: str) -> str:
    known = {fold(row["word"]): row["meaning"] for _, row in tables.rows(_WORDS, ("word", "meaning"))}
    folded = fold(name)
    words = re.split(r"[\W_]+", folded)
    return next((known[word] for word in (folded, *words) if word in known), "") or next(
        (meaning for word, meaning in known.items() if len(word) > 5 and word in folded), ""
    )


def _unit_in(name: str) -> str:
    """The unit that a column's name ends with: 'Hämoglobin (g/dl)', 'weight_kg'."""
    units = Units()
    found = re.search(r"[\[(]([^\])]+)[\])]\s*$", name) or re.search(r"_([^_]+)$", name)
    return found[1].strip() if found and _finds(units, found[1].strip()) else ""


def _finds(units: Units, text: str) -> bool:
    try:
        units.find(text)
    except Refused:
        return False
    return bool(re.search(r"[^\d\W]|%", text))


def _reads(cell: str, form: str) -> bool:
    try:
        dates.parse(cell, (form,))
    except Refused:
        return False
    return True
