"""Functions with a criterion or projection, evaluated for each item. https://hl7.org/fhirpath/N1/#filtering-and-projection"""

from __future__ import annotations

from dataclasses import replace
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

from cart_fhir.fhirpath import equality, syntax
from cart_fhir.fhirpath.code import NOTHING, UNKNOWN, Code, Run, Scope, Shape, Truth, truth_of
from cart_fhir.fhirpath.functions.registry import builder
from cart_fhir.fhirpath.nodes import EMPTY, Collection, Env, EvaluationError, bounded, one

if TYPE_CHECKING:
    from cart_fhir.fhirpath.compiler import Compiler

_MOST_ROUNDS = 10_000
"""Items that repeat() may find; a projection that makes new values for ever is stopped there."""


def any_of(items: Run, criterion: Truth) -> Truth:
    """Whether an item meets a criterion that does not ask for its index."""

    def some(this: Collection, env: Env) -> bool:
        for item in items(this, env):  # noqa: SIM110 - a generator would take twice the time
            if criterion((item,), env):
                return True
        return False

    return some


def _of_each(compiler: Compiler, part: syntax.Syntax, source: Code, scope: Scope) -> Code:
    return compiler.compile(part, scope.within(source.shape, source.defined))


@builder("where", 1)
def where(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """The items that meet the criterion."""
    items, criterion = source.run, truth_of(_of_each(compiler, call.arguments[0], source, scope), "where()")
    if not syntax.uses_index(call.arguments[0]):
        return Code(
            lambda this, env: [item for item in items(this, env) if criterion((item,), env)],
            source.shape,
            some=any_of(items, criterion),
        )

    def run(this: Collection, env: Env) -> Collection:
        found = items(this, env)
        before, kept = env.index, []
        try:
            for number, item in enumerate(found):
                env.index = number
                if criterion((item,), env):
                    kept.append(item)
        finally:
            env.index = before
        return kept

    return Code(run, source.shape)


@builder("select", 1)
def select(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """The projection of every item, all in one collection."""
    projection = _of_each(compiler, call.arguments[0], source, scope)
    items, project = source.run, projection.run

    def run(this: Collection, env: Env) -> Collection:
        before, made = env.index, list[Any]()
        try:
            for number, item in enumerate(items(this, env)):
                env.index = number
                made.extend(project((item,), env))
                bounded(made)
        finally:
            env.index = before
        return made

    shape = Shape(projection.shape.types, source.shape.many or projection.shape.many, source.shape.ordered)
    return Code(run, shape)


@builder("repeat", 1)
def repeat(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """The projection of every item, of what that finds, and so on; without repetition and without the input."""
    projected = _of_each(compiler, call.arguments[0], source, scope)
    if projected.shape.types != source.shape.types:
        projected = _of_each(compiler, call.arguments[0], replace(source, shape=UNKNOWN), scope)
    items, project = source.run, projected.run

    def run(this: Collection, env: Env) -> Collection:
        found: dict[Any, Any] = {}
        waiting = list(items(this, env))
        while waiting:
            fresh = []
            for item in waiting:
                for made in project((item,), env):
                    key = (
                        id(made.value)
                        if hasattr(made, "value") and isinstance(made.value, dict)
                        else equality.key(made)
                    )
                    if key not in found:
                        found[key] = made
                        fresh.append(made)
            if len(found) > _MOST_ROUNDS:
                raise EvaluationError(f"repeat() found more than {_MOST_ROUNDS} items.")
            waiting = fresh
        return list(found.values())

    return Code(run, Shape(projected.shape.types))


@builder("iif", 2, 3)
def iif(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """The second argument when the first is true, else the third; only the chosen one is evaluated."""
    inner = scope if call.base is None else scope.within(source.shape, source.defined)
    test, *results = [compiler.compile(argument, inner) for argument in call.arguments]
    if compiler.strict and (test.shape.types or frozenset(("System.Boolean",))).isdisjoint(
        ("System.Boolean", "boolean")
    ):
        compiler.refuse(call, "The criterion of iif() is a Boolean.")
    criterion, items = truth_of(test, "iif()"), source.run
    chosen, otherwise = results[0].run, results[1].run if len(results) > 1 else None

    def run(this: Collection, env: Env) -> Collection:
        found = items(this, env)
        if len(found) > 1:
            raise EvaluationError(f"iif() wants one item and has {len(found)}.")
        if criterion(found, env):
            return chosen(found, env)
        return otherwise(found, env) if otherwise else EMPTY

    shapes = [result.shape for result in results] + ([NOTHING] if len(results) == 1 else [])
    types = (
        None if any(shape.types is None for shape in shapes) else frozenset().union(*[s.types or () for s in shapes])
    )
    return Code(run, Shape(types, many=any(shape.many for shape in shapes)))


@builder("trace", 1, 2)
def trace(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """The input as it is; the caller's `trace` is told its name and items (or their projection)."""
    items, name = source.run, compiler.compile(call.arguments[0], scope).run
    projection = _of_each(compiler, call.arguments[1], source, scope).run if len(call.arguments) > 1 else None

    def run(this: Collection, env: Env) -> Collection:
        found = items(this, env)
        if env.trace:
            shown = [made for item in found for made in projection((item,), env)] if projection else list(found)
            env.trace(str(one(name(this, env), "trace()")), shown)
        return found

    return Code(run, source.shape)


@builder("aggregate", 1, 2)
def aggregate(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """The last value of the first argument, evaluated item by item with the value so far as `$total`."""
    items, step = source.run, _of_each(compiler, call.arguments[0], source, scope).run
    start: Run | None = compiler.compile(call.arguments[1], scope).run if len(call.arguments) > 1 else None

    def run(this: Collection, env: Env) -> Collection:
        index, total = env.index, env.total
        found = items(this, env)
        reached = start(this, env) if start else EMPTY
        try:
            for number, item in enumerate(found):
                env.index, env.total = number, reached
                reached = step((item,), env)
        finally:
            env.index, env.total = index, total
        return reached

    return Code(run, UNKNOWN)


@builder("sort", 0, 9)
def sort(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """The items in order of themselves or of keys; `-key` turns the order around. Items without a key come first."""
    keys: list[tuple[Run, int]] = []
    for argument in call.arguments or (syntax.Special("$this", call.at),):
        sign, part = 1, argument
        if isinstance(argument, syntax.Unary) and argument.operator == "-":
            sign, part = -1, argument.operand
        keys.append((_of_each(compiler, part, source, scope).run, sign))
    items = source.run

    def run(this: Collection, env: Env) -> Collection:
        rows = [([key((item,), env) for key, _ in keys], item) for item in items(this, env)]

        def compare(left: Any, right: Any) -> int:
            for (_, sign), one_key, other in zip(keys, left[0], right[0], strict=True):
                if not one_key or not other:
                    order = bool(one_key) - bool(other)
                else:
                    order = sign * (equality.order(one_key[0], other[0], env.convert) or 0)
                if order:
                    return order
            return 0

        return [item for _, item in sorted(rows, key=cmp_to_key(compare))]

    return Code(run, replace(source.shape, ordered=True))


@builder("defineVariable", 1, 2)
def define_variable(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """The input as it is; from here on in this chain `%name` is the second argument, or the input."""
    name = call.arguments[0]
    if not isinstance(name, syntax.Literal) or not isinstance(name.value, str):
        compiler.refuse(call, "defineVariable() wants its name as a text.")
    if name.value in scope.defined or name.value in ("resource", "rootResource", "context", "ucum", "sct", "loinc"):
        compiler.refuse(call, f"The variable %{name.value} is defined already.")
    items, number = source.run, compiler.new_variable()
    inner = scope if call.base is None else scope.within(source.shape, source.defined)
    value = compiler.compile(call.arguments[1], inner).run if len(call.arguments) > 1 else None

    def run(this: Collection, env: Env) -> Collection:
        found = items(this, env)
        env.defined[number] = value(found, env) if value else found
        return found

    return Code(run, source.shape, defined={name.value: number})
