"""Fill what a profile fixes, so that a map or a program writes only what it knows.

Read from the profile's snapshot: meta.profile, fixed and pattern values of elements that are there or must be, and
mandatory slices that are constant from top to bottom. What is given is never overwritten, only completed; a value that
contradicts the profile stays, for the validator to tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from cart_fhir.definitions import Registry
from cart_fhir.errors import NotFound

Json = dict[str, Any]

_NOTHING: Final = object()


@dataclass(slots=True)
class _Node:
    """An element of the snapshot with what hangs below it; `constant` is its fixed or pattern value."""

    name: str
    types: tuple[str, ...]
    least: int
    many: bool
    constant: Any = _NOTHING
    children: list[_Node] = field(default_factory=list)
    slices: list[_Node] = field(default_factory=list)

    def properties(self) -> Iterator[str]:
        """The JSON properties the element may stand under: one, or one for each type of a choice."""
        if self.name.endswith("[x]"):
            for type_name in self.types:
                yield self.name[:-3] + type_name[0].upper() + type_name[1:]
        else:
            yield self.name


def fill(profile: str, body: Mapping[str, Any], registry: Registry | None = None) -> Json:
    """A resource from what is known of it: `body`, with what the profile (canonical URL) fixes added, in FHIR's order.

    `body` isn't changed. Raises NotFound when the registry (by default core and guide) doesn't know the profile.
    """
    root = _tree(profile, registry or Registry.default())
    filled = _fill_object(root, deepcopy(dict(body)))
    filled["resourceType"] = root.types[0]
    meta = filled.setdefault("meta", {})
    claimed = meta.setdefault("profile", [])
    if profile not in claimed:
        claimed.append(profile)
    order = {key: place for place, node in enumerate(root.children, 1) for key in node.properties()} | {
        "resourceType": 0
    }
    return {key: filled[key] for key in sorted(filled, key=lambda key: order.get(key.removeprefix("_"), len(order)))}


@lru_cache(maxsize=256)
def _tree(profile: str, registry: Registry) -> _Node:
    definition = registry.structure(profile)
    if definition is None:
        raise NotFound(f"There is no profile {profile}.", advice="See the guide's profiles with: cart-fhir guide")
    nodes: dict[str, _Node] = {}
    for element in definition["snapshot"]["element"]:
        node = _node(element, definition["type"])
        nodes[element["id"]] = node
        above, _, last = element["id"].rpartition(".")
        if ":" in last:
            nodes[element["id"].rpartition(":")[0]].slices.append(node)
        elif above:
            nodes[above].children.append(node)
    return nodes[definition["type"]]


def _node(element: Json, type_name: str) -> _Node:
    constants = [value for key, value in element.items() if key.startswith(("fixed", "pattern"))]
    many = element.get("base", {}).get("max", element.get("max", "1")) not in ("0", "1")
    name = element["path"].rpartition(".")[2]
    types = tuple(kind["code"].rpartition("/")[2] for kind in element.get("type", ())) or (type_name,)
    return _Node(name, types, element.get("min", 0), many, constants[0] if constants else _NOTHING)


def _fill_object(node: _Node, value: Json) -> Json:
    for child in node.children:
        if child.name == "extension":  # what an extension says is never constant
            continue
        key = next((key for key in child.properties() if key in value), None)
        if key is not None:
            value[key] = _fill_present(child, value[key])
        elif child.least > 0 or any(part.least > 0 for part in child.slices):
            made = _made(child)
            if made is not _NOTHING:
                value[next(child.properties())] = made
    return value


def _fill_present(node: _Node, value: Any) -> Any:
    if not isinstance(value, list):
        return _merge(value, node)
    items = [_merge(item, node) for item in value]
    for part in node.slices:
        if part.least > 0 and part.constant is not _NOTHING and not any(_holds(item, part.constant) for item in items):
            items.append(deepcopy(part.constant))
    return items


def _merge(value: Any, node: _Node) -> Any:
    """A present value with the pattern of its element added, and its own elements filled, also those of its slice."""
    if node.constant is not _NOTHING:
        value = _add(value, node.constant)
    if isinstance(value, dict):
        value = _fill_object(node, value)
        for part in node.slices:
            if _is_of(value, part):
                value = _fill_object(part, value)
    return value


def _is_of(item: Json, part: _Node) -> bool:
    """True when an item says of itself which slice it is: all that tells the slice apart is in it."""
    marks = [(child.name, child.constant) for child in part.children if child.constant is not _NOTHING and child.least]
    return bool(marks) and all(name in item and _holds(item[name], constant) for name, constant in marks)


def _made(node: _Node) -> Any:
    """The value of an absent element that must be there, when the profile says all of it."""
    found = [deepcopy(part.constant) for part in node.slices if part.least > 0 and part.constant is not _NOTHING]
    if found:
        return found if node.many else found[0]
    constant = _constant(node)
    return [constant] if node.many and constant is not _NOTHING else constant


def _constant(node: _Node) -> Any:
    """The value a profile leaves no choice in: fixed, a pattern, or made of such; else _NOTHING."""
    if node.constant is not _NOTHING:
        return deepcopy(node.constant)
    if "Reference" in node.types or len(node.types) != 1:
        return _NOTHING
    made: Json = {}
    for child in node.children:
        if child.least > 0:
            value = _made(child)
            if value is _NOTHING:
                return _NOTHING
            made[next(child.properties())] = value
    return made or _NOTHING


def _add(value: Any, pattern: Any) -> Any:
    """What a pattern asks for, added to a value that doesn't contradict it."""
    if isinstance(value, dict) and isinstance(pattern, dict):
        for key, part in pattern.items():
            value[key] = _add(value[key], part) if key in value else deepcopy(part)
    elif isinstance(value, list) and isinstance(pattern, list):
        value += [deepcopy(part) for part in pattern if not any(_holds(item, part) for item in value)]
    return value


def _holds(value: Any, pattern: Any) -> bool:
    """True when the value has all that the pattern has (as FHIR's pattern[x] means it)."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(
            key in value and _holds(value[key], part) for key, part in pattern.items()
        )
    if isinstance(pattern, list):
        return isinstance(value, list) and all(any(_holds(item, part) for item in value) for part in pattern)
    return bool(value == pattern)
