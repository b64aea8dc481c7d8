"""Text as people type it, made comparable: compatibility forms, look-alike letters, spaces, superscripts.

`fold` is for looking things up only; what is stored stays as it was written. NFKC alone does not unite Cyrillic and
Latin look-alikes, which real exports mix (a drug column headed with Cyrillic letters for HCQ).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Cyrillic and Greek letters that look like a Latin one, the dotless i, and dashes (Unicode confusables, the subset
# that turns up in Latin-script exports). Micro sign and mu become u, as UCUM writes them.
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХасеіјорѕухΑΒΕΖΗΙΚΜΝΟΡΤΥΧοıμµ‐‑‒–—−",
    "ABESIJKMHOPCTYXaceijopsyxABEZHIKMNOPTYXoiuu------",
)
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_RAISED = re.compile(r"(?<=10)[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")


_TWINS: dict[str, str] = {}
for _letter, _latin in _LOOKALIKES.items():
    _TWINS[chr(_latin)] = _TWINS.get(chr(_latin), chr(_latin)) + chr(_letter)


def lookalikes(letter: str) -> str:
    """A letter with those that look like it, itself first."""
    return _TWINS.get(letter.translate(_LOOKALIKES), letter)


def plain(text: str) -> str:
    """Text in compatibility form with look-alikes made Latin and runs of space made one; 10⁶ becomes 10^6."""
    raised = _RAISED.sub(lambda found: "^" + found[0].translate(_SUPERSCRIPT), text)
    return " ".join(unicodedata.normalize("NFKC", raised).translate(_LOOKALIKES).split())


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The form under which two spellings of one word meet: `plain`, without regard to case."""
    return plain(text).casefold()
