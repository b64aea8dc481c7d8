"""Pseudonymised resources: one switch of the map, applied to each resource as it is made.

    identity: private
    deid: {birthDate: year, dates: shift, window: 180, text: drop}

Ids and identifiers come from the site's secret (`identity`). Dates move by a number of days that is the same for all of
a patient's dates, so that day -5 stays day -5; of a date without its day only the year is kept. Free text goes, and so
do extensions that are not the guide's. This is a switch for sending data to a registry, not a proof of anonymity.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any

from cart_fhir.mappers.dates import add_days
from cart_fhir.profiles import canonical

_DATE = re.compile(r"(\d{4})(-\d{2}(-\d{2}(T.*)?)?)?")
_DATED = re.compile(r"(?:Date|DateTime|Instant)$|^(?:date|start|end|issued|detected)$")  # members that hold dates
_FREE = frozenset({"valueString", "note", "text", "comment", "patientInstruction"})


class Deid:
    """De-identifies the resources of one map by the site's secret."""

    def __init__(self, options: Mapping[str, Any], secret: bytes) -> None:
        self._secret = secret
        self._year = options.get("birthDate") == "year"
        self._window = int(options.get("window", 180)) if options.get("dates") == "shift" else 0
        self._drop = options.get("text") == "drop"

    def __call__(self, resource: dict[str, Any], patient: str) -> dict[str, Any]:
        """The resource of a patient (as the hospital numbers them) without what tells who it is."""
        days = self._days(patient)
        made = {key: self._value(key, value, days) for key, value in resource.items()}
        if self._year and "birthDate" in resource:
            made["birthDate"] = resource["birthDate"][:4]
        return {key: value for key, value in made.items() if value is not None}

    def _days(self, patient: str) -> int:
        """How many days this patient's dates move; never none, if any do."""
        if not self._window:
            return 0
        number = int.from_bytes(hmac.new(self._secret, b"dates|" + patient.encode(), hashlib.sha256).digest()[:8])
        moved = number % (2 * self._window) - self._window
        return moved if moved < 0 else moved + 1

    def _value(self, key: str, value: Any, days: int) -> Any:
        if self._drop and key in _FREE and isinstance(value, (str, list)):
            return None
        if key == "extension" and isinstance(value, list):
            value = [one for one in value if ":" not in one["url"] or one["url"].startswith((canonical.BASE, _HL7))]
        if key == "identifier" and isinstance(value, list):
            value = value[:1]  # the record's own, made by `identity`; lot, donation and chain of identity stay at home
        if key in ("lotNumber", "batch"):
            return None
        if isinstance(value, dict):
            made = {name: found for name, one in value.items() if (found := self._value(name, one, days)) is not None}
            return made or None
        if isinstance(value, list):
            return [found for one in value if (found := self._value(key, one, days)) is not None] or None
        if days and isinstance(value, str) and _DATED.search(key):
            return self._moved(value, days)
        return value

    def _moved(self, value: str, days: int) -> str:
        found = _DATE.fullmatch(value)
        if not found:
            return value
        if not found[3]:
            return found[1]
        return add_days(value, days) + value[10:]


_HL7 = "http://hl7.org/fhir/StructureDefinition/"
