"""SearchParameters as data: their expressions can be compiled for each type they are for, their parts are known.

https://hl7.org/fhir/R4/searchparameter.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cart_fhir import fhirpath
from cart_fhir.errors import CartFHIRError
from cart_fhir.fhirpath import parser
from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules.code_system import dicts
from cart_fhir.validator.rules.primitives import shown

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context
    from cart_fhir.validator.program import Program

Json = dict[str, Any]


def check(resource: Json, context: Context) -> Found:
    """The expression compiles; a composite has components that exist; a reference has targets."""
    found = _expression(resource, context.program)
    kind, components = resource.get("type"), dicts(resource.get("component"))
    if kind == "composite" and not components:
        found = join(found, one("search-parameter", "A composite parameter needs components."))
    if components and kind != "composite":
        text = f"Only a composite parameter has components; this one is {shown(kind)}."
        found = join(found, one("search-parameter", text, "component[0]"))
    if "target" in resource and kind not in ("reference", "composite"):
        text = f"Only a reference parameter has targets; this one is {shown(kind)}."
        found = join(found, one("search-parameter", text, "target[0]", severity="warning"))
    for index, each in enumerate(components):
        url = each.get("definition")
        if isinstance(url, str) and context.program.registry.find("SearchParameter", url) is None:
            context.note("definition-unknown", f"The component {url} was not checked: it is not at hand.")
        for start in _starts(resource, context.program) or ("",):
            found = join(found, _syntax(each.get("expression"), start, context.program, f"component[{index}]"))
    return found


def _expression(resource: Json, program: Program) -> Found:
    """The expression compiles for each base that is known (an unknown one is told by the binding of `base`)."""
    bases = resource.get("base")
    named = {base for base in bases if isinstance(base, str)} if isinstance(bases, list) else set()
    foreign = {each for each in _roots(resource.get("expression")) if program.is_resource(each)} - named
    wide = {"Resource", "DomainResource"}
    if foreign and not foreign & wide and not named & wide:
        text = f"The expression starts from {' and '.join(sorted(foreign))}, for which the parameter is not."
        return one("search-parameter", text, "expression")
    for base in bases if isinstance(bases, list) else []:
        if isinstance(base, str) and program.schema(base) is not None:
            found = _syntax(resource.get("expression"), base, program)
            if found:
                return found
    return None


def _roots(expression: Any) -> list[str]:
    """The names that the alternatives of an expression start with."""
    parts = expression.split("|") if isinstance(expression, str) else []
    return [each.strip(" (").partition(".")[0].partition(" ")[0] for each in parts]


def _starts(resource: Json, program: Program) -> list[str]:
    """The elements that the components of a composite start from, as far as its expression is of plain paths."""
    said = resource.get("expression")
    paths = [each.strip() for each in said.split("|")] if isinstance(said, str) else []
    return [each for each in paths if program.types.children(each)]


def _syntax(expression: Any, root: str, program: Program, *steps: str) -> Found:
    # R4's own item-subject uses a function that FHIRPath never had; searching reads it as extension(...).exists().
    if not isinstance(expression, str) or "hasExtension(" in expression:
        return None
    try:
        if root:
            fhirpath.compile(expression, program.types, root, any_root=True)
        else:
            parser.parse(expression)
    except CartFHIRError as problem:
        text = f"The expression cannot be compiled{f' for {root}' if root else ''}: {problem}"
        return one("search-parameter", text, "expression", *steps)
    return None
