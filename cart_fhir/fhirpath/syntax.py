"""The parts of a FHIRPath expression: what the parser makes and the compiler reads. `at` is the offset in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant: str, bool, int, Decimal, Temporal or Quantity; `value` None is the empty collection `{}`."""

    value: Any
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """`base.name`, or a name at the start (`base` None)."""

    base: Syntax | None
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """`base.name(arguments)`, or a function at the start (`base` None: on the context)."""

    base: Syntax | None
    name: str
    arguments: tuple[Syntax, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Index:
    """`base[index]`."""

    base: Syntax
    index: Syntax
    at: int


@dataclass(frozen=True, slots=True)
class Unary:
    """`-operand` or `+operand`."""

    operator: str
    operand: Syntax
    at: int


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`."""

    operator: str
    left: Syntax
    right: Syntax
    at: int


@dataclass(frozen=True, slots=True)
class TypeTest:
    """`operand is Type` or `operand as Type`; the type name may be qualified ("System.String")."""

    operator: str
    operand: Syntax
    type_name: str
    at: int


@dataclass(frozen=True, slots=True)
class Special:
    """`$this`, `$index` or `$total`."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class External:
    """`%name`."""

    name: str
    at: int


Syntax = Literal | Name | Call | Index | Unary | Binary | TypeTest | Special | External


def parts(syntax: Syntax) -> tuple[Syntax, ...]:
    """The direct parts of an expression."""
    match syntax:
        case Name(base=base):
            return (base,) if base else ()
        case Call(base=base, arguments=arguments):
            return (base, *arguments) if base else arguments
        case Index(base=base, index=index):
            return (base, index)
        case Unary(operand=operand) | TypeTest(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
    return ()


def walk(syntax: Syntax) -> Iterator[Syntax]:
    """The expression and all its parts."""
    waiting = [syntax]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(parts(part))


def uses_index(syntax: Syntax) -> bool:
    """True when `$index` stands anywhere in the expression."""
    return any(isinstance(part, Special) and part.name == "$index" for part in walk(syntax))


def depth(syntax: Syntax) -> int:
    """How deep the parts nest; counted without recursion, since it guards recursion."""
    level, deepest = [syntax], 0
    while level:
        level = [inner for part in level for inner in parts(part)]
        deepest += 1
    return deepest


def type_name(syntax: Syntax) -> str:
    """The type name that an argument of is(), as() and ofType() spells: "Quantity", "FHIR.Patient"; "" for others."""
    match syntax:
        case Name(base=None, name=name):
            return name
        case Name(base=Name(base=None, name=namespace), name=name):
            return f"{namespace}.{name}"
    return ""
