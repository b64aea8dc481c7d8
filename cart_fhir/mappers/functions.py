"""The named functions a hole may call: a dozen and a few, each a plain function of typed values.

An argument that is absent makes the result absent (None), an argument that says why it is missing (Missing) makes it
missing, unless the function is about absence. Refused says why a row cannot be mapped.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from cart_fhir.mappers import clinical, dates, durations, systems
from cart_fhir.mappers.codes import CodeTable
from cart_fhir.mappers.deid import Deid
from cart_fhir.mappers.fields import amount_of, translate
from cart_fhir.mappers.identity import Identity
from cart_fhir.mappers.units import Units, scaled
from cart_fhir.mappers.values import HL7, UCUM, Amount, Coded, Day, Missing, Refused, Word, key_text


@dataclass(slots=True)
class Site:
    """What all rows of a map share: identity, units, code tables by file name, and the names of the guide."""

    identity: Identity
    units: Units
    tables: Mapping[str, CodeTable]
    local: Callable[[str], str]  # short name of one of the guide's code systems -> its URL
    codes: str  # system of the hospital's own codes
    deid: Deid | None = None


@dataclass(slots=True)
class Row:
    """One row while its resources are made: values and source columns by name, what it refers to, what to warn of."""

    site: Site
    values: dict[str, Any]
    sources: Mapping[str, str]  # name in the map -> column of the file
    labels: Mapping[str, str]  # name in the map -> what `column()` says
    references: set[str] = field(default_factory=set)
    warnings: list[Refused] = field(default_factory=list)
    untranslated: list[tuple[str, str]] = field(default_factory=list)  # (code table, code as written)

    def inner(self, name: str, value: Any, column: str) -> Row:
        """The row with one variable more, for `each`: it stands for `column`."""
        sources = {**self.sources, name: self.sources.get(column, column)}
        labels = {**self.labels, name: self.labels.get(column, column)}
        values = {**self.values, name: value}
        return Row(self.site, values, sources, labels, self.references, self.warnings, self.untranslated)


class Function(NamedTuple):
    """How a function is called: `bare` are the positions of arguments that are names, not columns."""

    call: Callable[..., Any]
    least: int
    most: int
    bare: frozenset[int] = frozenset()
    absence: bool = False  # it wants to see None and Missing
    gives: str = ""  # the kind of its result, where it is always the same (`placing`)


def ref(row: Row, resource_type: str, *key: Any) -> dict[str, str]:
    """`ref(Patient, PATIENT)`: a reference to the resource of this type with this business key."""
    reference = f"{resource_type}/{row.site.identity.id(resource_type, [key_text(part) for part in key])}"
    row.references.add(reference)
    return {"reference": reference, "type": resource_type}


def concept(row: Row, system: Any, code: Any, display: Any = None) -> Any:
    """`concept(loinc, "718-7")`: a code of a system by its short name (loinc, cart-...-cs), URL, OID or HL7 name.

    A name that nobody knows (`99LAB`) is a list of the hospital's own, below its system of codes; so is no name at all.
    Of a table of HL7 that an export names (`HL70163`, an OID) the display is HL7's own, and the sender's is left out.
    """
    if code is None or isinstance(code, Missing):
        return code
    name = "" if system is None or isinstance(system, Missing) else key_text(system)
    coding = {"system": systems.named(name, row.site.local, row.site.codes), "code": key_text(code)}
    if display and not isinstance(display, Missing) and not (":" not in name and coding["system"].startswith(HL7)):
        coding["display"] = key_text(display)
    return Coded("", (coding,))


def translated(row: Row, text: Any, table: str) -> Coded | None:
    """`translate(column(ITEM), "items.csv")`: a text by a code table; an unknown one is kept and reported."""
    found = translate(key_text(text), row.site.tables[table], row.site.codes)
    if found and not found.mapped:
        row.untranslated.append((table, found.text))
    return found


def extra(row: Row, code: Any, name: str) -> str | None:
    """`extra(TEST, unit)`: a further column of the code table, in the line of this code."""
    return code.extras.get(name) if isinstance(code, Coded) else None


def quantity(row: Row, number: Any, unit: Any = None, target: Any = None, analyte: Any = None) -> Any:
    """`quantity(VALUE, UNIT, "g/L", TEST)`: a Quantity in UCUM; converted, exactly, to the third argument.

    A fourth, the code of the analyte, lets mass become substance. A number whose unit is absent is refused: it would
    say anything.
    """
    if number is None or isinstance(number, Missing):
        return number
    amount = number if isinstance(number, Amount) else amount_of(number) if isinstance(number, str) else Amount(number)
    if isinstance(unit, Word):
        row.warnings.append(Refused("unit-kept", "No table and no UCUM knows this unit; it stands as a word."))
        return {
            "value": amount.value,
            **({"comparator": amount.comparator} if amount.comparator else {}),
            "unit": str(unit),
        }
    spelling = amount.unit if unit in (None, "") or isinstance(unit, Missing) else key_text(unit)
    if not spelling:
        raise Refused("unit-missing", "The number has no unit.")
    known = row.site.units.find(spelling)
    value, code = scaled(amount.value, known), known.ucum
    if target is not None and not isinstance(target, Missing):
        units, wanted = row.site.units, row.site.units.find(key_text(target)).ucum
        try:
            value, code = units.convert(value, code, wanted), wanted
        except Refused:
            if not isinstance(analyte, Coded):
                raise
            value, code = units.of_analyte(amount.value, spelling, wanted, analyte), wanted
    return {**_compared(value, amount), "unit": code, "system": UCUM, "code": code}


def _compared(value: Decimal, amount: Amount) -> dict[str, Any]:
    return {"value": value, "comparator": amount.comparator} if amount.comparator else {"value": value}


def dose(row: Row, number: Any, unit: Any = None, target: Any = None) -> Any:
    """`dose(DOSE, UNIT)`: as quantity, but exact: a dose has no comparator (FHIR SimpleQuantity)."""
    made = quantity(row, number, unit, target)
    if isinstance(made, dict) and "comparator" in made:
        raise Refused("type", "A dose cannot be 'less than' or 'more than'.")
    return made


def period(row: Row, start: Any, end: Any) -> dict[str, str] | None:
    """`period(START, END)`: a Period; either end may be absent."""
    ends = {"start": start, "end": end}
    return {
        name: key_text(day) for name, day in ends.items() if day is not None and not isinstance(day, Missing)
    } or None


def study_day(row: Row, event: Any, infusion: Any, told: Any = None) -> dict[str, Any] | None:
    """`study_day(DATE, INFUSION, DAY)`: the parts of cart-study-day; a day told by the export must agree.

    Absent where either date is partial: a day is never invented.
    """
    if event is None or infusion is None or isinstance(event, Missing) or isinstance(infusion, Missing):
        return None
    when, anchor = key_text(event), key_text(infusion)
    if not dates.is_full(when) or not dates.is_full(anchor):
        return None
    number = dates.days_between(anchor, when)
    reported = told.number if isinstance(told, Day) else told
    if isinstance(reported, int) and reported != number:
        raise Refused("range", f"The study day told is not the day of the date: {number} days from the infusion.")
    return {"day": number, "infusionDate": anchor[:10]}


def day(row: Row, told: Any, infusion: Any, calendar: str = "infusion") -> Day | None:
    """`day(column(RESULT), INFUSION)`: the date of the study day that a text names ("Day 28"); third the calendar."""
    number, anchor = dates.study_day(key_text(told)), key_text(infusion)
    if number is None:
        raise Refused("type", "This names no study day such as D-5.")
    if not dates.is_full(anchor):
        raise Refused("day-anchor-missing", "The day counts from a date that is not known to the day.")
    shift = dates.from_anchor(number, calendar)
    return Day(shift, dates.add_days(anchor, shift), anchor[:10])


def first(row: Row, *values: Any) -> Any:
    """`first(A, B)`: the first that is not absent."""
    return next((value for value in values if value is not None), None)


def equals(row: Row, value: Any, *others: Any) -> bool:
    """`equals(STATUS, "done", "given")`: whether the value is one of the others."""
    return value is not None and key_text(value) in {key_text(other) for other in others}


def like(row: Row, value: Any, *patterns: str) -> bool:
    """`like(CODE, "*-?")`: whether the value has one of these shapes (* any letters, ? one letter)."""
    return value is not None and any(fnmatchcase(key_text(value), key_text(pattern)) for pattern in patterns)


def present(row: Row, *values: Any) -> bool:
    """`present(A, B)`: whether each holds a value (false, 0 and `-` in a plus-minus column are values)."""
    return not any(value is None or isinstance(value, Missing) for value in values)


def all_(row: Row, *values: Any) -> bool:
    """`all(A, B)`: whether each is true."""
    return all(truth(value) for value in values)


def any_(row: Row, *values: Any) -> bool:
    """`any(A, B)`: whether one is true."""
    return any(truth(value) for value in values)


def not_(row: Row, value: Any) -> bool:
    """`not(A)`: whether it is false or absent."""
    return not truth(value)


def text(row: Row, *values: Any) -> str:
    """`text(A, " to ", B)`: the values written one after the other."""
    return "".join(value.text or value.code if isinstance(value, Coded) else key_text(value) for value in values)


def after(row: Row, value: Any, mark: Any) -> str:
    """`after(REFERENCE, "/")`: what stands behind the last mark; the whole where there is none."""
    return key_text(value).rpartition(key_text(mark))[2]


def base64(row: Row, value: Any) -> str:
    """`base64(REPORT)`: a text as Attachment.data holds it."""
    return b64encode(key_text(value).encode()).decode()


def code(row: Row, value: Any) -> str:
    """`code(SEX)`: the bare code of a translated value (elements of type code take it by themselves)."""
    return key_text(value)


def sum_(row: Row, *values: Any) -> Decimal:
    """`sum(A, B)`: the total of numbers in one unit; absent when one is."""
    amounts = [value for value in values if isinstance(value, Amount)]
    if any(one.comparator for one in amounts):
        raise Refused("type", "A number that is only bounded ('<') cannot be added.")
    if len({one.unit for one in amounts if one.unit}) > 1:
        raise Refused("unit-incompatible", "These numbers are not in one unit.")
    return sum((value.value if isinstance(value, Amount) else Decimal(value) for value in values), Decimal(0))


def ago(row: Row, duration: Any, day: Any) -> str | None:
    """`ago(DURATION, INFUSION)`: the date that lies so long before; a year, a month or a day, as exact as both are."""
    if not isinstance(duration, Amount):
        raise Refused("type", "'ago' takes a column of type duration.")
    return durations.before(duration, key_text(day))


def lowest(row: Row, *values: Any) -> Any:
    """`earliest(A, B)`: the earliest of the dates that are there."""
    found = [value for value in values if value is not None and not isinstance(value, Missing)]
    return min(found, key=key_text) if found else None


def truth(value: Any) -> bool:
    """What counts as true in `when`: anything present except false; an empty text is absent already."""
    return value is not None and value is not False and not isinstance(value, Missing)


FUNCTIONS: dict[str, Function] = {
    "ref": Function(ref, 2, 9, frozenset({0}), gives="Reference"),
    "concept": Function(concept, 2, 3, frozenset({0, 1, 2}), absence=True, gives="code"),
    "translate": Function(translated, 2, 2, frozenset({1}), gives="code"),
    "extra": Function(extra, 2, 2, frozenset({1}), gives="text"),
    "quantity": Function(quantity, 1, 4, absence=True, gives="Quantity"),
    "dose": Function(dose, 1, 3, absence=True, gives="Quantity"),
    "period": Function(period, 2, 2, absence=True, gives="Period"),
    "day": Function(day, 2, 3, frozenset({2})),
    "study_day": Function(study_day, 2, 3, absence=True, gives="parts"),
    "first": Function(first, 1, 9, absence=True),
    "if": Function(lambda row, *values: None, 2, 3, absence=True),  # the body itself works out the value taken
    "equals": Function(equals, 2, 99, absence=True, gives="boolean"),
    "like": Function(like, 2, 9, absence=True, gives="boolean"),
    "present": Function(present, 1, 99, absence=True, gives="boolean"),
    "all": Function(all_, 1, 99, absence=True, gives="boolean"),
    "any": Function(any_, 1, 99, absence=True, gives="boolean"),
    "not": Function(not_, 1, 1, absence=True, gives="boolean"),
    "text": Function(text, 1, 99, gives="text"),
    "after": Function(after, 2, 2, gives="text"),
    "base64": Function(base64, 1, 1),
    "code": Function(code, 1, 1, gives="text"),
    "sum": Function(sum_, 1, 99, gives="number"),
    "bsa": Function(clinical.bsa, 3, 3, frozenset({0}), gives="number"),
    "recent": Function(clinical.recent, 4, 4),
    "milligrams": Function(clinical.milligrams, 2, 2, gives="number"),
    "million_cells": Function(clinical.million_cells, 2, 2, gives="number"),
    "ago": Function(ago, 2, 2, gives="date"),
    "earliest": Function(lowest, 1, 9, absence=True, gives="date"),
}
# `column(ITEM)` and `absent(unknown)` are read by the body itself: they are about names, not values.
BUILT_IN = {"column": 1, "absent": 1}
