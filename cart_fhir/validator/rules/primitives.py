"""The formats of the primitive types: what a JSON value must look like to be a date, a code, an id.

https://hl7.org/fhir/R4/datatypes.html#primitive. Each check takes the JSON value and returns what is wrong with it, in
words, or None. Expressions are linear in time; base64 is decoded, not matched.
`SURE` tells most right values in one step.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

Format = Callable[[Any], str | None]
Sure = dict[type, Callable[[Any], Any]]
"""By the type of a JSON value, what is true for values that are surely right; the others are asked of the format."""

MAX_STRING = 1024 * 1024
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}").fullmatch
_CODE = re.compile(r"\S+(?: \S+)*").fullmatch
_SPACE = re.compile(r"\s").search
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:").match
_OID = re.compile(r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+").fullmatch
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").fullmatch
_YEAR = r"([0-9]{4})"
_DATE_TEXT = _YEAR + r"(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?"
_CLOCK = r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]|60)(\.[0-9]+)?"
_ZONE = r"(Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_DATE = re.compile(_DATE_TEXT).fullmatch
_DATE_TIME = re.compile(_DATE_TEXT + f"(?:T{_CLOCK}{_ZONE})?").fullmatch
_NO_ZONE = re.compile(_DATE_TEXT + f"T{_CLOCK}").fullmatch
_NO_SECONDS = re.compile(_DATE_TEXT + rf"T([01][0-9]|2[0-3]):([0-5][0-9]){_ZONE}?").fullmatch
_INSTANT = re.compile(_YEAR + f"-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T{_CLOCK}{_ZONE}").fullmatch
_TIME = re.compile(_CLOCK).fullmatch
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]").search
_BASE64 = re.compile(r"[0-9A-Za-z+/=\s]*").fullmatch
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?").fullmatch


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float | Decimal):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "an array" if isinstance(value, list) else "an object" if isinstance(value, dict) else "null"


def shown(value: object) -> str:
    """A value for a message: quoted, on one line, cut at 80 characters."""
    text = str(value).replace("\n", " ").replace("\r", " ")
    return f"'{text[:77]}...'" if len(text) > 80 else f"'{text}'"


def _text(value: Any) -> str | None:
    """What is wrong with any string: type, emptiness, control characters, length."""
    if type(value) is not str:
        return f"must be a JSON string, but {shown(value)} is {_kind(value)}"
    if not value:
        return "must not be empty; leave the property out when there is no value"
    if _CONTROL(value):
        return f"contains a control character in {value[:40]!a}"
    if len(value) > MAX_STRING:
        return f"is longer than 1 MB ({len(value)} characters)"
    return None


def string(value: Any) -> str | None:
    """`string` and `markdown`: not empty, at most 1 MB, no control characters. (Only spaces: a warning, `security`.)"""
    if type(value) is str and value.isprintable() and 0 < len(value) < 1000:
        return None
    return _text(value)


def code(value: Any) -> str | None:
    """`code`: no leading, trailing or double whitespace."""
    if type(value) is str and _CODE(value):
        return None
    return _text(value) or f"{shown(value)} is not a valid code: no leading, trailing or repeated whitespace"


def id(value: Any) -> str | None:
    """`id`: 1 to 64 of letters, digits, '-' and '.'."""
    if type(value) is str and _ID(value):
        return None
    if (wrong := _text(value)) is not None:
        return wrong
    if len(value) > 64:
        return f"is too long: {len(value)} characters, at most 64 are allowed"
    return f"contains characters that an id must not have ({shown(value)}); allowed are A-Z a-z 0-9 - ."


def uri(value: Any) -> str | None:
    """`uri`, `url`: no whitespace; `urn:oid:` and `urn:uuid:` must hold what they say."""
    if type(value) is not str or not value:
        return _text(value)
    if _SPACE(value):
        return f"{shown(value)} is not a valid URI: it contains whitespace"
    if value[0] == "u":
        if value.startswith("urn:oid:") and not _OID(value.partition("|")[0]):
            return f"{shown(value)} is not a valid OID"
        if value.startswith("urn:uuid:") and not _UUID(value.partition("|")[0].partition("#")[0]):
            return f"{shown(value)} is not a valid UUID (in lower case)"
    if value.startswith(("oid:", "uuid:")):
        return f"{shown(value)} is not a valid URI: write urn:{value.partition(':')[0]}: ..."
    return None


def canonical(value: Any) -> str | None:
    """`canonical`: a URI that is absolute, or names something contained (#id)."""
    wrong = uri(value)
    if wrong or value[0] == "#" or _ABSOLUTE(value):
        return wrong
    return f"{shown(value)} is not a valid canonical URL: it must be absolute, or #id"


def oid(value: Any) -> str | None:
    """`oid`: urn:oid: and dotted numbers without leading zeros."""
    return _text(value) or (None if _OID(value) else f"{shown(value)} is not a valid oid (urn:oid:1.2.3)")


def uuid(value: Any) -> str | None:
    """`uuid`: urn:uuid: and a UUID."""
    return _text(value) or (None if _UUID(value) else f"{shown(value)} is not a valid uuid (urn:uuid:...)")


def boolean(value: Any) -> str | None:
    """`boolean`: JSON true or false, not a string."""
    return None if type(value) is bool else f"must be true or false, but is {shown(value)} ({_kind(value)})"


def _whole(low: int, high: int, name: str) -> Format:
    def check(value: Any) -> str | None:
        if type(value) is not int:
            return f"must be a whole number ({name}), but is {shown(value)} ({_kind(value)})"
        return None if low <= value <= high else f"{value} is outside the range of {name} ({low} to {high})"

    return check


def decimal(value: Any) -> str | None:
    """`decimal`: a JSON number, not a string."""
    if type(value) is Decimal or type(value) is int or type(value) is float:
        return None if type(value) is not Decimal or value.is_finite() else "must be a finite number"
    return f"must be a JSON number, but is {shown(value)} ({_kind(value)})"


def _calendar(year: str, month: str | None, day: str | None) -> bool:
    """True when the day exists in its month."""
    if day is None or month is None or int(day) <= 28:
        return year != "0000"
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def date_(value: Any) -> str | None:
    """`date`: YYYY, YYYY-MM or YYYY-MM-DD, and a day that exists."""
    if type(value) is not str or not value:
        return _text(value)
    found = _DATE(value)
    if found is None:
        return f"{shown(value)} is not a valid date (YYYY, YYYY-MM or YYYY-MM-DD)"
    return None if _calendar(*found.group(1, 2, 3)) else f"{shown(value)} is not a day of the calendar"


def date_time(value: Any) -> str | None:
    """`dateTime`: a date, or a date with time to the second and a time zone."""
    if type(value) is not str or not value:
        return _text(value)
    found = _DATE_TIME(value)
    if found is None:
        if _NO_ZONE(value):
            return f"{shown(value)} has a time, so it must have a time zone (Z or +hh:mm)"
        if _NO_SECONDS(value):
            return f"{shown(value)} has a time, so it must have seconds"
        return f"{shown(value)} is not a valid dateTime (YYYY-MM-DDThh:mm:ss+zz:zz, or a date)"
    if value[10:11] == "T" and found.group(3) is None:
        return f"{shown(value)} has a time, so it must have a full date"
    return None if _calendar(*found.group(1, 2, 3)) else f"{shown(value)} is not a day of the calendar"


def instant(value: Any) -> str | None:
    """`instant`: date, time to the second at least, and time zone."""
    if type(value) is not str or not value:
        return _text(value)
    found = _INSTANT(value)
    if found is None:
        return f"{shown(value)} is not a valid instant (YYYY-MM-DDThh:mm:ss.sss+zz:zz)"
    return None if _calendar(*found.group(1, 2, 3)) else f"{shown(value)} is not a day of the calendar"


def time(value: Any) -> str | None:
    """`time`: hh:mm:ss, no time zone."""
    return _text(value) or (None if _TIME(value) else f"{shown(value)} is not a valid time (hh:mm:ss)")


def base64_binary(value: Any) -> str | None:
    """`base64Binary`: decodes; whitespace between is allowed."""
    if type(value) is not str or not value:
        return _text(value)
    if not _BASE64(value):
        return "is not valid base64: it has characters outside A-Z a-z 0-9 + / ="
    try:
        binascii.a2b_base64("".join(value.split()), strict_mode=True)
    except (binascii.Error, ValueError) as problem:
        return f"is not valid base64: {problem}"
    return None


def xhtml(value: Any) -> str | None:
    """`xhtml`: a string here; what is inside is the narrative rule's business."""
    return None if type(value) is str and value else _text(value)


_TOP = 2**31 - 1

FORMATS: dict[str, Format] = {
    "base64Binary": base64_binary,
    "boolean": boolean,
    "canonical": canonical,
    "code": code,
    "date": date_,
    "dateTime": date_time,
    "decimal": decimal,
    "id": id,
    "instant": instant,
    "integer": _whole(-(2**31), _TOP, "integer"),
    "markdown": string,
    "oid": oid,
    "positiveInt": _whole(1, _TOP, "positiveInt"),
    "string": string,
    "time": time,
    "unsignedInt": _whole(0, _TOP, "unsignedInt"),
    "uri": uri,
    "url": uri,
    "uuid": uuid,
    "xhtml": xhtml,
}


def _any(value: Any) -> bool:
    return True


# Printable letters that start no HTML tag: what both the format and the security rule of texts let pass.
_TEXT = re.compile("[!-;=-~\u00a1-\u024f][ -;=-~\u00a1-\u024f]{0,998}").fullmatch
_TOKEN = re.compile("[!-~]+").fullmatch
_NO_URN = re.compile("[!-np-tv-~][!-~]*").fullmatch  # nor `oid:`
_EARLY_DAY = r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
_DAY = re.compile(_EARLY_DAY).fullmatch
_MOMENT = r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:Z|[+-]0[0-9]:[0-5][0-9])"

SURE: dict[str, Sure] = {
    "boolean": {bool: _any},
    "canonical": {str: re.compile("https?:[!-~]+").fullmatch},
    "code": {str: _TOKEN},
    "date": {str: _DAY},
    "dateTime": {str: re.compile(f"{_EARLY_DAY}(?:{_MOMENT})?").fullmatch},
    "decimal": {int: _any, Decimal: Decimal.is_finite},
    "id": {str: _ID},
    "instant": {str: re.compile(_EARLY_DAY + _MOMENT).fullmatch},
    "integer": {int: range(-(2**31), 2**31).__contains__},
    "markdown": {str: _TEXT},
    "positiveInt": {int: range(1, 2**31).__contains__},
    "string": {str: _TEXT},
    "unsignedInt": {int: range(2**31).__contains__},
    "uri": {str: _NO_URN},
    "url": {str: _NO_URN},
}
