"""What a search asks for, said without SQL and without HTTP: frozen values that any store can run.

A `Query` names the resource types, the conditions that must all hold, the order, the page and what to include.
`search.parse` makes one from a query string; `store` turns it into SQL, or back into a query string for another
server. https://hl7.org/fhir/R4/search.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cart_fhir.issues import Issue
from cart_fhir.search.text import fold

Kind = Literal["token", "reference", "date", "string", "quantity", "number", "uri", "composite", "special"]
Prefix = Literal["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"]
Total = Literal["none", "estimate", "accurate"]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A search parameter: its code in the query string, the kind of its values, the types a reference may point at.

    `components` are the parts of a composite in order; each part's code is `<composite>$<position from 1>`.
    `rows` names the (resource type, code) pairs whose index rows are this parameter's; empty: its own code's.
    """

    code: str
    kind: Kind
    targets: tuple[str, ...] = ()
    components: tuple[Parameter, ...] = ()
    rows: Pairs = ()


@dataclass(frozen=True, slots=True)
class TokenValue:
    """`[system]|[code]`. None: not asked for; an empty system: the value must have none."""

    system: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class CodeSet:
    """Any of these (system, code) pairs: `:in`, `:not-in`, `:above` and `:below` after expansion."""

    codes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TokenText:
    """`:text` on a token: the display, text or identifier type text starts with this (folded) text."""

    text: str


@dataclass(frozen=True, slots=True)
class OfType:
    """`identifier:of-type=[system]|[type code]|[identifier value]`."""

    system: str
    code: str
    value: str


@dataclass(frozen=True, slots=True)
class StringValue:
    """Text to find. `exact` compares the text as stored, all others folded text (without case, accents, spaces)."""

    text: str
    how: Literal["start", "contains", "end", "equal", "exact"] = "start"

    @property
    def folded(self) -> str:
        """The text without case, accents and extra spaces."""
        return fold(self.text)


@dataclass(frozen=True, slots=True)
class ReferenceValue:
    """A local resource by `id` (and `type`), or anything by absolute `url` or canonical."""

    type: str | None = None
    id: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class DateValue:
    """An interval in microseconds since 1970 UTC, both ends included, and how the resource's interval relates to it."""

    prefix: Prefix
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class NumberValue:
    """A number with its implicit precision: `low <= x < high` is equality, `exact` serves the other comparisons."""

    prefix: Prefix
    low: float
    high: float
    exact: float


@dataclass(frozen=True, slots=True)
class QuantityValue:
    """A number with its unit; `base` is the same in UCUM base units (number, base unit) where the unit is UCUM.

    `system` None: any system, then `code` may equal the code or the unit text; `code` None: the number only.
    """

    number: NumberValue
    system: str | None = None
    code: str | None = None
    base: tuple[NumberValue, str] | None = None


@dataclass(frozen=True, slots=True)
class UriValue:
    """A URI. `below`: the stored one starts with it; `above`: it starts with the stored one."""

    value: str
    how: Literal["exact", "above", "below"] = "exact"


@dataclass(frozen=True, slots=True)
class Unlike:
    """Any value but this one: `ne` of `_filter`, which asks each value of a resource by itself."""

    value: TokenValue | StringValue | ReferenceValue | UriValue


@dataclass(frozen=True, slots=True)
class CompositeValue:
    """One value for each component; all must hold on the same occurrence of the composite's element."""

    parts: tuple[SimpleValue, ...]


SimpleValue = (
    TokenValue
    | CodeSet
    | TokenText
    | OfType
    | StringValue
    | ReferenceValue
    | DateValue
    | NumberValue
    | QuantityValue
    | UriValue
    | Unlike
)
Value = SimpleValue | CompositeValue


@dataclass(frozen=True, slots=True)
class Match:
    """The parameter has one of the values (OR), or with `negated` none of them (a resource without any matches)."""

    parameter: Parameter
    values: tuple[Value, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """`:missing=true`: the parameter has no value at all; false: it has one."""

    parameter: Parameter
    missing: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """A resource of one of `types`, here in the store, that the reference parameter points at meets the condition."""

    parameter: Parameter
    types: tuple[str, ...]
    condition: Condition


@dataclass(frozen=True, slots=True)
class Has:
    """`_has`: a resource of `type` that points here by its reference parameter meets the condition."""

    type: str
    parameter: Parameter
    condition: Condition


@dataclass(frozen=True, slots=True)
class InList:
    """`_list`: the resource is an item of the List with this id."""

    id: str


@dataclass(frozen=True, slots=True)
class Words:
    """A word, or several side by side (folded); with `prefix` the last is the beginning of a word."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class FullText:
    """`_text` (the narrative) or `_content` (everything): all the words of one of the ways occur."""

    where: Literal["narrative", "content"]
    ways: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the conditions holds; none given: nothing matches."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of the conditions hold; none given: everything matches."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class OnType:
    """The resource is of one of these types and meets the condition (compartments over several types)."""

    types: tuple[str, ...]
    condition: Condition


Condition = Match | Missing | Chain | Has | InList | FullText | AnyOf | AllOf | Not | OnType


@dataclass(frozen=True, slots=True)
class Sort:
    """Order by the lowest value of a parameter, or by the highest when descending; without a value comes last."""

    parameter: Parameter
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Include:
    """`_include` or (reverse) `_revinclude`: `source:parameter[:target]`.

    Parameter `*` is every reference of the source, source `*` every type. `iterate` applies it to included resources
    again until nothing new is found.
    """

    source: str
    parameter: str
    target: str | None = None
    iterate: bool = False
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """One search. `types` empty: every type. `count` None: the store's own page size; 0: the total only.

    `page` is the token a previous page gave as `next`; it is refused for another query or another `caller`.
    `summary` and `elements` say what to show of each resource and are the server's work. `applied` are the pairs
    that took effect (for the self link), `issues` what lenient handling left out. `origin` is what was asked, in one
    text: page tokens are bound to it, or to the conditions where it is empty. `compartment` is the (type, id) whose
    compartment is searched; it is among the conditions too. `base_url` is the address under which the server was
    asked: what `applied` calls by it is a resource of the store.
    """

    types: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    sort: tuple[Sort, ...] = ()
    count: int | None = None
    page: str = ""
    includes: tuple[Include, ...] = ()
    total: Total = "none"
    summary: str = ""
    elements: tuple[str, ...] = ()
    applied: Pairs = ()
    issues: tuple[Issue, ...] = ()
    origin: str = ""
    caller: str = ""
    compartment: tuple[str, str] | None = None
    base_url: str = ""
