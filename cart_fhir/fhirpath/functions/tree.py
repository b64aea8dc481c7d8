"""children() and descendants(). https://hl7.org/fhirpath/N1/#tree-navigation"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cart_fhir.fhirpath import syntax
from cart_fhir.fhirpath.code import Code, Scope, Shape
from cart_fhir.fhirpath.functions.registry import builder
from cart_fhir.fhirpath.nodes import Collection, Env, Node

if TYPE_CHECKING:
    from cart_fhir.fhirpath.compiler import Compiler


@builder("children")
def children(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """The elements directly below, in no order that means anything."""
    items, append = source.run, compiler.children

    def run(this: Collection, env: Env) -> Collection:
        found: list[Any] = []
        for item in items(this, env):
            if isinstance(item, Node):
                append(item, found)
        return found

    return Code(run, Shape(None, ordered=False))


@builder("descendants")
def descendants(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """All elements below, in no order that means anything."""
    items, append = source.run, compiler.children.below

    def run(this: Collection, env: Env) -> Collection:
        found: list[Any] = []
        for item in items(this, env):
            if isinstance(item, Node):
                append(item, found)
        return found

    return Code(run, Shape(None, ordered=False))
