"""Pseudonymised resources: one switch of the map, applied to each resource as it is made.

    identity: private
    deid: {birthDate: year, dates: shift, window: 180, text: drop, extensions: []}

Ids and identifiers come from the site's secret (`identity`). Names, addresses, telephone numbers, pictures, lot and
other foreign numbers go always. Dates move by a number of days that is the same for all of a patient's dates, so that
day -5 stays day -5; of a date without its day only the year is kept. `text: drop` takes free text, and codes of the
hospital's own, which may be such. Extensions stay if they are the guide's or stand under `extensions`; a
modifierExtension that may not stay refuses its row, as without it the resource would say something else. This is a
switch for sending data to a registry, not a proof of anonymity.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any

from cart_fhir.mappers.dates import add_days
from cart_fhir.mappers.values import ABSENT_REASON, Refused
from cart_fhir.profiles import canonical

DEFAULT: Mapping[str, Any] = {"birthDate": "year", "dates": "shift", "window": 180, "text": "drop"}
_DATE = re.compile(r"(\d{4})-\d{2}(-\d{2}(T.*)?)?")
_NO_DATES = frozenset({"code", "system", "url", "id", "reference", "unit", "version", "value"})
_FREE = frozenset(
    {
        "valueString", "valueMarkdown", "note", "text", "comment", "description", "title", "instruction",
        "patientInstruction", "additionalInstruction",
    }
)  # fmt: skip
_ALWAYS = frozenset({"telecom", "address", "photo", "contact", "lotNumber", "batch"})


class Deid:
    """De-identifies the resources of one map by the site's secret; `codes` is the system of the hospital's codes."""

    def __init__(self, options: Mapping[str, Any], secret: bytes, codes: str = "") -> None:
        self._secret = secret
        self._codes = codes
        self._year = options.get("birthDate") == "year"
        self._window = int(options.get("window", 180)) if options.get("dates") == "shift" else 0
        self._drop = options.get("text") == "drop"
        named = [str(name) for name in options.get("extensions") or ()]
        self._allowed = {ABSENT_REASON, *(name if ":" in name else canonical.url(name) for name in named)}

    def __call__(self, resource: dict[str, Any], patient: str, own: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The resource of a patient (as the hospital numbers them) without what tells who it is.

        `own` is the identifier that the map made of its key, the only one that stays.
        """
        days = self._days(patient)
        kept = {key: value for key, value in resource.items() if key not in ("identifier", "birthDate")}
        made = {key: self._value(key, value, days) for key, value in kept.items()}
        given = resource.get("identifier")
        if given is not None and own:
            made["identifier"] = [dict(own)] if isinstance(given, list) else dict(own)
        if "birthDate" in resource:
            moved = resource["birthDate"][:4] if self._year else self._moved(resource["birthDate"], days)
            made["birthDate"] = moved
        return {key: made[key] for key in resource if made.get(key) is not None}

    def _days(self, patient: str) -> int:
        """How many days this patient's dates move; never none, if any do."""
        if not self._window:
            return 0
        number = int.from_bytes(hmac.new(self._secret, b"dates|" + patient.encode(), hashlib.sha256).digest()[:8])
        moved = number % (2 * self._window) - self._window
        return moved if moved < 0 else moved + 1

    def _value(self, key: str, value: Any, days: int) -> Any:
        if key in _ALWAYS or (key == "identifier") or (key == "name" and isinstance(value, list)):
            return None
        if self._drop and key in _FREE and isinstance(value, (str, list, dict)):
            return None
        if key == "extension" and isinstance(value, list):
            value = [one for one in value if self._stays(one["url"])]
        if key == "modifierExtension" and isinstance(value, dict) and not self._stays(value.get("url", "")):
            raise Refused("deid", "A modifierExtension that the map does not allow changes what the resource says.")
        if isinstance(value, dict):
            return self._object(value, days)
        if isinstance(value, list):
            return [found for one in value if (found := self._value(key, one, days)) is not None] or None
        if isinstance(value, str) and key not in _NO_DATES:
            return self._moved(value, days)
        return value

    def _object(self, value: dict[str, Any], days: int) -> dict[str, Any] | None:
        if self._drop and self._codes and value.get("system") == self._codes:
            return None
        hidden = ("display",) if "reference" in value or "identifier" in value else ()
        made = {name: found for name, one in value.items() if (found := self._value(name, one, days)) is not None}
        return {name: one for name, one in made.items() if name not in hidden} or None

    def _stays(self, url: str) -> bool:
        return ":" not in url or url in self._allowed or url.startswith(canonical.BASE)

    def _moved(self, value: str, days: int) -> str:
        found = _DATE.fullmatch(value) if days else None
        if not found:
            return value
        return add_days(value, days) + value[10:] if found[2] else found[1]
