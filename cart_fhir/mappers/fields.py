"""Cells to values: marshmallow fields for what hospital columns hold, one class a column type.

Every field takes the text of a cell (or the typed cell of a spreadsheet) and gives a value of `values`, None for an
absent cell, Missing for a cell that says why it is empty; what cannot be read raises a ValidationError whose message is
a Told. Equal cells are common (codes, dates, units), so each field remembers what it read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, missing
from marshmallow.fields import Field

from cart_fhir.mappers import dates, durations
from cart_fhir.mappers.codes import CodeTable, kept
from cart_fhir.mappers.parts import Part
from cart_fhir.mappers.text import fold, plain
from cart_fhir.mappers.units import Units, scaled
from cart_fhir.mappers.values import HL7, UCUM, Amount, Coded, Element, Missing, Refused, Told, Word

_REMEMBERED = 4096
_CORE = "http://hl7.org/fhir/StructureDefinition/"
_COMPARATOR = re.compile(r"^(<=|>=|<|>|≤|≥|=<|=>)\s*")
_SPELLED = {"≤": "<=", "≥": ">=", "=<": "<=", "=>": ">="}
_TIMES_TEN = re.compile(r"\s*[x×*·]\s*10\s*[\^ *]?\s*(\d{1,2})(?!\d)|[eE]\+?(\d{1,2})(?!\d)")
_NUMBER_START = re.compile(r"[+-]?\d[\d.,'\u00a0\u202f]*")


@dataclass(frozen=True)
class Column:
    """One column as the map describes it; only what its type uses is looked at."""

    name: str
    type: str = "text"
    source: str = ""  # the column's name in the file
    part: Part | None = None  # what of its cells is meant, where they hold several things
    required: bool = False
    optional: bool = False  # the whole column may be lacking
    formats: tuple[str, ...] = ()
    decimal: str = "."
    thousands: str = ""
    zone: tzinfo | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    low: Decimal | None = None  # beyond low and high a number is told as implausible, and kept
    high: Decimal | None = None
    table: CodeTable | None = None
    system: str = ""  # of codes that no table translates
    unmapped: str = "keep"
    separator: str = ","
    values: frozenset[str] = frozenset()
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    unit: str = ""
    anchor: str = ""
    calendar: str = "infusion"
    empty: frozenset[str] = frozenset({""})
    missing: Mapping[str, str] = field(default_factory=dict)
    line: int | None = None


class Cell(Field[Any]):
    """What all columns share: absent and missing markers, the required rule, memory of equal cells."""

    def __init__(self, column: Column, units: Units) -> None:
        super().__init__(load_default=None, allow_none=True, data_key=column.source or column.name)
        self.column = column
        self.units = units
        self._seen: dict[Any, Any] = {}

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **kwargs: Any) -> Any:
        """The value of a cell; ValidationError with a Told when it has none."""
        if value is missing:
            value = ""
        try:
            return self._seen[value.__class__, value]
        except KeyError:
            pass
        except TypeError:  # only readers of FHIR give what is no text
            told = Told("type", "This is an element with parts: give the column the type `element`, or name a part.")
            raise ValidationError(told) from None
        made = self._value(value)
        if len(self._seen) < _REMEMBERED:
            self._seen[value.__class__, value] = made
        return made

    def _value(self, cell: Any) -> Any:
        text = cell.strip() if isinstance(cell, str) else cell
        try:
            if self.column.part is not None and text is not None and not (isinstance(text, str) and self._absent(text)):
                found = self.column.part.find(as_text(text))
                text = found[0] if found else ""
            if text is None or (isinstance(text, str) and self._absent(text)):
                return self._empty()
            if isinstance(text, str) and text in self.column.missing:
                return Missing(self.column.missing[text])
            return self.read(text)
        except Refused as refused:
            raise ValidationError(refused.told) from None

    def _empty(self) -> None:
        if self.column.required:
            what = "No such part stands in the cell" if self.column.part else "The cell is empty"
            raise Refused("value-required", f"{what}, and the map requires it.")

    def _absent(self, text: str) -> bool:
        return not text or text in self.column.empty

    def read(self, cell: Any) -> Any:
        """The value of a cell that holds something; Refused when it cannot be one."""
        raise NotImplementedError


class Text(Cell):
    """Text as it stands, outer spaces cut."""

    def read(self, cell: Any) -> Any:
        text = as_text(cell)
        if self.column.values and text not in self.column.values:
            raise Refused("range", f"The value is none of {_listed(self.column.values)}.")
        return text


class Id(Cell):
    """An identifier: text exactly as it stands. A spreadsheet must hold it as text, or leading zeros are lost."""

    def read(self, cell: Any) -> Any:
        if not isinstance(cell, str):
            raise Refused("type", "An identifier in a number or date cell may have lost zeros: format it as text.")
        return cell


class Code(Cell):
    """A code or word, translated by the column's table; untranslated ones are kept and told, or refused."""

    def read(self, cell: Any) -> Any:
        if isinstance(cell, (date, datetime)):
            raise Refused("type", "Excel made a date of this code: format the column as text.")
        return translate(as_text(cell), self.column.table, self.column.system, self.column.unmapped)


