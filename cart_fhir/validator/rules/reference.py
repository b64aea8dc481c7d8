"""References and the resources inside others: form, allowed targets, profiles of the target, contained.

https://hl7.org/fhir/R4/references.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cart_fhir.validator.bundle_index import rest_parts
from cart_fhir.validator.findings import Found, join, lift, one
from cart_fhir.validator.rules import invariant
from cart_fhir.validator.rules.primitives import shown
from cart_fhir.validator.rules.structure import Json, wrong_shape
from cart_fhir.validator.schema import Element, Schema, TypeRef
from cart_fhir.validator.scope import within
from cart_fhir.validator.shapes import Property, Rule

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context
    from cart_fhir.validator.program import Program

_CORE = "http://hl7.org/fhir/StructureDefinition/"


class Targets:
    """What a reference may point to: the types, and for each the profiles that the target must meet (any of them)."""

    def __init__(self, program: Program, ref: TypeRef) -> None:
        self.urls = ref.targets
        self.types: dict[str, list[Schema]] = {}
        self.unknown: list[str] = []
        self.any = False
        for url in ref.targets:
            schema = program.schema(url)
            if schema is None:
                self.unknown.append(url)
            elif schema.type == "Resource":
                self.any = True
            else:
                self.types.setdefault(schema.type, []).append(schema)
        self.profiled = {
            kind: [each.url for each in schemas]
            for kind, schemas in self.types.items()
            if all(each.derivation == "constraint" for each in schemas)
        }

    @property
    def names(self) -> str:
        """The allowed types, for a message."""
        return ", ".join(sorted(self.types)) or "none that is known"


def of(program: Program, element: Element, ref: TypeRef) -> Rule | None:
    """The rule on the targets of a Reference element; None when anything may be referred to."""
    if not ref.targets or ref.code == "canonical":
        return None
    targets = Targets(program, ref)
    aggregation = frozenset(ref.aggregation)

    def check(value: Any, context: Context) -> Found:
        if type(value) is not dict:
            return None
        reference = value.get("reference")
        if type(reference) is not str or not reference:
            stated = value.get("type")
            return (
                _type_allowed(str(stated), targets, element) if isinstance(stated, str) and "/" not in stated else None
            )
        found: Found = None
        target = context.resolve(reference)
        kind = _implied(reference)
        if target is not None and isinstance(target.get("resourceType"), str):
            kind = target["resourceType"]
        if kind:
            found = _type_allowed(kind, targets, element)
        if target is not None and not found and kind in targets.profiled:
            found = _profile(target, targets.profiled[kind], reference, element, context)
        if target is not None and targets.unknown and kind not in targets.types and not targets.any:
            text = f"The target must meet a profile that is not known here: {', '.join(targets.unknown)}."
            made = one("profile-unknown", text, severity="error", profile=element.profile, definition=element.id)
            found = join(found, made)
        if aggregation and (wrong := _aggregated(reference, target, aggregation, context)):
            names = ", ".join(sorted(aggregation))
            text = f"The reference {shown(reference)} is {wrong}, but only {names} is allowed here."
            found = join(found, one("reference-aggregation", text, profile=element.profile, definition=element.id))
        return found

    return check


def _implied(reference: str) -> str:
    """The resource type that a reference names: `Patient/1` and `http://a/fhir/Patient/1` name Patient."""
    if "#" in reference or "|" in reference:
        reference = reference.partition("#")[0].partition("|")[0]
    found = rest_parts(reference)
    return found[1] if found is not None else ""


def _type_allowed(kind: str, targets: Targets, element: Element) -> Found:
    if targets.any or kind in targets.types or targets.unknown:
        return None
    text = f"The reference points to a {kind}; allowed here: {targets.names}."
    return one("reference-type", text, profile=element.profile, definition=element.id)


def _profile(target: Json, urls: list[str], reference: str, element: Element, context: Context) -> Found:
    program = context.program
    if any(program.conforms(target, url, context) for url in urls):
        return None
    reasons = [each for url in urls for each in program.reasons(target, url, context) if each.is_error]
    why = f" First reason: {reasons[0].text}" if reasons else ""
    text = f"The target {shown(reference)} meets none of the profiles required here: {', '.join(urls)}.{why}"
    return one("reference-profile", text, profile=element.profile, definition=element.id)


def _aggregated(reference: str, target: Json | None, allowed: frozenset[str], context: Context) -> str:
    """How the target is given, when that is not one of the allowed ways."""
    if reference.startswith("#"):
        return "" if "contained" in allowed else "to a contained resource"
    if target is not None and context.bundle is not None:
        return "" if "bundled" in allowed or "referenced" in allowed else "to an entry of the bundle"
    return "" if "referenced" in allowed else "to a resource elsewhere"


def resource_item(program: Program, element: Element) -> Rule:
    """A resource inside another: contained, an entry's, a parameter's; by its own type and the profiles named here."""
    contained = element.name == "contained"
    types = frozenset(element.codes) - {"Resource", "DomainResource"}
    any_type = not types or len(types) < len(frozenset(element.codes))
    by_type = {ref.code: ref.profiles for ref in element.types if ref.profiles}
    general = by_type.pop("Resource", ()) or by_type.pop("DomainResource", ())
    inline: dict[str, Rule] = {}
    rules = invariant.of(program, element, element.constraints, "Resource")

    def check(value: Any, context: Context) -> Found:
        if type(value) is not dict:
            return wrong_shape(value, "a resource")
        kind = str(value.get("resourceType", ""))
        if not any_type and kind not in types:
            text = f"The resource must be of type {' or '.join(sorted(types))} here, but is {kind or 'nameless'}."
            return one("resource-place", text, profile=element.profile, definition=element.id)
        profiles = by_type.get(kind, general)
        asked = profiles if len(profiles) == 1 else ()
        found = program.check(value, context, asked, contained=contained)
        if element.children:
            if kind not in inline:
                inline[kind] = _inline(program, element, kind)
            found = join(found, within(value, context, inline[kind], contained=contained))
        for rule in rules:
            found = join(found, rule(value, context))
        if len(profiles) > 1 and not any(program.conforms(value, url, context) for url in profiles):
            text = f"The resource meets none of the profiles allowed here: {', '.join(profiles)}."
            found = join(found, one("profile-choice", text, profile=element.profile, definition=element.id))
        return found

    return check


def _inline(program: Program, element: Element, kind: str) -> Rule:
    """What a profile says of a resource's elements in place (`Bundle.entry:x.resource.id`)."""
    from cart_fhir.validator.builder import inline_check

    return inline_check(program, element, kind)


def entry_property(rule: Rule, step: str) -> Property:
    """`Bundle.entry.resource`: references inside are resolved from the entry's fullUrl."""

    def check(value: Any, owner: Json, context: Context) -> Found:
        url = owner.get("fullUrl")
        before, context.full_url = context.full_url, url if isinstance(url, str) else ""
        try:
            found = rule(value, context)
        finally:
            context.full_url = before
        return lift(found, step) if found else None

    return check
