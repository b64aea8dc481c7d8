"""Slicing: which slice an item belongs to, how many each may have, what is left over.

https://hl7.org/fhir/R4/profiling.html#slicing. Discriminators are compiled to predicates (`discriminators.py`); when
all slices are told apart by one coded value or string, a dictionary answers instead of trying each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cart_fhir.validator.findings import Found, join, lift, one
from cart_fhir.validator.rules import discriminators, structure
from cart_fhir.validator.rules.repeat import TYPES, remembered
from cart_fhir.validator.rules.structure import Json, wrong_shape
from cart_fhir.validator.schema import Element
from cart_fhir.validator.shapes import Property, Rule

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context
    from cart_fhir.validator.program import Program


@dataclass(frozen=True, slots=True)
class Made:
    """A property's check, and what to check when the property is absent (None when nothing is mandatory)."""

    check: Property
    absent: Callable[[Json, Any], Found] | None


@dataclass(slots=True)
class Slice:
    """One slice ready to run: its predicates, the check of its items, and reslices within it."""

    element: Element
    tests: tuple[discriminators.Test, ...]
    check: Rule
    inner: Slices | None = None

    def matches(self, item: Any, context: Context) -> bool:
        """True when every discriminator finds what the slice says."""
        return all(test.holds(item, context) for test in self.tests)

    def is_known(self, context: Context) -> bool:
        """False when membership in a value set that is not known here decides; that is said as information."""
        for test in self.tests:
            for url in test.value_sets:
                if why := context.program.terminology.why(url):
                    text = f"Whether the slice {self.element.id} is there was not checked against {url}: {why}."
                    context.note("value-set-not-checked", text)
                    return False
        return True


@dataclass(slots=True)
class Tally:
    """How many items each slice has, and each slice within a slice (None where it has none)."""

    counts: list[int]
    inner: list[Tally | None]

    @classmethod
    def of(cls, slices: Slices) -> Tally:
        """Nothing counted yet."""
        inner = [cls.of(each.inner) if each.inner else None for each in slices.slices] if slices.nested else slices.flat
        return cls([0] * len(slices.slices), inner)


class Slices:
    """The slices of one element."""

    def __init__(self, program: Program, whole: Element, item: Callable[[Element], Rule]) -> None:
        self.whole = whole
        slicing = whole.slicing
        assert slicing is not None
        self.rules, self.ordered = slicing.rules, slicing.ordered
        self.default: Slice | None = None
        self.slices: list[Slice] = []
        for each in whole.slices:
            tests = () if each.slice_name == "@default" else discriminators.tests(program, whole, each)
            made = Slice(each, tests, item(each))
            if each.slices and each.slicing is not None:
                made.inner = Slices(program, each, item)
            if each.slice_name == "@default":
                self.default = made
            else:
                self.slices.append(made)
        self.undefined = any(discriminators.UNDEFINED in each.tests for each in self.slices)
        self.index = discriminators.index([each.tests for each in self.slices])
        self.mandatory = any(each.element.min > 0 for each in self.slices)
        self.nested = any(each.inner is not None for each in self.slices)
        self.flat: list[Tally | None] = [None] * len(self.slices)

    def find(self, item: Any, context: Context) -> list[int]:
        """The positions of the slices that an item matches; more than one is a fault of the profile or the data."""
        candidates: Iterator[int] | range | list[int] = range(len(self.slices))
        if self.index is not None:
            candidates = self.index.candidates(item)
        return [n for n in candidates if self.slices[n].tests and self.slices[n].matches(item, context)]

    def counts(self, tally: Tally, context: Context) -> Found:
        """Too few or too many items in a slice, or in a reslice of one; said of the object that holds the array."""
        found: Found = None
        for each, count, inner in zip(self.slices, tally.counts, tally.inner, strict=True):
            element = each.element
            if count < element.min and discriminators.UNDEFINED not in each.tests and each.is_known(context):
                found = join(found, _missing(element, count))
            if element.max is not None and count > element.max:
                found = join(found, structure.too_many(element, count))
            if count and inner is not None and each.inner is not None:
                found = join(found, each.inner.counts(inner, context))
        return found

    def are_known(self, context: Context) -> bool:
        """False when an item may be in a slice without that it can be told here."""
        return all(each.is_known(context) for each in self.slices)

    def absent(self, value: Json, context: Context) -> Found:
        """The array is missing: every mandatory slice is too."""
        return None if self.whole.name in value else self.counts(Tally.of(self), context)

    def why_not(self, item: Any, context: Context) -> str:
        """For an item that matched no slice: what each slice wanted."""
        reasons = []
        for each in self.slices:
            failed = next((test for test in each.tests if not test.holds(item, context)), None)
            if failed is not None:
                reasons.append(f"{each.element.slice_name} wants {failed.words}")
        return "; ".join(reasons[:6])


def _missing(element: Element, count: int) -> Found:
    found = "none" if count == 0 else str(count)
    text = f"The slice {element.id} needs at least {element.min}, found {found}."
    return one("slice-min", text, profile=element.profile, definition=element.id)


