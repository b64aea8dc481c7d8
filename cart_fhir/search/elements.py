"""What `_elements` names: elements of the root, of every match or of one type (`Patient.name`).

https://hl7.org/fhir/R4/search.html#elements
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cart_fhir.definitions import Registry


def named(type: str, elements: Iterable[str], *, included: bool = False) -> tuple[str, ...]:
    """The root elements wanted of a resource of the type; of an included one, only those named with its type.

    Of a deeper path (`name.family`) the whole root element is wanted: more may be shown than was asked for.
    """
    found = []
    for element in elements:
        head, _, rest = element.partition(".")
        if head[:1].isupper():
            if head == type:
                found.append(rest.partition(".")[0])
        elif not included:
            found.append(head)
    return tuple(found)


def unknown_element(registry: Registry, types: Sequence[str], elements: Iterable[str]) -> str:
    """The first name that is no element of its type, or of any of the types searched (none: all); empty if none is."""
    for element in elements:
        head, _, rest = element.partition(".")
        of = (head,) if head[:1].isupper() else types or registry.resource_types
        name = rest.partition(".")[0] if head[:1].isupper() else head
        if not any(_has(registry, type, name) for type in of):
            return element
    return ""


def _has(registry: Registry, type: str, name: str) -> bool:
    children = registry.types.children(type)
    return name in children or any(name in child.json_names for child in children.values())
