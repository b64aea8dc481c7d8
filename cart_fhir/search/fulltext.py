"""Full text: the words of a resource, and what `_text` and `_content` ask of them.

R4 leaves the language of these two parameters to the server. Here all words must occur, in any order and any case;
"words in quotes" stand side by side, `infus*` is the beginning of a word, and a comma means or.
https://hl7.org/fhir/R4/search.html#content
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape as plain
from typing import Any

from cart_fhir.errors import BadRequest
from cart_fhir.search.query import FullText, Words
from cart_fhir.search.text import fold
from cart_fhir.search.values import split, unescape

CODES = ("_text", "_content")
MAX_WORDS = 16_000
"""Words kept of one resource; PostgreSQL numbers no more."""

_WORD = re.compile(r"[^\W_]+")
_TAG = re.compile(r"<[^<>]*>")
_TERM = re.compile(r'"([^"]*)"|([^\s"]+)')
_NO_TEXT = frozenset({"resourceType", "id", "meta", "system", "reference", "url", "data", "contentType", "fullUrl"})
"""Elements that hold no text for people."""


def words(text: str) -> list[str]:
    """The words of a text, folded as strings are compared; letters and digits only."""
    return [word[:64] for word in _WORD.findall(fold(text))]


def narrative(resource: dict[str, Any]) -> list[str]:
    """The words of the narrative, without its tags."""
    text = resource.get("text")
    div = text.get("div") if isinstance(text, dict) else None
    return words(_shown(div))[:MAX_WORDS] if isinstance(div, str) else []


def content(resource: dict[str, Any]) -> list[str]:
    """The words of the whole resource: all its texts, codes and dates, the narrative included."""
    return [word for text in _texts(resource) for word in words(text)][:MAX_WORDS]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            if name == "div" and isinstance(part, str):
                yield _shown(part)
            elif name not in _NO_TEXT:
                yield from _texts(part)


def _shown(div: str) -> str:
    return plain(_TAG.sub(" ", div))


def read(code: str, value: str) -> FullText:
    """The condition of `_text=value` or `_content=value`; BadRequest when there is no word in it."""
    ways = tuple(_way(unescape(part)) for part in split(value, ",") if part)
    if not ways or not all(ways):
        raise BadRequest(f"'{code}' takes words, not '{value}'.")
    return FullText("narrative" if code == "_text" else "content", ways)


def _way(text: str) -> tuple[Words, ...]:
    found = [(tuple(words(quoted or bare)), bare.endswith("*")) for quoted, bare in _TERM.findall(text)]
    return tuple(Words(parts, prefix) for parts, prefix in found if parts)
