"""The restricted FHIRPath of discriminators: names, `$this`, `extension(url)`, `resolve()`, `ofType(type)`.

https://hl7.org/fhir/R4/profiling.html#discriminator
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context

_STEP = re.compile(
    r"(extension|ofType|as|is|where)\(([^()]*)\)|(resolve)\(\)|(\$this)|([A-Za-z][A-Za-z0-9]*)(?:\[x\])?"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a discriminator path: `kind` is name, extension, resolve, type; `word` its argument."""

    kind: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A value reached by a path, with its type where the property name tells it."""

    value: Any
    type: str = ""


def steps(path: str) -> tuple[Step, ...]:
    """The steps of a discriminator path."""
    made = []
    for call, argument, resolve, this, name in _STEP.findall(path):
        if name:
            made.append(Step("name", name))
        elif call == "extension":
            made.append(Step("extension", argument.strip("'\" ")))
        elif call in ("ofType", "as"):
            made.append(Step("type", argument.strip("'\" ").rpartition(".")[2]))
        elif resolve:
            made.append(Step("resolve"))
        elif call and not this:
            made.append(Step("unknown", call))
    return tuple(made)


def walk(item: Any, path: Iterable[Step], context: Context, type_name: str = "") -> list[Node]:
    """The values that a path reaches from an item."""
    nodes = [Node(item, type_name)]
    for step in path:
        nodes = [reached for node in nodes for reached in below(node, step, context)]
    return nodes


def below(node: Node, step: Step, context: Context) -> list[Node]:
    """The values one step further down."""
    value = node.value
    if step.kind == "resolve":
        reference = value if isinstance(value, str) else value.get("reference") if isinstance(value, dict) else None
        target = context.resolve(reference) if isinstance(reference, str) else None
        return [Node(target, str(target.get("resourceType", "")))] if target is not None else []
    if step.kind == "type":
        kind = node.type or (str(value.get("resourceType", "")) if isinstance(value, dict) else "")
        return [node] if not kind or kind == step.word or context.program.types.is_a(kind, step.word) else []
    if not isinstance(value, dict):
        return []
    if step.kind == "extension":
        found = value.get("extension")
        return (
            [Node(each, "Extension") for each in found if isinstance(each, dict) and each.get("url") == step.word]
            if isinstance(found, list)
            else []
        )
    return _property(value, step.word)


def _property(value: dict[str, Any], name: str) -> list[Node]:
    if name in value:
        found = value[name]
        items = found if isinstance(found, list) else [found]
        return [
            Node(each, str(each.get("resourceType", "")) if isinstance(each, dict) else "")
            for each in items
            if each is not None
        ]
    if "_" + name in value and isinstance(value["_" + name], dict):
        return [Node(value["_" + name])]
    width = len(name)
    for key, found in value.items():
        if key.startswith(name) and key[width : width + 1].isupper():
            suffix = key[width:]
            return [Node(found, suffix if isinstance(found, dict) else suffix[:1].lower() + suffix[1:])]
    return []
