"""Paths of elements as findings give them: `Bundle.entry[3].resource.ofType(Patient).name[0]`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cart_fhir.fhirpath.types import Element

_STEP = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:\(('?)([^')]*)\2\))?(?:\[(\d+)\])?")
_COMMENT = re.compile(r"/\*[^*]*\*/")

Step = tuple[str, str, int | None]


def steps(expression: str) -> list[Step]:
    """The steps of a path: (name, argument of a function or "", index or None).

    `Bundle.entry[3].resource.ofType(Patient).name[0]` -> ("Bundle", "", None), ("entry", "", 3), ("resource", ...
    """
    found = _STEP.finditer(_COMMENT.sub("", expression))
    return [(m[1], m[3] or "", int(m[4]) if m[4] else None) for m in found]


@lru_cache(maxsize=4096)
def walkable(expression: str) -> tuple[tuple[str, str, str, int], ...]:
    """The steps to walk from the resource: (name, type of a choice or "", url of extension('...') or "", index)."""
    path, found = steps(expression), []
    for number, (name, argument, index) in enumerate(path):
        if name == "ofType" or (number == 0 and name[:1].isupper()):
            continue
        after = path[number + 1] if number + 1 < len(path) else ("", "", None)
        type_name = after[1] if after[0] == "ofType" else ""
        found.append((name, type_name, argument, (index if index is not None else after[2] if type_name else 0) or 0))
    return tuple(found)


def child_path(path: str, name: str, index: int, element: Element | None, type_name: str) -> str:
    """The path of a child by its JSON or XML name; `element` None for a name that the type does not have."""
    if element is None:
        return f"{path}.{name}"
    if element.is_choice:
        return f"{path}.{element.name}.ofType({type_name})"
    return f"{path}.{name}[{index}]" if element.max_is_many else f"{path}.{name}"
