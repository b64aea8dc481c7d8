"""Objects and arrays: unknown properties, cardinality, choices, empty things (primitives: `pairs`).

https://hl7.org/fhir/R4/json.html, https://hl7.org/fhir/R4/conformance-rules.html#cardinality
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cart_fhir.validator.context import Context
from cart_fhir.validator.findings import Finding, Found, join, lift, one
from cart_fhir.validator.rules.guard import when_present
from cart_fhir.validator.rules.primitives import Sure, shown
from cart_fhir.validator.schema import Element
from cart_fhir.validator.shapes import Property, Rule

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Needed:
    """An element that must be there (`least` > 0) or may be there in one type only (`choice`); `bits` mark its keys."""

    element: Element
    bits: int
    choice: bool
    least: int


Entry = tuple[int, Sure, Property]
"""Of a JSON property: the bits that mark it as seen, values that need no check, and the check of the others."""

NOT_SURE: Sure = {}
_NO_VALUE = ("json-shape", "json-null")
_ANYTHING_SEEN = 1
_ID_SEEN = 2
_FIRST_BIT = 4


@dataclass(slots=True)
class Table:
    """The properties of an object by JSON name, and what is asked of the object when all of them have been seen.

    `required` are bits that must all be seen, `needed` the elements that they stand for; `choices` may be given in one
    type only; `absent` are asked of every object for what a missing array hides; `present` tells by which bit an
    element was seen, in whatever type; `arrays` are the properties that hold arrays.
    """

    properties: dict[str, Entry] = field(default_factory=dict)
    required: int = 0
    needed: list[Needed] = field(default_factory=list)
    choices: list[Needed] = field(default_factory=list)
    absent: list[Callable[[Json, Context], Found]] = field(default_factory=list)
    present: dict[str, int] = field(default_factory=dict)
    arrays: set[str] = field(default_factory=set)
    _next: int = _FIRST_BIT

    def bit(self, name: str) -> int:
        """A bit for an element; an id alone makes no element, so its bit is always the same."""
        made = self.present[name] = _ID_SEEN if name == "id" else self.spare_bit()
        return made

    def spare_bit(self) -> int:
        """A bit that nothing else uses."""
        made = self._next
        self._next <<= 1
        return made


class ObjectCheck:
    """The check of a JSON object against the children of an element or type, and by `rules` about the whole.

    The table is made when the first object comes, so that a type that never occurs costs nothing and types may be
    recursive. Rules that can only fail when certain elements are there (`Guarded`) are asked only then.
    """

    __slots__ = ("_absent", "_choices", "_make", "_properties", "_required", "_rules", "_table", "is_resource", "rules")

    def __init__(self, make: Callable[[], Table], rules: tuple[Rule, ...] = (), *, is_resource: bool = False) -> None:
        self._make = make
        self._table: Table | None = None
        self._properties: dict[str, Entry] = {}
        self._required = 0
        self._choices: tuple[tuple[int, int, Needed], ...] = ()
        self._absent: tuple[Callable[[Json, Context], Found], ...] = ()
        self._rules: tuple[tuple[int, Rule], ...] = ()
        self.rules = rules
        self.is_resource = is_resource

    def table(self) -> Table:
        """The properties, made on first use."""
        if self._table is None:
            table = self._make()
            self._properties = table.properties
            self._required = table.required
            self._choices = tuple((each.bits, each.least, each) for each in table.choices)
            self._absent = tuple(table.absent)
            self._rules = tuple(when_present(rule, table.present) for rule in self.rules)
            self._table = table
        return self._table

    def also(self, rules: tuple[Rule, ...]) -> ObjectCheck:
        """The same check with further rules about the whole; both share one table."""
        return ObjectCheck(self.table, (*self.rules, *rules), is_resource=self.is_resource) if rules else self

    def __call__(self, value: Any, context: Context) -> Found:
        if self._table is None:
            self.table()
        if type(value) is not dict:
            return wrong_shape(value, "an object")
        found: Found = None
        seen = _ANYTHING_SEEN
        properties = self._properties
        for key, item in value.items():
            try:
                bits, sure, check = properties[key]
            except KeyError:
                found = join(found, self._unknown(key, item))
                continue
            seen |= bits
            accepts = sure.get(type(item))
            if (accepts is None or not accepts(item)) and (result := check(item, value, context)):
                if self._unusable(key, item, result):
                    seen &= ~bits
                found = join(found, result)
        if self._required & ~seen:
            found = join(found, self._missing(seen))
        for bits, least, choice in self._choices:
            hit = seen & bits
            if hit & (hit - 1):
                found = join(found, _twice(choice.element, value))
            elif least and not hit:
                found = join(found, too_few(choice.element, 0))
        if seen < _FIRST_BIT:
            found = join(found, _empty(value, self.is_resource))
        for rule in self._absent:
            if result := rule(value, context):
                found = join(found, result)
        for needs, about in self._rules:
            if seen & needs == needs and (result := about(value, context)):
                found = join(found, result)
        return found

    def companion(self, value: Json, context: Context) -> Found:
        """The check of the object beside a primitive (`_birthDate`): the same, but it may be empty."""
        found = self(value, context)
        if found:
            found = [each for each in found if each.rule != "empty-object"]
        return found or None

    def _unknown(self, key: str, item: Any) -> Found:
        if key == "resourceType" and self.is_resource:
            return None
        if key == "fhir_comments":
            return one("unknown-element", "'fhir_comments' belongs to DSTU2 and is not part of R4.")
        close = [name for name in self._properties if name.lower() == key.lower()]
        advice = f"Did you mean '{close[0]}'?" if close else ""
        return one("unknown-element", f"The property '{key}' is not known here.", advice=advice)

    def _unusable(self, key: str, item: Any, found: list[Finding]) -> bool:
        """True when a property has nothing that could be its value, so that it counts as missing besides.

        An object where an array of them belongs is one of them.
        """
        first = found[0]
        if first.rule not in _NO_VALUE or len(first.steps) != 1 or first.steps[0].endswith("]"):
            return False
        return type(item) is not dict or key not in self.table().arrays

    def _missing(self, seen: int) -> Found:
        found: Found = None
        for each in self.table().needed:
            if not seen & each.bits:
                found = join(found, too_few(each.element, 0))
        return found


def wrong_shape(value: Any, wanted: str) -> list[Finding]:
    """The JSON shape is not what the element has: an array for an object, a string for an array ..."""
    if value is None:
        return one("json-null", f"null is not allowed here; this must be {wanted}.")
    kind = {dict: "an object", list: "an array", str: "a string", bool: "a boolean"}.get(type(value), "a number")
    return one("json-shape", f"This must be {wanted}, but {shown(value)} is {kind}.")


def _twice(element: Element, value: Json) -> Found:
    names = [
        key
        for key in value
        if key.startswith(element.name) and key[len(element.name) : len(element.name) + 1].isupper()
    ]
    text = f"{element.path} may be given in one type only, but {len(names)} are present: {', '.join(names)}."
    return one("max", text, profile=element.profile, definition=element.id)


def too_few(element: Element, count: int) -> Found:
    """Fewer items than required; said of the object that holds them."""
    name = element.id if element.slice_name else element.path
    text = f"{name}: at least {element.min} required, found {count}."
    return one("min", text, profile=element.profile, definition=element.id)


def _empty(value: Json, is_resource: bool) -> Found:
    """ele-1: an object must say something; an id alone is nothing."""
    if is_resource or any(key != "id" for key in value):
        return None
    return one(
        "empty-object", "The object is empty: an element must have a value or children (ele-1).", definition="ele-1"
    )


def too_many(element: Element, count: int) -> list[Finding]:
    """More items than the definition allows; said of the object that holds them."""
    name = element.id if element.slice_name else element.path
    text = f"{name}: at most {element.max} allowed, found {count}."
    return one("max", text, profile=element.profile, definition=element.id)


def prohibited(element: Element) -> Property:
    """An element that the profile closes with max 0."""

    def check(value: Any, owner: Json, context: Context) -> Found:
        return too_many(element, len(value) if isinstance(value, list) else 1)

    return check


def single(step: str, item: Rule) -> Property:
    """A property that holds one complex value."""

    def check(value: Any, owner: Json, context: Context) -> Found:
        if found := item(value, context):
            return lift(found, step)
        return None

    return check


def many(element: Element, item: Rule) -> Property:
    """A property that holds an array of complex values."""
    name, most, least = element.name, element.max, element.min

    def check(value: Any, owner: Json, context: Context) -> Found:
        found: Found = None
        if type(value) is not list:
            found = lift(wrong_shape(value, "an array"), name)
            if type(value) is dict and value and (inside := item(value, context)):
                found = join(found, lift(inside, f"{name}[0]"))
            return found
        index = lost = 0
        for each in value:
            if result := item(each, context):
                lost += result[0].rule in _NO_VALUE and not result[0].steps
                found = join(found, lift(result, f"{name}[{index}]"))
            index += 1
        if index == 0:
            found = lift(empty_array(), name)
        if most is not None and index > most:
            found = join(found, too_many(element, index))
        if index - lost < least:
            found = join(found, too_few(element, index - lost))
        return found

    return check


def empty_array() -> list[Finding]:
    """An array without items."""
    return one("empty-array", "An array must not be empty; leave the property out when there is nothing to say.")
