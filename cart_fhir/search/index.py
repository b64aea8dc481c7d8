"""From a resource to its index rows, by the compiled expressions of its type's search parameters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import chain
from typing import Any

from cart_fhir.definitions import Registry
from cart_fhir.search.convert import CONVERTERS, Converted, converter
from cart_fhir.search.parameters import Alternative, Definition, Finder, parameters
from cart_fhir.search.path import Node, Step
from cart_fhir.search.query import Parameter
from cart_fhir.search.rows import Row, Rows

Json = dict[str, Any]
Convert = Callable[[str, Any], Converted]
Rule = tuple[str, str, tuple[Step, ...], Convert]
"""Code of the parameter, type of the element that was met, the steps from there, what makes rows of the values."""
Search = tuple[str, Finder, Convert]
"""The same for an expression that is more than a path."""


class Indexer:
    """Indexes resources by the search parameters of a registry; keep one, it compiles each type once."""

    def __init__(self, registry: Registry) -> None:
        self._parameters = parameters(registry)
        self._plans: dict[str, _Plan] = {}

    def rows(self, resource: Json) -> Rows:
        """The rows of one resource. Elements of a wrong shape are passed over: finding them is the validator's work."""
        type_name = resource["resourceType"]
        plan = self._plans.get(type_name)
        if plan is None:
            plan = self._plans[type_name] = _Plan(list(self._parameters.of(type_name).values()))
        return plan.run(resource)


def index(resource: Json, registry: Registry) -> Rows:
    """The index rows of one resource; for many resources keep an `Indexer`."""
    return Indexer(registry).rows(resource)


class _Plan:
    """What to look for in a resource of one type: by the element that is met, or in the whole resource."""

    def __init__(self, definitions: list[Definition]) -> None:
        self.by_name: defaultdict[str, list[Rule]] = defaultdict(list)
        self.searches: list[Search] = []
        self.composites = [one for one in definitions if one.components and one.is_indexed]
        for definition in definitions:
            if not definition.components and definition.is_indexed:
                for alternative in definition.alternatives:
                    self._add(definition.parameter, alternative)

    def _add(self, parameter: Parameter, alternative: Alternative) -> None:
        convert = converter(parameter)
        if not alternative.first:
            self.searches.append((parameter.code, alternative.find, convert))
        for name, type_name in alternative.first.items():
            self.by_name[name].append((parameter.code, type_name, alternative.steps, convert))

    def run(self, resource: Json) -> Rows:
        rows = Rows()
        for name, value in resource.items():
            rules = self.by_name.get(name)
            if rules:
                values = [one for one in value if one is not None] if isinstance(value, list) else [value]
                for code, type_name, steps, convert in rules:
                    nodes = [(type_name, one) for one in values]
                    for step in steps:
                        nodes = step(nodes)
                    if nodes:
                        _keep(rows, code, convert, nodes)
        for code, find, convert in self.searches:
            _keep(rows, code, convert, find(resource, resource))
        for composite in self.composites:
            _composite(composite, resource, rows)
        return rows


def _keep(rows: Rows, code: str, convert: Convert, nodes: list[Node]) -> None:
    for type_name, value in nodes:
        for suffix, table, columns in convert(type_name, value):
            rows.add(table, (code + suffix, 0, *columns))


def _composite(definition: Definition, resource: Json, rows: Rows) -> None:
    """Rows for each part of each element the composite is on; the occurrence ties the parts of one element."""
    occurrence = 0
    for alternative in definition.alternatives:
        if alternative.is_root and definition.rooted:
            continue
        if alternative.first and not any(name in resource for name in alternative.first):
            continue
        for _, element in alternative.find(resource, resource):
            occurrence += 1
            found = [
                _part(parameter, parts, element, resource, occurrence) for parameter, parts in definition.components
            ]
            if all(found):  # all parts are asked for together, so an element without one of them needs no rows
                for table, row in chain.from_iterable(found):
                    rows.add(table, row)


def _part(
    parameter: Parameter, parts: tuple[Alternative, ...], element: Any, resource: Json, occurrence: int
) -> list[tuple[str, Row]]:
    """The rows of one component of one element."""
    return [
        (table, (parameter.code, occurrence, *columns))
        for part in parts
        for type_name, value in part.find(element, resource)
        for suffix, table, columns in CONVERTERS[parameter.kind](type_name, value)
        if not suffix
    ]
