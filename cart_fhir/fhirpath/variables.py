"""`%names`: the resource, the terminologies, value sets and extensions by short name, and what the caller gives.

https://hl7.org/fhir/R4/fhirpath.html#vars
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cart_fhir.fhirpath import syntax
from cart_fhir.fhirpath.code import UNKNOWN, Code, Run, Scope, of_type
from cart_fhir.fhirpath.nodes import EMPTY, Collection, Env, EvaluationError, node_of

if TYPE_CHECKING:
    from cart_fhir.fhirpath.compiler import Compiler

_TERMINOLOGIES = {
    "sct": "http://snomed.info/sct",
    "loinc": "http://loinc.org",
    "ucum": "http://unitsofmeasure.org",
}


def external(compiler: Compiler, part: syntax.External, scope: Scope) -> Code:
    """The Code of `%name`."""
    name = part.name
    if name in scope.defined:
        number = scope.defined[name]
        return Code(lambda this, env: env.defined.get(number, EMPTY), UNKNOWN)
    if name in ("resource", "rootResource", "context"):
        return _given(compiler, name)
    if name in _TERMINOLOGIES:
        return _constant(_TERMINOLOGIES[name])
    for prefix, kind in (("vs-", "ValueSet"), ("ext-", "StructureDefinition")):
        if name.startswith(prefix):
            return _constant(f"http://hl7.org/fhir/{kind}/{name.removeprefix(prefix)}")
    if name not in compiler.names:
        compiler.refuse(part, f"The variable %{name} is not known here.")
    return Code(_variable(name), UNKNOWN)


def _constant(text: str) -> Code:
    value = (text,)
    return Code(lambda this, env: value, of_type("System.String"))


def _given(compiler: Compiler, name: str) -> Code:
    holder = compiler.root.partition(".")[0]
    known = compiler.model.is_a(holder, "Resource") and holder not in ("Resource", "DomainResource")
    if name == "context":
        return Code(
            lambda this, env: (env.focus if env.context is None else node_of(env.context, compiler.root),),
            of_type(compiler.root),
        )

    def resource(this: Collection, env: Env) -> Collection:
        value = env.resource if env.resource is not None else env.focus
        return (node_of(value, holder),)

    def root_resource(this: Collection, env: Env) -> Collection:
        return (node_of(env.root_resource, "Resource"),) if env.root_resource is not None else resource(this, env)

    if name == "rootResource":
        return Code(root_resource, UNKNOWN)
    return Code(resource, of_type(holder) if known else UNKNOWN)


def _variable(name: str) -> Run:
    def run(this: Collection, env: Env) -> Collection:
        if name not in env.variables:
            raise EvaluationError(f"The variable %{name} has no value here.")
        value: Any = env.variables[name]
        items = value if isinstance(value, list | tuple) else () if value is None else (value,)
        return [node_of(item, "Element") if isinstance(item, dict) else item for item in items]

    return run
