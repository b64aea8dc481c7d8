"""Canonical URLs: `url|version`, and which of several versions is meant.

https://hl7.org/fhir/R4/references.html#canonical
"""

from __future__ import annotations

import re
from collections.abc import Sequence

CORE = "http://hl7.org/fhir/StructureDefinition/"
_PART = re.compile(r"\d+|[A-Za-z]+")


def split(canonical: str) -> tuple[str, str]:
    """`url|version#fragment` -> (url, version); "" when there is no version. The fragment is dropped."""
    url, _, version = canonical.partition("#")[0].partition("|")
    return url, version


def structure_url(url_or_type: str) -> str:
    """The canonical of a type name ("Observation"); a canonical comes back as it is."""
    return url_or_type if ":" in url_or_type else CORE + url_or_type


def version_key(version: str) -> tuple[tuple[tuple[int, int, str], ...], int]:
    """A sort key: dotted numbers by number, 1.0.0-ballot before 1.0.0, no version first."""
    release, _, pre = version.partition("-")
    # A date such as 2018-08-12 has no pre-release part: all of it counts.
    if release.isdigit() and pre[:1].isdigit():
        release, pre = version, ""
    return _parts(release), 0 if pre else 1


def choose(versions: Sequence[str], wanted: str) -> int | None:
    """Index of the version meant among those at hand, later ones first among equals; None when none fits.

    No version wanted: the highest. "4.0" also means "4.0.1", as guides often name only major and minor.
    """
    fitting = [
        (version_key(version), number)
        for number, version in enumerate(versions)
        if not wanted or version == wanted or version.startswith(wanted + ".")
    ]
    exact = [item for item in fitting if versions[item[1]] == wanted]
    chosen = exact or fitting
    return max(chosen)[1] if chosen else None


def _parts(text: str) -> tuple[tuple[int, int, str], ...]:
    found = _PART.findall(text)
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in found)
