"""Fill what a profile fixes, so that a map or a program writes only what it knows.

Read from the profile's snapshot: meta.profile, fixed and pattern values of elements that are there or must be, and
mandatory slices that are constant from top to bottom. What is given is never overwritten, only completed; a value that
contradicts the profile stays, for the validator to tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from cart_fhir.definitions import Registry
from cart_fhir.errors import NotFound

Json = dict[str, Any]

_NOTHING: Final = object()


@dataclass(slots=True)
class _Node:
    """An element of the snapshot with what hangs below it; `constant` is its fixed or pattern value.

    `keys` are the JSON properties it may stand under, one for each type of a choice; `absent` is what to write when the
    element isn't there, `marks` what tells a slice apart.
    """

    keys: tuple[str, ...]
    types: tuple[str, ...]
    least: int
    many: bool
    constant: Any = _NOTHING
    absent: Any = _NOTHING
    marks: list[tuple[str, Any]] = field(default_factory=list)
    children: list[_Node] = field(default_factory=list)
    slices: list[_Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Profile:
    """A profile ready to fill: the tree of what it says, the type of its resources, and the order of their
    properties.
    """

    root: _Node
    type_name: str
    order: Mapping[str, int]


def fill(profile: str, body: Mapping[str, Any], registry: Registry | None = None) -> Json:
    """A resource from what is known of it: `body`, with what the profile (canonical URL) fixes added, in FHIR's order.

    `body` isn't changed. Raises NotFound when the registry (by default core and guide) doesn't know the profile.
    """
    known = _profile(profile, registry or Registry.default())
    filled = _fill_object(known.root, {key: _copy(value) for key, value in body.items()})
    filled["resourceType"] = known.type_name
    claimed = filled.setdefault("meta", {}).setdefault("profile", [])
    if profile not in claimed:
        claimed.append(profile)
    order, last = known.order, len(known.order)
    return {key: filled[key] for key in sorted(filled, key=lambda key: order.get(key.removeprefix("_"), last))}


@lru_cache(maxsize=256)
def _profile(profile: str, registry: Registry) -> _Profile:
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
        elif above and last != "extension":  # what an extension says is never constant
            nodes[above].children.append(node)
    root = nodes[definition["type"]]
    properties = ["resourceType", *(key for child in root.children for key in child.keys)]
    _finish(root)
    return _Profile(root, definition["type"], {key: place for place, key in enumerate(properties)})


def _node(element: Json, type_name: str) -> _Node:
    constants = [value for key, value in element.items() if key.startswith(("fixed", "pattern"))]
    many = element.get("base", {}).get("max", element.get("max", "1")) not in ("0", "1")
    name = element["path"].rpartition(".")[2]
    types = tuple(kind["code"].rpartition("/")[2] for kind in element.get("type", ())) or (type_name,)
    choice = name.removesuffix("[x]")
    keys = tuple(choice + kind[0].upper() + kind[1:] for kind in types) if choice != name else (name,)
    return _Node(keys, types, element.get("min", 0), many, constants[0] if constants else _NOTHING)


def _finish(node: _Node) -> bool:
    """Work out once what filling needs, and leave out what never adds anything; True for what does."""
    if node.least > 0 or any(part.least > 0 for part in node.slices):
        node.absent = _made(node)
    told = [child for child in node.children if child.constant is not _NOTHING and child.least]
    node.marks = [(child.keys[0], child.constant) for child in told]
    node.children = [child for child in node.children if _finish(child)]
    node.slices = [part for part in node.slices if _finish(part)]
    return bool(node.constant is not _NOTHING or node.absent is not _NOTHING or node.children or node.slices)


def _fill_object(node: _Node, value: Json) -> Json:
    for child in node.children:
        key = next((key for key in child.keys if key in value), None)
        if key is not None:
            value[key] = _fill_present(child, value[key])
        elif child.absent is not _NOTHING:
            value[child.keys[0]] = _copy(child.absent)
    return value


def _fill_present(node: _Node, value: Any) -> Any:
    if not isinstance(value, list):
        return _merge(value, node)
    items = [_merge(item, node) for item in value]
    for part in node.slices:
        if part.least > 0 and part.constant is not _NOTHING and not any(_holds(item, part.constant) for item in items):
            items.append(_copy(part.constant))
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
    return bool(part.marks) and all(name in item and _holds(item[name], constant) for name, constant in part.marks)


def _made(node: _Node) -> Any:
    """The value of an absent element that must be there, when the profile says all of it."""
    found = [_copy(part.constant) for part in node.slices if part.least > 0 and part.constant is not _NOTHING]
    if found:
        return found if node.many else found[0]
    constant = _constant(node)
    return [constant] if node.many and constant is not _NOTHING else constant


def _constant(node: _Node) -> Any:
    """The value a profile leaves no choice in: fixed, a pattern, or made of such; else _NOTHING."""
    if node.constant is not _NOTHING:
        return _copy(node.constant)
    if "Reference" in node.types or len(node.types) != 1:
        return _NOTHING
    made: Json = {}
    for child in node.children:
        if child.least > 0:
            value = _made(child)
            if value is _NOTHING:
                return _NOTHING
            made[child.keys[0]] = value
    return made or _NOTHING


def _add(value: Any, pattern: Any) -> Any:
    """What a pattern asks for, added to a value that doesn't contradict it."""
    if isinstance(value, dict) and isinstance(pattern, dict):
        for key, part in pattern.items():
            value[key] = _add(value[key], part) if key in value else _copy(part)
    elif isinstance(value, list) and isinstance(pattern, list):
        value += [_copy(part) for part in pattern if not any(_holds(item, part) for item in value)]
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


def _copy(value: Any) -> Any:
    """A copy of plain JSON values; several times as fast as copy.deepcopy, which must expect more."""
    if isinstance(value, dict):
        return {key: _copy(part) for key, part in value.items()}
    return [_copy(part) for part in value] if isinstance(value, list) else value
