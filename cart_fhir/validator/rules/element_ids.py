"""Ids of elements: no two elements of one resource have the same. https://hl7.org/fhir/R4/element.html#id

Most resources have none, so that they are looked for only where a property `id` was met (`met`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cart_fhir.fhirpath.types import Element
from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules.primitives import shown

if TYPE_CHECKING:
    from cart_fhir.definitions.types import Types
    from cart_fhir.validator.context import Context

Json = dict[str, Any]
Steps = tuple[str, ...]
# Two views of the same elements, under the same ids.
_APART = ("snapshot", "differential")


def met(value: Any, context: Context) -> Found:
    """Remember that there are ids to be compared when the resource has been walked through."""
    context.has_element_ids = True
    context.touched += 1
    return None


def check(resource: Json, context: Context) -> Found:
    """Every element whose id another had before it, in the order of the definition."""
    found: Found = None
    seen: set[tuple[str, str]] = set()
    for id, steps in _inside(resource, str(resource.get("resourceType")), (), context.program.types):
        key = (id, steps[-1] if steps[-1] in _APART else "")
        if key in seen:
            found = join(found, one("element-id", f"The id {shown(id)} is that of another element before.", *steps))
        seen.add(key)
    return found


def _inside(value: Json, kind: str, place: Steps, types: Types) -> Iterator[tuple[str, Steps]]:
    """The ids of all elements within an object of a type, and where they stand; other resources have their own."""
    for element in types.children(kind).values():
        for name, child_type in element.json_names.items():
            given, beside = value.get(name), value.get("_" + name)
            for part in (given, beside):
                for item, step in _items(part, element, child_type):
                    if "resourceType" in item:
                        continue
                    steps = (step, *place)
                    if isinstance(id := item.get("id"), str):
                        yield id, steps
                    yield from _inside(item, child_type, steps, types)


def _items(value: Any, element: Element, kind: str) -> Iterator[tuple[Json, str]]:
    """The objects that a property holds, each with its step in a path."""
    if isinstance(value, dict):
        yield value, f"{element.name}.ofType({kind})" if element.is_choice else element.name
    elif isinstance(value, list):
        yield from ((item, f"{element.name}[{index}]") for index, item in enumerate(value) if isinstance(item, dict))
