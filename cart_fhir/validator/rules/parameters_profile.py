"""The profiles that an OperationDefinition names for its input and output, compared with the parameters it lists.

https://hl7.org/fhir/R4/operationdefinition-definitions.html#OperationDefinition.inputProfile. A profile on Parameters
says of each parameter, as a slice by its name, how often it may be there and of what type: as the operation says it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules.code_system import dicts
from cart_fhir.validator.rules.primitives import shown
from cart_fhir.validator.schema import Element

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context

Json = dict[str, Any]
_ALLOWED = "http://hl7.org/fhir/StructureDefinition/operationdefinition-allowed-type"


def check(operation: Json, context: Context) -> Found:
    """Both profiles, as far as they are at hand."""
    found: Found = None
    for use, key in (("in", "inputProfile"), ("out", "outputProfile")):
        url = operation.get(key)
        schema = context.program.schema(url) if isinstance(url, str) else None
        if schema is None or schema.type != "Parameters" or "parameter" not in schema.root.children:
            continue
        named = _named(schema.root.children["parameter"])
        listed = {
            str(each.get("name")): (index, each)
            for index, each in enumerate(dicts(operation.get("parameter")))
            if each.get("use") == use
        }
        if not named:
            continue
        for name in named.keys() - listed.keys():
            text = f"The profile {url} has the parameter {shown(name)}, which the operation does not list."
            found = join(found, one("operation-definition", text, key, severity="warning"))
        for name, (index, each) in listed.items():
            # Places are counted through all parameters, and told below the profile, as the reference validator does.
            steps = (f"parameter[{index}]", key)
            if name in named:
                found = join(found, _parameter(each, named[name], steps))
            else:
                text = f"The profile {url} does not have the parameter {shown(name)}."
                found = join(found, one("operation-definition", text, *steps, severity="warning"))
    return found


def _named(parameter: Element) -> dict[str, Element]:
    """The slices of Parameters.parameter by the name that they fix."""
    named = {}
    for each in parameter.slices:
        name = each.children.get("name")
        said = (name.fixed or name.pattern) if name is not None else None
        if isinstance(said, str):
            named[said] = each
    return named


def _parameter(listed: Json, profiled: Element, steps: tuple[str, ...]) -> Found:
    """How often one parameter may be there, its types, what its references may point to."""
    name, found = shown(listed.get("name")), None
    most = "*" if profiled.max is None else str(profiled.max)
    for key, asked, said in (("min", listed.get("min"), profiled.min), ("max", listed.get("max"), most)):
        if asked != said:
            text = f"The parameter {name} has {key} {asked}, but {said} in the profile."
            found = join(found, one("operation-definition", text, *steps))
    types, targets = _profiled(profiled)
    wanted = {str(listed["type"])} if "type" in listed else set[str]()
    wanted |= {str(each.get("valueUri")) for each in dicts(listed.get("extension")) if each.get("url") == _ALLOWED}
    if types and wanted and not wanted & {"Any", "Element", "Resource"} and types != wanted:
        text = f"The parameter {name} is of type {_words(wanted)}, but of {_words(types)} in the profile."
        found = join(found, one("operation-definition", text, *steps))
    urls = listed.get("targetProfile")
    asked_targets = {str(each) for each in urls} if isinstance(urls, list) else set[str]()
    if targets != asked_targets:
        text = f"The parameter {name} may refer to {_words(asked_targets)}, but to {_words(targets)} in the profile."
        found = join(found, one("operation-definition", text, *steps))
    return found


def _profiled(parameter: Element) -> tuple[set[str], set[str]]:
    """The types that the profile allows for a parameter, and the profiles on the targets of its references."""
    value, resource = parameter.children.get("value"), parameter.children.get("resource")
    types: set[str] = set()
    targets: set[str] = set()
    if value is not None and value.max != 0:
        types |= set(value.codes)
        targets |= {url for ref in value.types for url in ref.targets}
    if resource is not None and resource.max != 0:
        types |= set(resource.codes)
    return types, targets


def _words(names: set[str]) -> str:
    return " or ".join(sorted(names)) or "nothing in particular"
