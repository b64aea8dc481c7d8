"""The search parameters of each resource type, compiled once: where their values stand and of which kind they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import blake2b
from typing import Any, cast

from cart_fhir import fhirpath
from cart_fhir.definitions import Registry
from cart_fhir.errors import CartFHIRError
from cart_fhir.formats import json
from cart_fhir.issues import Issue
from cart_fhir.search import near, path
from cart_fhir.search.convert import CONVERTERS
from cart_fhir.search.implied import implied_system
from cart_fhir.search.path import Node
from cart_fhir.search.phonetic import CODE as PHONETIC
from cart_fhir.search.query import Kind, Parameter

Json = dict[str, Any]
Finder = Callable[[Any, Json], list[Node]]
"""(start value, whole resource) -> the nodes an expression leads to."""

VERSION = 3
"""Of the rows made of a value; to be raised when `convert` makes others, so that stores index anew."""

SPECIAL = {
    "_id": Parameter("_id", "special"),
    "_lastUpdated": Parameter("_lastUpdated", "special"),
}
"""Parameters answered by the store's own columns; they need no index."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One `|` part of an expression.

    `first` (of a path): JSON names of the resource -> the type found there; without one of them there are no values.
    `steps` lead on from what is found there to the values; `find` does the whole way.
    """

    find: Finder
    first: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[path.Step, ...] = ()
    is_root: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A search parameter on one resource type.

    `components` (composite only) pairs each part with the expressions relative to the composite's element. `rooted`
    are the plain parameters that together say the same for the part of the composite that is the resource itself: a
    resource has it once, so that no rows of its own are needed for it. `expressions` are the texts of the alternatives.
    """

    parameter: Parameter
    url: str
    alternatives: tuple[Alternative, ...]
    components: tuple[tuple[Parameter, tuple[Alternative, ...]], ...] = ()
    rooted: tuple[Parameter, ...] = ()
    expressions: frozenset[str] = frozenset()

    @property
    def is_indexed(self) -> bool:
        """False when the rows of other parameters answer this one altogether."""
        return not self.parameter.rows and not (self.rooted and all(part.is_root for part in self.alternatives))


