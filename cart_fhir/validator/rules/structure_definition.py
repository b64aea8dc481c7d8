"""StructureDefinitions as data: what their invariants cannot say, checked against the other definitions at hand.

https://hl7.org/fhir/R4/structuredefinition.html, https://hl7.org/fhir/R4/profiling.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cart_fhir.definitions.shape import problem
from cart_fhir.definitions.snapshot import with_snapshot
from cart_fhir.errors import CartFHIRError
from cart_fhir.fhirpath import parser
from cart_fhir.issues import Severity
from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules import differential
from cart_fhir.validator.rules.differential import down, types_at
from cart_fhir.validator.rules.paths import steps
from cart_fhir.validator.rules.primitives import shown

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context
    from cart_fhir.validator.program import Program

Json = dict[str, Any]
_EXTENSION = "http://hl7.org/fhir/StructureDefinition/Extension"
_PLAIN = re.compile(r"[A-Za-z]+(?:\.[A-Za-z]+(?:\[x\])?)*").fullmatch
# Names that R5 gives to groups of resources; extensions for R4 use them too.
_ABSTRACT = frozenset(("CanonicalResource", "MetadataResource", "Base", "DataType", "BackboneType", "PrimitiveType"))
_ANY = ("Resource", "DomainResource", "Element", "BackboneElement")


def check(definition: Json, context: Context) -> Found:
    """The base is for the same type; profiles on types are for these types; discriminators lead somewhere."""
    found = join(_base(definition, context.program), _whole(definition, context.program))
    for part in ("differential", "snapshot"):
        view = definition.get(part)
        elements = view.get("element") if isinstance(view, dict) else None
        for index, element in enumerate(elements if isinstance(elements, list) else []):
            if isinstance(element, dict):
                place = (f"element[{index}]", part)
                found = join(found, _profiles(element, place, context.program))
                found = join(found, _discriminators(element, place, context.program))
    found = join(found, differential.check(definition, context.program))
    return join(found, _snapshot(definition, context.program))


def _whole(definition: Json, program: Program) -> Found:
    """What it is: a type that is known, derived from its base in a way that is said; contexts that are there."""
    found: Found = None
    kind, extension = definition.get("type"), definition.get("type") == "Extension"
    if isinstance(kind, str) and "/" not in kind and program.registry.facts(kind) is None:
        if definition.get("derivation") == "constraint" or definition.get("kind") != "logical":
            text = f"{shown(kind)} is no type of FHIR R4; a type of one's own is named by a URL."
            found = one("definition", text, "type")
    if isinstance(definition.get("baseDefinition"), str) and "derivation" not in definition:
        text = "The definition has a base, but does not say whether it constrains or specializes it (derivation)."
        found = join(found, one("definition", text))
    contexts = definition.get("context")
    for index, each in enumerate(contexts if isinstance(contexts, list) else []):
        if not extension:
            text = f"Only an extension has a context; this is a definition of {shown(kind)}."
            return join(found, one("definition", text, "context[0]"))
        found = join(found, _context(each, f"context[{index}]", program))
    found = join(found, _conditions(definition))
    return join(found, _extension_url(definition)) if extension else found


def _conditions(definition: Json) -> Found:
    """The conditions on where an extension may stand are FHIRPath."""
    found: Found = None
    listed = definition.get("contextInvariant")
    for index, each in enumerate(listed if isinstance(listed, list) else []):
        try:
            parser.parse(str(each))
        except CartFHIRError as problem:
            text = f"The condition cannot be read: {problem}"
            found = join(found, one("definition", text, f"contextInvariant[{index}]"))
    return found


def _context(each: Any, step: str, program: Program) -> Found:
    """The element that an extension may stand on is one."""
    expression = each.get("expression") if isinstance(each, dict) else None
    if not isinstance(expression, str) or each.get("type") != "element" or not _PLAIN(expression):
        return None
    if expression in _ABSTRACT or types_at(expression, program):
        return None
    return one("definition", f"{shown(expression)} is no element of FHIR R4.", step)


def _extension_url(definition: Json) -> Found:
    """An extension's own URL is what Extension.url is fixed to."""
    url, view = definition.get("url"), definition.get("differential")
    elements = view.get("element") if isinstance(view, dict) else None
    if not isinstance(elements, list) or not isinstance(url, str) or definition.get("derivation") != "constraint":
        return None
    own = next((each for each in _dicts(elements) if each.get("path") == "Extension.url"), {})
    said = own.get("fixedUri")
    if said == url or (said is None and definition.get("baseDefinition") != _EXTENSION):
        return None
    what = f"is fixed to {shown(said)}" if said is not None else "is not fixed"
    return one("definition", f"Extension.url {what}; it must be fixed to the extension's URL, {shown(url)}.")


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
        # A conflict is told of the whole, as the reference validator does; its text names the element.
        place = "" if issue.code == "conflict" else issue.expression.partition(".")[2]
        steps = tuple(reversed(place.split("."))) if place else ()
        severity: Severity = "error" if issue.code in ("conflict", "not-found") else "warning"
        found = join(found, one("definition", issue.text, *steps, severity=severity, definition=issue.definition))
    return found


def _base(definition: Json, program: Program) -> Found:
    """A profile is on the type of its base, and of the same kind."""
    base, kind = definition.get("baseDefinition"), definition.get("type")
    facts = program.registry.facts(base) if isinstance(base, str) else None
    if facts is None:
        return None
    if definition.get("derivation") == "specialization" and kind == facts.get("type"):
        text = f"What specializes {base} is a type of its own, but the definition is on {shown(kind)} again."
        return join(one("definition", text), one("definition", text, "type"))
    if definition.get("derivation") != "constraint":
        return None
    if facts.get("kind") and definition.get("kind") not in (None, facts["kind"]):
        text = f"The profile is said to be of the kind {shown(definition['kind'])}, but its base is a {facts['kind']}."
        return one("definition", text)
    if facts.get("type") in (None, kind) or facts.get("abstract"):
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
    start = types_at(str(element.get("path", "")), program)
    for number, each in enumerate(_dicts(slicing.get("discriminator"))):
        path = each.get("path")
        if not start or not isinstance(path, str) or _leads(path, start, program):
            continue
        text = f"The discriminator {shown(path)} leads nowhere from {element.get('path')}."
        found = join(found, one("definition", text, f"discriminator[{number}]", "slicing", *place))
    return found


def _dicts(value: Any) -> Iterator[Json]:
    return (each for each in value if isinstance(each, dict)) if isinstance(value, list) else iter(())


def _leads(path: str, start: frozenset[str], program: Program) -> bool:
    """Whether a discriminator path can be walked; what lies behind resolve() or an extension is not looked into."""
    types = start
    for step in steps(path):
        if step.kind != "name":
            return True
        if types & {"Resource", "DomainResource"}:
            return True
        types = down(types, step.word, program)
        if not types:
            return False
    return True
