"""Whether an element of a profile, slices included, is filled in a resource: the coverage of must-support elements."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def filled(resource: Json, element_id: str, elements: list[Json]) -> bool:
    """Whether the resource has a value where `element_id` of the profile's snapshot `elements` points.

    Slices are told by what they fix: the profile of an extension, a pattern or fixed value on the slice or on its
    children. A slice that fixes nothing is filled when its element is.
    """
    by_id = {element["id"]: element for element in elements}
    nodes: list[Any] = [resource]
    path, *segments = element_id.split(".")
    for segment in segments:
        path = f"{path}.{segment}"
        name, _, slice_name = segment.partition(":")
        nodes = [child for node in nodes for child in _children(node, name)]
        if slice_name:
            nodes = [node for node in nodes if _in_slice(node, path, by_id)]
    return bool(nodes)


def _children(node: Any, name: str) -> list[Any]:
    """The values of an element; of a choice, whatever its type."""
    if not isinstance(node, dict):
        return []
    stem = name.removesuffix("[x]")
    keys = [key for key in node if key == name or (name.endswith("[x]") and key.startswith(stem) and key != stem)]
    if not keys and f"_{name}" in node:
        keys = [f"_{name}"]
    found: list[Any] = []
    for key in keys:
        value = node[key]
        found += value if isinstance(value, list) else [value]
    return found


def _in_slice(node: Any, path: str, by_id: dict[str, Json]) -> bool:
    """Whether a value keeps everything the slice and its direct children fix."""
    element = by_id.get(path, {})
    profiles = [url for kind in element.get("type", []) for url in kind.get("profile", [])]
    if isinstance(node, dict) and path.rsplit(".", 1)[-1].startswith("extension:") and profiles:
        return node.get("url") in profiles
    if not all(_keeps(node, value) for value in _fixed(element)):
        return False
    for other, child in by_id.items():
        rest = other.removeprefix(path + ".")
        if other.startswith(path + ".") and "." not in rest and ":" not in rest:
            for wanted in _fixed(child):
                if rest.endswith("[x]") or (child.get("min", 0) == 0 and not _children(node, rest)):
                    continue
                if not any(_keeps(value, wanted) for value in _children(node, rest)):
                    return False
    return True


def _fixed(element: Json) -> list[Any]:
    return [value for key, value in element.items() if key.startswith(("pattern", "fixed"))]


def _keeps(value: Any, pattern: Any) -> bool:
    """Whether a value has all that a pattern has."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(_keeps(value.get(key), wanted) for key, wanted in pattern.items())
    if isinstance(pattern, list):
        return isinstance(value, list) and all(any(_keeps(item, wanted) for item in value) for wanted in pattern)
    return bool(value == pattern)