class Codes(Code):
    """Several codes in one cell, apart by `separator`: 'III+V'."""

    def read(self, cell: Any) -> Any:
        words = [word.strip() for word in as_text(cell).split(self.column.separator)]
        return tuple(code for word in words if word and (code := super(Codes, self).read(word)) is not None)


class Number(Cell):
    """A number with decimal mark and thousands sign as declared, and a comparator where one stands before it."""

    def read(self, cell: Any) -> Any:
        column = self.column
        if not isinstance(cell, (str, Decimal)):
            raise Refused("type", "This cell holds no number.")
        read = Amount(cell) if isinstance(cell, Decimal) else amount_of(cell, column.decimal, column.thousands)
        _in_range(read.value, column)
        return Amount(read.value, read.comparator, column.unit) if read.comparator or column.unit else read.value


class Integer(Cell):
    """A whole number."""

    def read(self, cell: Any) -> Any:
        number = cell if isinstance(cell, Decimal) else decimal_of(plain(as_text(cell)), self.column.decimal, "")
        if number != number.to_integral_value():
            raise Refused("type", "This is not a whole number.")
        return int(_in_range(number, self.column))


class Quantity(Cell):
    """Number and unit in one cell: '30 mg/m2', '<0,5 g/l', '1 x 10^6/kg' (1 with 10*6/kg, never a million)."""

    def read(self, cell: Any) -> Any:
        if isinstance(cell, Decimal):
            return Amount(_in_range(cell, self.column), "", self.column.unit)
        comparator, rest = _split_comparator(plain(as_text(cell)))
        found = _NUMBER_START.match(rest)
        if not found:
            raise Refused("type", "This cell holds no number with a unit.")
        digits = found[0].rstrip(".,'")
        number = _in_range(decimal_of(digits, self.column.decimal, self.column.thousands), self.column)
        tail = rest[len(digits) :]
        power = _TIMES_TEN.match(tail)
        unit = f"10^{power[1] or power[2]}{tail[power.end() :]}" if power else tail.strip()
        return Amount(number, comparator, unit.strip() or self.column.unit)


class UnitCell(Cell):
    """A unit's spelling. One that neither the tables nor UCUM know is refused, or (`unmapped: text`) stays a Word."""

    def read(self, cell: Any) -> Any:
        text = as_text(cell)
        try:
            self.units.find(text)
        except Refused:
            if self.column.unmapped != "text":
                raise
            return Word(text)
        return text


