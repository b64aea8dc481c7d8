"""A code system made ready for questions: concepts by code, who is whose parent, displays of supplements.

https://hl7.org/fhir/R4/codesystem.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Json = dict[str, Any]
_ENDED = ("retired", "inactive")


@dataclass(frozen=True, slots=True)
class Concept:
    """One code: its English display, other names it goes by, its properties (code -> values) and its parents' codes.

    `designations` are the names as they are written down, with language and use.
    """

    system: str
    code: str
    display: str = ""
    names: tuple[str, ...] = ()
    properties: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    parents: tuple[str, ...] = ()
    version: str = ""
    definition: str = ""
    designations: tuple[Json, ...] = ()

    @property
    def is_abstract(self) -> bool:
        """True for a grouping that is not to be chosen itself."""
        return True in self.properties.get("notSelectable", ()) or True in self.properties.get("abstract", ())

    @property
    def is_inactive(self) -> bool:
        """True when the code system says that the code is no longer to be used."""
        status = self.properties.get("status", ())
        return True in self.properties.get("inactive", ()) or any(value in _ENDED for value in status)


class CodeSystem:
    """Concepts of a CodeSystem resource and its supplements, in their order; codes compare as the system says."""

    def __init__(self, resource: Json, supplements: Iterable[Json] = ()) -> None:
        self.url: str = resource["url"]
        self.version: str = resource.get("version", "")
        self.name: str = resource.get("title") or resource.get("name") or self.url
        self.content: str = resource.get("content", "")
        # Unsaid means unknown; then two codes that differ in letter case are taken for two codes.
        self.folds_case: bool = resource.get("caseSensitive") is False
        self._resource = resource
        self._supplements = list(supplements)

    @property
    def is_complete(self) -> bool:
        """True when every code of the system is here, so that a code that is not here is not one."""
        return self.content == "complete"

    def key(self, code: str) -> str:
        """The code in the form under which it is found."""
        return code.casefold() if self.folds_case else code

    def get(self, code: str) -> Concept | None:
        """The concept of a code; None when the system (as far as it is here) has none."""
        return self.concepts.get(self.key(code))

    @cached_property
    def concepts(self) -> dict[str, Concept]:
        """Key -> concept, in the order of the resource, a parent before its children."""
        raw = list(_walk(self._resource.get("concept", []), None))
        parents = self._parents(raw)
        extra = [item for supplement in self._supplements for item in _walk(supplement.get("concept", []), None)]
        made: dict[str, Concept] = {}
        for item, _ in raw:
            key = self.key(item["code"])
            added = [other for other, _ in extra if self.key(other["code"]) == key] if extra else []
            made.setdefault(key, self._concept(item, added, parents.get(key, ())))
        return made

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """Key -> keys of the concepts directly below it."""
        made: dict[str, list[str]] = {}
        for key, concept in self.concepts.items():
            for parent in concept.parents:
                made.setdefault(self.key(parent), []).append(key)
        return made

    def below(self, code: str) -> set[str]:
        """The keys of all concepts below the code, itself left out unless it is in a circle."""
        return _reached(self.key(code), lambda key: self.children.get(key, ()))

    def above(self, code: str) -> set[str]:
        """The keys of all concepts above the code."""
        return _reached(
            self.key(code), lambda key: map(self.key, self.concepts[key].parents) if key in self.concepts else ()
        )

    def _concept(self, item: Json, added: list[Json], parents: tuple[str, ...]) -> Concept:
        designations = [part for one in (item, *added) for part in one.get("designation", [])]
        designations += [{"value": one["display"]} for one in added if "display" in one]
        names = [part.get("value", "") for part in designations]
        properties: dict[str, tuple[Any, ...]] = {}
        for one in (item, *added):
            for prop in one.get("property", []):
                value = next((value for key, value in prop.items() if key.startswith("value")), None)
                properties[prop.get("code", "")] = (*properties.get(prop.get("code", ""), ()), value)
        display = item.get("display", "")
        return Concept(
            self.url,
            item["code"],
            display,
            tuple(dict.fromkeys(name for name in names if name and name != display)),
            properties,
            parents,
            self.version,
            item.get("definition", ""),
            tuple(designations),
        )

    def _parents(self, raw: list[tuple[Json, str | None]]) -> dict[str, tuple[str, ...]]:
        """Parents by nesting and by the properties parent, subsumedBy and child."""
        found: dict[str, list[str]] = {}
        for item, parent in raw:
            mine = found.setdefault(self.key(item["code"]), [])
            if parent is not None:
                mine.append(parent)
            for prop in item.get("property", []):
                other = prop.get("valueCode")
                if other is None:
                    continue
                if prop.get("code") in ("parent", "subsumedBy"):
                    mine.append(other)
                elif prop.get("code") == "child":
                    found.setdefault(self.key(other), []).append(item["code"])
        return {key: tuple(dict.fromkeys(codes)) for key, codes in found.items()}


def _walk(concepts: Any, parent: str | None) -> Iterator[tuple[Json, str | None]]:
    """The concepts with the code they stand under; what has no code is passed over. Depth does not matter."""
    pending = [(item, parent) for item in reversed(concepts if isinstance(concepts, list) else [])]
    while pending:
        item, above = pending.pop()
        if not isinstance(item, dict) or not isinstance(item.get("code"), str):
            continue
        yield item, above
        inner = item.get("concept", [])
        pending += [(child, item["code"]) for child in reversed(inner if isinstance(inner, list) else [])]


def _reached(start: str, step: Any) -> set[str]:
    found: set[str] = set()
    pending = [start]
    while pending:
        for key in step(pending.pop()):
            if key not in found:
                found.add(key)
                pending.append(key)
    return found
