"""A value set made ready for questions: the parts of its compose, each knowing its codes or why it can't.

A code is in the set when one include has it and no exclude does (https://hl7.org/fhir/R4/valueset.html#compositions).
Answers are three-valued: None where the answer hangs on a code system that is not here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cart_fhir.definitions import syntactic
from cart_fhir.definitions.code_system import CodeSystem, Concept
from cart_fhir.definitions.filters import NotFilterable, passing, passing_form

if TYPE_CHECKING:
    from cart_fhir.definitions.terminology import Terminology

Json = dict[str, Any]


@dataclass(slots=True)
class Part:
    """One include or exclude: of `system`, the listed codes, or those that pass its `form`, and in all `sets`.

    `unknown` says why codes that are not listed can't be decided; `folds_case` holds for the listed codes.
    """

    system: str = ""
    codes: Mapping[str, Concept] | None = None
    form: Callable[[str], bool | None] | None = None
    folds_case: bool = False
    sets: list[ValueSet] = field(default_factory=list)
    unknown: str = ""

    def has(self, system: str | None, code: str) -> bool | None:
        """Whether the part has the code; `system` None means whichever system the part is of."""
        answer: bool | None = True
        if self.system:
            if system is not None and system != self.system:
                return False
            answer = self._listed(code)
        for inner in self.sets:
            answer = _both(answer, inner.has(system or self.system or None, code))
        return answer

    def _listed(self, code: str) -> bool | None:
        if self.form is not None:
            return self.form(code)
        key = code.casefold() if self.folds_case else code
        if self.codes is not None and key in self.codes:
            return True
        return None if self.unknown else False

    def concepts(self) -> Iterator[Concept]:
        """The concepts that the part is known to have."""
        if self.codes is not None:
            for concept in self.codes.values():
                if all(inner.has(self.system, concept.code) for inner in self.sets):
                    yield concept
        elif not self.system and self.sets:
            first, *others = self.sets
            for concept in first.concepts():
                if all(inner.has(concept.system, concept.code) for inner in others):
                    yield concept

    def gaps(self) -> Iterator[str]:
        """Why the part can't be listed in full; nothing when it can."""
        if self.unknown:
            yield self.unknown
        elif self.form is not None:
            yield f"the codes of {self.system} are known by their form, not as a list"
        for inner in self.sets:
            if not self.system or inner.unknown_sets:
                yield from inner.gaps()


@dataclass(slots=True)
class ValueSet:
    """The parts of one value set; `given` are the codes of a shipped expansion, for where the parts don't know."""

    url: str
    include: list[Part] = field(default_factory=list)
    exclude: list[Part] = field(default_factory=list)
    given: dict[tuple[str, str], Concept] = field(default_factory=dict)
    given_is_whole: bool = False
    problem: str = ""
    active_only: bool = False

    def has(self, system: str | None, code: str) -> bool | None:
        """Whether the code is in the value set; None when it can't be known here."""
        answer = self._composed(system, code)
        if answer is None and self.given:
            if system is not None:
                found = (system, code) in self.given
            else:
                found = any(given == code for _, given in self.given)
            return True if found else (False if self.given_is_whole else None)
        return answer

    def listed(self) -> list[Concept] | None:
        """Every concept of the value set in its order; None when it can't be listed in full, and `gaps` say why."""
        return None if self.unknown_sets and not self.given_is_whole else list(self.concepts())

    @property
    def unknown_sets(self) -> bool:
        """True when some code can't be decided."""
        return any(True for _ in self.gaps())

    def _composed(self, system: str | None, code: str) -> bool | None:
        if self.problem:
            return None
        answer: bool | None = False
        for part in self.include:
            answer = _either(answer, part.has(system, code))
            if answer:
                break
        if answer is False:
            return False
        for part in self.exclude:
            out = part.has(system, code)
            if out:
                return False
            answer = _both(answer, None if out is None else True)
        return answer

    def concepts(self) -> Iterator[Concept]:
        """The concepts known to be in the set, each once, in the order of the includes."""
        seen: set[tuple[str, str]] = set()
        listed = (
            [self.given.values()] if self.unknown_sets and self.given else [part.concepts() for part in self.include]
        )
        for concepts in listed:
            for concept in concepts:
                name = (concept.system, concept.code)
                if name not in seen and self.has(*name):
                    seen.add(name)
                    yield concept

    def gaps(self) -> Iterator[str]:
        """Why the set can't be listed in full; nothing when it can."""
        if self.problem:
            yield self.problem
        for part in (*self.include, *self.exclude):
            yield from part.gaps()


