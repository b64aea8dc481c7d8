"""Bundles: what each type of bundle demands of its entries, full URLs, links and references.

https://hl7.org/fhir/R4/bundle.html. Documents have more rules, in `document.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from cart_fhir.validator.bundle_index import REST
from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules import document
from cart_fhir.validator.rules.primitives import shown

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context

Json = dict[str, Any]
_FIRST = {"document": "Composition", "message": "MessageHeader"}
_PAGES = ("first", "previous", "prev", "next", "last")
_EXCHANGES = (
    "transaction",
    "transaction-response",
    "batch",
    "batch-response",
)  # whose entries may be new to the server


def check(bundle: Json, context: Context) -> Found:
    """All rules of a Bundle beyond its invariants."""
    kind = str(bundle.get("type"))
    raw = bundle.get("entry")
    entries = [each if isinstance(each, dict) else {} for each in raw] if isinstance(raw, list) else []
    found: Found = None
    if kind in _FIRST:
        found = join(found, _first(entries, kind, _FIRST[kind]))
        found = join(found, document.check(entries, kind, context))
    found = join(found, _links(bundle, kind))
    if kind == "searchset":
        found = join(found, _search(bundle, entries))
    for index, entry in enumerate(entries):
        found = join(found, _full_url(entry, index, kind, context))
    return found


def _first(entries: list[Json], kind: str, wanted: str) -> Found:
    resource = entries[0].get("resource") if entries else None
    if isinstance(resource, dict) and resource.get("resourceType") == wanted:
        return None
    steps = ("entry[0]",) if entries else ()
    return one("bundle-first", f"The first entry of a {kind} bundle must be a {wanted}.", *steps)


def _links(bundle: Json, kind: str) -> Found:
    """A relation occurs once; pages are for searches and histories."""
    links = bundle.get("link")
    found: Found = None
    seen: set[str] = set()
    for index, each in enumerate(links if isinstance(links, list) else []):
        relation = each.get("relation") if isinstance(each, dict) else None
        if not isinstance(relation, str) or relation not in ("self", *_PAGES):
            continue
        if relation in _PAGES and kind not in ("searchset", "history"):
            text = f"The link relation '{relation}' is for pages of a search; a {kind} has none."
            found = join(found, one("bundle-link", text, "relation", f"link[{index}]"))
        elif relation in seen:
            text = f"The link relation '{relation}' may occur only once."
            found = join(found, one("bundle-link", text, f"link[{index}]"))
        seen.add(relation)
    return found


def _search(bundle: Json, entries: list[Json]) -> Found:
    """Entries of a searchset are what their search mode says, and of a type that was asked for."""
    wanted = _searched(bundle)
    found: Found = None
    for index, entry in enumerate(entries):
        resource, search = entry.get("resource"), entry.get("search")
        if not isinstance(resource, dict):
            continue
        mode = search.get("mode") if isinstance(search, dict) else None
        kind = str(resource.get("resourceType"))
        steps = ("resource", f"entry[{index}]")
        if mode == "outcome":
            if kind != "OperationOutcome":
                text = f"An entry with search mode 'outcome' must be an OperationOutcome, but this is a {kind}."
                found = join(found, one("bundle-search", text, *steps))
            continue
        if kind == "OperationOutcome" and mode is None:
            continue
        if "id" not in resource:
            found = join(found, one("bundle-search", "A search result must have an id.", *steps))
        if mode == "match" and wanted and kind not in wanted:
            text = f"The search asked for {', '.join(wanted)}, but this match is a {kind}."
            found = join(found, one("bundle-search", text, *steps))
    return found


def _searched(bundle: Json) -> list[str]:
    """The resource types that the self link asks for; empty when it does not say."""
    links = bundle.get("link")
    for each in links if isinstance(links, list) else ():
        if isinstance(each, dict) and each.get("relation") == "self" and isinstance(each.get("url"), str):
            path, _, query = each["url"].partition("?")
            types = ",".join(parse_qs(query).get("_type", ()))
            last = path.rstrip("/").rpartition("/")[2]
            return [name for name in types.split(",") if name] or ([last] if last[:1].isupper() else [])
    return []


def _full_url(entry: Json, index: int, kind: str, context: Context) -> Found:
    """fullUrl is absolute, and ends with the type and id of its resource when it is RESTful."""
    url, resource = entry.get("fullUrl"), entry.get("resource")
    if "fullUrl" not in entry and isinstance(resource, dict) and kind not in _EXCHANGES:
        text = f"An entry of a {kind} must have a fullUrl, the identity of its resource."
        return one("bundle-full-url", text, f"entry[{index}]")
    if not isinstance(url, str) or not url:
        return None
    if ":" not in url:
        return one("bundle-full-url", f"The fullUrl must be an absolute URL, but is {shown(url)}.", f"entry[{index}]")
    found = REST.fullmatch(url)
    if found is None or not isinstance(resource, dict) or not context.program.is_resource(found.group(2)):
        return None
    id, name = resource.get("id"), resource.get("resourceType")
    if id is None:
        if kind in ("transaction", "batch"):
            return None
        text = f"The fullUrl {shown(url)} is that of a RESTful server, but the resource has no id."
        return one("bundle-full-url", text, f"entry[{index}]")
    if found.group(2) == name and found.group(3) == id:
        return None
    text = f"The fullUrl {shown(url)} is that of a RESTful server, so it must end with /{name}/{id}."
    return one("bundle-full-url", text, f"entry[{index}]")