@dataclass(slots=True)
class Parameters:
    """The definitions of all types of a registry, compiled when first asked for."""

    registry: Registry
    issues: list[Issue] = field(default_factory=list)
    _types: dict[str, dict[str, Definition]] = field(default_factory=dict)

    def of(self, type_name: str) -> dict[str, Definition]:
        """Code -> definition, for a resource type; empty for an unknown type."""
        found = self._types.get(type_name)
        if found is None:
            found = self._types[type_name] = self._compile(type_name)
        return found

    def find(self, type_name: str, code: str) -> Definition | None:
        """The definition of a code on a type."""
        return self.of(type_name).get(code)

    def signature(self, type_name: str) -> str:
        """A digest of what the index of a type depends on: when it changes, the type must be indexed anew."""
        said = _by_code(self.registry, type_name)
        keys = ("code", "type", "expression", "component")
        facts = [[one.get(key) for key in keys] for code in sorted(said) for one in said[code]]
        return blake2b(json.dumps([VERSION, facts]), digest_size=16).hexdigest()

    def _compile(self, type_name: str) -> dict[str, Definition]:
        said = _by_code(self.registry, type_name)
        plain = {
            code: self._plain(type_name, code, parameters)
            for code, parameters in said.items()
            if parameters[0].get("type") in CONVERTERS
        }
        made = _sharing(type_name, {code: definition for code, definition in plain.items() if definition})
        composites = {code: found for code, found in said.items() if found[0].get("type") == "composite"}
        for code, parameters in composites.items():
            definition = self._composite(type_name, code, parameters[0], made, composites)
            if definition:
                made[code] = definition
        return made | {code: self._near(found[0]) for code, found in said.items() if code == "near"}

    def _plain(self, type_name: str, code: str, said: list[Json]) -> Definition | None:
        alternatives = [
            self._with_system(type_name, found, one)
            for one in said
            for found in self._alternatives(type_name, one.get("expression") or "", one)
        ]
        if not alternatives:
            return None
        targets = tuple(target for one in said for target in one.get("target", ()))
        parameter = Parameter(code, cast("Kind", said[0]["type"]), targets)
        texts = frozenset(
            part for one in said for part in path.alternatives(one.get("expression") or "") if _is_on(part, type_name)
        )
        return Definition(parameter, said[0].get("url", ""), tuple(alternatives), expressions=texts)

    def _composite(
        self, type_name: str, code: str, said: Json, plain: dict[str, Definition], composites: dict[str, list[Json]]
    ) -> Definition | None:
        by_url = {definition.url: definition.parameter for definition in plain.values()}
        alternatives = tuple(self._alternatives(type_name, said.get("expression") or "", said))
        bases = [part for part in path.alternatives(said.get("expression") or "") if _is_on(part, type_name)]
        parts: list[tuple[Parameter, tuple[Alternative, ...]]] = []
        for place, component in enumerate(said.get("component", ()), 1):
            defined = by_url.get(component.get("definition", ""))
            if defined is None:
                return None
            found = [one for base in bases for one in self._relative(base, component.get("expression", ""), said)]
            parameter = Parameter(f"{code}${place}", defined.kind, defined.targets)
            parts.append((parameter, tuple(found)))
        if not parts or not alternatives:
            return None
        parameter = Parameter(code, "composite", (), tuple(part for part, _ in parts))
        rooted = _rooted(type_name, said, by_url, composites) if any(part.is_root for part in alternatives) else ()
        return Definition(parameter, said.get("url", ""), alternatives, tuple(parts), rooted)

    def _near(self, said: Json) -> Definition:
        """Where a Location is: its latitude and longitude, tied together as those of one position."""
        parts = zip(near.PARAMETER.components, ("latitude", "longitude"), strict=True)
        components = tuple((part, tuple(self._relative("Location.position", name, said))) for part, name in parts)
        alternatives = tuple(self._alternatives("Location", "Location.position", said))
        return Definition(near.PARAMETER, said.get("url", ""), alternatives, components)

    def _alternatives(self, type_name: str, expression: str, said: Json) -> Iterator[Alternative]:
        for part in path.alternatives(expression):
            if not _is_on(part, type_name):
                continue
            try:
                yield replace(self._alternative(part, type_name), text=part)
            except CartFHIRError as problem:
                self._refuse(said, problem)

    def _alternative(self, expression: str, type_name: str) -> Alternative:
        types = self.registry.types
        if expression == type_name:
            return Alternative(lambda start, resource: [(type_name, start)], is_root=True)
        compiled = path.compile_path(expression, types, type_name)
        if compiled is None:
            return Alternative(self._fhirpath(expression, type_name))
        first, steps = compiled
        return Alternative(_stepping(type_name, steps), first, tuple(steps[1:]))

    def _relative(self, base: str, expression: str, said: Json) -> Iterator[Alternative]:
        """A component's expression, read from the element `base` (a path such as "Observation.component")."""
        for part in path.alternatives(expression):
            compiled = path.compile_path(part, self.registry.types, base, relative=True)
            if compiled is None:
                try:
                    yield Alternative(self._fhirpath(part, base))
                except CartFHIRError as problem:
                    self._refuse(said, problem)
            else:
                yield Alternative(_stepping(base, compiled[1]))

    def _fhirpath(self, expression: str, type_name: str) -> Finder:
        # R4's item-subject uses a function that FHIRPath never had.
        said = re.sub(r"hasExtension\(('[^']*')\)", r"extension(\1).exists()", expression)
        compiled = fhirpath.compile(said, self.registry.types, type_name, any_root=True)

        def find(start: Any, resource: Json) -> list[Node]:
            env = fhirpath.Env(resource=resource, root_resource=resource, resolve=_as_if_resolved)
            try:
                return compiled.typed(start, env)
            except fhirpath.EvaluationError:
                return []  # data of the wrong shape have no value to find; saying so is the validator's work

        return find

    def _with_system(self, type_name: str, found: Alternative, said: Json) -> Alternative:
        """The same with the code system that the binding of a `code` element implies: `status=system|final`."""
        system = implied_system(self.registry, type_name, found.text) if said.get("type") == "token" else None
        if system is None:
            return found

        def coded(nodes: list[Node]) -> list[Node]:
            return [("Coding", {"system": system, "code": value}) for _, value in nodes if isinstance(value, str)]

        find = found.find
        return replace(found, find=lambda start, resource: coded(find(start, resource)), steps=(*found.steps, coded))

    def _refuse(self, said: Json, problem: CartFHIRError) -> None:
        text = f"The search parameter {said.get('url')} is left out: {problem.message}"
        self.issues.append(Issue("warning", "not-supported", "search-parameter", text))


