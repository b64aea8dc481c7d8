"""Choice types: `value[x]` is one JSON property per type; profiles narrow the types and slice by them.

https://hl7.org/fhir/R4/formats.html#choice
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules import structure
from cart_fhir.validator.rules.structure import NOT_SURE, Json, Needed, Table
from cart_fhir.validator.schema import Element, TypeRef
from cart_fhir.validator.shapes import Property, Rule

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context
    from cart_fhir.validator.program import Program

Item = Callable[["Program", Element, TypeRef], Rule]


@dataclass(frozen=True, slots=True)
class _Into:
    """Where the properties of a choice go, and what makes the check of a complex value."""

    program: Program
    table: Table
    item: Item


def add(program: Program, table: Table, child: Element, present: int, item: Item) -> None:
    """Add one property per type, each with a bit of its own beside that of the element: only one may be there."""
    into = _Into(program, table, item)
    # A slice by type that must be there leaves no room for another type: a choice is there once.
    must = {code for each in child.slices if each.min > 0 for code in each.codes}
    allowed = {ref.code: ref for ref in child.types if not must or ref.code in must}
    keys = _keys(program, child)
    bits = 0
    for key, code in keys.items():
        own = table.spare_bit()
        bits |= own
        ref = allowed.get(code)
        if child.max == 0:
            table.properties[key] = (own | present, NOT_SURE, structure.prohibited(child))
        elif ref is None:
            table.properties[key] = (own | present, NOT_SURE, _wrong_type(child, code, allowed))
        else:
            _typed(into, child, ref, key, (own, present))
    table.choices.append(Needed(child, bits, True, child.min))


def _keys(program: Program, child: Element) -> dict[str, str]:
    """Every JSON property of the choice in the base type -> its type, so that a wrong type is told as such."""
    owner, _, _ = child.base_path.rpartition(".")
    known = program.types.children(owner).get(child.name) if owner else None
    keys = dict(known.json_names) if known is not None else {}
    for code in child.codes:
        keys.setdefault(child.name + code[:1].upper() + code[1:], code)
    return keys


def _step(child: Element, code: str) -> str:
    """A choice in a path: `value.ofType(Quantity)`."""
    return f"{child.name}.ofType({code})"


def _wrong_type(child: Element, code: str, allowed: Collection[str]) -> Property:
    names = " or ".join(allowed)
    # With one type allowed the value is to blame; with several, the object that has none of them; so has an extension.
    steps = (_step(child, code),) if len(allowed) == 1 and child.path != "Extension.value[x]" else ()

    def check(value: Any, owner: Json, context: Context) -> Found:
        text = f"{child.path} must be of type {names} here, but it is {code}."
        return one("type", text, *steps, profile=child.profile, definition=child.id)

    return check


def _typed(into: _Into, child: Element, ref: TypeRef, key: str, bits: tuple[int, int]) -> None:
    """Add the property of the choice in one type, with the slice for that type when there is one.

    `bits` are that of the type and that of the element.
    """
    from cart_fhir.validator.builder import add_single

    table, (own, present) = into.table, bits
    use = next((each for each in child.slices if ref.code in each.codes), child)
    if use.max == 0:
        table.properties[key] = (own | present, NOT_SURE, structure.prohibited(use))
        return
    if use is not child:
        ref = next(each for each in use.types if each.code == ref.code)
        if use.min > 0:
            table.needed.append(Needed(use, own, True, use.min))
            table.required |= own
    step = _step(use, ref.code)
    if ref.code[:1].islower():
        add_single(into.program, table, use, ref.code, (key, step, own | present))
    else:
        table.properties[key] = (own | present, NOT_SURE, structure.single(step, into.item(into.program, use, ref)))


def any_profile(program: Program, element: Element, profiles: tuple[str, ...]) -> Rule:
    """The value must conform to one of several profiles on its type."""

    def check(value: Any, context: Context) -> Found:
        tried: Found = None
        for url in profiles:
            answer = program.conforms(value, url, context)
            if answer is None:
                context.note("profile-unknown", f"The profile '{url}' is not known here; it was not checked.")
                return None
            if answer:
                return None
            tried = join(tried, [each.copy() for each in program.reasons(value, url, context) if each.is_error])
        if len(profiles) == 1:
            return tried
        text = f"The value meets none of the profiles allowed here: {', '.join(profiles)}."
        return one("profile-choice", text, profile=element.profile, definition=element.id) + (tried or [])

    return check
