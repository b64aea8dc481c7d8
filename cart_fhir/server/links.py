"""References between the entries of a transaction: found once, then pointed at what the entries became.

https://hl7.org/fhir/R4/http.html#trules: a fullUrl is replaced wherever it stands, in references, in other URIs and
in the links of a narrative; a reference that is a search (`Patient?identifier=...`) by the one match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cart_fhir.errors import BadRequest

Json = dict[str, Any]
_URN = ("urn:uuid:", "urn:oid:")
_QUOTED_URN = re.compile(r'(?<=")urn:(?:uuid|oid):[^"\s]{1,80}(?=")')
_RESTFUL = re.compile(r"(https?://[^?#]{1,500})/[A-Z][A-Za-z]{1,60}/[A-Za-z0-9.-]{1,64}")
_SEARCH = re.compile(r"([A-Z][A-Za-z]{1,60})\?(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Link:
    """A place in a resource whose text may have to change: container, key there, the text, the path."""

    holder: Any
    key: Any
    text: str
    path: str

    @property
    def is_reference(self) -> bool:
        """True for Reference.reference: one that leads nowhere is then an error."""
        return bool(self.key == "reference")

    @property
    def search(self) -> tuple[str, str] | None:
        """Type and criteria of a conditional reference, None for any other text."""
        found = _SEARCH.fullmatch(self.text) if self.is_reference else None
        return (found[1], found[2]) if found else None


def linked(resource: Json) -> tuple[Json, list[Link]]:
    """A copy of a resource and the links in it; setting `link.holder[link.key]` changes the copy only."""
    links: list[Link] = []

    def copy(value: Any, path: str, key: str) -> Any:
        if isinstance(value, dict):
            made: Json = {}
            for name, inner in value.items():
                made[name] = copy(inner, f"{path}.{name}", name) if isinstance(inner, dict | list) else inner
                if isinstance(inner, str) and _may_lead(name, inner, value):
                    links.append(Link(made, name, inner, f"{path}.{name}"))
            return made
        rows: list[Any] = []
        for index, inner in enumerate(value):
            rows.append(copy(inner, f"{path}[{index}]", key) if isinstance(inner, dict | list) else inner)
            if isinstance(inner, str) and inner.startswith(_URN):
                links.append(Link(rows, index, inner, f"{path}[{index}]"))
        return rows

    return copy(resource, str(resource.get("resourceType", "")), ""), links


def _may_lead(name: str, text: str, holder: Json) -> bool:
    if name == "reference":
        return True
    if name == "div":
        return "urn:" in text
    # an identifier's value may well be the URN that an entry bears; it stays what the hospital wrote
    return text.startswith(_URN) and not (name == "value" and "system" in holder)


def point(links: list[Link], full_url: str, targets: Mapping[str, str], find: Callable[[str, str, str], str]) -> None:
    """Set every link to its target: `targets` maps fullUrls to `Type/id`, `find(type, criteria, path)` searches.

    `full_url` is that of the entry with the links: beside `http://a/fhir/Observation/1`, the relative reference
    `Patient/2` means the entry `http://a/fhir/Patient/2` (https://hl7.org/fhir/R4/bundle.html#references).
    400 for a reference to a URN that no entry of the bundle bears; it would lead nowhere for ever.
    """
    found = _RESTFUL.fullmatch(full_url)
    for link in links:
        link.holder[link.key] = _target(link, found[1] if found else "", targets, find)


def _target(link: Link, base: str, targets: Mapping[str, str], find: Callable[[str, str, str], str]) -> str:
    if link.key == "div":
        return _QUOTED_URN.sub(lambda found: targets.get(found[0], found[0]), link.text)
    target, hash, fragment = link.text.partition("#") if not link.text.startswith("#") else (link.text, "", "")
    if target in targets:
        return targets[target] + hash + fragment
    if base and link.is_reference and f"{base}/{target}" in targets:
        return targets[f"{base}/{target}"] + hash + fragment
    if search := link.search:
        return find(*search, link.path)
    if link.is_reference and link.text.startswith(_URN):
        raise BadRequest(
            f"The reference {link.text} leads to no entry of the bundle.",
            advice="Give the entry it means this fullUrl, or refer to it as Type/id.",
            expression=link.path,
        )
    return link.text
