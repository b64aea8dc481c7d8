"""What a cell becomes once it is read: small typed values that know their FHIR form.

Text, booleans, integers, Decimals and dates (ISO text, as exact as the source) stand for themselves; the classes here
are for the rest. Nothing here knows maps or files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

ABSENT_REASON = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
ABSENT_CODES = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
UCUM = "http://unitsofmeasure.org"
HL7 = "http://terminology.hl7.org/"


class Told(str):
    """A sentence about a bad value, with the rule it breaks; survives marshmallow's error lists as it is a str."""

    __slots__ = ("rule",)
    rule: str

    def __new__(cls, rule: str, text: str) -> Told:
        """A sentence `text` of rule `rule` (see `rules.RULES`)."""
        made = super().__new__(cls, text)
        made.rule = rule
        return made


class Word(str):
    """A unit that nothing knows, and that the map wants kept as the word it is."""

    __slots__ = ()


class Element(dict[str, Any]):
    """A whole element of a FHIR source, to be taken over as it is."""

    __slots__ = ()


class Refused(Exception):
    """A row cannot be mapped: `told` says why, `column` names the cell where one is to blame."""

    def __init__(self, rule: str, text: str, column: str = "") -> None:
        super().__init__(text)
        self.told = Told(rule, text)
        self.column = column


@dataclass(frozen=True, slots=True)
class Missing:
    """A cell that says why it is empty; `reason` is a code of FHIR's data-absent-reason."""

    reason: str

    def extension(self) -> dict[str, Any]:
        """The element that carries the reason where a value would stand."""
        return {"extension": [{"url": ABSENT_REASON, "valueCode": self.reason}]}

    def concept(self) -> dict[str, Any]:
        """The reason as Observation.dataAbsentReason has it."""
        return {"coding": [{"system": ABSENT_CODES, "code": self.reason}]}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what stood beside it: a comparator (<, <=, >=, >) and, in a cell like '30 mg/m2', its unit."""

    value: Decimal
    comparator: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day counted from an anchor, bound to its date: `number` of days after it, `date` in ISO form."""

    number: int
    date: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Coded:
    """A code with its translations: codings in the order of the table, the text as written, and the table's extras."""

    text: str
    codings: tuple[Mapping[str, str], ...]
    extras: Mapping[str, str] = field(default_factory=dict)
    mapped: bool = True

    @property
    def code(self) -> str:
        """The first coding's code, which stands for the whole in keys and in `code` elements."""
        return self.codings[0]["code"] if self.codings else self.text

    def concept(self) -> dict[str, Any]:
        """As CodeableConcept."""
        made: dict[str, Any] = {"coding": [dict(coding) for coding in self.codings]} if self.codings else {}
        return {**made, "text": self.text} if self.text else made


def key_text(value: Any) -> str:
    """A value as part of a business key: mapped codes and ISO dates, so that spellings of two exports agree."""
    if isinstance(value, str):  # most are
        return value
    if isinstance(value, Coded):
        return value.code
    if isinstance(value, Day):
        return value.date
    if isinstance(value, Amount):
        return f"{value.comparator}{value.value.normalize():f}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
