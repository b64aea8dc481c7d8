"""From an element to its children, by the types of the model: the innermost loop of every expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cart_fhir.fhirpath.code import NOTHING, UNKNOWN, Run, Shape
from cart_fhir.fhirpath.nodes import Collection, Env, Node, TypeInfo
from cart_fhir.fhirpath.quantities import Quantity
from cart_fhir.fhirpath.types import Element, TypeModel, is_primitive

ABSTRACT = {"Resource", "DomainResource", "Element", "BackboneElement"}
"""Types whose real type only the data tell."""

Getter = Callable[[Node, list[Any]], None]
"""Appends the children of one name to a list."""


def shape_of(element: Element, many: bool) -> Shape:
    """The shape of a child element."""
    types = None if ABSTRACT.intersection(element.types) else frozenset(element.types)
    return Shape(types, many or element.max_is_many)


def child_shape(model: TypeModel, source: Shape, name: str) -> Shape | None:
    """The shape of the children of that name; None when no type of the source has such an element."""
    if source.types is None:
        return UNKNOWN
    if not source.types:
        return NOTHING
    found: set[str] = set()
    many, known = source.many, False
    for type_name in source.types:
        children = model.children(type_name)
        if type_name.startswith("System.") or children:
            element = children.get(name)
            if not element:
                known = known or (type_name in ("System.TypeInfo", "System.Quantity") and name in _SYSTEM_MEMBERS)
                found |= {"System.String"} if type_name == "System.TypeInfo" else set()
                continue
            child, known = shape_of(element, source.many), True
            if child.types is None:
                return Shape(None, child.many)
            found |= child.types
            many = many or child.many
        else:
            return UNKNOWN
    return Shape(frozenset(found) if found else None, many, source.ordered) if known else None


_SYSTEM_MEMBERS = {"namespace", "name", "value", "unit", "code"}


def member(model: TypeModel, source: Run, name: str) -> Run:
    """`source.name`."""
    getters: dict[str, Getter] = {}

    def run(this: Collection, env: Env) -> Collection:
        found: list[Any] = []
        for item in source(this, env):
            if item.__class__ is Node:
                getter = getters.get(item.type)
                if getter is None:
                    getter = getters[item.type] = getter_for(model, item.type, name)
                getter(item, found)
            else:
                _system_member(item, name, found)
        return found

    return run


def first_member(model: TypeModel, name: str) -> Run:
    """`name` on the context: the same, sparing a call."""
    getters: dict[str, Getter] = {}

    def run(this: Collection, env: Env) -> Collection:
        found: list[Any] = []
        for item in this:
            if item.__class__ is Node:
                getter = getters.get(item.type)
                if getter is None:
                    getter = getters[item.type] = getter_for(model, item.type, name)
                getter(item, found)
            else:
                _system_member(item, name, found)
        return found

    return run


def _system_member(item: Any, name: str, found: list[Any]) -> None:
    if isinstance(item, TypeInfo) and name in ("namespace", "name"):
        found.append(getattr(item, name))
    elif isinstance(item, Quantity) and name in ("value", "unit", "code"):
        found.append(item.value if name == "value" else item.unit)


def getter_for(model: TypeModel, type_name: str, name: str, only: Callable[[Node], bool] = lambda node: True) -> Getter:
    """The getter of one name on one type, for a choice of the types only that pass the test.

    It bears data that break the rules, since invariants run on such data too.
    """
    element = model.children(type_name).get(name)
    if element is None:
        return lambda node, found: None
    if is_primitive(type_name):
        return _of_primitive(name, element.types[0])
    json_names = {key: child for key, child in element.json_names.items() if only(Node(None, child))}
    if len(json_names) == 1:
        ((key, child),) = json_names.items()
        return _property(key, child)
    return _choice({key: _property(key, child) for key, child in json_names.items()}, json_names)


_FEW_PROPERTIES = 5
"""An object of so few is looked through for the choice that it has, which may be one of 50 (Extension.value)."""


def _choice(properties: dict[str, Getter], json_names: Mapping[str, str]) -> Getter:
    extras = {f"_{key}": properties[key] for key, child in json_names.items() if is_primitive(child)}
    table = {**properties, **extras}

    def get(node: Node, found: list[Any]) -> None:
        value = node.value
        if value.__class__ is not dict:
            return
        for key in value if len(value) <= _FEW_PROPERTIES else table:
            if key in value and key in table:
                table[key](node, found)
                return

    return get


def _of_primitive(name: str, child: str) -> Getter:
    """`id` and `extension` of a primitive stand in its `_name` property."""

    def get(node: Node, found: list[Any]) -> None:
        extra = node.extra
        value = extra.get(name) if isinstance(extra, dict) else None
        if value.__class__ is list:
            found.extend([Node(item, child) for item in value if item is not None])
        elif value is not None:
            found.append(Node(value, child))

    return get


def _property(key: str, child: str) -> Getter:
    if child in ABSTRACT:
        return _resources(key, child)
    return _primitives(key, child) if is_primitive(child) else _complex(key, child)


def _complex(key: str, child: str) -> Getter:
    def get(node: Node, found: list[Any]) -> None:
        value = node.value
        if value.__class__ is not dict:
            return
        value = value.get(key)
        if value is None:
            return
        if value.__class__ is list:
            found.extend([Node(item, child) for item in value if item is not None])
        else:
            found.append(Node(value, child))

    return get


def _resources(key: str, child: str) -> Getter:
    def get(node: Node, found: list[Any]) -> None:
        value = node.value.get(key) if node.value.__class__ is dict else None
        for item in value if value.__class__ is list else (value,):
            if item.__class__ is dict:
                name = item.get("resourceType")
                found.append(Node(item, name if name.__class__ is str and name else child))

    return get


def _primitives(key: str, child: str) -> Getter:
    extra_key = f"_{key}"

    def get(node: Node, found: list[Any]) -> None:
        parent = node.value
        if parent.__class__ is not dict:
            return
        value, extra = parent.get(key), parent.get(extra_key)
        if value.__class__ is list or extra.__class__ is list:
            _append_pairs(value, extra, child, found)
        elif value is not None or extra is not None:
            found.append(Node(value, child, extra))

    return get


def _append_pairs(value: Any, extra: Any, child: str, found: list[Any]) -> None:
    """A list of primitives with the list of their ids and extensions beside it; either may be absent or shorter."""
    values = value if value.__class__ is list else [] if value is None else [value]
    extras = extra if extra.__class__ is list else [] if extra is None else [extra]
    for number in range(max(len(values), len(extras))):
        here = values[number] if number < len(values) else None
        beside = extras[number] if number < len(extras) else None
        if here is not None or beside is not None:
            found.append(Node(here, child, beside))


class Children:
    """All children of an element, whatever their names: for children() and descendants()."""

    def __init__(self, model: TypeModel) -> None:
        self._model = model
        self._tables: dict[str, dict[str, Getter]] = {}

    def __call__(self, node: Node, found: list[Any]) -> None:
        """Append the children of the node to the list."""
        table = self._tables.get(node.type)
        if table is None:
            table = self._tables[node.type] = self._table(node.type)
        holder = node.extra if is_primitive(node.type) else node.value
        if holder.__class__ is not dict:
            return
        for key in holder:
            get = table.get(key)
            if get is not None and not (key[0] == "_" and key[1:] in holder):
                get(node, found)

    def _table(self, type_name: str) -> dict[str, Getter]:
        table: dict[str, Getter] = {}
        for element in self._model.children(type_name).values():
            for key, child in element.json_names.items():
                if is_primitive(type_name):
                    table[key] = _of_primitive(key, child)
                    continue
                table[key] = _property(key, child)
                if is_primitive(child):
                    table[f"_{key}"] = table[key]
        return table

    def below(self, node: Node, found: list[Any]) -> None:
        """Append everything below the node, parents before their children."""
        waiting: list[Any] = []
        self(node, waiting)
        waiting.reverse()
        while waiting:
            item = waiting.pop()
            found.append(item)
            inner: list[Any] = []
            self(item, inner)
            inner.reverse()
            waiting.extend(inner)
