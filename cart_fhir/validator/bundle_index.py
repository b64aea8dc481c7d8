"""Finding the entry of a Bundle that a reference points to, in constant time. https://hl7.org/fhir/R4/bundle.html#references"""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

# a RESTful URL: base, type, id, perhaps a version
REST = re.compile(
    r"((?:https?|urn):[^\s?#]*/)?([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/([A-Za-z0-9\-.]{1,64}))?"
)


class BundleIndex:
    """Entries of one Bundle by fullUrl and by type and id; the first wins, `matches` tells of all."""

    __slots__ = ("by_id", "by_url", "resource")

    def __init__(self, bundle: Json) -> None:
        self.resource = bundle
        self.by_url: dict[str, list[Json]] = {}
        self.by_id: dict[str, list[Json]] = {}
        entries = bundle.get("entry")
        for entry in entries if isinstance(entries, list) else ():
            resource = entry.get("resource") if isinstance(entry, dict) else None
            if not isinstance(resource, dict):
                continue
            url, id = entry.get("fullUrl"), resource.get("id")
            if isinstance(url, str):
                self.by_url.setdefault(url, []).append(resource)
            if isinstance(id, str):
                self.by_id.setdefault(f"{resource.get('resourceType')}/{id}", []).append(resource)

    def matches(self, reference: str, full_url: str) -> list[Json]:
        """Every entry that the reference may mean, seen from the entry with `full_url`."""
        plain, _, _ = reference.partition("#")
        if "|" in plain:
            plain = plain.partition("|")[0]
        head, _, _ = plain.partition("/_history/")
        for url in (plain, head):
            if url in self.by_url:
                return self.by_url[url]
        found = REST.fullmatch(plain)
        if found is None:
            return []
        base, kind, id, _ = found.groups()
        key = f"{kind}/{id}"
        if base is not None:
            return []
        source = REST.fullmatch(full_url)
        if source is not None and source.group(1):
            if hit := self.by_url.get(source.group(1) + key):
                return hit
            return []
        return self.by_id.get(key, [])

    def resolve(self, reference: str, full_url: str) -> Json | None:
        """The first match, or None."""
        found = self.matches(reference, full_url)
        return found[0] if found else None
