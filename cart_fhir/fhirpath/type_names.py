"""Type names in expressions: `is`, `as`, ofType(). https://hl7.org/fhirpath/N1/#types

A name without namespace is FHIR's where FHIR has that type, else System's. To the letter `answer is Boolean` is then
false for every FHIR boolean, yet R4's own invariants (que-7) and many profiles write it so: unless asked to be strict,
such a name means the FHIR primitive too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cart_fhir.fhirpath import shortcuts, syntax
from cart_fhir.fhirpath.code import Code, Run, Shape, boolean
from cart_fhir.fhirpath.nodes import Collection, Env, EvaluationError, Node, system_type
from cart_fhir.fhirpath.types import TypeModel, is_primitive

if TYPE_CHECKING:
    from cart_fhir.fhirpath.compiler import Compiler

SYSTEM = {"Boolean", "String", "Integer", "Decimal", "Date", "DateTime", "Time", "Quantity", "Any"}
Test = Callable[[Any], bool]


class TypeTests:
    """Makes the tests for the type names of one expression."""

    def __init__(self, model: TypeModel) -> None:
        self._model = model

    def code(self, compiler: Compiler, operator: str, source: Code, name: str, part: syntax.Syntax) -> Code:
        """The Code of `is`, `as` and `ofType` with a type name."""
        namespace, _, plain = name.rpartition(".")
        known = bool(self._model.children(plain)) if namespace in ("", "FHIR") else False
        if namespace not in ("", "FHIR", "System") or not (
            known or namespace == "System" or (plain in SYSTEM and not namespace)
        ):
            compiler.refuse(part, f"There is no type '{name}'.")
        test = self._of_fhir(plain, exact=operator != "is") if known else _of_system(plain)
        names = {plain if known else f"System.{plain}"}
        if not known and not namespace and not compiler.strict and plain != "Any":
            primitive = plain[:1].lower() + plain[1:]
            names.add(primitive)
            test = _either(test, self._of_fhir(primitive, exact=operator != "is"))
        if known and plain == "Quantity" and not namespace:
            test = _either(test, _of_system("Quantity"))
        if operator == "is":
            return _is(source.run, test)
        shape = Shape(frozenset(names), source.shape.many, source.shape.ordered)
        if operator == "ofType":
            fused = shortcuts.typed_choice(compiler, part, test) if known else None
            return Code(fused or _filtered(source.run, test), shape, defined=source.defined)
        single = compiler.strict and source.shape.types is not None
        made = _as(source.run, test, single=single)
        return Code(made, replace(shape, many=shape.many and not single), defined=source.defined)

    def _of_fhir(self, name: str, *, exact: bool) -> Test:
        """`is` takes a code for a string; `as` and ofType() keep primitive types apart, as R4's own invariants need."""
        if exact and is_primitive(name):
            return lambda item: item.__class__ is Node and item.type == name
        is_a = self._model.is_a
        return lambda item: item.__class__ is Node and (item.type == name or is_a(item.type, name))


def _of_system(name: str) -> Test:
    if name == "Any":
        return lambda item: not isinstance(item, Node)
    return lambda item: not isinstance(item, Node) and system_type(item) == name


def _either(one: Test, other: Test) -> Test:
    return lambda item: one(item) or other(item)


def _is(source: Run, test: Test) -> Code:
    def truth(this: Collection, env: Env) -> bool | None:
        found = source(this, env)
        if len(found) > 1:
            raise EvaluationError(f"'is' wants one item and has {len(found)}.")
        return test(found[0]) if found else None

    return boolean(truth)


def _filtered(source: Run, test: Test) -> Run:
    return lambda this, env: [item for item in source(this, env) if test(item)]


def _as(source: Run, test: Test, *, single: bool) -> Run:
    """R4's own expressions use `as` to filter, before FHIRPath asked for one item; strict reading asks."""

    def run(this: Collection, env: Env) -> Collection:
        found = source(this, env)
        if single and len(found) > 1:
            raise EvaluationError(f"'as' wants one item and has {len(found)}.", advice="Use ofType() to filter.")
        return [item for item in found if test(item)]

    return run
