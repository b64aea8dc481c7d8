"""OperationDefinitions as data: names of parameters once, overloads of parameters that are there, profiles at hand.

https://hl7.org/fhir/R4/operationdefinition.html. The types of parameters are held by the binding of `type`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules import parameters_profile
from cart_fhir.validator.rules.code_system import dicts
from cart_fhir.validator.rules.primitives import shown

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context

Json = dict[str, Any]


def check(resource: Json, context: Context) -> Found:
    """Parameters, what overloads name of them, and that a call is possible at some level."""
    found = _parameters(resource.get("parameter"), "parameter", (), context)
    names = {name for each in dicts(resource.get("parameter")) if isinstance(name := each.get("name"), str)}
    for index, each in enumerate(dicts(resource.get("overload"))):
        listed = each.get("parameterName")
        for at, name in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(name, str) and name not in names:
                text = f"The overload names the parameter {shown(name)}, which the operation does not have."
                found = join(found, one("operation-definition", text, f"parameterName[{at}]", f"overload[{index}]"))
    if resource.get("type") is True and not resource.get("resource"):
        text = "The operation is called on types, but 'resource' names none."
        found = join(found, one("operation-definition", text, severity="warning"))
    return join(found, parameters_profile.check(resource, context))


def _parameters(value: Any, key: str, above: tuple[str, ...], context: Context) -> Found:
    """Each name once for input and output; what refers to definitions does so to ones for the type."""
    found: Found = None
    seen: set[tuple[Any, ...]] = set()
    for index, each in enumerate(dicts(value)):
        steps = (f"{key}[{index}]", *above)
        name = (str(each.get("name")), str(each.get("use")))
        if "name" in each and name in seen:
            text = f"The parameter {shown(name[0])} is there twice for {shown(name[1])}."
            found = join(found, one("operation-definition", text, "name", *steps))
        seen.add(name)
        found = join(found, _bounds(each, steps))
        found = join(found, _targets(each, steps, context))
        if len(above) < 20:
            found = join(found, _parameters(each.get("part"), "part", steps, context))
    return found


def _bounds(each: Json, steps: tuple[str, ...]) -> Found:
    """At least `min`, at most `max`, and not the reverse."""
    least, most = each.get("min"), each.get("max")
    if type(least) is int and isinstance(most, str) and most.isascii() and most.isdigit() and int(most[:9]) < least:
        return one("operation-definition", f"At least {least} are needed, but at most {most} are allowed.", *steps)
    return None


def _targets(each: Json, steps: tuple[str, ...], context: Context) -> Found:
    """Target profiles are for resources that are known; those that are not at hand are said."""
    urls = each.get("targetProfile")
    for url in urls if isinstance(urls, list) else []:
        if isinstance(url, str) and context.program.registry.facts(url) is None:
            context.note("definition-unknown", f"The target {url} of a parameter was not checked: it is not at hand.")
    return None
