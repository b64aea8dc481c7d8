"""The paths of search parameters that are no more than steps, run without FHIRPath.

Nearly all R4 search parameters are a path with at most `as(Type)`, `where(resolve() is Type)` or `where(name='text')`:
compiling those few forms to dictionary look-ups is what lets the index keep up with a bulk load. Everything else is
None here and goes to `cart_fhir.fhirpath`; a test holds that both give the same values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from cart_fhir.fhirpath.types import TypeModel

Node = tuple[str, Any]
"""A FHIR type name and the JSON value."""
Step = Callable[[list[Node]], list[Node]]

_TOKEN = re.compile(
    r"(?P<open>\()"
    r"|\.where\(\s*resolve\(\)\s+is\s+(?P<resolves>\w+)\s*\)"
    r"|\.where\(\s*(?P<field>\w+)\s*=\s*'(?P<text>[^'\\]*)'\s*\)"
    r"|\.extension\(\s*'(?P<extension>[^'\\]*)'\s*\)"
    r"|\.(?:as|ofType)\(\s*(?P<cast>\w+)\s*\)"
    r"|\s+as\s+(?P<infix>\w+)\s*(?P<close>\))"
    r"|(?P<plain>\))"
    r"|\.?(?P<name>[A-Za-z_]\w*)(?!\w*\()"
)


def alternatives(expression: str) -> list[str]:
    """The expression split at each `|` that stands outside brackets and quotes."""
    parts, depth, quoted, start = [], 0, False, 0
    for place, sign in enumerate(expression):
        if sign == "'" and expression[place - 1 : place] != "\\":
            quoted = not quoted
        elif quoted:
            continue
        elif sign in "([":
            depth += 1
        elif sign in ")]":
            depth -= 1
        elif sign == "|" and depth == 0:
            parts.append(expression[start:place].strip())
            start = place + 1
    parts.append(expression[start:].strip())
    return [part for part in parts if part]


def compile_path(
    expression: str, types: TypeModel, root: str, *, relative: bool = False
) -> tuple[dict[str, str], list[Step]] | None:
    """Where a path begins, and its steps; None for more than a path.

    The beginning is a JSON name of the start value -> the type found there: one of them must be present, and the
    first of the steps goes there. `expression` is one alternative; it begins with the type `root` (or a base of it)
    or, when relative, with an element of it.
    """
    tokens = _tokens(expression)
    if not tokens or tokens[0][0] != "name":
        return None
    if not relative and _is_root(tokens[0][1], types, root):
        tokens = tokens[1:]
    elif tokens[0][1][0].isupper():
        return None
    steps: list[Step] = []
    reached = {root}
    first: dict[str, str] = {}
    for place, (kind, value) in enumerate(tokens):
        if kind == "name":
            table = {name: _children(types, name, value) for name in reached}
            reached = {child for rows in table.values() for _, child in rows}
            if not reached or "Resource" in reached:
                return None
            if place == 0:
                cast = tokens[1][1] if len(tokens) > 1 and tokens[1][0] == "cast" else None
                first = {
                    json: child
                    for rows in table.values()
                    for json, child in rows
                    if cast is None or _is(types, child, cast)
                }
            steps.append(_named(table))
        elif kind == "cast":
            reached = {name for name in reached if _is(types, name, value)}
            steps.append(_cast(frozenset(reached)))
        elif kind == "resolves":
            steps.append(_resolving(value))
        else:
            steps.append(_where(*value.split("=", 1)))
    return first, steps


def run(steps: Iterable[Step], type_name: str, resource: Any) -> list[Node]:
    """The nodes the steps lead to from the resource."""
    nodes = [(type_name, resource)]
    for step in steps:
        if not nodes:
            break
        nodes = step(nodes)
    return nodes


def referenced_type(reference: Any) -> str | None:
    """The resource type a Reference names by its text ("Patient/1", ".../Patient/1/_history/2") or its `type`."""
    if not isinstance(reference, dict):
        return None
    text = reference.get("reference")
    if isinstance(text, str):
        parts = text.split("/_history/")[0].split("/")
        if len(parts) >= 2 and parts[-2][:1].isupper():
            return parts[-2]
    said = reference.get("type")
    return said if isinstance(said, str) else None


def _tokens(expression: str) -> list[tuple[str, str]] | None:
    found: list[tuple[str, str]] = []
    place = depth = 0
    while place < len(expression):
        token = _TOKEN.match(expression, place)
        if token is None:
            return None
        place = token.end()
        if token["open"]:
            if found:
                return None
            depth += 1
        elif token["plain"]:
            depth -= 1
        elif token["infix"]:
            depth -= 1
            found.append(("cast", token["infix"]))
        elif token["cast"]:
            found.append(("cast", token["cast"]))
        elif token["extension"]:
            found += [("name", "extension"), ("where", f"url={token['extension']}")]
        elif token["resolves"]:
            found.append(("resolves", token["resolves"]))
        elif token["field"]:
            found.append(("where", f"{token['field']}={token['text']}"))
        else:
            found.append(("name", token["name"]))
    return found if depth == 0 else None


def _is_root(name: str, types: TypeModel, root: str) -> bool:
    return name == root or (name[0].isupper() and types.is_a(root, name))


def _is(types: TypeModel, type_name: str, wanted: str) -> bool:
    """What `as` lets pass: the type itself; of complex types also what specialises it (an Age is a Quantity)."""
    return type_name == wanted or (wanted[0].isupper() and types.is_a(type_name, wanted))


def _children(types: TypeModel, type_name: str, name: str) -> list[tuple[str, str]]:
    element = types.children(type_name).get(name)
    return list(element.json_names.items()) if element else []


def _named(table: dict[str, list[tuple[str, str]]]) -> Step:
    """To the children of one FHIRPath name. A choice has up to fifty JSON names: they are not tried one by one."""
    by_type = {type_name: dict(rows) for type_name, rows in table.items()}

    def step(nodes: list[Node]) -> list[Node]:
        reached: list[Node] = []
        for type_name, value in nodes:
            if not isinstance(value, dict):
                continue
            children = by_type.get(type_name, _NONE)
            for json in children if len(children) < len(value) else value:
                found = value.get(json)
                if found is None or json not in children:
                    continue
                child = children[json]
                if isinstance(found, list):
                    reached.extend([(child, item) for item in found if item is not None])
                else:
                    reached.append((child, found))
        return reached

    return step


_NONE: dict[str, str] = {}


def _cast(wanted: frozenset[str]) -> Step:
    def step(nodes: list[Node]) -> list[Node]:
        return [node for node in nodes if node[0] in wanted]

    return step


def _resolving(wanted: str) -> Step:
    def step(nodes: list[Node]) -> list[Node]:
        return [node for node in nodes if referenced_type(node[1]) == wanted]

    return step


def _where(field: str, text: str) -> Step:
    def step(nodes: list[Node]) -> list[Node]:
        return [node for node in nodes if isinstance(node[1], dict) and node[1].get(field) == text]

    return step
