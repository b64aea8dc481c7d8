"""Questions about codes, answered from the definitions at hand; nothing is asked of a terminology server.

What LOINC, SNOMED CT and other systems that are not here contain is not known: then the answer is None, and `why` says
so. https://hl7.org/fhir/R4/terminology-service.html
"""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Any, Literal

from cart_fhir.definitions import syntactic, ucum
from cart_fhir.definitions.code_system import CodeSystem, Concept
from cart_fhir.definitions.value_set import ValueSet, prepare

if TYPE_CHECKING:
    from cart_fhir.definitions.registry import Registry

Json = dict[str, Any]
Subsumption = Literal["equivalent", "subsumes", "subsumed-by", "not-subsumed"]


class Terminology:
    """Membership, expansion, look-up and subsumption over a registry; what was worked out once is kept."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._revision = registry.revision
        self._systems: dict[str, CodeSystem | None] = {}
        self._sets: dict[str, ValueSet] = {}
        self._open: set[str] = set()
        self._preparing = RLock()
        self._names: dict[tuple[str, str], str] | None = None

    def member(self, value_set_url: str, system: str | None, code: str) -> bool | None:
        """True when the code is in the value set, None when that can't be known offline.

        `system` None is for elements of type code, whose system the value set implies.
        """
        return self.prepared(value_set_url).has(system, code)

    def why(self, value_set_url: str) -> str:
        """Why some codes of the value set can't be decided here, in words; "" when all can."""
        return "; ".join(dict.fromkeys(self.prepared(value_set_url).gaps()))

    def expand(self, value_set_url: str) -> list[Concept] | None:
        """Every concept of the value set in its order; None when it can't be listed in full, and `why` says why not."""
        return self.prepared(value_set_url).listed()

    def lookup(self, system: str, code: str) -> Concept | None:
        """The concept, from its code system or its grammar; None when it isn't known to be one."""
        found = self.code_system(system)
        if found is not None and found.content not in ("not-present", "supplement"):
            return found.get(code)
        if syntactic.check(system, code):
            return Concept(system, code, (ucum.name(code) or "") if system == ucum.SYSTEM else "")
        return None

    def display(self, system: str, code: str) -> str | None:
        """The preferred display of a code, or what the guide's value sets call it; None when it is not known."""
        concept = self.lookup(system, code)
        return (concept.display if concept else "") or self._listed().get((system, code))

    def displays(self, system: str, code: str) -> tuple[str, ...]:
        """Every name the code goes by, the preferred one first; empty when none is known."""
        concept = self.lookup(system, code)
        if concept is None:
            return ()
        return (concept.display, *concept.names) if concept.display else concept.names

    def subsumes(self, system: str, a: str, b: str) -> Subsumption | None:
        """How code a relates to code b of the same system; None when the system or a code is not here."""
        found = self.code_system(system)
        if found is None or found.get(a) is None or found.get(b) is None:
            return None
        if found.key(a) == found.key(b):
            return "equivalent"
        if found.key(b) in found.below(a):
            return "subsumes"
        return "subsumed-by" if found.key(a) in found.below(b) else "not-subsumed"

    def code_system(self, canonical: str) -> CodeSystem | None:
        """The code system with its supplements; None when it is not here."""
        self._renew()
        if canonical not in self._systems:
            resource = self._registry.code_system(canonical)
            supplements = self._registry.supplements(canonical.partition("|")[0])
            self._systems[canonical] = CodeSystem(resource, supplements) if resource else None
        return self._systems[canonical]

    def prepared(self, canonical: str) -> ValueSet:
        """The value set made ready; one that is not here, or that includes itself, knows nothing and says so."""
        self._renew()
        found = self._sets.get(canonical)
        if found is not None:
            return found
        with self._preparing:
            return self._sets.get(canonical) or self._prepare(canonical)

    def ready(self, resource: Json) -> ValueSet:
        """A value set that came from elsewhere made ready; what it refers to is looked for among the definitions."""
        return prepare(resource, self)

    def _prepare(self, canonical: str) -> ValueSet:
        if canonical in self._open:
            return ValueSet(canonical, problem=f"the value set {canonical} includes itself")
        resource = self.value_set(canonical)
        if resource is None:
            made = ValueSet(canonical, problem=f"the value set {canonical} is not loaded")
        else:
            self._open.add(canonical)
            try:
                made = prepare(resource, self)
            finally:
                self._open.discard(canonical)
        self._sets[canonical] = made
        return made

    def value_set(self, canonical: str) -> Json | None:
        """The ValueSet, or the one that a code system names for all its codes; None when neither is here."""
        return self._registry.value_set(canonical) or self._implied(canonical)

    def _implied(self, canonical: str) -> Json | None:
        """The value set of all codes that a code system names as its own, where nobody wrote it down."""
        url = canonical.partition("|")[0]
        system = self._registry.code_system_of(url)
        if system is None or self._registry.value_set(url) is not None:
            return None
        return {"resourceType": "ValueSet", "url": url, "compose": {"include": [{"system": system}]}}

    def _listed(self) -> dict[tuple[str, str], str]:
        """What value sets of the guide and of loaded packages call codes, whose systems may not be here."""
        self._renew()
        if self._names is None:
            self._names = {
                (include["system"], concept["code"]): concept["display"]
                for value_set in self._registry.all("ValueSet")
                for include in value_set.get("compose", {}).get("include", ())
                for concept in include.get("concept", ())
                if "system" in include and "display" in concept
            }
        return self._names

    def _renew(self) -> None:
        """Forget everything when the registry has learnt something new."""
        if self._revision != self._registry.revision:
            self._revision = self._registry.revision
            self._systems.clear()
            self._sets.clear()
            self._names = None
