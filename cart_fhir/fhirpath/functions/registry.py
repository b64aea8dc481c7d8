"""How functions are told to the compiler: by name, with what they take and give.

Three kinds: `builder` functions compile their arguments themselves (where, iif ...), `whole` functions work on whole
collections (count, distinct ...), `scalar` functions on the one value they are called on (startsWith, round ...).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Any

from cart_fhir.fhirpath import syntax
from cart_fhir.fhirpath.code import Code, Run, Scope, Shape, Truth, boolean, of_type
from cart_fhir.fhirpath.nodes import EMPTY, Collection, Env, EvaluationError, Node, bounded, system, system_type
from cart_fhir.fhirpath.quantities import Quantity
from cart_fhir.fhirpath.temporal import Temporal

if TYPE_CHECKING:
    from cart_fhir.fhirpath.compiler import Compiler

Builder = Callable[["Compiler", syntax.Call, Code, Scope], Code]
FUNCTIONS: dict[str, Builder] = {}
"""Every function by name; filled when `cart_fhir.fhirpath.functions` is imported, and never after."""

_CLASSES: dict[str, tuple[type, ...]] = {
    "String": (str,),
    "Integer": (int,),
    "Number": (int, Decimal),
    "NumberOrQuantity": (int, Decimal, Quantity),
    "Temporal": (Temporal,),
    "Precise": (int, Decimal, Quantity, Temporal),
    "Quantity": (Quantity,),
    "Any": (object,),
    "Printable": (object,),
}
_ANYTHING = {"Any", "Printable"}
_TEXTUAL = {"String", "Printable"}
_FHIR_NUMBERS = {"integer", "positiveInt", "unsignedInt", "decimal"}


def builder(name: str, least: int = 0, most: int | None = None) -> Callable[[Builder], Builder]:
    """Register a function that compiles its arguments itself; it takes `least` to `most` of them."""

    def register(build: Builder) -> Builder:
        def checked(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
            check_count(compiler, call, least, least if most is None else most)
            return build(compiler, call, source, scope)

        FUNCTIONS[name] = checked
        return build

    return register


def check_count(compiler: Compiler, call: syntax.Call, least: int, most: int) -> None:
    """Refuse a call with too few or too many arguments."""
    if not least <= len(call.arguments) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        compiler.refuse(call, f"{call.name}() takes {wanted} arguments, not {len(call.arguments)}.")


def whole(name: str, arguments: int = 0, shape: Callable[[Shape], Shape] | None = None) -> Callable[[Any], Any]:
    """Register `f(env, items, *arguments)` on collections; the result has the shape of the input unless given."""

    def register(implement: Any) -> Any:
        def build(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
            check_count(compiler, call, arguments, arguments)
            given = [compiler.compile(argument, scope).run for argument in call.arguments]
            items = source.run
            made = shape(source.shape) if shape else source.shape
            if not given:
                return Code(lambda this, env: implement(env, items(this, env)), made)
            if len(given) == 1:
                first = given[0]
                return Code(lambda this, env: implement(env, items(this, env), first(this, env)), made)
            return Code(lambda this, env: implement(env, items(this, env), *[run(this, env) for run in given]), made)

        FUNCTIONS[name] = build
        return implement

    return register


def question(name: str, arguments: int = 0) -> Callable[[Any], Any]:
    """Register `f(env, items, *arguments) -> bool` on collections."""

    def register(implement: Any) -> Any:
        def build(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
            check_count(compiler, call, arguments, arguments)
            given = [compiler.compile(argument, scope).run for argument in call.arguments]
            items = source.run
            if not given:
                return boolean(lambda this, env: implement(env, items(this, env)))
            return boolean(lambda this, env: implement(env, items(this, env), *[run(this, env) for run in given]))

        FUNCTIONS[name] = build
        return implement

    return register


def scalar(name: str, kind: str, *kinds: str, optional: int = 0, returns: str = "") -> Callable[[Any], Any]:
    """Register `f(value, *arguments) -> value | list | None` on one value of a kind, with arguments of kinds.

    No value or an empty argument gives no result; the last `optional` arguments may be left out. `returns` is the
    System type of the result, "" when it varies.
    """

    def register(implement: Any) -> Any:
        def build(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
            check_count(compiler, call, len(kinds) - optional, len(kinds))
            check_kind(compiler, call, source.shape, kind)
            codes = [compiler.compile(argument, scope) for argument in call.arguments]
            for code, wanted in zip(codes, kinds, strict=False):
                check_kind(compiler, call, code.shape, wanted)
            if all(isinstance(argument, syntax.Literal) and argument.value is not None for argument in call.arguments):
                constants = [value_of(code.run((), _NO_ENV), kinds[n], f"{name}()") for n, code in enumerate(codes)]
                if returns == "Boolean":
                    return boolean(_constant_truth(name, implement, source.run, constants, kind))
                run = _constant_run(name, implement, source.run, constants, kind)
            else:
                run = _scalar_run(name, implement, source.run, [code.run for code in codes], (kind, *kinds))
            return Code(run, of_type(f"System.{returns}") if returns else Shape(None))

        FUNCTIONS[name] = build
        return implement

    return register


_NO_ENV = Env()


def _constant_run(name: str, implement: Any, source: Run, constants: list[Any], kind: str) -> Run:
    """The run of a call whose arguments are constants, or that has none."""
    what = f"{name}()"

    def run(this: Collection, env: Env) -> Collection:
        value = value_of(source(this, env), kind, what)
        return EMPTY if value is None else _results(implement, value, constants)

    return run


def _constant_truth(name: str, implement: Any, source: Run, constants: list[Any], kind: str) -> Truth:
    """The same for one that gives a Boolean."""
    what = f"{name}()"

    def truth(this: Collection, env: Env) -> bool | None:
        value = value_of(source(this, env), kind, what)
        return None if value is None else _answer(implement, value, constants)

    return truth


def _answer(implement: Any, value: Any, given: list[Any]) -> bool | None:
    try:
        answer: bool | None = implement(value, *given)
    except (DecimalException, OverflowError):
        return None
    return answer


def _results(implement: Any, value: Any, given: list[Any]) -> Collection:
    try:
        result = implement(value, *given)
    except (DecimalException, OverflowError):
        return EMPTY
    if isinstance(result, list):
        return result
    return EMPTY if result is None else (bounded(result) if isinstance(result, str) else result,)


def _scalar_run(name: str, implement: Any, source: Run, arguments: list[Run], kinds: tuple[str, ...]) -> Run:
    what = f"{name}()"
    pairs = list(zip(arguments, kinds[1:], strict=False))

    def run(this: Collection, env: Env) -> Collection:
        value = value_of(source(this, env), kinds[0], what)
        if value is None:
            return EMPTY
        given = [value_of(argument(this, env), wanted, what) for argument, wanted in pairs]
        return EMPTY if None in given else _results(implement, value, given)

    return run


def value_of(items: Collection, kind: str, what: str) -> Any:
    """The one value of a collection, as a kind; None when empty; EvaluationError for several or for another kind."""
    if not items:
        return None
    if len(items) > 1:
        raise EvaluationError(f"{what} wants one item and has {len(items)}.")
    item = items[0]
    if kind in _TEXTUAL and (item.value if item.__class__ is Node else item).__class__ is str:
        return item.value if item.__class__ is Node else item
    value = system(item)
    if value is None:
        return None
    if not isinstance(value, _CLASSES[kind]) or (isinstance(value, bool) and kind not in _ANYTHING):
        name = value.type if isinstance(value, Node) else system_type(value)
        raise EvaluationError(f"{what} wants a {kind}, not a {name}.")
    return value


def check_kind(compiler: Compiler, call: syntax.Call, shape: Shape, kind: str) -> None:
    """Refuse a call on, or with, what can never be of the kind."""
    if not shape.types or kind in ("Any", "Printable", "Precise", "Temporal"):
        return
    if not any(_may_be(name, kind) for name in shape.types):
        compiler.refuse(call, f"{call.name}() wants a {kind}, not {' or '.join(sorted(shape.types)[:3])}.")


def _may_be(name: str, kind: str) -> bool:
    if name.startswith("System."):
        plain = name.removeprefix("System.")
        return plain == kind or (plain in ("Integer", "Decimal") and kind.startswith("Number")) or (
            plain == "Quantity" and "Quantity" in kind
        )  # fmt: skip
    if name[0].isupper():
        return "Quantity" in kind
    if kind == "String":
        return name not in _FHIR_NUMBERS and name != "boolean"
    return name in _FHIR_NUMBERS
