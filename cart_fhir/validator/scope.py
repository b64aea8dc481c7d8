"""Entering and leaving a resource: what `%resource`, `resolve()` and the bundle mean while its rules run."""

from __future__ import annotations

from typing import Any

from cart_fhir.validator.bundle_index import BundleIndex
from cart_fhir.validator.context import Context
from cart_fhir.validator.findings import Found
from cart_fhir.validator.schema import Json
from cart_fhir.validator.shapes import Rule


def enter(resource: Json, context: Context, *, contained: bool) -> tuple[Any, ...]:
    """Make the resource the one at hand; what was before, for `leave`."""
    before = (context.resource, context.root, context.bundle, context.full_url, context.outer)
    context.resource = resource
    if not contained:
        context.outer = context.root or resource
        context.root = resource
    if resource.get("resourceType") == "Bundle":
        context.bundle = BundleIndex(resource)
    return before


def leave(before: tuple[Any, ...], context: Context) -> None:
    """Put back what `enter` gave."""
    context.resource, context.root, context.bundle, context.full_url, context.outer = before


def within(resource: Json, context: Context, rule: Rule, *, contained: bool) -> Found:
    """What a rule finds with the resource as the one at hand."""
    before = enter(resource, context, contained=contained)
    try:
        return rule(resource, context)
    finally:
        leave(before, context)
