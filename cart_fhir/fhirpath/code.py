"""What compiling a part of an expression gives: a closure, and what is known of its result beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cart_fhir.fhirpath import nodes
from cart_fhir.fhirpath.nodes import EMPTY, FALSE, TRUE, Collection, Env

Run = Callable[[Collection, Env], Collection]
"""(the collection `$this` stands for, the Env) -> result."""

Truth = Callable[[Collection, Env], bool | None]
"""The same for a part that gives one Boolean or nothing; spares making collections."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a collection before it exists.

    `types`: every type an item may have ("System.String", "HumanName"); None when not known, empty for nothing at all.
    `many`: there may be several items. `ordered`: their order means something.
    """

    types: frozenset[str] | None
    many: bool = True
    ordered: bool = True


UNKNOWN = Shape(None)
NOTHING = Shape(frozenset(), many=False)


def of_type(name: str, *, many: bool = False) -> Shape:
    """The shape of one item, or several, of one type."""
    return Shape(frozenset((name,)), many)


BOOLEAN = of_type("System.Boolean")


@dataclass(frozen=True, slots=True)
class Code:
    """A compiled part: its closure and shape; `defined` are the variables its chain defines, by name, for what follows.

    `truth` is set for parts that give a Boolean by nature; `some` tells whether there are any items, where that is
    known sooner than the items themselves.
    """

    run: Run
    shape: Shape = UNKNOWN
    truth: Truth | None = None
    some: Truth | None = None
    defined: Mapping[str, int] = field(default_factory=dict)


def boolean(truth: Truth) -> Code:
    """The Code of a part that gives a Boolean by nature."""

    def run(this: Collection, env: Env) -> Collection:
        answer = truth(this, env)
        return EMPTY if answer is None else TRUE if answer else FALSE

    return Code(run, BOOLEAN, truth)


def truth_of(code: Code, what: str) -> Truth:
    """The closure for a part where a Boolean is asked for."""
    if code.truth:
        return code.truth
    run, convert = code.run, nodes.truth
    return lambda this, env: convert(run(this, env), what)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a part stands: the shape of `$this`, and the variables defined before it (name -> number)."""

    this: Shape
    defined: Mapping[str, int] = field(default_factory=dict)

    def within(self, this: Shape, defined: Mapping[str, int]) -> Scope:
        """The scope of a criterion, whose `$this` is each item of a collection."""
        return Scope(Shape(this.types, many=False), {**self.defined, **defined})

    def after(self, code: Code) -> Scope:
        """The scope of an argument, which sees what the chain before it has defined."""
        return Scope(self.this, {**self.defined, **code.defined}) if code.defined else self
