"""Code systems that are a grammar rather than a list: units, languages, media types, countries, currencies, zones.

Each check says True for a code that is known to be one, False for what can't be one, None for what has the form of one
but is in no list here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from cart_fhir.definitions import ucum

LANGUAGES = "urn:ietf:bcp:47"
MEDIA_TYPES = "urn:ietf:bcp:13"
COUNTRIES = "urn:iso:std:iso:3166"
SUBDIVISIONS = "urn:iso:std:iso:3166:-2"
CURRENCIES = "urn:iso:std:iso:4217"
TIME_ZONES = "https://www.iana.org/time-zones"
REGIONS = "http://unstats.un.org/unsd/methods/m49/m49.htm"

_MEDIA = {
    "application",
    "audio",
    "font",
    "example",
    "haptics",
    "image",
    "message",
    "model",
    "multipart",
    "text",
    "video",
}
_RESTRICTED = r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"
_MEDIA_TYPE = re.compile(rf"({_RESTRICTED})/{_RESTRICTED}( *;.*)?")


def check(system: str, code: str) -> bool | None:
    """Whether the code is one of a system that is known by its form; None for any other system too."""
    known = _CHECKS.get(system)
    return known(code) if known else None


def is_known(system: str) -> bool:
    """True when the system is one of those checked by form."""
    return system in _CHECKS


def _language(code: str) -> bool | None:
    """BCP 47: language, then script, region, variants and extensions in this order (RFC 5646 section 2.1)."""
    first, *rest = code.lower().split("-")
    if not code.isascii() or any(not part.isalnum() or len(part) > 8 for part in (first, *rest)):
        return False
    if first in ("x", "i"):
        return bool(rest)
    if not first.isalpha() or len(first) not in (2, 3) or (len(first) == 2 and first not in _listed("iso639-1.txt")):
        return False
    ranks = [rank for part in _before_extensions(rest) if (rank := _subtag(part)) >= 0]
    if len(ranks) != len(_before_extensions(rest)) or ranks != sorted(ranks):
        return False
    return True if len(first) == 2 else None


def _before_extensions(parts: list[str]) -> list[str]:
    single = next((number for number, part in enumerate(parts) if len(part) == 1), len(parts))
    return parts[:single]


def _subtag(part: str) -> int:
    """Rank of a subtag: extended language, script, region, variant; -1 for what is none of them."""
    if len(part) == 3 and part.isalpha():
        return 0
    if len(part) == 4 and part.isalpha():
        return 1
    if (len(part) == 2 and part.isalpha()) or (len(part) == 3 and part.isdigit()):
        return 2
    return 3 if len(part) >= 5 or (len(part) == 4 and part[0].isdigit()) else -1


def _media_type(code: str) -> bool | None:
    """BCP 13: type/subtype, parameters after a semicolon (RFC 6838 section 4.2); many subtypes are in no list here.

    R4 itself says `xml`, `json` and `ttl` in CapabilityStatement.format, and `image/*` for any image.
    """
    if code in ("xml", "json", "ttl") or (code.endswith("/*") and code[:-2].lower() in _MEDIA):
        return True
    match = _MEDIA_TYPE.fullmatch(code) if len(code) < 1000 else None
    if match is None:
        return False
    return True if match[1].lower() in _MEDIA else None


def _country(code: str) -> bool | None:
    if code.isascii() and code.isdigit() and len(code) == 3:
        return None
    if not code.isascii() or not code.isalpha() or not code.isupper() or len(code) not in (2, 3):
        return False
    return code in _two_letter_countries() if len(code) == 2 else None


def _subdivision(code: str) -> bool | None:
    country, _, part = code.partition("-")
    if country not in _two_letter_countries() or not part.isascii() or not part.isalnum() or len(part) > 3:
        return False
    return None


def _currency(code: str) -> bool | None:
    if code in _listed("iso4217.txt"):
        return True
    return None if len(code) == 3 and code.isascii() and code.isalpha() and code.isupper() else False


def _time_zone(code: str) -> bool:
    return code in _zones()


def _region(code: str) -> bool | None:
    return None if len(code) == 3 and code.isascii() and code.isdigit() else False


@cache
def _listed(name: str) -> frozenset[str]:
    """The codes of a list that is shipped: ISO 639-1 languages; ISO 4217 currencies as of 2025, withdrawn ones too."""
    return frozenset((files("cart_fhir.definitions") / "data" / name).read_text("ascii").split())


@cache
def _two_letter_countries() -> frozenset[str]:
    lines = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8").splitlines()
    return frozenset(line[:2] for line in lines if not line.startswith("#"))


@cache
def _zones() -> frozenset[str]:
    return frozenset((files("tzdata") / "zones").read_text("utf-8").split())


_CHECKS: dict[str, Callable[[str], bool | None]] = {
    ucum.SYSTEM: ucum.is_valid,
    LANGUAGES: _language,
    MEDIA_TYPES: _media_type,
    COUNTRIES: _country,
    SUBDIVISIONS: _subdivision,
    CURRENCIES: _currency,
    TIME_ZONES: _time_zone,
    REGIONS: _region,
}
