"""Text as searches compare it: without case, accents and the kind of spaces.

https://hl7.org/fhir/R4/search.html#string
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The text in one form for all its spellings: "  Müller-Lüdenscheidt " and "MULLER-LUDENSCHEIDT" are the same.

    Compatibility decomposition, accents dropped, case folded, runs of white space made one space.
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(unicodedata.normalize("NFKD", plain.casefold()).split())


def after_prefix(prefix: str) -> str:
    """The smallest text greater than every text that starts with the (non-empty) prefix, by code point."""
    head, last = prefix[:-1], ord(prefix[-1])
    if last >= 0x10FFFF:
        return after_prefix(head) if head else chr(0x10FFFF) * 2
    # The surrogates are not characters: no text holds one, and no database takes one.
    return head + chr(0xE000 if last == 0xD7FF else last + 1)
