"""The elements of a snapshot or differential as a tree: children by name, slices under the element they slice.

A StructureDefinition lists its elements flat: an element, what is below it, then its slices each with what is below
them. Ids say the same as the tree ("Observation.component:systolic.code"), paths leave the slices out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Step = tuple[str, str]
"""An element's name below its parent, and the slice of it that is meant ("" for none, "a/b" for a slice of slice a)."""


@dataclass(slots=True)
class Node:
    """One element; `definition` is its ElementDefinition, but id and path follow from the place in the tree."""

    name: str
    definition: Json
    slice_name: str = ""
    children: dict[str, Node] = field(default_factory=dict)
    slices: dict[str, Node] = field(default_factory=dict)

    def copy(self) -> Node:
        """The node with all that is below it; definitions are copied one level deep, as merging replaces values."""
        made = Node(self.name, dict(self.definition), self.slice_name)
        made.children = {name: child.copy() for name, child in self.children.items()}
        made.slices = {name: child.copy() for name, child in self.slices.items()}
        return made

    def find(self, steps: list[Step]) -> Node | None:
        """The node at the end of the steps; None when one of them is not there."""
        node: Node | None = self
        for name, slice_name in steps:
            node = node.children.get(name) if node else None
            if node and slice_name:
                node = node.slices.get(slice_name)
        return node


def steps(element: Json) -> list[Step]:
    """The steps from the root to an element, from its id where it has one that fits its path."""
    names = str(element["path"]).split(".")[1:]
    parts = str(element.get("id", "")).split(".")[1:]
    if len(parts) == len(names) and all(_fits(part, name) for part, name in zip(parts, names, strict=True)):
        return [_step(part) for part in parts]
    made = [(name, "") for name in names]
    if made and element.get("sliceName"):
        made[-1] = (names[-1], str(element["sliceName"]))
    return made


def identified(differential: list[Json]) -> list[Json]:
    """The elements of a differential, those without id given the one that their place in the list implies.

    What follows a slice and lies inside it belongs to that slice, until the sliced path comes again.
    """
    slices: dict[str, str] = {}
    made = []
    for element in differential:
        path = str(element["path"])
        slices = {known: name for known, name in slices.items() if path.startswith(f"{known}.")}
        name = str(element.get("sliceName") or "")
        if "id" not in element:
            names = path.split(".")
            whole = [".".join(names[: number + 1]) for number in range(len(names))]
            parts = [f"{own}:{slices[at]}" if at in slices else own for own, at in zip(names, whole, strict=True)]
            element = {"id": ".".join(parts) + (f":{name}" if name else ""), **element}
        if name:
            slices[path] = name
        made.append(element)
    return made


def _fits(part: str, name: str) -> bool:
    """Whether an id's part is of the path's element; "value[x]:valueQuantity" is of the short path "valueQuantity"."""
    start, _, slice_name = part.partition(":")
    return name in (start, slice_name)


def _step(part: str) -> Step:
    name, _, slice_name = part.partition(":")
    return name, slice_name


def grow(elements: list[Json]) -> Node:
    """The tree of a snapshot's elements, whose first is the root."""
    root = Node(str(elements[0]["path"]), dict(elements[0]))
    for element in elements[1:]:
        way = steps(element)
        parent = root.find(way[:-1]) if way else None
        if parent is None:
            continue
        name, slice_name = way[-1]
        node = Node(name, dict(element), slice_name)
        if slice_name and name in parent.children:
            parent.children[name].slices[slice_name] = node
        elif not slice_name:
            parent.children[name] = node
    return root


def flatten(root: Node) -> list[Json]:
    """The elements of the tree in the order of a snapshot, with the ids and paths of their places."""
    return list(_flatten(root, root.name, root.name))


def _flatten(node: Node, path: str, place: str) -> Iterator[Json]:
    yield {
        "id": place,
        "path": path,
        **{key: node.definition[key] for key in node.definition if key not in ("id", "path")},
    }
    for name, child in node.children.items():
        yield from _flatten(child, f"{path}.{name}", f"{place}.{name}")
        for slice_name, part in child.slices.items():
            yield from _flatten(part, f"{path}.{name}", f"{place}.{name}:{slice_name}")
