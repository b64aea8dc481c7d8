"""Functions on whole collections: existence, subsetting, combining. https://hl7.org/fhirpath/N1/#existence"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cart_fhir.fhirpath import equality, syntax
from cart_fhir.fhirpath.code import Code, Scope, Shape, boolean, of_type, truth_of
from cart_fhir.fhirpath.functions.criteria import any_of
from cart_fhir.fhirpath.functions.registry import builder, question, whole
from cart_fhir.fhirpath.nodes import EMPTY, Collection, Env, EvaluationError, bounded, one, system, truth

if TYPE_CHECKING:
    from cart_fhir.fhirpath.compiler import Compiler


def _single(shape: Shape) -> Shape:
    return replace(shape, many=False)


def _many(shape: Shape) -> Shape:
    return Shape(None)


def _integer(shape: Shape) -> Shape:
    return of_type("System.Integer")


@builder("empty")
def empty(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """True when there are no items."""
    items, some = source.run, source.some
    if some:
        return boolean(lambda this, env: not some(this, env))
    return boolean(lambda this, env: not items(this, env))


@builder("not")
def negation(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """The opposite of one Boolean; a number stands for true when it is not 0."""
    if source.truth:
        inner = source.truth

        def plain(this: Collection, env: Env) -> bool | None:
            answer = inner(this, env)
            return None if answer is None else not answer

        return boolean(plain)
    run = source.run

    def opposite(this: Collection, env: Env) -> bool | None:
        answer = truth(run(this, env), "not()")
        return None if answer is None else not answer

    return boolean(opposite)


def _booleans(items: Collection, what: str) -> list[bool]:
    found = [system(item) for item in items]
    if not all(isinstance(value, bool) for value in found):
        raise EvaluationError(f"{what} wants Booleans.")
    return found


@question("allTrue")
def all_true(env: Env, items: Collection) -> bool:
    """True when every item is true, also when there are none."""
    return all(_booleans(items, "allTrue()"))


@question("anyTrue")
def any_true(env: Env, items: Collection) -> bool:
    """True when an item is true."""
    return any(_booleans(items, "anyTrue()"))


@question("allFalse")
def all_false(env: Env, items: Collection) -> bool:
    """True when every item is false, also when there are none."""
    return not any(_booleans(items, "allFalse()"))


@question("anyFalse")
def any_false(env: Env, items: Collection) -> bool:
    """True when an item is false."""
    return not all(_booleans(items, "anyFalse()"))


def _keys(items: Collection) -> set[Any]:
    return {equality.key(item) for item in items}


@question("subsetOf", 1)
def subset_of(env: Env, items: Collection, other: Collection) -> bool:
    """True when every item is in the other collection."""
    return _keys(items) <= _keys(other)


@question("supersetOf", 1)
def superset_of(env: Env, items: Collection, other: Collection) -> bool:
    """True when every item of the other collection is in this one."""
    return _keys(other) <= _keys(items)


@question("isDistinct")
def is_distinct(env: Env, items: Collection) -> bool:
    """True when no item stands twice."""
    return len(_keys(items)) == len(items)


@whole("distinct")
def distinct(env: Env, items: Collection) -> Collection:
    """The items without repetition."""
    return equality.distinct(items)


@whole("count", shape=_integer)
def count(env: Env, items: Collection) -> Collection:
    """How many items there are."""
    return (len(items),)


@whole("single", shape=_single)
def single(env: Env, items: Collection) -> Collection:
    """The only item; an error for several."""
    if len(items) > 1:
        raise EvaluationError(f"single() wants one item and has {len(items)}.")
    return items


@whole("first", shape=_single)
def first(env: Env, items: Collection) -> Collection:
    """The first item."""
    return items[:1]


@whole("last", shape=_single)
def last(env: Env, items: Collection) -> Collection:
    """The last item."""
    return items[-1:]


@whole("tail")
def tail(env: Env, items: Collection) -> Collection:
    """All items but the first."""
    return items[1:]


def _number(argument: Collection, what: str) -> int:
    value = one(argument, what)
    if value.__class__ is not int:
        raise EvaluationError(f"{what} wants an Integer.")
    return int(value)


@whole("skip", 1)
def skip(env: Env, items: Collection, number: Collection) -> Collection:
    """All items but the first so many."""
    return items[max(0, _number(number, "skip()")) :]


@whole("take", 1)
def take(env: Env, items: Collection, number: Collection) -> Collection:
    """The first so many items."""
    return items[: max(0, _number(number, "take()"))]


@whole("intersect", 1)
def intersect(env: Env, items: Collection, other: Collection) -> Collection:
    """The items that are in both, without repetition."""
    if not items or not other:
        return EMPTY
    wanted = _keys(other)
    return [item for item in equality.distinct(items) if equality.key(item) in wanted]


@whole("exclude", 1)
def exclude(env: Env, items: Collection, other: Collection) -> Collection:
    """The items that are not in the other collection; order and repetition stay."""
    unwanted = _keys(other)
    return [item for item in items if equality.key(item) not in unwanted]


@whole("combine", 1, shape=_many)
def combine(env: Env, items: Collection, other: Collection) -> Collection:
    """Both collections, with repetition."""
    return list(bounded([*items, *other]))


@whole("union", 1, shape=_many)
def union(env: Env, items: Collection, other: Collection) -> Collection:
    """Both collections, without repetition."""
    return equality.distinct([*items, *other])


@builder("exists", 0, 1)
def exists(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """True when there are items, or when an item meets the criterion."""
    items = source.run
    if not call.arguments:
        return boolean(source.some or (lambda this, env: bool(items(this, env))))
    criterion = truth_of(compiler.compile(call.arguments[0], scope.within(source.shape, source.defined)), "exists()")
    if not syntax.uses_index(call.arguments[0]):
        return boolean(any_of(items, criterion))

    def found(this: Collection, env: Env) -> bool:
        before = env.index
        try:
            for number, item in enumerate(items(this, env)):
                env.index = number
                if criterion((item,), env):
                    return True
        finally:
            env.index = before
        return False

    return boolean(found)


@builder("all", 1)
def every(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """True when every item meets the criterion, also when there are none."""
    items = source.run
    criterion = truth_of(compiler.compile(call.arguments[0], scope.within(source.shape, source.defined)), "all()")

    def met(this: Collection, env: Env) -> bool:
        before = env.index
        try:
            for number, item in enumerate(items(this, env)):
                env.index = number
                if not criterion((item,), env):
                    return False
        finally:
            env.index = before
        return True

    return boolean(met)
