"""One resource: which definitions it must meet, and the state of the run while inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cart_fhir.validator import scope
from cart_fhir.validator.context import Context
from cart_fhir.validator.findings import Finding, Found, join, one
from cart_fhir.validator.rules import vital_signs
from cart_fhir.validator.rules.primitives import shown
from cart_fhir.validator.rules.resources import RESOURCE_RULES, every_resource
from cart_fhir.validator.rules.structure import wrong_shape
from cart_fhir.validator.schema import Json, Schema

if TYPE_CHECKING:
    from cart_fhir.validator.program import Program


def check_resource(
    program: Program, resource: Any, context: Context, profiles: tuple[str, ...] = (), *, contained: bool = False
) -> Found:
    """All findings of a resource against its type, the profiles it claims and those asked for; paths are inside it."""
    if type(resource) is not dict:
        return wrong_shape(resource, "a resource")
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or not kind:
        return one("resource-type", "The object has no resourceType, so it is not known what it is.")
    always = program.always(kind)
    if always is None:
        return one("resource-type", f"{shown(kind)} is not a resource type of FHIR R4.")
    asked = (*profiles, *always, *vital_signs.profiles(resource)) if kind == "Observation" else (*profiles, *always)
    rules, found = program.plan(kind, claimed(resource), asked)
    before = scope.enter(resource, context, contained=contained)
    try:
        for rule in rules:
            if result := rule(resource, context):
                found = join(found, result)
        found = join(found, every_resource(resource, context))
        if special := RESOURCE_RULES.get(kind):
            found = join(found, special(resource, context))
    finally:
        scope.leave(before, context)
    return _settle(found, kind) if found else None


def check_schema(program: Program, schema: Schema, value: Any, context: Context) -> Found:
    """The findings of a value against one schema, as a question (does it conform?): the run's notes are kept as is."""
    rule = program.type_check(schema.key)
    if rule is None:
        return None
    if type(value) is dict and "resourceType" in value:
        if value["resourceType"] != schema.type and not program.types.is_a(str(value["resourceType"]), schema.type):
            return one("profile-type", f"This is a {value['resourceType']}, the profile is for {schema.type}.")
        inside = context.root.get("contained")
        contained = isinstance(inside, list) and any(each is value for each in inside)
        before = scope.enter(value, context, contained=contained)
        noted = dict(context.unchecked)
        try:
            found = rule(value, context)
        finally:
            scope.leave(before, context)
            context.unchecked.clear()
            context.unchecked.update(noted)
        return _settle(found, schema.type) if found else None
    return rule(value, context)


def claimed(resource: Json) -> tuple[str, ...]:
    """The profiles in meta.profile, without those that are not strings."""
    meta = resource.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    if not isinstance(profiles, list):
        return ()
    return tuple(profiles) if all(type(url) is str for url in profiles) else tuple(filter(_is_text, profiles))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _settle(found: list[Finding], kind: str) -> Found:
    """Decide the findings that needed the path from the resource on: extension contexts such as `Patient.name`."""
    kept = []
    for each in found:
        if each.unless is not None:
            if each.unless(kind, each.steps):
                continue
            each.unless = None
        kept.append(each)
    return kept or None
