"""CodeSystems as data: codes once, counts and properties as declared, supplements that fit what they supplement.

https://hl7.org/fhir/R4/codesystem.html. That codes are unique (csd-1) is also an invariant; here the second one is
pointed at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules.primitives import shown

if TYPE_CHECKING:
    from cart_fhir.definitions.code_system import CodeSystem
    from cart_fhir.validator.context import Context

Json = dict[str, Any]
# Properties that every code system may use without declaring them:
# https://hl7.org/fhir/R4/codesystem-concept-properties.html
_COMMON = frozenset(
    ("status", "inactive", "effectiveDate", "deprecated", "deprecationDate", "retirementDate", "notSelectable")
) | frozenset(("parent", "child", "partOf", "synonym", "comment", "itemWeight", "order"))
_VALUES = {
    "code": "valueCode",
    "Coding": "valueCoding",
    "string": "valueString",
    "integer": "valueInteger",
    "boolean": "valueBoolean",
    "dateTime": "valueDateTime",
    "decimal": "valueDecimal",
}
# Common properties whose codes are those of a list of their own, not of the system.
_OTHER_CODES = _COMMON - {"parent", "child", "partOf"}


@dataclass(frozen=True, slots=True)
class _Place:
    """A concept with the way to it (outermost last) and how deep it stands."""

    concept: Json
    steps: tuple[str, ...]
    depth: int


def check(resource: Json, context: Context) -> Found:
    """All that a code system says of itself agrees."""
    places = list(_concepts(resource.get("concept"), (), 0))
    found = _codes(resource, places)
    found = join(found, _count(resource, len(places)))
    found = join(found, _properties(resource, places))
    found = join(found, _hierarchy(resource, places))
    if "supplements" in resource or resource.get("content") == "supplement":
        return join(found, _supplement(resource, places, context))
    if resource.get("content") == "not-present" and places:
        text = "The content is said to be not present, but there are concepts."
        found = join(found, one("code-system", text, *places[0].steps))
    if "caseSensitive" not in resource and places:
        text = "The code system does not say whether its codes are case sensitive, so nobody can compare them safely."
        found = join(found, one("code-system", text, severity="warning", advice="Give caseSensitive."))
    if resource.get("content") == "complete" and not places:
        text = "The content is said to be complete, but there are no concepts."
        found = join(found, one("code-system", text, severity="warning"))
    return found


def _concepts(value: Any, steps: tuple[str, ...], depth: int) -> Iterator[_Place]:
    if not isinstance(value, list) or depth > 100:
        return
    for index, each in enumerate(value):
        if isinstance(each, dict):
            here = (f"concept[{index}]", *steps)
            yield _Place(each, here, depth)
            yield from _concepts(each.get("concept"), here, depth + 1)


def _codes(resource: Json, places: list[_Place]) -> Found:
    """No code is there twice, letter case ignored where the code system does."""
    found: Found = None
    folds = resource.get("caseSensitive") is False
    seen: set[str] = set()
    for place in places:
        code = place.concept.get("code")
        if not isinstance(code, str):
            continue
        key = code.casefold() if folds else code
        if key in seen:
            text = f"The code {shown(code)} is there twice{' but for the case of letters' if folds else ''}."
            found = join(found, one("code-system", text, *place.steps))
        seen.add(key)
    return found


def _count(resource: Json, there: int) -> Found:
    """`count` is that of the concepts when they are all here, and not less than those when a part is."""
    count, content = resource.get("count"), resource.get("content")
    if type(count) is not int:
        return None
    if content in ("complete", "supplement") and count != there:
        return one("code-system", f"The count is {count}, but {there} concepts are listed.", "count")
    if content in ("fragment", "example") and count < there:
        text = f"The count is {count}, but already this {content} lists {there} concepts."
        return one("code-system", text, "count")
    return None


def _properties(resource: Json, places: list[_Place]) -> Found:
    """Each property of a concept is declared, has a value of its type, and as a code names a concept of the system."""
    found: Found = None
    declared = {each["code"]: each for each in dicts(resource.get("property")) if isinstance(each.get("code"), str)}
    codes = {code for place in places if isinstance(code := place.concept.get("code"), str)}
    whole = resource.get("content") == "complete"
    for place in places:
        for index, each in enumerate(dicts(place.concept.get("property"))):
            name, where = each.get("code"), (f"property[{index}]", *place.steps)
            if not isinstance(name, str):
                continue
            if name not in declared:
                if name not in _COMMON:
                    text = f"The property {shown(name)} is not declared in CodeSystem.property."
                    found = join(found, one("code-system", text, *where))
                continue
            found = join(found, _property_value(each, declared[name], where, codes if whole else None))
    return found


def _property_value(each: Json, said: Json, where: tuple[str, ...], codes: set[str] | None) -> Found:
    kind = said.get("type")
    wanted = _VALUES.get(kind) if isinstance(kind, str) else None
    values = [key for key in each if key.startswith("value")]
    if wanted is not None and values and wanted not in values:
        text = f"The property {shown(each['code'])} is declared as {kind}, but its value is a {values[0][5:]}."
        return one("code-system", text, *where)
    value = each.get("valueCode", "")
    if (
        isinstance(value, str)
        and value
        and kind == "code"
        and codes is not None
        and each["code"] not in _OTHER_CODES
        and value not in codes
    ):
        text = f"The value {shown(value)} of the property {shown(each['code'])} is no code of this code system."
        if each["code"] in ("parent", "child"):
            return one("code-system", text, *where)
        return one("code-system", text, f"value.ofType({kind})", *where, severity="warning")
    return None


def _hierarchy(resource: Json, places: list[_Place]) -> Found:
    """Concepts within concepts mean something; what, hierarchyMeaning says."""
    if "hierarchyMeaning" in resource or not any(place.depth for place in places):
        return None
    text = "Concepts stand within concepts, but hierarchyMeaning does not say what that means."
    return one("code-system", text, severity="information", advice="Give hierarchyMeaning, mostly 'is-a'.")


def _supplement(resource: Json, places: list[_Place], context: Context) -> Found:
    """A supplement says what it supplements, has the content 'supplement', and adds to codes that are there."""
    base, content = resource.get("supplements"), resource.get("content")
    if not isinstance(base, str):
        return one("code-system", "The content is 'supplement', but 'supplements' does not say of what.", "content")
    found: Found = None
    if "caseSensitive" in resource:
        text = (
            "Whether codes are case sensitive is said by the code system that is supplemented, not by the supplement."
        )
        found = one("code-system", text, "caseSensitive")
    if content != "supplement":
        text = f"The code system supplements another, so its content must be 'supplement', not {shown(content)}."
        found = join(found, one("code-system", text, "content"))
    if base.partition("|")[0] == resource.get("url"):
        return join(found, one("code-system", "The code system supplements itself.", "supplements"))
    system = context.program.terminology.code_system(base)
    if system is None or system.content == "not-present":
        context.note("code-system-unknown", f"The supplement was not checked: the code system {base} is not at hand.")
        return found
    return join(found, _additions(places, system)) if system.is_complete else found


def _additions(places: list[_Place], system: CodeSystem) -> Found:
    found: Found = None
    for place in places:
        code = place.concept.get("code")
        if isinstance(code, str) and system.get(code) is None:
            text = f"The code {shown(code)} is not in {system.url}, which is supplemented."
            found = join(found, one("code-system", text, *place.steps))
    return found


def dicts(value: Any) -> list[Json]:
    """The objects of an array; nothing of what is none."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
