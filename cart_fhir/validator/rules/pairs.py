"""Properties that hold primitives, and what stands beside them: the pair of `birthDate` and `_birthDate`.

https://hl7.org/fhir/R4/json.html#primitive
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cart_fhir.validator.context import Context
from cart_fhir.validator.findings import Finding, Found, join, lift, one
from cart_fhir.validator.rules.primitives import Format
from cart_fhir.validator.rules.structure import Json, ObjectCheck, empty_array, too_few, too_many, wrong_shape
from cart_fhir.validator.schema import Element
from cart_fhir.validator.shapes import Property, Rule


def primitive(step: str, item: Rule) -> Property:
    """A property that holds one primitive; what stands beside it (`_key`) is checked by `beside_one`."""

    def check(value: Any, owner: Json, context: Context) -> Found:
        if value is None:
            return one("json-null", "null is not allowed here; leave the property out.", step)
        if type(value) is list or type(value) is dict:
            return lift(wrong_shape(value, "a simple value"), step)
        found = item(value, context)
        return lift(found, step) if found else None

    return check


def primitive_item(format: Format, rules: tuple[Rule, ...]) -> Rule:
    """The check of one primitive value: its format, then what else is said of it."""
    if not rules:

        def plain(value: Any, context: Context) -> Found:
            problem = format(value)
            return None if problem is None else _badly_formed(problem)

        return plain

    def check(value: Any, context: Context) -> Found:
        problem = format(value)
        if problem is not None:
            return _badly_formed(problem)
        found: Found = None
        for rule in rules:
            if result := rule(value, context):
                found = join(found, result)
        return found

    return check


def _badly_formed(problem: str) -> list[Finding]:
    return one("format", f"{problem[0].upper()}{problem[1:]}.")


def _beside(value: Any, beside: ObjectCheck, context: Context) -> Found:
    if type(value) is not dict:
        return wrong_shape(value, "an object with id or extension")
    if not value:
        return one("empty-object", "The object beside the value is empty.")
    return beside.companion(value, context)


def primitives(element: Element, item: Rule, beside: ObjectCheck) -> Property:
    """A property that holds an array of primitives; nulls are allowed where `_property` has something at the index."""
    name, most, least = element.name, element.max, element.min
    companion = "_" + name

    def check(value: Any, owner: Json, context: Context) -> Found:
        if type(value) is not list:
            return lift(wrong_shape(value, "an array"), name)
        others = owner.get(companion)
        found: Found = None
        for index, each in enumerate(value):
            other = others[index] if isinstance(others, list) and index < len(others) else None
            result = item(each, context) if each is not None else None
            if each is None and not other:
                result = one(
                    "json-null", "null is not allowed here: there is nothing at this index in the array beside it."
                )
            if other is not None:
                result = join(result, _beside(other, beside, context))
            if result:
                found = join(found, lift(result, f"{name}[{index}]"))
        if not value and not others:
            return lift(empty_array(), name)
        if most is not None and len(value) > most:
            found = join(found, too_many(element, len(value)))
        if len(value) < least:
            found = join(found, too_few(element, len(value)))
        return found

    return check


def beside_one(key: str, step: str, beside: ObjectCheck, rules: tuple[Rule, ...]) -> Property:
    """`_property` of one primitive; `rules` are about a primitive that has no value of its own."""

    def check(value: Any, owner: Json, context: Context) -> Found:
        if key in owner:
            found = _beside(value, beside, context)
        else:
            found = beside(value, context)
            for rule in rules:
                found = join(found, rule(value, context))
        return lift(found, step) if found else None

    return check


def nothing_beside(key: str, step: str, beside: ObjectCheck) -> Callable[[Json, Context], Found]:
    """For a primitive that must have something inside (an extension): it has a value and no `_property`."""
    companion = "_" + key

    def check(owner: Json, context: Context) -> Found:
        if key not in owner or companion in owner:
            return None
        found = beside.companion({}, context)
        return lift(found, step) if found else None

    return check


def beside_many(key: str, step: str, beside: ObjectCheck, rules: tuple[Rule, ...]) -> Property:
    """`_property` of an array of primitives: what has a value beside it is checked there, with the value.

    What has none must say something itself (ele-1); `rules` are about a primitive that has no value of its own.
    """

    def check(value: Any, owner: Json, context: Context) -> Found:
        if type(value) is not list:
            return lift(wrong_shape(value, "an array"), step)
        there = owner.get(key)
        values = there if type(there) is list else ()
        found: Found = None
        for index, each in enumerate(value):
            if each is None or (index < len(values) and values[index] is not None):
                continue
            result = beside(each, context)
            if result and index < len(values):
                result = [one for one in result if one.rule == "empty-object"]
            for rule in rules:
                result = join(result, rule(each, context))
            if result:
                found = join(found, lift(result, f"{step}[{index}]"))
        return found

    return check
