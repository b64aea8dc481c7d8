"""CapabilityStatements as data: a search parameter has the type that its definition gives it.

https://hl7.org/fhir/R4/capabilitystatement-definitions.html#CapabilityStatement.rest.resource.searchParam.type
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules.code_system import dicts
from cart_fhir.validator.rules.primitives import shown

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context

Json = dict[str, Any]


def check(statement: Json, context: Context) -> Found:
    """Every search parameter of every resource whose definition is at hand."""
    found: Found = None
    for number, rest in enumerate(dicts(statement.get("rest"))):
        for index, resource in enumerate(dicts(rest.get("resource"))):
            for at, each in enumerate(dicts(resource.get("searchParam"))):
                steps = (f"searchParam[{at}]", f"resource[{index}]", f"rest[{number}]")
                found = join(found, _type(each, steps, context))
    return found


def _type(parameter: Json, steps: tuple[str, ...], context: Context) -> Found:
    url, kind = parameter.get("definition"), parameter.get("type")
    if not isinstance(url, str) or not isinstance(kind, str):
        return None
    definition = context.program.registry.find("SearchParameter", url)
    if definition is None or definition.get("type") in (None, kind):
        return None
    text = f"The parameter {shown(parameter.get('name'))} is said to be {kind}, but {url} is {definition['type']}."
    return one("definition", text, *steps)
