"""What searches ask of the terminology (`:in`, `:not-in`, `:above`, `:below`), answered from the definitions."""

from __future__ import annotations

from dataclasses import dataclass

from cart_fhir.definitions import Registry
from cart_fhir.definitions.terminology import Terminology

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Codes:
    """See `search.codes.CodeSets`; None where the answer cannot be known, which the search then says."""

    terminology: Terminology
    registry: Registry

    def members(self, value_set: str) -> Pairs | None:
        """The (system, code) pairs of a value set's expansion; it is named by its URL, or as `ValueSet/[id]` here."""
        found = self.terminology.expand(self._url(value_set))
        return None if found is None else [(concept.system, concept.code) for concept in found]

    def _url(self, named: str) -> str:
        type, _, id = named.partition("/")
        if type != "ValueSet":
            return named
        return next((str(one["url"]) for one in self.registry.all("ValueSet") if one.get("id") == id), named)

    def below(self, system: str, code: str) -> Pairs | None:
        """The code and everything it subsumes."""
        found = self.terminology.code_system(system)
        if found is None or found.get(code) is None:
            return None
        return [(system, code), *((system, found.concepts[key].code) for key in sorted(found.below(code)))]

    def above(self, system: str, code: str) -> Pairs | None:
        """The code and everything that subsumes it."""
        found = self.terminology.code_system(system)
        if found is None or found.get(code) is None:
            return None
        return [(system, code), *((system, found.concepts[key].code) for key in sorted(found.above(code)))]