class Date(Cell):
    """A date, as exact as the cell: 2024-05-17, 2024-05 or 2024; a time of day in it is left out."""

    times = False

    def read(self, cell: Any) -> Any:
        formats: tuple[str, ...]
        if isinstance(cell, datetime):
            text, formats = cell.isoformat(), ("%Y-%m-%dT%H:%M:%S",)
        elif isinstance(cell, date):
            text, formats = cell.isoformat(), ("%Y-%m-%d",)
        else:
            text, formats = plain(as_text(cell)), self.column.formats or self._default()
        return dates.parse(text, formats, self.column.zone, times=self.times)

    def _default(self) -> tuple[str, ...]:
        return dates.DATE_FORMATS


class DateTime(Date):
    """A date with a time of day and its offset; the date alone where the cell holds no time."""

    times = True

    def _default(self) -> tuple[str, ...]:
        return dates.TIME_FORMATS


class Whole(Cell):
    """An element of a FHIR source with all that is in it, or all of a list; not what it refers to.

    Ids are made anew, so a reference within it would lead nowhere: its display and identifier stay. Units that are no
    UCUM become it by the tables, or stay words; displays of HL7's own codes are HL7's to say, and are left out; so are
    extensions of another guide.
    """

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **kwargs: Any) -> Any:
        """The element, or a tuple of them; None where there is none."""
        found = self._taken(value if isinstance(value, list) else [value])
        if not found and self.column.required:
            raise ValidationError(Told("value-required", "The element is absent, and the map requires it."))
        if any(not isinstance(one, dict) for one in found):
            raise ValidationError(Told("type", "This is no element with parts: give the column another type."))
        elements = tuple(Element(one) for one in found)
        return None if not elements else elements if isinstance(value, list) else elements[0]

    def _taken(self, value: Any) -> Any:
        if isinstance(value, list):
            return [made for one in value if (made := self._taken(one)) not in (None, {}, [])]
        if not isinstance(value, dict):
            return None if value == "" else value
        if "modifierExtension" in value:
            raise ValidationError(Told("type", "A modifierExtension changes what this says: it cannot be taken over."))
        parts = {key: self._taken(part) or self._lost(part) for key, part in value.items() if key != "reference"}
        if isinstance(parts.get("extension"), list):
            parts["extension"] = [one for one in parts["extension"] if _is_ours(str(one.get("url")))]
        system = parts.get("system")
        if system == UCUM and isinstance(parts.get("code"), str) and isinstance(parts.get("value"), (int, Decimal)):
            parts |= self._in_ucum(Decimal(parts["value"]), parts["code"])
        if isinstance(system, str) and system.startswith(HL7):
            parts["display"] = None
        return {key: part for key, part in parts.items() if part not in (None, {}, [])}

    @staticmethod
    def _lost(part: Any) -> Any:
        """What stands for a reference of which nothing is left: its element may have to be there."""
        gone = isinstance(part, dict) and set(part) <= {"reference", "type"} and part
        return Missing("unsupported").extension() if gone else part if part in (False, 0) else None

    def _in_ucum(self, number: Decimal, code: str) -> dict[str, Any]:
        try:
            unit = self.units.find(code)
        except Refused:
            return {"system": None, "code": None, "unit": code}
        return {} if unit.ucum == code else {"value": scaled(number, unit), "unit": unit.ucum, "code": unit.ucum}


def _is_ours(url: str) -> bool:
    """Whether an extension may be taken over: one of FHIR's own, or a part of one."""
    return ":" not in url or url.startswith(_CORE)


class Duration(Cell):
    """A duration in words: '3 years and 6 months'."""

    def read(self, cell: Any) -> Any:
        return durations.parse(as_text(cell))


class Boolean(Cell):
    """True for the words under `yes`, False for those under `no`."""

    def _absent(self, text: str) -> bool:
        told = text in self.column.yes or text in self.column.no
        return not told and super()._absent(text)

    def read(self, cell: Any) -> Any:
        if isinstance(cell, bool):
            return cell
        word = fold(as_text(cell))
        for answer, words in ((True, self.column.yes), (False, self.column.no)):
            if word in {fold(known) for known in words}:
                return answer
        raise Refused("range", f"The value is none of {_listed(self.column.yes | self.column.no)}.")


