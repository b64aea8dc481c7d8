"""What a column of an unknown export seems to hold: a guess from its name, units in its name and the first rows.

Guesses are a start for a person (`skeleton`), never used unread; each says why it was made and how sure it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from cart_fhir.formats import json
from cart_fhir.mappers import dates, tables
from cart_fhir.mappers.text import fold
from cart_fhir.mappers.units import Units
from cart_fhir.mappers.values import Refused

_FORMATS = (
    "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d", "%Y-%m", "%m.%Y", "%m/%Y", "%d-%m-%Y", "%d-%b-%Y",
    "%d %b %Y", "%Y/%m/%d", "%Y",
)  # fmt: skip
# dates that are known to the day, the month or the year, in one column
_MIXED = (
    dates.DATE_FORMATS, ("%d.%m.%Y", "%m.%Y", "%Y"), ("%d/%m/%Y", "%m/%Y", "%Y"), ("%m/%d/%Y", "%m/%Y", "%Y"),
    ("%d-%m-%Y", "%m-%Y", "%Y"),
)  # fmt: skip
_TIMES = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M")
_GRADES = {
    "0": "null", "1": "ncit#C41338", "2": "ncit#C41339", "3": "ncit#C41340", "4": "ncit#C41337", "5": "ncit#C48275"
}  # fmt: skip
_TOXICITIES = {"crs": "crs", "src": "crs", "icans": "icans"}  # graded by ASTCT
_YES_NO = (
    ("ja", "nein"),
    ("ja", "nej"),
    ("ja", "nei"),
    ("ja", "nee"),
    ("sí", "no"),
    ("yes", "no"),
    ("si", "no"),
    ("sì", "no"),
    ("oui", "non"),
    ("y", "n"),
    ("true", "false"),
)
# words (folded) for "not known" or "not done"; a dash is none, as it may be a sign
_NOTHING = frozenset(
    fold(word)
    for word in (
        "NA", "n.a.", "N/A", "k.A.", "n.d.", "ND", "NULL", "NaN", "unknown", "not known", "not done", "unbekannt",
        "saknas", "vet ej", "ej utfört", "okänt", "sconosciuto", "non noto", "inconnu", "desconocido",
    )
)  # fmt: skip
# what a name with several known words says: 'date of birth' a birth, 'dose unit' a unit
_TELLING = (
    "sex", "birth", "death", "lot", "product", "unit", "infusion", "onset", "drug", "diagnosis", "event", "grade",
    "test", "value", "dose", "visit", "name", "patient", "end", "day", "date",
)  # fmt: skip
# words beside "days" that make it a count of days, not a study day
_COUNTS = frozenset({
    "n", "no", "nr", "num", "number", "anzahl", "aantal", "antal", "nombre", "nb", "numero", "duration", "dauer",
    "duur", "durata",
})  # fmt: skip
_WORDS = Path(__file__).parent / "data" / "words.csv"
_KNOWN = Path(__file__).parent / "data" / "known.csv"


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
    labels: dict[str, str] = field(default_factory=dict)  # what the words stand for, where the export says it
    label: str = ""  # what the export itself calls the column
    form: str = ""  # the form of the project that it stands in
    filled: bool = False  # some cell holds something
    full: bool = False  # all do
    nothing: list[str] = field(default_factory=list)  # words that say that nothing is known

    def line(self) -> str:
        """The column's line of the map, with the reason as a comment."""
        options = {"type": self.type, **self.options}
        plain = len(options) == 1
        spec = self.type if plain else "{" + ", ".join(f"{key}: {value}" for key, value in options.items()) + "}"
        return f"      {quoted(self.name)}: {spec}  # {self.sure}% sure: {' '.join(self.why.split())[:200]}"


def guess(name: str, cells: Sequence[Any], decimal: str = ".") -> Guess:
    """What a column of this name with these cells holds."""
    made = Guess(name, meaning=meaning(name))
    filled = [cell.strip() if isinstance(cell, str) else cell for cell in cells if cell not in ("", None)]
    made.nothing = sorted({cell for cell in filled if isinstance(cell, str) and fold(cell) in _NOTHING})
    filled = [cell for cell in filled if cell not in made.nothing]
    if not filled:
        made.why = "no cell is filled"
        return made
    made.filled, made.full = True, len(filled) == len(cells)
    texts = [cell for cell in filled if isinstance(cell, str)]
    for attempt in (_is_id, _is_sign, _is_date, _is_days, _is_grade, _is_number, _is_unit, _is_yes_no, _is_code):
        if attempt(made, filled, texts, decimal):
            break
    return made