def prepare(resource: Json, terminology: Terminology) -> ValueSet:
    """The value set of a ValueSet resource; what it imports is asked of the terminology."""
    compose = resource.get("compose")
    made = ValueSet(resource.get("url", ""))
    _take_expansion(made, resource.get("expansion"))
    if not isinstance(compose, dict) or not compose.get("include"):
        if not made.given:
            made.problem = f"the value set {made.url} lists no codes"
        elif made.given_is_whole:
            made.include = [_enumerated(made.given, system) for system in dict.fromkeys(s for s, _ in made.given)]
        else:
            made.problem = f"the expansion of the value set {made.url} is only a part of it"
        return made
    made.active_only = compose.get("inactive") is False
    made.include = [_part(item, terminology, made.active_only) for item in compose["include"]]
    made.exclude = [_part(item, terminology, False) for item in compose.get("exclude", [])]
    return made


def _enumerated(given: dict[tuple[str, str], Concept], wanted: str) -> Part:
    return Part(wanted, {code: concept for (system, code), concept in given.items() if system == wanted})


def _part(item: Json, terminology: Terminology, active_only: bool) -> Part:
    part = Part(item.get("system", ""))
    part.sets = [terminology.prepared(url) for url in item.get("valueSet", [])]
    if part.system:
        version = item.get("version")
        system = terminology.code_system(f"{part.system}|{version}" if version else part.system)
        system = system or terminology.code_system(part.system)
        part.folds_case = system.folds_case if system else False
        if "concept" in item:
            part.codes = _named(item["concept"], part.system, system)
        else:
            _fill(part, item.get("filter", []), system)
        if active_only and part.codes is not None:
            part.codes = {key: concept for key, concept in part.codes.items() if not concept.is_inactive}
    return part


def _named(concepts: list[Json], url: str, system: CodeSystem | None) -> dict[str, Concept]:
    """The concepts that an include names one by one; the code system adds what the include leaves out."""
    made = {}
    for item in concepts:
        if "code" not in item:
            continue
        known = system.get(item["code"]) if system else None
        concept = known or Concept(url, item["code"], item.get("display", ""))
        if known and item.get("display") and item["display"] != known.display:
            names = tuple(dict.fromkeys((known.display, *known.names)))
            concept = replace(known, display=item["display"], names=names)
        if added := item.get("designation"):
            names = (*concept.names, *(part["value"] for part in added if "value" in part))
            designations = (*concept.designations, *added)
            concept = replace(concept, names=tuple(dict.fromkeys(names)), designations=designations)
        made[system.key(item["code"]) if system else item["code"]] = concept
    return made


def _fill(part: Part, filters: list[Json], system: CodeSystem | None) -> None:
    """Decide how a part knows its codes: by the list of the code system, by form, or not at all."""
    if system is None or system.content in ("not-present", "supplement", "example"):
        if syntactic.is_known(part.system):
            _fill_by_form(part, filters)
        else:
            part.unknown = f"the code system {part.system} is not available here"
        return
    try:
        test = passing(filters, system)
    except NotFilterable as error:
        part.unknown = f"{error} on {part.system} is not understood"
        return
    part.codes = {key: concept for key, concept in system.concepts.items() if test(concept)}
    if not system.is_complete:
        part.unknown = f"only a part of the code system {part.system} is available here"


def _fill_by_form(part: Part, filters: list[Json]) -> None:
    try:
        part.form = passing_form(filters, part.system)
    except NotFilterable as error:
        part.unknown = f"{error} on {part.system} is not understood"


def _take_expansion(made: ValueSet, expansion: Any) -> None:
    if not isinstance(expansion, dict):
        return
    pending = list(reversed(expansion.get("contains", [])))
    while pending:
        item = pending.pop()
        pending += reversed(item.get("contains", []))
        if "code" in item and not item.get("abstract"):
            key = (item.get("system", ""), item["code"])
            made.given.setdefault(key, Concept(*key, item.get("display", "")))
    total = expansion.get("total")
    cut_short = any("toocostly" in str(e.get("url")) for e in expansion.get("extension", []))
    made.given_is_whole = bool(made.given) and not cut_short and (total is None or total <= len(made.given))


def _either(left: bool | None, right: bool | None) -> bool | None:
    if left or right:
        return True
    return None if left is None or right is None else False


def _both(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True
