"""Translation of codes by ConceptMap resources.

https://hl7.org/fhir/R4/conceptmap.html and https://hl7.org/fhir/R4/conceptmap-operation-translate.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cart_fhir.definitions.canonical import split

if TYPE_CHECKING:
    from cart_fhir.definitions.registry import Registry

Json = dict[str, Any]
_NO_MATCH = ("unmatched", "disjoint")
# How a translation reads from the other side.
_REVERSED = {"wider": "narrower", "narrower": "wider", "subsumes": "specializes", "specializes": "subsumes"}


@dataclass(frozen=True, slots=True)
class Match:
    """One translation: how the target relates to the source (R4 `equivalence`), its code, and whose map says so."""

    equivalence: str
    system: str
    code: str
    display: str
    map_url: str

    @property
    def is_match(self) -> bool:
        """False where the map says that there is no such code in the target."""
        return self.equivalence not in _NO_MATCH


def translate(
    registry: Registry,
    system: str,
    code: str,
    *,
    maps: Iterable[Json] | None = None,
    target: str = "",
    reverse: bool = False,
) -> list[Match]:
    """Every translation of the code by the maps (none given: all), in their order; empty when none knows the code.

    `target` is the code system or value set wanted; `reverse` reads the maps from target to source.
    """
    maps = registry.concept_maps() if maps is None else maps
    question = _Question(registry, system, code, target, reverse)
    return list(dict.fromkeys(match for one in maps for match in _translations(question, one, ())))


@dataclass(frozen=True, slots=True)
class _Question:
    """The code to translate, the target wanted ("" for any), and the direction."""

    registry: Registry
    system: str
    code: str
    target: str
    reverse: bool


def _translations(question: _Question, one: Json, asked: tuple[str, ...]) -> Iterator[Match]:
    """What one map says; `asked` are the maps that passed the question on, which are not asked again."""
    end = "source" if question.reverse else "target"
    wanted = {split(str(one[key]))[0] for key in (f"{end}Uri", f"{end}Canonical") if key in one}
    for group in one.get("group", []):
        ends = (group.get("source", ""), group.get("target", ""))
        source, target = reversed(ends) if question.reverse else ends
        if source != question.system or question.target not in ("", target, *wanted):
            continue
        if question.reverse:
            yield from _backwards(one.get("url", ""), group, question.code)
            continue
        elements = [element for element in group.get("element", []) if element.get("code") == question.code]
        for element in elements:
            yield from _targets(one.get("url", ""), target, element)
        if not elements:
            yield from _unmapped(question, one.get("url", ""), group, asked)


def _targets(url: str, system: str, element: Json) -> Iterator[Match]:
    for item in element.get("target", [{}]):
        # A source code without target is one that the map says has none.
        equivalence = item.get("equivalence", "equivalent" if item else "unmatched")
        yield Match(equivalence, system, item.get("code", ""), item.get("display", ""), url)


def _backwards(url: str, group: Json, code: str) -> Iterator[Match]:
    for element in group.get("element", []):
        for item in element.get("target", []):
            if item.get("code") == code and "code" in element:
                word = item.get("equivalence", "equivalent")
                display = element.get("display", "")
                yield Match(_REVERSED.get(word, word), group.get("source", ""), element["code"], display, url)


def _unmapped(question: _Question, url: str, group: Json, asked: tuple[str, ...]) -> Iterator[Match]:
    """What the map says of codes that it does not list: keep them, one code for all, or ask another map."""
    rule = group.get("unmapped", {})
    if rule.get("mode") == "provided":
        yield Match("equal", group.get("target", ""), question.code, "", url)
    elif rule.get("mode") == "fixed" and "code" in rule:
        yield Match("equivalent", group.get("target", ""), rule["code"], rule.get("display", ""), url)
    elif rule.get("mode") == "other-map" and "url" in rule:
        other = question.registry.find("ConceptMap", rule["url"])
        if other is not None and other["url"] not in asked:
            yield from _translations(question, other, (*asked, url))