def quoted(name: str, *, flow: bool = False) -> str:
    """A name as a YAML key; `flow`: inside brackets, where commas and brackets end it."""
    plain = r"[^\W\d][\w-]*" if flow else r"[^\W\d][\w .()/+µμ%*-]*"
    safe = (
        re.fullmatch(plain, name)
        and ": " not in name
        and name not in ("null", "true", "false")
        and name == name.strip()
    )
    return name if safe else json.dumps(name).decode()


# -- one question each: does the column hold ...? -----------------------------------------------------------------


def _is_id(made: Guess, filled: Sequence[Any], texts: Sequence[str], decimal: str) -> bool:
    if made.name.lower().endswith("_concept_id"):
        made.meaning, made.sure, made.why = "", 80, "a concept of OMOP; `format: omop` gives its code"
        return True
    if made.meaning != "patient" and re.search(r"(?:^|_)id$", made.name, re.IGNORECASE):
        made.meaning, made.type, made.sure, made.why = "", "id", 80, "its name says id"
        return True
    if made.meaning == "name":
        made.sure, made.why = 80, "its name says name"
        return True
    if made.meaning == "lot":
        made.type, made.sure, made.why = "id", 85, "its name says lot"
        return True
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
    if not fitting and (mixed := next((some for some in _MIXED if _all_read(filled, some)), None)):
        made.type, made.sure, made.why = "date", 85, "days, months and years; each stays what it is"
        if mixed != dates.DATE_FORMATS:
            made.options = {"formats": "[" + ", ".join(map(_quote, mixed)) + "]"}
        return True
    if not fitting:
        return _is_time(made, filled)
    if fitting[0] == "%Y" and made.meaning not in ("birth", "onset", "date", "death"):
        return False  # four digits are a year only where the name says so
    made.type = "date"
    made.options = {} if fitting[0] in dates.DATE_FORMATS else {"formats": f'["{fitting[0]}"]'}
    made.sure, made.why = 90, f"dates as {fitting[0]}"
    if "%d/%m/%Y" in fitting and "%m/%d/%Y" in fitting:
        made.sure, made.why = 50, "dates, but day and month cannot be told apart: check"
    return True


def _is_time(made: Guess, filled: Sequence[Any]) -> bool:
    fitting = [form for form in _TIMES if all(_reads(cell, form) for cell in filled)]
    if fitting:
        made.type, made.options = "date", {"formats": f'["{fitting[0]}"]'}
        made.sure, made.why = 80, f"dates with a time ({fitting[0]}); `datetime` keeps it, and needs source: zone:"
    return bool(fitting)


def _all_read(cells: Sequence[str], forms: Sequence[str]) -> bool:
    return all(any(_reads(cell, form) for form in forms) for cell in cells)


def _is_days(made: Guess, filled: Sequence[Any], texts: Sequence[str], decimal: str) -> bool:
    """Study days: D-5, Tag 3, J-5,-4,-3; numbers alone only where the column's name says that they are days."""
    day = dates.STUDY_DAY.pattern
    many = [text for text in texts if re.fullmatch(rf"{day}(\s*[,/;]\s*{day})*", text, re.IGNORECASE)]
    lettered = any(text[0].isalpha() for text in many)
    named = "day" in meanings(made.name) and not re.search(r"\d\s*$", made.name)  # "day 7" holds what was found then
    named = named and not _COUNTS & set(re.split(r"[\W_]+", unaccented(made.name)))
    if len(many) < len(filled) or not (lettered or (named and all(re.fullmatch(r"[+-]?\d+", text) for text in many))):
        return False
    several = any(re.search(r"\d\s*[,/;]", text) for text in many)
    made.type = "day-list" if several else "relative-day"
    made.options = {"anchor": "INFUSION"}
    made.sure = 85 if lettered else 60
    made.why = "study days, counted from the infusion; `calendar: sdtm` where the day of infusion is day 1"
    return True