def parameters(registry: Registry) -> Parameters:
    """The compiled parameters of a registry, made once and again when something was added to it."""
    return _parameters(registry, registry.revision)


@lru_cache(maxsize=16)
def _parameters(registry: Registry, revision: int) -> Parameters:
    return Parameters(registry)


def _by_code(registry: Registry, type_name: str) -> dict[str, list[Json]]:
    """Code -> the SearchParameters with it, the ones on Resource and DomainResource included."""
    said: dict[str, list[Json]] = {}
    seen: set[str] = set()
    for base in (type_name, "DomainResource", "Resource"):
        for parameter in registry.search_parameters(base):
            url = parameter.get("url", "")
            if parameter.get("code") and url not in seen and parameter["code"] not in SPECIAL:
                seen.add(url)
                said.setdefault(parameter["code"], []).append(parameter)
    return said


def _sharing(type_name: str, made: dict[str, Definition]) -> dict[str, Definition]:
    """The same, but a parameter that is no more than others taken together has their rows and none of its own.

    `combo-code` of Observation is `code` and `component-code`: its own rows would make the index a fifth larger.
    """
    shared: dict[str, Definition] = {}
    # The smallest first: one that shares itself is then never chosen, as what it shares has been.
    smallest = sorted(made.values(), key=lambda one: (len(one.expressions), one.parameter.code))
    for code, definition in made.items():
        left, sources = set(definition.expressions), []
        for other in smallest:
            same_kind = other.parameter.kind == definition.parameter.kind and other.parameter.code != PHONETIC
            if same_kind and other.expressions < definition.expressions and other.expressions <= left:
                sources.append(other.parameter.code)
                left -= other.expressions
        rows = tuple((type_name, source) for source in sources)
        shared[code] = definition if left else replace(definition, parameter=replace(definition.parameter, rows=rows))
    return shared


def _is_on(part: str, type_name: str) -> bool:
    """The alternative speaks of this type: its first name is the type, a base of it, or an element."""
    name = re.match(r"\(*(\w+)", part)
    first = name[1] if name else ""
    return not first[:1].isupper() or first in (type_name, "Resource", "DomainResource")


def _rooted(
    type_name: str, said: Json, by_url: dict[str, Parameter], composites: dict[str, list[Json]]
) -> tuple[Parameter, ...]:
    """The plain parameters of the composite whose expression is the bare type, with the same parts as this one."""
    wanted = [component.get("expression") for component in said.get("component", ())]
    for other, *_ in composites.values():
        parts = other.get("component", ())
        if other.get("expression") == type_name and [part.get("expression") for part in parts] == wanted:
            found = [by_url.get(part.get("definition", "")) for part in parts]
            return tuple(part for part in found if part) if all(found) else ()
    return ()


def _stepping(base: str, steps: Iterable[path.Step]) -> Finder:
    kept = list(steps)
    return lambda start, resource: path.run(kept, base, start)


def _as_if_resolved(reference: Any) -> Any:
    """What `resolve() is Type` needs to know of a target: its type, read off the reference."""
    text = reference if isinstance(reference, dict) else {"reference": reference}
    found = path.referenced_type(text)
    return {"resourceType": found} if found else None
