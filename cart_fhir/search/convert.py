"""From a FHIR value to what the index keeps of it: one function for each kind of search parameter.

Each yields (table suffix, columns): the suffix "" is the parameter itself, ":identifier" and ":of-type" are the rows
that serve those modifiers. Values of the wrong shape (a store may hold unvalidated data) give nothing.
https://hl7.org/fhir/R4/search.html#ptypes
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from math import inf
from typing import Any

from cart_fhir.definitions import ucum
from cart_fhir.search import dates
from cart_fhir.search.numbers import as_float
from cart_fhir.search.phonetic import CODE as PHONETIC
from cart_fhir.search.phonetic import sound
from cart_fhir.search.query import Parameter
from cart_fhir.search.rows import Row
from cart_fhir.search.text import fold

UCUM = "http://unitsofmeasure.org"
CURRENCY = "urn:iso:std:iso:4217"
LIMIT = 255
"""Characters of a code or system that the index keeps: more would not fit a database index."""
URL_LIMIT = 600
"""Characters of a URI or URL that the index keeps."""

_LOCAL = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9.\-]{1,64})(?:/_history/[A-Za-z0-9.\-]{1,64})?")
_NAME_PARTS = ("text", "family", "given", "prefix", "suffix")
_ADDRESS_PARTS = ("text", "line", "city", "district", "state", "postalCode", "country")

Converted = Iterator[tuple[str, str, Row]]
"""(suffix of the parameter's code, table, columns)"""


def token(type_name: str, value: Any) -> Converted:
    """Codes, identifiers, contact points, flags and plain strings."""
    if type_name == "CodeableConcept":
        for row in _concept(value):
            yield "", "token", row
    elif type_name == "Coding":
        found = _coding(value)
        if found:
            yield "", "token", found
    elif type_name == "Identifier":
        yield from _identifier(value)
    elif type_name == "ContactPoint":
        if isinstance(value, dict) and isinstance(value.get("value"), str):
            yield "", "token", (_text(value, "system") or "", value["value"][:LIMIT], None)
    elif isinstance(value, bool):
        yield "", "token", ("", "true" if value else "false", None)
    elif isinstance(value, str):
        yield "", "token", ("", value[:LIMIT], None)


def _coding(value: Any) -> Row | None:
    display, code = _text(value, "display"), _text(value, "code")
    if not code and not display:
        return None
    return (_text(value, "system") or "", code, fold(display)[:LIMIT] if display else None)


def _concept(value: Any) -> list[Row]:
    if not isinstance(value, dict):
        return []
    coding = value.get("coding")
    rows = [row for row in map(_coding, coding) if row] if isinstance(coding, list) else []
    said = _text(value, "text")
    text = fold(said)[:LIMIT] if said else None
    if text and all(row[2] != text for row in rows):  # where a display says the same, its row serves both
        rows.append(("", None, text))
    return rows


def _identifier(value: Any) -> Converted:
    if not isinstance(value, dict) or not isinstance(value.get("value"), str):
        return
    kind = value.get("type")
    kind = kind if isinstance(kind, dict) else {}
    text = _text(kind, "text")
    yield "", "token", (_text(value, "system") or "", value["value"][:LIMIT], fold(text)[:LIMIT] if text else None)
    coding = kind.get("coding")
    for item in coding if isinstance(coding, list) else ():
        code = _text(item, "code") if isinstance(item, dict) else None
        if code:
            yield ":of-type", "token", (_text(item, "system") or "", f"{code}|{value['value']}"[:LIMIT], None)


def string(type_name: str, value: Any) -> Converted:
    """Text: each part of a name or address by itself."""
    for text in _strings(type_name, value):
        folded = fold(text)
        if folded:
            yield "", "string", (folded, text)


def phonetic(type_name: str, value: Any) -> Converted:
    """The sound of each part of a name, and of each word where a part has several."""
    for text in _strings(type_name, value):
        sounds = sound(text)
        for one in dict.fromkeys((sounds, *sounds.split())):
            if one:
                yield "", "string", (one, one)


def _strings(type_name: str, value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        if type_name == "CodeableConcept":
            parts: tuple[str, ...] = ("text",)
        else:
            parts = _ADDRESS_PARTS if type_name == "Address" else _NAME_PARTS
        for part in parts:
            found = value.get(part)
            if isinstance(found, str):
                yield found
            elif isinstance(found, list):
                yield from (item for item in found if isinstance(item, str))


def reference(type_name: str, value: Any) -> Converted:
    """References (to this server's resources, to others', by identifier) and canonicals."""
    if isinstance(value, str):
        if not value.startswith("#"):
            yield "", "reference", ("", "", value[:URL_LIMIT])
        return
    if not isinstance(value, dict):
        return
    if isinstance(value.get("resourceType"), str) and isinstance(value.get("id"), str):
        yield "", "reference", (value["resourceType"], value["id"], "")  # a Bundle's own composition or message
        return
    text = value.get("reference")
    if isinstance(text, str) and not text.startswith("#"):
        yield "", "reference", split_reference(text)
    identifier = value.get("identifier")
    if isinstance(identifier, dict) and isinstance(identifier.get("value"), str):
        yield ":identifier", "token", (_text(identifier, "system") or "", identifier["value"][:LIMIT], None)


def split_reference(text: str) -> tuple[str, str, str]:
    """(type, id, url) of a reference's text: "Patient/1" is local, anything else a URL."""
    local = _LOCAL.fullmatch(text)
    return (local[1], local[2], "") if local else ("", "", text[:URL_LIMIT])


def date(type_name: str, value: Any) -> Converted:
    """Dates, periods and timings as intervals."""
    if isinstance(value, str):
        found = dates.interval(value)
    elif isinstance(value, dict):
        found = dates.timing(value) if type_name == "Timing" else dates.period(value)
    else:
        found = None
    if found:
        yield "", "date", found


def number(type_name: str, value: Any) -> Converted:
    """Integers, decimals and ranges."""
    if type_name == "Range" and isinstance(value, dict):
        low, high = (_end(value, name) for name in ("low", "high"))
        if low is not None or high is not None:
            yield "", "number", (-inf if low is None else low, inf if high is None else high)
        return
    found = as_float(value)
    if found is not None:
        yield "", "number", (found, found)


def quantity(type_name: str, value: Any) -> Converted:
    """Quantities (beside the value as written, the value in UCUM base units), ranges of them, and money."""
    if not isinstance(value, dict):
        return
    if type_name == "Range":
        low, high = (part if isinstance(part, dict) else {} for part in (value.get("low"), value.get("high")))
        ends = (_decimal(low), _decimal(high))
        unit = low or high
        if ends != (None, None):
            yield "", "quantity", _quantity_row(*ends, unit)
        return
    amount = _decimal(value)
    if amount is None:
        return
    if type_name == "Money":
        yield "", "quantity", _quantity_row(amount, amount, {"system": CURRENCY, "code": value.get("currency")})
        return
    comparator = value.get("comparator")
    low_end = None if comparator in ("<", "<=") else amount
    high_end = None if comparator in (">", ">=") else amount
    yield "", "quantity", _quantity_row(low_end, high_end, value)


def _quantity_row(low: Decimal | None, high: Decimal | None, unit: Any) -> Row:
    """The row of a value from `low` to `high` (None: open) in the unit that the Quantity `unit` names."""
    system, code = _text(unit, "system"), _text(unit, "code")
    base_low = base_high = base_code = None
    if system == UCUM and code:
        converted = [canonical(end, code) for end in (low, high) if end is not None]
        if converted and all(converted):
            base_code = converted[0][1]  # type: ignore[index]  # all() has excluded None
            values = [float(part[0]) for part in converted if part]
            base_low = -inf if low is None else values[0]
            base_high = inf if high is None else values[-1]
    raw_low = -inf if low is None else float(low)
    raw_high = inf if high is None else float(high)
    return (raw_low, raw_high, system or "", code or "", _text(unit, "unit") or "", base_low, base_high, base_code)


@lru_cache(maxsize=4096)
def canonical(value: Decimal, code: str) -> tuple[Decimal, str] | None:
    """The value in UCUM base units, and those; None for a unit UCUM does not know."""
    return ucum.canonical(value, code)


def uri(type_name: str, value: Any) -> Converted:
    """URIs and canonicals, as written."""
    if isinstance(value, str) and value:
        yield "", "uri", (value[:URL_LIMIT],)


CONVERTERS: dict[str, Callable[[str, Any], Converted]] = {
    "token": token,
    "string": string,
    "reference": reference,
    "date": date,
    "number": number,
    "quantity": quantity,
    "uri": uri,
}


def converter(parameter: Parameter) -> Callable[[str, Any], Converted]:
    """What makes the rows of a parameter."""
    return phonetic if parameter.code == PHONETIC and parameter.kind == "string" else CONVERTERS[parameter.kind]


def _text(value: Any, name: str) -> str | None:
    found = value.get(name) if isinstance(value, dict) else None
    return found[:LIMIT] if isinstance(found, str) and found else None


def _decimal(value: Any) -> Decimal | None:
    found = value.get("value") if isinstance(value, dict) else None
    if as_float(found) is None:
        return None
    return found if isinstance(found, Decimal) else Decimal(str(found))


def _end(value: dict[str, Any], name: str) -> float | None:
    found = _decimal(value.get(name))
    return None if found is None else float(found)
