"""The items of FHIRPath collections, and what an evaluation is given.

An item is a `Node` (a FHIR element: raw JSON with its type) or a System value: bool, int, Decimal, str, Temporal,
Quantity or TypeInfo. Collections are sequences that nobody changes once made, so constants can be shared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from cart_fhir.errors import BadRequest
from cart_fhir.fhirpath import quantities
from cart_fhir.fhirpath.quantities import Convert, Quantity
from cart_fhir.fhirpath.temporal import Temporal

Collection = Sequence[Any]
EMPTY: Collection = ()
TRUE: Collection = (True,)
FALSE: Collection = (False,)


class EvaluationError(BadRequest):
    """An expression that compiles but has no result for these data: several items where one is asked for, 'a' - 'b'."""

    issue_code = "processing"


class Node:
    """A FHIR element: `value` is its raw JSON (a dict, or a primitive's value or None), `type` its FHIR type name.

    `extra` is the dict of a primitive's `_name` property (id, extension), None where there is none.
    """

    __slots__ = ("extra", "type", "value")

    def __init__(self, value: Any, type: str, extra: Any = None) -> None:
        self.value = value
        self.type = type
        self.extra = extra

    def __repr__(self) -> str:
        return f"Node({self.value!r}, {self.type!r})"


@dataclass(frozen=True, slots=True)
class TypeInfo:
    """What type() gives: the namespace "System" or "FHIR", and the name."""

    namespace: str
    name: str


@dataclass(slots=True)
class Env:
    """What an evaluation may use beside the value itself. One Env serves one evaluation at a time.

    `resource` is the resource that holds the value (`%resource`; itself when None), `root_resource` the one that holds
    a contained resource, `context` the `%context`; raw JSON. `resolve(reference)` gives raw JSON or None;
    `member_of(value_set_url, raw value, type name)` and `conforms_to(raw value, type name, profile_url)` give None
    when it cannot be known, as does `subsumes(system, a, b)`, which tells how two codes relate in the words of FHIR's
    $subsumes ("subsumes", "subsumed-by" ...). `convert` converts UCUM units. `variables` are further `%names`: a plain
    value or a list. `now` fixes now() and today(). `trace` is told (name, collection) by trace().
    """

    resource: Any = None
    root_resource: Any = None
    context: Any = None
    resolve: Callable[[str], Any] | None = None
    member_of: Callable[[str, Any, str], bool | None] | None = None
    conforms_to: Callable[[Any, str, str], bool | None] | None = None
    convert: Convert | None = None
    subsumes: Callable[[str, str, str], str | None] | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    now: datetime | None = None
    trace: Callable[[str, list[Any]], None] | None = None
    index: int | None = field(default=None, repr=False)
    total: Collection = field(default=EMPTY, repr=False)
    defined: dict[int, Collection] = field(default_factory=dict, repr=False)
    focus: Node | None = field(default=None, repr=False)


def node_of(value: Any, default: str) -> Node:
    """A Node of raw JSON: a resource has the type it names, anything else the default type."""
    if isinstance(value, Node):
        return value
    if isinstance(value, dict):
        named = value.get("resourceType")
        if isinstance(named, str) and named and "." not in default:
            return Node(value, named)
    return Node(value, default)


TEMPORAL = {"date": "Date", "dateTime": "DateTime", "instant": "DateTime", "time": "Time"}
"""The primitives whose text is read as a moment, and the System type of that."""
_INTEGERS = {"integer", "positiveInt", "unsignedInt"}


def system(item: Any) -> Any:
    """The System value of an item: a primitive's value (dates parsed), a FHIR Quantity's; complex Nodes as they are.

    None for a primitive without a value, or whose value is not what its type asks for in JSON.
    """
    if item.__class__ is not Node:
        return item
    value, name = item.value, item.type
    shape = value.__class__
    if shape is str:
        kind = TEMPORAL.get(name)
        return (Temporal.parse(value, kind) or value) if kind else value
    if shape is bool:
        return value
    if shape is dict:
        if name in ("Quantity", "Age", "Duration", "Distance", "Count", "Money", "SimpleQuantity", "MoneyQuantity"):
            return quantities.of_fhir(value) or item
        return item
    if shape is float:
        return Decimal(repr(value))
    if name == "decimal" and shape is int:
        return Decimal(value)
    return value


def type_of(item: Any) -> TypeInfo:
    """The type of an item."""
    if isinstance(item, Node):
        return TypeInfo("FHIR", item.type)
    return TypeInfo("System", system_type(item))


def system_type(value: Any) -> str:
    """The name of a System value's type."""
    match value:
        case bool():
            return "Boolean"
        case int():
            return "Integer"
        case Decimal():
            return "Decimal"
        case str():
            return "String"
        case Quantity():
            return "Quantity"
        case Temporal():
            return value.kind
    return type(value).__name__


MOST = 1_000_000
"""Items of a collection, characters of a text: what doubles with every item of aggregate() is stopped there."""


def bounded(made: Any) -> Any:
    """The text or list itself; EvaluationError where it is too large."""
    if len(made) > MOST:
        raise EvaluationError(f"The expression makes something of over {MOST} parts.")
    return made


def one(collection: Collection, what: str) -> Any:
    """The System value of the only item, None for an empty collection; EvaluationError for more than one."""
    if len(collection) == 1:
        return system(collection[0])
    if not collection:
        return None
    raise EvaluationError(f"{what} wants one item and has {len(collection)}.")


def truth(collection: Collection, what: str) -> bool | None:
    """A collection where a Boolean is asked for: empty is None, one item that is no Boolean is true.

    https://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections
    """
    if not collection:
        return None
    if len(collection) > 1:
        raise EvaluationError(f"{what} wants one Boolean and has {len(collection)} items.")
    value = system(collection[0])
    if value is True or value is False:
        return bool(value)
    return True if value is not None or isinstance(collection[0], Node) else None