def _is_grade(made: Guess, filled: Sequence[Any], texts: Sequence[str], decimal: str) -> bool:
    grades = {str(cell).strip() for cell in filled}
    if made.meaning != "grade" or not grades <= set(_GRADES):
        return False
    made.type, made.sure, made.why = "code", 80, "grades"
    known = _GRADES
    if toxicity := next(
        (what for word, what in _TOXICITIES.items() if word in re.split(r"[\W_]+", fold(made.name))), ""
    ):
        made.meaning, made.why = toxicity, f"grades, and its name says {toxicity.upper()}"
        known = {grade: f"cart-grade-cs#{grade}" for grade in _GRADES}
    pairs = ", ".join(f'"{grade}": {code}' for grade, code in known.items())
    made.options = {"map": "{" + pairs + "}", "unmapped": "refuse"}
    return True


def _is_number(made: Guess, filled: Sequence[Any], texts: Sequence[str], decimal: str) -> bool:
    if made.meaning in ("sex", "drug", "diagnosis", "test") and all(text.isdigit() for text in texts):
        return False  # 1 and 2 are codes here
    mark = re.escape(decimal)
    pattern = rf"[<>]?=?\s*-?(?:\d+(?:{mark}\d+)?|{mark}\d+)"
    strange = [cell for cell in filled if isinstance(cell, str) and not re.fullmatch(pattern, cell)]
    words = sorted(set(strange))
    if strange and (len(strange) * 3 > len(filled) or len(words) > 3 or any(re.search(r"\d", word) for word in words)):
        return False
    if any(isinstance(cell, bool) or hasattr(cell, "year") for cell in filled):
        return False
    if made.meaning == "day" and not strange and all(decimal not in text for text in texts):
        made.type, made.sure, made.why = "integer", 70, "whole numbers, and its name says day"
        return True
    made.type, made.sure, made.why = "number", 85, "numbers"
    made.nothing += words
    unit = unit_in(made.name)
    if (
        unit
        and "kg" not in unit
        and re.search(r"(?:^|[\W_])(?:per|pro|par|al)[ _]?kg(?:[\W_]|$)", made.name, re.IGNORECASE)
    ):
        unit = f"{unit}/kg"
    if unit:
        made.options, made.why = {"unit": f'"{unit}"'}, f"numbers, and its name says {unit}"
    if words:
        made.sure, made.why = 70, f"{made.why}; {', '.join(words)} is read as nothing (`empty`): check"
    if any(re.fullmatch(r"0\d+", text) for text in texts):
        made.type, made.options, made.sure, made.why = "id", {}, 70, "numbers with leading zeros"
    return True


def _is_unit(made: Guess, filled: Sequence[Any], texts: Sequence[str], decimal: str) -> bool:
    units, kinds = Units(), set(texts)
    if made.meaning not in ("", "unit") or (not made.meaning and all(len(kind) < 2 for kind in kinds)):
        return False
    known = [text for text in kinds if _finds(units, text)]
    if made.meaning != "unit" and len(known) < len(kinds):
        return False
    made.type, made.sure = "unit", 60 + 35 * len(known) // max(len(kinds), 1)
    made.why = f"{len(known)} of {len(kinds)} spellings are known units"
    return made.meaning == "unit" or (bool(known) and len(kinds) > 1)


def _is_yes_no(made: Guess, filled: Sequence[Any], texts: Sequence[str], decimal: str) -> bool:
    words = {fold(text) for text in texts}
    if not words and all(isinstance(cell, bool) for cell in filled):  # JSON and Excel have them
        made.type, made.sure, made.why = "boolean", 95, "holds true and false"
        return True
    for yes, no in _YES_NO:
        if words and words <= {yes, no}:
            others = [no] if no in words else [other for one, other in _YES_NO if one == yes]
            made.type, made.options = "boolean", {"yes": f"[{yes}]", "no": f"[{', '.join(map(_quote, others))}]"}
            made.sure, made.why = (
                (85, f"holds {yes} and {no}") if len(words) > 1 else (70, f"holds {', '.join(words)} only")
            )
            return True
    return False


def _quote(word: str) -> str:
    return f'"{word}"'  # YAML takes a bare no for false


