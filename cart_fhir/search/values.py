"""From the text after the `=` to values: commas, escapes, prefixes and the notation of each kind of parameter.

https://hl7.org/fhir/R4/search.html#escaping and #prefix
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast, get_args

from cart_fhir.errors import BadRequest, NotSupported
from cart_fhir.search import dates
from cart_fhir.search.convert import LIMIT, UCUM, URL_LIMIT, canonical
from cart_fhir.search.numbers import around, decimal, number_value
from cart_fhir.search.phonetic import CODE as PHONETIC
from cart_fhir.search.phonetic import sound
from cart_fhir.search.query import (
    CompositeValue,
    DateValue,
    NumberValue,
    Parameter,
    Prefix,
    QuantityValue,
    ReferenceValue,
    SimpleValue,
    StringValue,
    TokenValue,
    UriValue,
    Value,
)

MAX_VALUES = 300
"""Values of one parameter: each is a condition of its own, and databases limit how many they take."""
MAX_LISTED = 5000
"""Codes or ids of one parameter, which go to the database as a list."""

_PREFIXED = re.compile(f"({'|'.join(get_args(Prefix))})(?=[-+.0-9])")
_LOCAL = re.compile(r"(?:([A-Z][A-Za-z]+)/)?([A-Za-z0-9.\-]{1,64})(?:/_history/[A-Za-z0-9.\-]{1,64})?")
_ESCAPED = re.compile(r"\\([\\,|$])")


def split(text: str, at: str) -> list[str]:
    """The parts of a text between unescaped separators, escapes still in them."""
    parts, start, place = [], 0, 0
    while place < len(text):
        if text[place] == "\\":
            place += 2
            continue
        if text[place] == at:
            parts.append(text[start:place])
            start = place + 1
        place += 1
    parts.append(text[start:])
    return parts


def unescape(text: str) -> str:
    r"""The text with `\,` `\|` `\$` and `\\` as the signs they stand for."""
    return _ESCAPED.sub(r"\1", text)


@dataclass(frozen=True, slots=True)
class Values:
    """Reads values; `base_url` is the server's own address, `now` what `ap` on dates is measured from."""

    base_url: str = ""
    now: datetime | None = None

    def read(self, parameter: Parameter, text: str) -> tuple[Value, ...]:
        """The values of `a,b,...`; BadRequest for one that is not of the parameter's kind."""
        parts = [part for part in split(text, ",") if part]
        limit = MAX_LISTED if parameter.kind in ("token", "reference") else MAX_VALUES
        if len(parts) > limit:
            raise BadRequest(f"'{parameter.code}' has {len(parts)} values; {limit} are taken at once.")
        return tuple(self.one(parameter, part) for part in parts)

    def one(self, parameter: Parameter, text: str) -> Value:
        """One value, which may be composite."""
        if parameter.kind != "composite":
            return self.simple(parameter, text)
        parts = split(text, "$")
        if len(parts) != len(parameter.components):
            wanted = "$".join(part.kind for part in parameter.components)
            raise BadRequest(f"'{parameter.code}' takes {wanted}, not '{text}'.")
        pairs = zip(parameter.components, parts, strict=True)
        return CompositeValue(tuple(self.simple(part, value) for part, value in pairs))

    def simple(self, parameter: Parameter, text: str) -> SimpleValue:
        """One value of a kind that is not composite."""
        if parameter.code == PHONETIC:
            return StringValue(sound(unescape(text)))
        reader = _READERS.get(parameter.kind)
        if reader is None:
            raise NotSupported(f"'{parameter.code}' cannot be searched here.")
        try:
            return reader(self, text)
        except ValueError:
            raise BadRequest(
                f"'{unescape(text)}' is no {parameter.kind} as '{parameter.code}' takes it.",
                advice=_ADVICE[parameter.kind],
            ) from None

    def token(self, text: str) -> TokenValue:
        """`code`, `system|code`, `|code` or `system|`."""
        parts = [unescape(part)[:LIMIT] for part in split(text, "|")]
        if len(parts) == 1:
            return TokenValue(None, parts[0])
        if len(parts) > 2 or parts == ["", ""]:
            raise ValueError
        return TokenValue(parts[0], parts[1] or None)

    def string(self, text: str) -> StringValue:
        """Text to begin with."""
        return StringValue(unescape(text))

    def uri(self, text: str) -> UriValue:
        """A URI, compared as it is."""
        return UriValue(unescape(text)[:URL_LIMIT])

    def reference(self, text: str) -> ReferenceValue:
        """`id`, `Type/id` or an absolute URL (local when it is this server's)."""
        said = unescape(text)
        base = self.base_url.rstrip("/")
        if base and said.startswith(base + "/"):
            said = said[len(base) + 1 :]
        local = _LOCAL.fullmatch(said)
        if local:
            return ReferenceValue(local[1], local[2])
        return ReferenceValue(url=said[:URL_LIMIT])

    def date(self, text: str) -> DateValue:
        """`[prefix]date`, of any precision."""
        prefix, said = _prefix(unescape(text))
        found = dates.interval(said.replace(" ", "+"))  # a plus that was not escaped arrives as a space
        if found is None:
            raise ValueError
        low, high = found
        if prefix == "ap":
            now = dates.microseconds(self.now or datetime.now(UTC))
            margin = max(low - now, now - high, 0) // 10
            low, high = low - margin, high + margin
        return DateValue(prefix, low, high)

    def number(self, text: str) -> NumberValue:
        """`[prefix]number`."""
        prefix, said = _prefix(unescape(text))
        value = decimal(said)
        if value is None:
            raise ValueError
        return number_value(prefix, value)

    def quantity(self, text: str) -> QuantityValue:
        """`[prefix]number`, `[prefix]number|system|code` or `[prefix]number||code`."""
        parts = [unescape(part) for part in split(text, "|")]
        if len(parts) not in (1, 3):
            raise ValueError
        prefix, said = _prefix(parts[0])
        value = decimal(said)
        if value is None:
            raise ValueError
        number = number_value(prefix, value)
        if len(parts) == 1:
            return QuantityValue(number)
        system, code = parts[1] or None, parts[2] or None
        base = None
        if system == UCUM and code:
            ends = [canonical(end, code) for end in (*around(prefix, value), value)]
            if all(ends):
                low, high, exact = (float(end[0]) for end in ends if end)
                base = (NumberValue(prefix, low, high, exact), ends[0][1] if ends[0] else "")
        return QuantityValue(number, system, code, base)


def _prefix(text: str) -> tuple[Prefix, str]:
    found = _PREFIXED.match(text)
    return (cast("Prefix", found[1]), text[2:]) if found else ("eq", text)


_READERS: dict[str, Callable[[Values, str], SimpleValue]] = {
    "token": Values.token,
    "string": Values.string,
    "uri": Values.uri,
    "reference": Values.reference,
    "date": Values.date,
    "number": Values.number,
    "quantity": Values.quantity,
}

_ADVICE = {
    "token": "Write code, system|code, |code or system|.",
    "date": "Write yyyy, yyyy-mm, yyyy-mm-dd or yyyy-mm-ddThh:mm:ssZ, with a prefix such as ge if needed.",
    "number": "Write digits with a point, with a prefix such as ge if needed.",
    "quantity": "Write number, number|system|code or number||unit, with a prefix such as ge if needed.",
}
