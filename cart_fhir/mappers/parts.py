"""Several facts in one cell: `part: "SLEDAI-2k=..."` takes one of them out of `SLEDAI-2k=22; anti-dsDNA 450 IU/mL`.

`...` is what the column wants: for numbers the digits, for quantities the unit too, for days and dates theirs, for all
else the text up to the next `;`, `,` or line end, or up to what stands behind the dots. `*` passes over anything. The
rest must stand in the cell, but case and look-alike letters don't matter, and a space stands
for spaces, `:` or `=`. Patterns become RE2 expressions, so that no cell can make them slow. https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import re2

from cart_fhir.mappers.text import lookalikes
from cart_fhir.mappers.values import Refused

DOTS = "..."
_NUMBER = r"(?:[<>≤≥]=?\s*)?[+-]?\d+(?:[.,'’]\d+)*(?:[eE][+-]?\d+)?"
_DAY = r"(?:D|Day|T|Tag|G|J)?\s*[+-]?\d{1,5}"
_WANTED = {
    "number": _NUMBER,
    "integer": r"[+-]?\d+",
    "quantity": _NUMBER + r"[^;,\n]*?",
    "date": r"\d[\d./-]*\d",
    "datetime": r"\d[\d./-]*\d(?:[T ]\d\d?:\d\d(?::\d\d)?)?",
    "relative-day": _DAY,
    "day-list": _DAY + r"(?:\s*[,/]\s*" + _DAY + ")*",
    "id": r"[^\s;,()]+",
    "boolean": r"[^\s;,()]+",
    "plus-minus": r"[^\s;,()]+",
}  # the types whose values have a form; of the others, text up to a mark
_WORD = re.compile(r"\.\.\.|…|\*|\s+|[^.…*\s]+|\.")


class Part:
    """The patterns of one column, tried in their order; ValueError for one without dots."""

    def __init__(self, patterns: Sequence[str], kind: str) -> None:
        self._patterns = [re2.compile(expression(pattern, kind)) for pattern in patterns]

    def find(self, cell: str) -> tuple[str, tuple[int, int]] | None:
        """The part of the cell, and from where to where the pattern fits; None when there is none.

        Refused when the cell holds several such parts that differ.
        """
        for pattern in self._patterns:
            found = list(pattern.finditer(cell))
            if len({match[2] for match in found}) > 1:
                raise Refused("type", f"The cell holds {len(found)} such parts, which differ.")
            if found:
                return found[0][2].strip(), found[0].span(1)
        return None


def expression(pattern: str, kind: str) -> str:
    """A pattern as RE2: group 1 is all that it fits, group 2 what the column wants."""
    words = [DOTS if word == "…" else word for word in _WORD.findall(pattern.strip())]
    if words.count(DOTS) != 1:
        raise ValueError(f"'{pattern}' should hold ... once, where the value stands.")
    at = words.index(DOTS)
    ends = at == len(words) - 1
    form = _WANTED.get(kind) or (r"[^;,\n]+" if ends else r"[^\n]+?")
    if kind == "quantity" and ends:
        form = form.removesuffix("?")
    made = [rf"\s*({form})\s*" if word == DOTS else _literal(word) for word in words]
    start = r"(?:^|[^\pL\pN])" if words[0][0].isalnum() or at == 0 else ""
    end = r"(?:[^\pL]|$)" if words[-1][-1].isalpha() else ""
    return f"(?i){start}({''.join(made)}){end}"


def unread(cell: str, spans: Iterable[tuple[int, int]]) -> str:
    """What no pattern fits in a cell, without marks and spaces; "" when all of it is read."""
    left = list(cell)
    for start, stop in spans:
        left[start:stop] = " " * (stop - start)
    rest = " ".join("".join(left).split())
    return rest if any(mark.isalnum() for mark in rest) else ""


def _literal(text: str) -> str:
    if text == "*":
        return r"[^\n]*?"
    if text.isspace():
        return r"[\s:=]*"
    made = []
    for letter in text:
        twins = lookalikes(letter)
        made.append(f"[{''.join(map(re.escape, twins))}]" if len(twins) > 1 else re.escape(letter))
    return "".join(made)


def patterns_of(given: Any) -> list[str]:
    """The patterns as a map gives them: one, or a list."""
    return [str(one) for one in given] if isinstance(given, list) else [str(given)] if given else []
