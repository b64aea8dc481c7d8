"""Compiled definitions: every schema, check and expression is made once, on first use, and kept with the registry.

`Program` is what the rules ask: the schema of a URL, the check of a type, the members of a value set, a compiled
FHIRPath expression, whether a resource conforms to a profile.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from cart_fhir import fhirpath
from cart_fhir.definitions import Registry
from cart_fhir.definitions.terminology import Terminology
from cart_fhir.errors import CartFHIRError
from cart_fhir.issues import Severity
from cart_fhir.validator.compiler import compile_schema
from cart_fhir.validator.context import Context
from cart_fhir.validator.findings import Finding, Found, fails, one
from cart_fhir.validator.resource import check_resource, check_schema
from cart_fhir.validator.schema import Element, Json, Schema
from cart_fhir.validator.shapes import Rule
from cart_fhir.validator.value_sets import ValueSets

if TYPE_CHECKING:
    from cart_fhir.validator.rules.structure import ObjectCheck

_PROGRAMS: WeakKeyDictionary[Registry, Program] = WeakKeyDictionary()

_WARNING: Severity = "warning"
_ERROR: Severity = "error"
_MOST_PLANS = 10_000


class Program:
    """The compiled form of a registry's definitions; safe to share, since nothing in it changes once made."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.revision = registry.revision
        self.types = registry.types
        self.terminology = Terminology(registry)
        self.value_sets = ValueSets(self.terminology)
        self._schemas: dict[str, Schema | None] = {}
        self._type_checks: dict[str, Rule] = {}
        self._objects: dict[Element, ObjectCheck] = {}
        self._elements: dict[str, dict[str, Element]] = {}
        self._expressions: dict[tuple[str, str], tuple[fhirpath.Expression | None, str]] = {}
        self._plans: dict[tuple[str, tuple[str, ...], tuple[str, ...]], tuple[Rule, ...]] = {}
        self._always: dict[str, tuple[str, ...]] = {}
        self._globals: dict[str, list[str]] | None = None

    @classmethod
    def of(cls, registry: Registry) -> Program:
        """The program of a registry, made once, and again when definitions were added."""
        found = _PROGRAMS.get(registry)
        if found is None or found.revision != registry.revision:
            found = _PROGRAMS[registry] = cls(registry)
        return found

    def schema(self, url: str) -> Schema | None:
        """The schema of a canonical (`url` or `url|version`) or a type name; None when nobody defines it."""
        if url not in self._schemas:
            whole, _, part = url.partition("#")
            if part:
                self._schemas[url] = self._part(url, whole, part)
            else:
                definition = self.registry.structure(url)
                self._schemas[url] = None if definition is None else self._compile(definition)
        return self._schemas[url]

    def _part(self, url: str, whole: str, part: str) -> Schema | None:
        """One element of a definition as a schema of its own."""
        schema = self.schema(whole)
        element = self.element(schema.root, part) if schema is not None else None
        return None if schema is None or element is None else replace(schema, url=url, version="", root=element)

    def _compile(self, definition: Json) -> Schema:
        lineage: list[str] = []
        base = definition.get("baseDefinition")
        while base and base not in lineage and (above := self.registry.facts(base)) is not None:
            lineage.append(str(base).partition("|")[0])
            base = above.get("baseDefinition")
        return compile_schema(definition, tuple(lineage), frozenset())

    def is_resource(self, type_name: str) -> bool:
        """True for resource types, abstract ones too."""
        return type_name in ("Resource", "DomainResource") or type_name in self.registry.resource_types

    def element(self, schema_root: Element, identity: str) -> Element | None:
        """The element with an id in the tree of a schema: what a content reference points to."""
        table = self._elements.get(schema_root.id + schema_root.profile)
        if table is None:
            table = {}
            _collect(schema_root, table)
            self._elements[schema_root.id + schema_root.profile] = table
        return table.get(identity)

    def object_check(self, element: Element, make: Any) -> ObjectCheck:
        """The object check of an element's own children, made once so that recursion ends."""
        found = self._objects.get(element)
        if found is None:
            found = self._objects[element] = make()
        return found

    def type_check(self, url: str) -> Rule | None:
        """The full check of a datatype (or a profile on one) by name or canonical; None when it is unknown."""
        found = self._type_checks.get(url)
        if found is None:
            schema = self.schema(url)
            if schema is None:
                return None
            from cart_fhir.validator.builder import schema_rule

            found = self._type_checks[url] = schema_rule(self, schema)
        return found

    def expression(self, text: str, root: str) -> fhirpath.Expression | None:
        """A compiled FHIRPath expression; None when it cannot be compiled (`flaw` says why).

        Elements that the root does not have are none that are there, as the reference validator takes them.
        """
        key = (text, root)
        if key not in self._expressions:
            self._expressions[key] = self._compiled(text, root)
        return self._expressions[key][0]

    def flaw(self, text: str, root: str) -> str:
        """What is wrong with an expression on a type: it cannot be read, or names what is not there; "" for nothing."""
        self.expression(text, root)
        return self._expressions[text, root][1]

    def _compiled(self, text: str, root: str) -> tuple[fhirpath.Expression | None, str]:
        try:
            return fhirpath.compile(text, self.types, root), ""
        except CartFHIRError as problem:
            said = str(problem)
        try:
            return fhirpath.compile(text, self.types, root, open_names=True), said
        except CartFHIRError as problem:
            return None, str(problem)

    def plan(self, kind: str, claimed: Collection[str], asked: Collection[str]) -> tuple[tuple[Rule, ...], Found]:
        """The checks a resource of a type against, without those that others imply; and what is unknown.

        A profile that the data claim and nobody knows is a warning; one that was asked for is an error.
        """
        key = (kind, tuple(claimed), tuple(asked))
        known = self._plans.get(key)
        if known is not None:
            return known, None
        wanted: list[Schema] = []
        found: Found = None
        base = self.schema(kind)
        if base is not None:
            wanted.append(base)
        for urls, severity in ((asked, _ERROR), ([url for url in claimed if url not in asked], _WARNING)):
            for url in urls:
                schema = self.schema(url)
                if schema is None:
                    text = f"The profile '{url}' is not known here, so nothing can be said about it."
                    found = (found or []) + one("profile-unknown", text, severity=severity)
                elif schema.type != kind and not self.types.is_a(kind, schema.type):
                    text = f"The profile '{url}' is for {schema.type}, but this is a {kind}."
                    found = (found or []) + one("profile-type", text, profile=url)
                elif schema not in wanted:
                    wanted.append(schema)
        implied = {each for schema in wanted for each in schema.lineage[1:]}
        kept = tuple(rule for schema in wanted if schema.url not in implied and (rule := self.type_check(schema.key)))
        if found is None and len(self._plans) < _MOST_PLANS:
            self._plans[key] = kept
        return kept, found

    def always(self, kind: str) -> tuple[str, ...] | None:
        """The profiles that loaded guides state for every resource of a type; None when it is no type of resource."""
        if kind not in self._always:
            base = self.schema(kind) if self.is_resource(kind) else None
            if base is None or base.abstract:
                return None
            self._always[kind] = self._global_profiles(kind)
        return self._always[kind]

    def _global_profiles(self, kind: str) -> tuple[str, ...]:
        if self._globals is None:
            self._globals = {}
            for guide in self.registry.all("ImplementationGuide"):
                for each in guide.get("global", ()):
                    self._globals.setdefault(each.get("type", ""), []).append(each.get("profile", ""))
        return tuple(self._globals.get(kind, ()))

    def check(
        self, resource: Json, context: Context, profiles: tuple[str, ...] = (), *, contained: bool = False
    ) -> Found:
        """All findings of a resource against its type and every profile it claims or is asked to meet."""
        return check_resource(self, resource, context, profiles, contained=contained)

    def conforms(self, value: Any, url: str, context: Context) -> bool | None:
        """True when a resource or datatype has no errors against a profile; None when the profile is unknown.

        A question already being asked further up (two profiles that refer to each other) is answered with True.
        """
        schema = self.schema(url)
        if schema is None:
            return None
        key = (id(value), schema.url)
        if key in context.busy:
            return True
        if key not in context.known:
            context.busy.add(key)
            try:
                context.known[key] = check_schema(self, schema, value, context)
            finally:
                context.busy.discard(key)
        return not fails([each for each in context.known[key] or () if each.rule != "profile-unknown"])

    def reasons(self, value: Any, url: str, context: Context) -> list[Finding]:
        """Why a value does not conform to a profile: what `conforms` found."""
        schema = self.schema(url)
        return (context.known.get((id(value), schema.url)) if schema else None) or []


def _collect(element: Element, table: dict[str, Element]) -> None:
    table[element.id] = element
    for child in element.children.values():
        _collect(child, table)
    for each in element.slices:
        _collect(each, table)