class Days(Cell):
    """Study days: 'D-5', 'Day 3', '-5', and lists 'D-5,-4,-3' or 'D-4/-3' (a slash is a list, not a range)."""

    many = True

    def read(self, cell: Any) -> Any:
        text = plain(as_text(cell))
        numbers = []
        for word in re.split(r"[,;/ ]+", re.sub(r"(?<=[-+]) +", "", text)):
            number = dates.study_day(word)
            if number is not None:
                numbers.append(number)
            elif not re.fullmatch(r"D|Day|Dag|Día|Dia|T|Tag|G|Giorno|J|Jour|", word, re.IGNORECASE):
                raise Refused("type", "This is not a study day such as D-5, nor a list such as D-5,-4,-3.")
        if not numbers or (len(numbers) > 1 and not self.many):
            raise Refused("type", "This is not one study day such as D-5.")
        for number in numbers:
            dates.from_anchor(number, self.column.calendar)
        return tuple(numbers) if self.many else numbers[0]


class OneDay(Days):
    """One study day."""

    many = False


TYPES: dict[str, Callable[[Column, Units], Cell]] = {
    "text": Text,
    "id": Id,
    "code": Code,
    "code-list": Codes,
    "number": Number,
    "integer": Integer,
    "quantity": Quantity,
    "unit": UnitCell,
    "date": Date,
    "datetime": DateTime,
    "duration": Duration,
    "element": Whole,
    "boolean": Boolean,
    "plus-minus": Boolean,
    "relative-day": OneDay,
    "day-list": Days,
}


def translate(text: str, table: CodeTable | None, system: str, unmapped: str = "keep") -> Coded | None:
    """A cell's code by its table; None where the table says it stands for nothing.

    A code that is not in the table is kept under `system`, or Refused where the map says so.
    """
    found = table.find(text) if table is not None else None
    if found:
        return found if found.mapped else None
    if table is not None and unmapped == "refuse":
        raise Refused("code-unmapped", f"This code is not in {table.name}.")
    return kept(text, system)


def as_text(cell: Any) -> str:
    """A spreadsheet's cell as the text it shows; text as it stands."""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, (date, datetime)) else str(cell)


def amount_of(text: str, mark: str = ".", thousands: str = "") -> Amount:
    """A number with the comparator that may stand before it; Refused when it is none."""
    comparator, rest = _split_comparator(plain(text))
    return Amount(decimal_of(rest, mark, thousands), comparator)


def decimal_of(text: str, mark: str, thousands: str) -> Decimal:
    """A plain number in the declared spelling; a foreign separator is refused, never guessed at."""
    compact = text.strip()
    if thousands:
        groups = re.fullmatch(rf"([+-]?\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+)({re.escape(mark)}\d+)?", compact)
        if groups:
            compact = compact.replace(thousands, "")
    if not re.fullmatch(rf"[+-]?(?:\d+(?:{re.escape(mark)}\d*)?|{re.escape(mark)}\d+)(?:[eE][+-]?\d{{1,3}})?", compact):
        raise Refused("type", f"This is not a number with '{mark}' as its decimal mark.")
    return Decimal(compact.replace(mark, "."))


def _split_comparator(text: str) -> tuple[str, str]:
    found = _COMPARATOR.match(text)
    return (_SPELLED.get(found[1], found[1]), text[found.end() :]) if found else ("", text)


def _in_range(number: Decimal, column: Column) -> Decimal:
    low, high = column.min, column.max
    if (low is not None and number < low) or (high is not None and number > high):
        limits = " to ".join("…" if limit is None else str(limit) for limit in (low, high))
        raise Refused("range", f"The number is outside {limits}.")
    return number


def formats(given: Sequence[str]) -> tuple[str, ...]:
    """The date formats of a column, checked; ValueError for one that cannot be read."""
    for form in given:
        dates.pattern(form)
    return tuple(given)


def _listed(words: Iterable[str]) -> str:
    """Words that a column allows, as a sentence names them."""
    return ", ".join(word or "(empty)" for word in sorted(words))