def sliced(program: Program, whole: Element, item: Rule, slice_item: Callable[[Element], Rule]) -> Made:
    """The property of a sliced element, an array or (rarely) a single value."""
    slices = Slices(program, whole, slice_item)
    name, most, least = whole.name, whole.max, whole.min

    def whole_check(value: Any, context: Context) -> Found:
        if whole.many and type(value) is not list:
            return lift(wrong_shape(value, "an array"), name)
        items = value if whole.many else [value]
        if not items:
            return lift(structure.empty_array(), name)
        found, tally = _items(slices, items, item, context, name if whole.many else "")
        if not whole.many and found:
            found = lift(found, name)
        found = join(found, slices.counts(tally, context))
        if most is not None and len(items) > most:
            found = join(found, structure.too_many(whole, len(items)))
        if len(items) < least:
            found = join(found, structure.too_few(whole, len(items)))
        return found

    rule = remembered(whole_check) if whole.many and TYPES.issuperset(whole.codes) else whole_check
    return Made(lambda value, owner, context: rule(value, context), slices.absent if slices.mandatory else None)


def sliced_primitives(program: Program, whole: Element, plain: Property, slice_item: Callable[[Element], Rule]) -> Made:
    """The property of a sliced array of primitives: `plain` holds for each value, what its slice says besides."""
    slices = Slices(program, whole, slice_item)

    def check(value: Any, owner: Json, context: Context) -> Found:
        found = plain(value, owner, context)
        if type(value) is not list:
            return found
        more, tally = _items(slices, value, lambda value, context: None, context, whole.name)
        return join(found, join(more, slices.counts(tally, context)))

    return Made(check, slices.absent if slices.mandatory else None)


def _items(slices: Slices, items: list[Any], item: Rule, context: Context, name: str) -> tuple[Found, Tally]:
    """Check each item as its slice says; count them."""
    found: Found = None
    tally = Tally.of(slices)
    last, loose = -1, False
    for index, each in enumerate(items):
        hits = slices.find(each, context)
        result: Found = None
        if hits:
            hit = hits[0]
            tally.counts[hit] += 1
            use = slices.slices[hit]
            result = use.check(each, context)
            if len(hits) > 1:
                result = join(result, _ambiguous(slices, hits))
            result = join(result, _order(slices, hit, last, loose))
            if use.inner is not None:
                result = join(result, _reslice(use.inner, each, tally.inner[hit], context))
            last = max(last, hit)
        else:
            loose = True
            use_rule = slices.default.check if slices.default is not None else item
            result = use_rule(each, context)
            if slices.undefined:
                text = f"The slices of {slices.whole.id} cannot be told apart: the profile does not say by what."
                context.note("slicing-not-checked", text)
            elif slices.rules == "closed" and slices.default is None and slices.are_known(context):
                result = join(result, _no_slice(slices, each, context))
        if result:
            found = join(found, lift(result, f"{name}[{index}]") if name else result)
    return found, tally


def _reslice(inner: Slices, item: Any, tally: Tally | None, context: Context) -> Found:
    """An item of a resliced slice: what its own slice says, when it is in one; slices within that slice likewise."""
    hits = inner.find(item, context)
    if not hits:
        return _no_slice(inner, item, context) if inner.rules == "closed" else None
    hit = hits[0]
    found = inner.slices[hit].check(item, context)
    if tally is not None:
        tally.counts[hit] += 1
    deeper = inner.slices[hit].inner
    if deeper is not None:
        found = join(found, _reslice(deeper, item, tally.inner[hit] if tally else None, context))
    return found


def _ambiguous(slices: Slices, hits: list[int]) -> Found:
    names = ", ".join(slices.slices[hit].element.slice_name for hit in hits)
    text = f"The element matches more than one slice of {slices.whole.id}: {names}."
    return one("slice-ambiguous", text, profile=slices.whole.profile, definition=slices.whole.id)


def _order(slices: Slices, hit: int, last: int, loose: bool) -> Found:
    if slices.ordered and hit < last:
        names = slices.slices[hit].element.slice_name, slices.slices[last].element.slice_name
        text = f"The slices of {slices.whole.id} are ordered: '{names[0]}' must not come after '{names[1]}'."
        return one("slice-order", text, profile=slices.whole.profile, definition=slices.whole.id)
    if slices.rules == "openAtEnd" and loose:
        text = f"Other elements of {slices.whole.id} may only follow after those that match a slice."
        return one("slice-order", text, profile=slices.whole.profile, definition=slices.whole.id)
    return None


def _no_slice(slices: Slices, item: Any, context: Context) -> Found:
    reasons = slices.why_not(item, context)
    why = f": {reasons}" if reasons else ""
    text = f"The element matches no slice of {slices.whole.id}, and the slicing is closed{why}."
    return one("slice-closed", text, profile=slices.whole.profile, definition=slices.whole.id)