def _is_code(made: Guess, filled: Sequence[Any], texts: Sequence[str], decimal: str) -> bool:
    kinds = sorted(set(texts))
    if not made.meaning and _is_prose(kinds, len(filled)):
        return False
    if made.meaning not in ("drug", "diagnosis", "test", "event", "sex") and len(kinds) * 2 > max(len(filled), 8):
        return False
    if len(kinds) > 200 or (len(kinds) > 40 and made.meaning != "test"):
        return False
    made.type, made.sure, made.why = "code", 70, f"{len(kinds)} words: {', '.join(kinds[:6])}"
    if made.meaning == "sex":
        pairs = sexes(dict.fromkeys(kinds, ""))
        made.options = {"map": "{" + ", ".join(f'"{kind}": {code}' for kind, code in pairs.items()) + "}"}
        made.sure = 40 if "unknown" in pairs.values() else 80
    made.words = kinds
    return True


def _is_prose(kinds: Sequence[str], cells: int) -> bool:
    """Whether texts are no words of a list: addresses, long, or each another one."""
    if any("@" in kind or len(kind) > 60 for kind in kinds):
        return True
    return len(kinds) > 2 and len(kinds) == cells


def sexes(words: Mapping[str, str]) -> dict[str, str]:
    """What words for sex (or their labels) say in FHIR; numbers say nothing by themselves."""
    return {word: _sex(label or word) for word, label in words.items()}


def _sex(word: str) -> str:
    folded = fold(word)
    if folded[0] in "女男":
        return "female" if folded[0] == "女" else "male"
    if folded.startswith(("unk", "unb", "un", "div", "other", "and", "alt", "?")):
        return "other" if folded.startswith(("div", "other", "and", "alt")) else "unknown"
    return "female" if folded[0] in "fwkvd" else "male" if folded[0] in "mhu" else "unknown"


@lru_cache(maxsize=1)
def _concepts() -> Mapping[str, Mapping[str, str]]:
    rows = [row for _, row in tables.rows(_KNOWN, ("words", "system", "code", "display", "unit"))]
    return {fold(word): row for row in rows for word in row["words"].split("|")}


def concept(word: str) -> Mapping[str, str]:
    """The concept (system, code, display, unit) that a word of an export seems to mean; empty where none is known."""
    folded = fold(word)
    bare = re.sub(r"\s*[\[(][^\])]*[\])]\s*$", "", folded)
    parts = [folded, bare, *bare.split(" / ")]  # names of two header lines hold both
    return next((_concepts()[part] for part in parts if part in _concepts()), {})


def is_day(name: str) -> bool:
    """Whether a column is named by a study day: D-5, Dag 7, J+28 (numbers alone are none)."""
    return name[:1].isalpha() and dates.study_day(name) is not None


def hole(name: str) -> str:
    """A column inside a hole."""
    return name if re.fullmatch(r"[^\W\d_][\w.+%-]*", name) else f"[{name}]"


@lru_cache(maxsize=1)
def _words() -> Mapping[str, str]:
    return {unaccented(row["word"]): row["meaning"] for _, row in tables.rows(_WORDS, ("word", "meaning"))}


def meaning(name: str) -> str:
    """What a column's name says that it holds, of the words that are known; the most telling where it says several."""
    known = _words()
    folded = unaccented(name)
    if folded in known:
        return known[folded]
    if found := meanings(name):
        return min(found, key=_TELLING.index)
    return next((meaning for word, meaning in known.items() if len(word) > 5 and word in folded), "")


def meanings(name: str) -> set[str]:
    """What each of the known words of a name says."""
    known = _words()
    return {known[word] for word in re.split(r"[\W_]+", unaccented(name)) if word in known}


def unaccented(text: str) -> str:
    """A text to be compared, without regard to case and accents: patiënt is patient."""
    return "".join(sign for sign in unicodedata.normalize("NFD", fold(text)) if not unicodedata.combining(sign))


def unit_in(name: str) -> str:
    """The unit that a column's name ends with: 'Hämoglobin (g/dl)', 'weight_kg'; one letter may mean anything."""
    units = Units()
    found = re.search(r"[\[(]([^\])]+)[\])]\s*$", name) or re.search(r"_([^_]{2,})$", name)
    return found[1].strip() if found and _finds(units, found[1].strip()) else ""


def _finds(units: Units, text: str) -> bool:
    try:
        units.find(text)
    except Refused:
        return False
    return bool(re.search(r"[^\d\W]|%|10[\^*]", text))


def _reads(cell: str, form: str) -> bool:
    try:
        dates.parse(cell, (form,))
    except Refused:
        return False
    return True
