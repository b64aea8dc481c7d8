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


NATIVE: dict[str, Holds] = {
    "contained.contained.empty()": _no_nested_contained,
    "contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()": _no_contained_version,
    "contained.meta.security.empty()": _no_contained_security,
    "text.`div`.exists()": _has_narrative,
}
