"""Documents and messages: what the first entry refers to is in the bundle, and every entry is reached from it.

https://hl7.org/fhir/R4/documents.html#content, https://hl7.org/fhir/R4/messaging.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cart_fhir.issues import Severity
from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules.primitives import shown

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context

Json = dict[str, Any]

# The references of the first entry whose targets belong to the document or message.
_INSIDE = {
    "Composition": ("subject", "encounter", "author", "attester.party", "custodian", "event.detail", "section.author",
                    "section.focus", "section.entry"),
    "MessageHeader": ("focus",),
}  # fmt: skip


def check(entries: list[Json], kind: str, context: Context) -> Found:
    """Targets present, nothing unreachable. Messages may carry what nothing refers to, which is a warning."""
    first = entries[0].get("resource") if entries else None
    if not isinstance(first, dict) or context.bundle is None:
        return None
    return join(_targets(first, str(entries[0].get("fullUrl", "")), context), _unreachable(entries, kind, context))


def _targets(first: Json, full_url: str, context: Context) -> Found:
    assert context.bundle is not None
    found: Found = None
    type_name = str(first.get("resourceType"))
    for path in _INSIDE.get(type_name, ()):
        for reference, steps in _at(first, path.split("."), ("resource", "entry[0]")):
            if reference.startswith("#"):
                continue
            matches = context.bundle.matches(reference, full_url, exact=True)
            if not matches:
                near = context.bundle.matches(reference, full_url)
                advice = _NEAR if near else ""
                text = f"{shown(reference)} ({type_name}.{path}) is not in the bundle."
                found = join(found, one("bundle-reference", text, *steps, advice=advice))
            elif len(matches) > 1:
                text = f"{shown(reference)} ({type_name}.{path}) is in the bundle {len(matches)} times."
                found = join(found, one("bundle-reference", text, *steps))
    return found


_NEAR = (
    "An entry has this type and id, but a relative reference is resolved by the fullUrl of the entry that holds it: "
    "give RESTful fullUrls on one server, or refer to the entry's fullUrl."
)


def _at(value: Any, names: list[str], steps: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The literal references at a path, with the way to them; sections nest."""
    if not isinstance(value, dict):
        return
    if not names:
        reference = value.get("reference")
        if isinstance(reference, str):
            yield reference, steps
        return
    name, rest = names[0], names[1:]
    below = value.get(name)
    for index, each in enumerate(below) if isinstance(below, list) else ():
        yield from _at(each, rest, (f"{name}[{index}]", *steps))
        if name == "section":
            yield from _at(each, names, (f"{name}[{index}]", *steps))
    if isinstance(below, dict):
        yield from _at(below, rest, (name, *steps))


def _unreachable(entries: list[Json], kind: str, context: Context) -> Found:
    """Entries that no chain of references, in either direction, joins to the first."""
    assert context.bundle is not None
    place = {id(each.get("resource")): index for index, each in enumerate(entries)}
    joined: list[set[int]] = [set() for _ in entries]
    for index, entry in enumerate(entries):
        url = str(entry.get("fullUrl", ""))
        for reference in _references(entry.get("resource")):
            targets = context.bundle.matches(reference, url, exact=True)
            other = place.get(id(targets[0])) if len(targets) == 1 else None
            if other is not None:
                joined[index].add(other)
                joined[other].add(index)
    reached, waiting = {0}, [0]
    while waiting:
        fresh = joined[waiting.pop()] - reached
        reached |= fresh
        waiting += fresh
    found: Found = None
    for index, entry in enumerate(entries):
        if index not in reached and isinstance(entry.get("resource"), dict):
            name = entry.get("fullUrl") or entry["resource"].get("id") or index
            text = f"The entry {shown(name)} is not reached by references from the first entry, nor refers to what is."
            severity: Severity = "error" if kind == "document" else "warning"
            found = join(found, one("bundle-unreachable", text, f"entry[{index}]", severity=severity))
    return found


def _references(value: Any) -> Iterator[str]:
    """Every literal reference below a value, and the URLs that attachments and extensions point with."""
    stack = [value]
    while stack:
        each = stack.pop()
        if isinstance(each, dict):
            for key, below in each.items():
                if key in ("reference", "url", "valueUri", "valueUrl") and isinstance(below, str):
                    yield below
                elif isinstance(below, dict | list):
                    stack.append(below)
        elif isinstance(each, list):
            stack.extend(each)
