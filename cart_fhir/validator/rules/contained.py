"""Contained resources: each has an id of its own and is referred to (dom-3). https://hl7.org/fhir/R4/references.html#contained"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules.primitives import shown

_ANCHOR = re.compile(r"""(?:src|href)=["'](#[^"']*)["']""")

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context


def check(resource: dict[str, Any], context: Context) -> Found:
    """Ids unique, every contained resource used, or using its container."""
    inside = resource.get("contained")
    if not isinstance(inside, list):
        return None
    found: Found = None
    used = set(_references(resource))
    seen: set[str] = set()
    for index, each in enumerate(inside):
        id = each.get("id") if isinstance(each, dict) else None
        step = f"contained[{index}]"
        if not isinstance(id, str):
            if isinstance(each, dict):
                found = join(found, one("contained-id", "A contained resource must have an id.", step))
            continue
        if id in seen:
            found = join(found, one("contained-id", f"The id {shown(id)} is used by two contained resources.", step))
        seen.add(id)
        if f"#{id}" not in used and "#" not in _references(each):
            text = (
                f"The contained resource {shown(id)} is not referred to from its container, nor refers to it (dom-3)."
            )
            found = join(found, one("contained-unused", text, step, definition="dom-3"))
    return found


def _references(value: Any) -> Iterator[str]:
    """Every string that may refer to something inside: references, canonicals, uris that start with #."""
    stack = [value]
    while stack:
        each = stack.pop()
        if isinstance(each, dict):
            stack.extend(each.values())
        elif isinstance(each, list):
            stack.extend(each)
        elif isinstance(each, str):
            if each.startswith("#"):
                yield each
            elif each.startswith("<div") and "#" in each:
                yield from _ANCHOR.findall(each)
