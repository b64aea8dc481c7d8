"""The least shape that a definition must have to be worked with, whatever else is wrong with it.

Definitions come from strangers. What reads them may rely on this: where a key named here is present, its value has
this shape. It is no validation of the definition: that is the validator's work.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

Json = dict[str, Any]
Shape = Any
"""A type, a pattern of text, a list of one shape (a list of such), a dict of shapes (other keys may hold anything)."""

_URLS = [str]
_MAXIMUM = re.compile(r"\*|[0-9]{1,9}")
_EXTENSIONS = [{"url": str}]
_DISCRIMINATOR = {"type": str, "path": str}
_ELEMENT: Shape = {
    "id": str,
    "path": str,
    "sliceName": str,
    "min": int,
    "max": _MAXIMUM,
    "base": {"path": str, "min": int, "max": _MAXIMUM},
    "type": [
        {"code": str, "profile": _URLS, "targetProfile": _URLS, "aggregation": [str], "extension": _EXTENSIONS},
    ],
    "contentReference": str,
    "maxLength": int,
    "binding": {"strength": str, "valueSet": str, "extension": _EXTENSIONS},
    "constraint": [{"key": str, "severity": str, "human": str, "expression": str, "source": str}],
    "condition": [str],
    "mapping": [{}],
    "alias": [str],
    "extension": _EXTENSIONS,
    "slicing": {"discriminator": [_DISCRIMINATOR], "rules": str, "ordered": bool},
    "isModifier": bool,
    "isSummary": bool,
    "mustSupport": bool,
}
_CONCEPT: Shape = {
    "code": str,
    "display": str,
    "designation": [{"value": str}],
    "property": [{"code": str}],
}
_INCLUDE: Shape = {
    "system": str,
    "version": str,
    "concept": [{"code": str, "display": str, "designation": [{"value": str}]}],
    "filter": [{"property": str, "op": str, "value": str}],
    "valueSet": _URLS,
}
_CONTAINS: Shape = {"system": str, "code": str, "display": str}
_SHAPES: dict[str, Shape] = {
    "StructureDefinition": {
        "type": str,
        "kind": str,
        "derivation": str,
        "baseDefinition": str,
        "context": [{"type": str, "expression": str}],
        "snapshot": {"element": [_ELEMENT]},
        "differential": {"element": [_ELEMENT]},
    },
    "ValueSet": {
        "compose": {"inactive": bool, "include": [_INCLUDE], "exclude": [_INCLUDE]},
        "expansion": {"total": int, "extension": _EXTENSIONS, "contains": [_CONTAINS]},
    },
    "CodeSystem": {
        "content": str,
        "caseSensitive": bool,
        "supplements": str,
        "valueSet": str,
        "concept": [_CONCEPT],
    },
    "ConceptMap": {
        "sourceUri": str,
        "sourceCanonical": str,
        "targetUri": str,
        "targetCanonical": str,
        "group": [
            {
                "source": str,
                "target": str,
                "unmapped": {"mode": str, "code": str, "url": str},
                "element": [{"code": str, "target": [{"code": str, "equivalence": str}]}],
            }
        ],
    },
    "SearchParameter": {
        "code": str,
        "base": [str],
        "type": str,
        "expression": str,
        "target": [str],
        "component": [{"definition": str, "expression": str}],
    },
}
# What holds more of itself: checked level by level, so that depth costs no stack.
_NESTED = {"CodeSystem": ("concept", _CONCEPT, ()), "ValueSet": ("contains", _CONTAINS, ("expansion",))}


def problem(resource: Json) -> str:
    """Where the definition lacks the least shape, in words; "" when it has it."""
    kind = resource["resourceType"]
    found = _misfit({"url": str, "version": str, "id": str, "name": str, **_SHAPES.get(kind, {})}, resource, kind)
    if not found and kind == "StructureDefinition":
        found = _empty_snapshot_root(resource)
    if not found and kind in _NESTED:
        found = _nested_misfit(resource, *_NESTED[kind])
    return found


def with_cardinalities(resource: Json) -> Json:
    """The StructureDefinition with `max` as text and `min` as number where they stand the other way round.

    JSON has it that way by mistake often enough; what is meant is plain. The same object when there is nothing to mend.
    """
    made = resource
    for view in ("snapshot", "differential"):
        listed = resource.get(view, {}).get("element") if isinstance(resource.get(view), dict) else None
        if isinstance(listed, list):
            mended = [_with_cardinality(each) if isinstance(each, dict) else each for each in listed]
            if any(new is not old for new, old in zip(mended, listed, strict=True)):
                made = {**made, view: {**resource[view], "element": mended}}
    return made


def _with_cardinality(element: Json) -> Json:
    least, most = element.get("min"), element.get("max")
    if isinstance(most, int) and not isinstance(most, bool):
        element = {**element, "max": str(most)}
    if isinstance(least, str) and least.isascii() and least.isdigit() and len(least) < 10:
        element = {**element, "min": int(least)}
    return element


def _misfit(shape: Shape, value: Any, place: str) -> str:
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return f"{place} is no object"
        found = (_misfit(inner, value[key], f"{place}.{key}") for key, inner in shape.items() if key in value)
        return next(filter(None, found), "")
    if isinstance(shape, list):
        if not isinstance(value, list):
            return f"{place} is no list"
        found = (_misfit(shape[0], item, f"{place}[{number}]") for number, item in enumerate(value))
        return next(filter(None, found), "")
    if isinstance(shape, re.Pattern):
        fits = isinstance(value, str) and shape.fullmatch(value) is not None
    elif shape is int:
        fits = isinstance(value, int | Decimal) and not isinstance(value, bool) and value == int(value)
    else:
        fits = isinstance(value, shape)
    return "" if fits else f"{place} is no {_WORDS[shape]}"


_WORDS: dict[Shape, str] = {_MAXIMUM: "number or *", str: "text", int: "whole number", bool: "boolean"}


def _empty_snapshot_root(resource: Json) -> str:
    elements = resource.get("snapshot", {}).get("element", [])
    missing = next((number for number, element in enumerate(elements) if not element.get("path")), None)
    return "" if missing is None else f"StructureDefinition.snapshot.element[{missing}] has no path"


def _nested_misfit(resource: Json, key: str, shape: Shape, way: tuple[str, ...]) -> str:
    holder: Any = resource
    for step in way:
        holder = holder.get(step, {})
    pending = [holder]
    while pending:
        inner = pending.pop().get(key, [])
        found = _misfit([shape], inner, key)
        if found:
            return found
        pending += inner
    return ""
