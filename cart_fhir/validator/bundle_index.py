"""Finding the entry of a Bundle that a reference points to, in constant time. https://hl7.org/fhir/R4/bundle.html#references"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

Json = dict[str, Any]

# a RESTful URL: base, type, id, perhaps a version
REST = re.compile(
    r"((?:https?|urn):[^\s?#]*/)?([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/([A-Za-z0-9\-.]{1,64}))?"
)


@lru_cache(maxsize=4096)
def rest_parts(reference: str) -> tuple[str, str, str] | None:
    """Base (perhaps empty), type and id of a RESTful reference; None when it is not one."""
    found = REST.fullmatch(reference)
    return (found.group(1) or "", found.group(2), found.group(3)) if found is not None else None


class _Entries:
    """Resources by a key. Nearly every key has one, so no list is made for it: bundles may have very many."""

    __slots__ = ("_first", "_more")

    def __init__(self) -> None:
        self._first: dict[str, Json] = {}
        self._more: dict[str, list[Json]] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._first

    def __getitem__(self, key: str) -> list[Json]:
        return [self._first[key], *self._more.get(key, ())] if key in self._first else []

    def add(self, key: str, resource: Json) -> None:
        """One more resource of a key."""
        if key in self._first:
            self._more.setdefault(key, []).append(resource)
        else:
            self._first[key] = resource


class BundleIndex:
    """Entries of one Bundle by fullUrl and by type and id; the first wins, `matches` tells of all."""

    __slots__ = ("by_id", "by_url", "resource")

    def __init__(self, bundle: Json) -> None:
        self.resource = bundle
        self.by_url = _Entries()
        self.by_id = _Entries()
        entries = bundle.get("entry")
        for entry in entries if isinstance(entries, list) else ():
            resource = entry.get("resource") if isinstance(entry, dict) else None
            if not isinstance(resource, dict):
                continue
            url, id = entry.get("fullUrl"), resource.get("id")
            if isinstance(url, str):
                self.by_url.add(url, resource)
            if isinstance(id, str):
                self.by_id.add(f"{resource.get('resourceType')}/{id}", resource)

    def matches(self, reference: str, full_url: str, *, exact: bool = False) -> list[Json]:
        """Every entry that the reference may mean, seen from the entry with `full_url`.

        By the letter a relative reference means something only below a RESTful fullUrl; unless `exact`, an entry of its
        type and id is taken too, as in bundles whose entries have no fullUrl or a urn.
        """
        plain, _, _ = reference.partition("#")
        if "|" in plain:
            plain = plain.partition("|")[0]
        head, _, version = plain.partition("/_history/")
        for url in (plain, head):
            if url in self.by_url:
                return _of_version(self.by_url[url], version, exact=exact)
        found = rest_parts(plain)
        if found is None or found[0]:
            return []
        key = f"{found[1]}/{found[2]}"
        source = rest_parts(full_url)
        if source is not None and source[0]:
            return _of_version(self.by_url[source[0] + key], version, exact=exact)
        return [] if exact else self.by_id[key]

    def resolve(self, reference: str, full_url: str) -> Json | None:
        """The first match, or None."""
        found = self.matches(reference, full_url)
        return found[0] if found else None


def _of_version(entries: list[Json], version: str, *, exact: bool) -> list[Json]:
    """Those of the version that a reference names; by the letter an entry that does not say its version is none."""
    if not version:
        return entries
    said = [(each, each["meta"].get("versionId") if isinstance(each.get("meta"), dict) else None) for each in entries]
    return [each for each, number in said if number == version or (number is None and not exact)]
