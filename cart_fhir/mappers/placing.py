"""Values in the form that an element wants: a Coded value as code, Coding or CodeableConcept, a day as its date.

What an element cannot hold is refused: as the map is read where that can be told (`misfit`), else with its row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from cart_fhir.mappers.values import Amount, Coded, Day, Element, Missing, Refused, key_text

QUANTITIES = frozenset({"Quantity", "SimpleQuantity", "Age", "Count", "Distance", "Duration", "MoneyQuantity"})
_TEXTS = frozenset(
    {"string", "markdown", "code", "id", "uri", "url", "canonical", "oid", "uuid", "xhtml", "base64Binary"}
)
_CODES = frozenset({"code", "uri", "url", "canonical"})
_DATES = frozenset({"date", "dateTime", "instant", "time"})
_WHOLE = frozenset({"integer", "positiveInt", "unsignedInt"})
_NUMBERS = _WHOLE | {"decimal"}
_WORDED = frozenset({"CodeableConcept", "Annotation", "HumanName"})  # made of a text alone, where no more is known
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T.*)?)?)?|\d\d:\d\d(:\d\d.*)?")

# what a function or a column gives -> the element types that take it
_FITS: Mapping[str, frozenset[str]] = {
    "Reference": frozenset({"Reference", "string"}),  # its own `reference`, where entries are made with `each`
    "Quantity": QUANTITIES,
    "Period": frozenset({"Period"}),
    "parts": frozenset(),
    "code": frozenset({"CodeableConcept", "Coding"}) | _TEXTS,
    "text": _TEXTS | _DATES | _NUMBERS | _WORDED,
    "number": _NUMBERS | _TEXTS,
    "boolean": _TEXTS | {"boolean"},
    "date": _DATES | _TEXTS,
}
KIND_OF_COLUMN: Mapping[str, str] = {
    "id": "text", "text": "text", "unit": "text", "code": "code", "code-list": "code", "number": "number",
    "integer": "number", "quantity": "number", "date": "date", "datetime": "date", "relative-day": "date",
    "day-list": "date", "boolean": "boolean", "plus-minus": "boolean",
}  # fmt: skip
_ADVICE: Mapping[str, str] = {
    "Reference": "Write it as =ref(Patient, PATIENT).",
    "Period": "Write it as =period(START, END).",
    "Coding": "Give the column type `code`, or write =concept(system, code).",
    **dict.fromkeys(QUANTITIES, 'Write it as =quantity(NUMBER, "unit").'),
}
_TOLD = {"code": "a code", "text": "text", "number": "a number", "boolean": "true or false", "date": "a date"}


def misfit(kind: str, type_name: str) -> tuple[str, str] | None:
    """(sentence, advice) where what gives `kind` can never be an element of this type; None where it may."""
    if kind not in _FITS or type_name in _FITS[kind]:
        return None
    gives = _TOLD.get(kind) or ("the parts of an extension" if kind == "parts" else f"a whole {kind}")
    advice = "It belongs where a Reference stands, such as `subject`." if kind == "Reference" else ""
    return f"A {type_name} should stand here, and this gives {gives}.", _ADVICE.get(type_name, advice)


def placed(value: Any, type_name: str) -> Any:
    """A value in the form that an element of this type wants; Refused (type) where it has none.

    None, Missing, and the dicts of functions pass; a tuple (a list in one cell) becomes a list.
    """
    if value is None or isinstance(value, Missing):
        return value
    if isinstance(value, tuple):
        return [made for one in value if (made := placed(one, type_name)) is not None]
    if isinstance(value, Element):  # what it may hold, the validator says
        return dict(value)
    place = _PLACES.get(type_name)
    made = place(value) if place else None
    if made is None:
        sentence = f"A {type_name} should stand here, and there is {_named(value)}."
        raise Refused("type", f"{sentence} {_ADVICE.get(type_name, '')}".strip())
    return made


def to_fhir(value: Any) -> Any:
    """The FHIR JSON form of a value that stands alone."""
    if isinstance(value, Coded):
        return value.concept()
    if isinstance(value, Day):
        return value.date
    return _number(value) if isinstance(value, Amount) else value


def choice(value: Any, types: tuple[str, ...]) -> str:
    """Which of several types a value is of; "" where it is of none."""
    if isinstance(value, dict):
        marks = {"reference": ("Reference",), "value": tuple(QUANTITIES), "start": ("Period",), "end": ("Period",)}
        wanted = [kind for mark, kinds in marks.items() if mark in value for kind in kinds]
    elif isinstance(value, (Coded, bool, int, Decimal, Amount, Day)):
        wanted = next(list(kinds) for kind, kinds in _CHOICES.items() if isinstance(value, kind))
    else:
        dates = ["dateTime", "date"] if isinstance(value, str) and _DATE.fullmatch(value) else []
        wanted = [*dates, "string", "markdown", "code", "uri", "url", "CodeableConcept"]
    return next((kind for kind in wanted if kind in types), "")


_CHOICES: Mapping[type, tuple[str, ...]] = {
    Coded: ("CodeableConcept", "Coding", "code", "string"),
    bool: ("boolean",),
    int: ("integer", "positiveInt", "unsignedInt", "decimal"),
    Decimal: ("decimal",),
    Amount: ("decimal",),
    Day: ("date", "dateTime"),
}


def _concept(value: Any) -> Any:
    if isinstance(value, Coded):
        made = value.concept()
        if not value.text:
            made.pop("text", None)
        return made
    return {"text": value} if isinstance(value, str) else None


def _text(value: Any, type_name: str) -> str | None:
    if isinstance(value, Coded):
        return value.code if type_name in _CODES else value.text or value.code
    if isinstance(value, dict):
        return value.get("reference")
    return value if isinstance(value, str) else key_text(to_fhir(value))


def _number(value: Any) -> Any:
    if isinstance(value, Amount):
        if value.comparator:
            raise Refused("type", "The cell holds a comparator, and only a Quantity can carry that.")
        return value.value
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d+(\.\d+)?", value):
        return Decimal(value) if "." in value else int(value)
    return value if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else None


def _whole(value: Any) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number == int(number) else None


def _date(value: Any) -> str | None:
    if isinstance(value, Day):
        return value.date
    return value if isinstance(value, str) else None


def _holding(*members: str) -> Callable[[Any], Any]:
    return lambda value: value if isinstance(value, dict) and any(member in value for member in members) else None


_PLACES: Mapping[str, Callable[[Any], Any]] = {
    "CodeableConcept": _concept,
    "Coding": lambda value: dict(value.codings[0]) if isinstance(value, Coded) and value.codings else None,
    "Reference": _holding("reference"),
    "Period": _holding("start", "end"),
    **dict.fromkeys(QUANTITIES, _holding("value")),
    "boolean": lambda value: value if isinstance(value, bool) else None,
    "decimal": _number,
    **dict.fromkeys(_WHOLE, _whole),
    **dict.fromkeys(_DATES, _date),
    **{name: partial(_text, type_name=name) for name in _TEXTS},
    "Annotation": lambda value: {"text": value} if isinstance(value, str) else None,
    "HumanName": lambda value: {"text": value} if isinstance(value, str) else None,
}


def _named(value: Any) -> str:
    if isinstance(value, dict):
        return "an object of another kind"
    kinds = {bool: "true or false", str: "text", Coded: "a code", Day: "a date", Amount: "a number"}
    return kinds.get(type(value), "a number")
