"""Hand-written equivalents of the invariants that nearly every R4 resource pays for, keyed by their expression.

Each must agree with its FHIRPath; a property test compares the two on mutated resources.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context

Holds = Callable[[Any, "Context"], bool]


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _no_nested_contained(value: Any, context: Context) -> bool:
    """dom-2: a contained resource contains none itself."""
    return "contained" not in value or not any("contained" in each for each in _dicts(value["contained"]))


def _no_contained_version(value: Any, context: Context) -> bool:
    """dom-4: a contained resource has no versionId or lastUpdated."""
    for each in _dicts(value.get("contained")):
        meta = each.get("meta")
        if isinstance(meta, dict) and ("versionId" in meta or "lastUpdated" in meta):
            return False
    return True


def _no_contained_security(value: Any, context: Context) -> bool:
    """dom-5: a contained resource has no security label."""
    return not any(
        isinstance(each.get("meta"), dict) and each["meta"].get("security") for each in _dicts(value.get("contained"))
    )


def _has_narrative(value: Any, context: Context) -> bool:
    """dom-6: a resource should have a narrative."""
    text = value.get("text")
    return isinstance(text, dict) and ("div" in text or "_div" in text)


def _has(value: dict[str, Any], name: str) -> bool:
    """An element is there, with a value or an extension in its place."""
    return name in value or "_" + name in value


def _value_keys(value: dict[str, Any], name: str) -> bool:
    """A choice is there in one of its types."""
    width = len(name)
    return any(
        (key.startswith(name) and key[width : width + 1].isupper())
        or (key.startswith("_" + name) and key[width + 1 : width + 2].isupper())
        for key in value
    )


def _value_or_reason(value: Any, context: Context) -> bool:
    """obs-6: a reason why there is no value only without a value."""
    return "dataAbsentReason" not in value or not _value_keys(value, "value")


def _unit_has_system(value: Any, context: Context) -> bool:
    """qty-3: a coded unit names its system."""
    return not _has(value, "code") or _has(value, "system")


def _low_or_high(value: Any, context: Context) -> bool:
    """obs-3: a reference range has a low, a high or a text."""
    return "low" in value or "high" in value or _has(value, "text")


def _codings(value: Any) -> list[dict[str, Any]]:
    found = value.get("coding") if isinstance(value, dict) else None
    return _dicts(found)


def _component_code_is_own(value: Any, context: Context) -> bool:
    """obs-7: with a value, no component has a coding of the observation's own code."""
    if "component" not in value or not _value_keys(value, "value"):
        return True
    own = _codings(context.resource.get("code"))
    return not any(coding in own for each in _dicts(value["component"]) for coding in _codings(each.get("code")))


def _search_in_searchset(value: Any, context: Context) -> bool:
    """bdl-2: only the entries of a searchset tell how they were found."""
    return value.get("type") == "searchset" or all(each.get("search") is None for each in _dicts(value.get("entry")))


def _only_in(name: str, kinds: tuple[str, ...]) -> Holds:
    """bdl-3, bdl-4: every entry has the element in bundles of some types, none in the others."""

    def holds(value: Any, context: Context) -> bool:
        entries, kind = _dicts(value.get("entry")), context.resource.get("type")
        wanted = kind in kinds
        return not entries or (isinstance(kind, str) and all((name in each) is wanted for each in entries))

    return holds


def _full_urls_differ(value: Any, context: Context) -> bool:
    """bdl-7: a resource is there once, unless in other versions."""
    seen: set[str] = set()
    if value.get("type") == "history":
        return True
    for each in _dicts(value.get("entry")):
        resource = each.get("resource")
        meta = resource.get("meta") if isinstance(resource, dict) else None
        version = meta.get("versionId") if isinstance(meta, dict) else None
        if _has(each, "fullUrl"):
            key = f"{each.get('fullUrl') or ''}{version or ''}"
            if key in seen:
                return False
            seen.add(key)
    return True


def _entry_has_content(value: Any, context: Context) -> bool:
    """bdl-5: an entry is a resource, a request or a response."""
    return "resource" in value or "request" in value or "response" in value


NATIVE: dict[str, Holds] = {
    "entry.search.empty() or (type = 'searchset')": _search_in_searchset,
    "entry.all(request.exists() = (%resource.type = 'batch' or %resource.type = 'transaction'"
    " or %resource.type = 'history'))": _only_in("request", ("batch", "transaction", "history")),
    "entry.all(response.exists() = (%resource.type = 'batch-response' or %resource.type = 'transaction-response'"
    " or %resource.type = 'history'))": _only_in("response", ("batch-response", "transaction-response", "history")),
    "(type = 'history') or entry.where(fullUrl.exists()).select(fullUrl&resource.meta.versionId).isDistinct()": (
        _full_urls_differ
    ),
    "resource.exists() or request.exists() or response.exists()": _entry_has_content,
    "contained.contained.empty()": _no_nested_contained,
    "contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()": _no_contained_version,
    "contained.meta.security.empty()": _no_contained_security,
    "text.`div`.exists()": _has_narrative,
    "dataAbsentReason.empty() or value.empty()": _value_or_reason,
    "code.empty() or system.exists()": _unit_has_system,
    "low.exists() or high.exists() or text.exists()": _low_or_high,
    "value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()": (
        _component_code_is_own
    ),
}
