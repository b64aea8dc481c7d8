"""The names of the guide: its canonical base, package id and version, and the URLs made from them.

They stand once, in the guide's sources; here they are read from the package.json of the built guide at the first use.
`BASE`, `VERSION` and `PACKAGE` are strings.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cart_fhir.errors import ConfigError

if TYPE_CHECKING:
    BASE: str
    VERSION: str
    PACKAGE: str

__all__ = ["BASE", "PACKAGE", "VERSION", "system", "url", "value_set"]

_PACKAGE: Final = Path(__file__).parent / "data" / "package.json"
_FIELDS: Final = {"BASE": "canonical", "VERSION": "version", "PACKAGE": "name"}


def url(profile: str) -> str:
    """The canonical URL of a profile or extension of the guide by its id: `cart-administration`."""
    return f"{_base()}/StructureDefinition/{profile}"


def system(code_system: str) -> str:
    """The URL of a code system of the guide by its noun: `cart-product` or, in full, `cart-product-cs`."""
    return f"{_base()}/CodeSystem/{code_system.removesuffix('-cs')}-cs"


def value_set(name: str) -> str:
    """The URL of a value set of the guide by its noun: `cart-product` or, in full, `cart-product-vs`."""
    return f"{_base()}/ValueSet/{name.removesuffix('-vs')}-vs"


def __getattr__(name: str) -> str:
    if name in _FIELDS:
        return str(_package()[_FIELDS[name]])
    raise AttributeError(f"module 'cart_fhir.profiles.canonical' has no attribute '{name}'")


def _base() -> str:
    return str(_package()["canonical"])


@cache
def _package() -> dict[str, Any]:
    try:
        package: dict[str, Any] = json.loads(_PACKAGE.read_bytes())
    except FileNotFoundError:
        raise ConfigError("The built guide is missing from the package.", advice="Build it with: make guide") from None
    return package
