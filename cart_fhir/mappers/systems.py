"""Code systems by the names that exports give them: short ones, HL7 v2 mnemonics (table 0396), OIDs of CDA.

`data/systems.csv` has a line for each name. HL7 tables are known by their numbers (`HL70078`, 2.16.840.1.113883.12.78),
other OIDs are URNs. https://terminology.hl7.org/external_terminologies.html, https://hl7.org/fhir/R4/terminologies-systems.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from cart_fhir.mappers import tables

_SHIPPED = Path(__file__).parent / "data" / "systems.csv"
_OID = re.compile(r"[0-2](?:\.(?:0|[1-9]\d*))+")
_V2_TABLE = re.compile(r"(?:hl7-?|2\.16\.840\.1\.113883\.12\.)0*(\d{1,4})")
_V2 = "http://terminology.hl7.org/CodeSystem/v2-"


@lru_cache(maxsize=1)
def shipped() -> dict[str, str]:
    """Name (in small letters) -> URL."""
    return {row["name"].lower(): row["url"] for _, row in tables.rows(_SHIPPED, ("name", "url"))}


def is_word(name: str) -> bool:
    """Whether it is one of the short names that maps use, which stand in small letters in the file."""
    return name.lower() in _words()


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    return frozenset(row["name"] for _, row in tables.rows(_SHIPPED, ("name", "url")) if row["name"].islower())


@lru_cache(maxsize=1024)
def named(name: str, local: Callable[[str], str], own: str = "") -> str:
    """The URL of a code system by its name; the name itself where it is a URL.

    `local` knows the guide's (`cart-product-cs`); with `own`, the hospital's system of codes, names that nobody knows
    are lists of its own, below it.
    """
    if ":" in name:
        return name
    short = name.strip().lower()
    if found := shipped().get(short):
        return found
    if table := _V2_TABLE.fullmatch(short):
        return f"{_V2}{int(table[1]):04}"
    if _OID.fullmatch(short):
        return f"urn:oid:{short}"
    if not own or short.startswith("cart-"):
        return local(short)
    return own if short in ("", "l") else f"{own}/{re.sub(r'[^A-Za-z0-9._~-]+', '-', name.strip())}"
