"""Conversions between System types. https://hl7.org/fhirpath/N1/#conversion

`toX()` gives nothing for what does not convert, `convertsToX()` tells whether it does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from cart_fhir.fhirpath.functions.registry import scalar
from cart_fhir.fhirpath.nodes import Node
from cart_fhir.fhirpath.quantities import Quantity
from cart_fhir.fhirpath.temporal import Temporal

_INTEGER = re.compile(r"[+-]?\d{1,20}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?", re.ASCII)
_TRUE = {"true", "t", "yes", "y", "1", "1.0"}
_FALSE = {"false", "f", "no", "n", "0", "0.0"}


def to_boolean(value: Any) -> bool | None:
    """A Boolean of 1, 0, 'true', 'no' and their like."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        return {0: False, 1: True}.get(int(value)) if value in (0, 1) else None
    if isinstance(value, str):
        return True if value.lower() in _TRUE else False if value.lower() in _FALSE else None
    return None


def to_integer(value: Any) -> int | None:
    """An Integer of a Boolean or of text in digits."""
    if isinstance(value, int):
        return int(value)
    return int(value) if isinstance(value, str) and _INTEGER.fullmatch(value) else None


def to_decimal(value: Any) -> Decimal | None:
    """A Decimal of a number, a Boolean or text."""
    if isinstance(value, int | Decimal):
        return Decimal(value)
    return Decimal(value) if isinstance(value, str) and _DECIMAL.fullmatch(value) else None


def to_text(value: Any) -> str | None:
    """The text of any System value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return None if isinstance(value, Node) else str(value)


def to_quantity(value: Any, unit: str | None = None) -> Quantity | None:
    """A Quantity of a number or of text such as '4 days'; with a unit only when it is in that unit."""
    made: Quantity | None = None
    if isinstance(value, Quantity):
        made = value
    elif isinstance(value, int | Decimal):
        made = Quantity(Decimal(value), "1")
    elif isinstance(value, str):
        made = Quantity.parse(value)
    return made if made is None or unit is None or made.unit == unit else None


def to_date(value: Any) -> Temporal | None:
    """A Date of a DateTime or of text."""
    if isinstance(value, Temporal):
        return None if value.kind == "Time" else Temporal("Date", value.parts[:3])
    return Temporal.parse(value, "Date") if isinstance(value, str) else None


def to_datetime(value: Any) -> Temporal | None:
    """A DateTime of a Date or of text."""
    if isinstance(value, Temporal):
        return None if value.kind == "Time" else Temporal("DateTime", value.parts, value.zone)
    return Temporal.parse(value, "DateTime") if isinstance(value, str) else None


def to_time(value: Any) -> Temporal | None:
    """A Time of text."""
    if isinstance(value, Temporal):
        return value if value.kind == "Time" else None
    return Temporal.parse(value.removeprefix("T"), "Time") if isinstance(value, str) else None


def _register(name: str, convert: Callable[..., Any]) -> None:
    if name == "Quantity":
        scalar("toQuantity", "Any", "String", optional=1, returns=name)(convert)
        scalar("convertsToQuantity", "Any", "String", optional=1, returns="Boolean")(
            lambda value, unit=None: convert(value, unit) is not None
        )
        return
    scalar(f"to{name}", "Printable" if name == "String" else "Any", returns=name)(convert)
    scalar(f"convertsTo{name}", "Any", returns="Boolean")(lambda value: convert(value) is not None)


for _name, _convert in (
    ("Boolean", to_boolean),
    ("Integer", to_integer),
    ("Decimal", to_decimal),
    ("String", to_text),
    ("Quantity", to_quantity),
    ("Date", to_date),
    ("DateTime", to_datetime),
    ("Time", to_time),
):
    _register(_name, _convert)
