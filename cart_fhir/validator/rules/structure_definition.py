"""StructureDefinitions as data: what their invariants cannot say, checked against the other definitions at hand.

https://hl7.org/fhir/R4/structuredefinition.html, https://hl7.org/fhir/R4/profiling.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cart_fhir.definitions.shape import problem
from cart_fhir.definitions.snapshot import with_snapshot
from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules.paths import steps
from cart_fhir.validator.rules.primitives import shown

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context
    from cart_fhir.validator.program import Program

Json = dict[str, Any]
_ANY = ("Resource", "DomainResource", "Element", "BackboneElement")


def check(definition: Json, context: Context) -> Found:
    """The base is for the same type; profiles on types are for these types; discriminators lead somewhere."""
    found = _base(definition, context)
    for part in ("differential", "snapshot"):
        view = definition.get(part)
        elements = view.get("element") if isinstance(view, dict) else None
        for index, element in enumerate(elements if isinstance(elements, list) else []):
            if isinstance(element, dict):
                place = (f"element[{index}]", part)
                found = join(found, _profiles(element, place, context.program))
                found = join(found, _discriminators(element, place, context.program))
    return join(found, _snapshot(definition, context.program))


def _snapshot(definition: Json, program: Program) -> Found:
    """What goes wrong when the snapshot is made of base and differential: elements that lead nowhere, bad slices."""
    if not isinstance(definition.get("url"), str) or not isinstance(definition.get("differential"), dict):
        return None
    base = definition.get("baseDefinition")
    if problem(definition) or not isinstance(definition.get("type"), str) or not isinstance(base, str):
        return None
    if program.registry.facts(base) is None:
        text = f"The differential was not checked: the base {base} is not at hand."
        return one("definition-unknown", text, "baseDefinition")
    found: Found = None
    for issue in with_snapshot(definition, program.registry)[1]:
        _, _, place = issue.expression.partition(".")
        steps = tuple(reversed(place.split("."))) if place else ()
        found = join(found, one("definition", issue.text, *steps, severity="warning", definition=issue.definition))
    return found


def _base(definition: Json, context: Context) -> Found:
    base, kind = definition.get("baseDefinition"), definition.get("type")
    if definition.get("derivation") != "constraint" or not isinstance(base, str):
        return None
    facts = context.program.registry.facts(base)
    if facts is None or facts.get("type") in (None, kind) or facts.get("abstract"):
        return None
    text = f"The profile is on {shown(kind)}, but its base {base} is on {shown(facts.get('type'))}."
    return one("definition", text)


def _profiles(element: Json, place: tuple[str, ...], program: Program) -> Found:
    """A profile on a type is for that type."""
    found: Found = None
    for number, kind in enumerate(_dicts(element.get("type"))):
        code = kind.get("code")
        profiles = kind.get("profile")
        for at, url in enumerate(profiles if isinstance(profiles, list) else []):
            facts = program.registry.facts(url) if isinstance(url, str) else None
            if facts is None or not isinstance(code, str) or facts.get("type") == code or code in _ANY:
                continue
            text = f"The profile {url} is for {facts.get('type')}, but the type of the element is {code}."
            found = join(found, one("definition", text, f"profile[{at}]", f"type[{number}]", *place))
    return found


def _discriminators(element: Json, place: tuple[str, ...], program: Program) -> Found:
    """The path of a discriminator exists in the type of the element that it slices."""
    slicing = element.get("slicing")
    if not isinstance(slicing, dict):
        return None
    found: Found = None
    start = _types_at(str(element.get("path", "")), program)
    for number, each in enumerate(_dicts(slicing.get("discriminator"))):
        path = each.get("path")
        if not start or not isinstance(path, str) or _leads(path, start, program):
            continue
        text = f"The discriminator {shown(path)} leads nowhere from {element.get('path')}."
        found = join(found, one("definition", text, f"discriminator[{number}]", "slicing", *place))
    return found


def _dicts(value: Any) -> Iterator[Json]:
    return (each for each in value if isinstance(each, dict)) if isinstance(value, list) else iter(())


def _types_at(path: str, program: Program) -> frozenset[str]:
    """The types that an element of a base definition may have, by its path; empty when it is not known."""
    root, *names = path.split(".")
    types = frozenset((root,)) if program.types.children(root) else frozenset[str]()
    for name in names:
        types = _down(types, name.removesuffix("[x]"), program)
    return types


def _down(types: frozenset[str], name: str, program: Program) -> frozenset[str]:
    below: set[str] = set()
    for each in types:
        child = program.types.children(each).get(name)
        if child is not None:
            below.update(child.types)
    return frozenset(below)


def _leads(path: str, start: frozenset[str], program: Program) -> bool:
    """Whether a discriminator path can be walked; what lies behind resolve() or an extension is not looked into."""
    types = start
    for step in steps(path):
        if step.kind != "name":
            return True
        if types & {"Resource", "DomainResource"}:
            return True
        types = _down(types, step.word, program)
        if not types:
            return False
    return True
