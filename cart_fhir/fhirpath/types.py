"""What FHIRPath and the FHIR formats need to know about types; `cart_fhir.definitions` implements it.

Type names are FHIR's ("Observation", "CodeableConcept", "string"); an anonymous element that holds others is a type
named by its path ("Observation.component", "Questionnaire.item"), also where a content reference points to it.
FHIR names every primitive type in lower case and every other type with a capital, so `is_primitive` needs no model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Element:
    """One child element of a type.

    `name` is the FHIRPath name: without type suffix for a choice ("value"). `types` are its type names in the order of
    the definition; a Bundle entry's resource has ("Resource",). `json_names` maps each JSON property that may hold it
    to its type: {"valueQuantity": "Quantity", "valueString": "string"} or {"code": "CodeableConcept"}.
    """

    name: str
    types: tuple[str, ...]
    max_is_many: bool
    json_names: Mapping[str, str]

    @property
    def is_choice(self) -> bool:
        """True for a choice of types, `value[x]`."""
        return self.name not in self.json_names


class TypeModel(Protocol):
    """The types of one FHIR version, and of the profiles' anonymous parts where wanted."""

    def children(self, type_name: str) -> Mapping[str, Element]:
        """FHIRPath name -> element, inherited ones first, in the order of the definition (the order XML wants).

        Empty exactly when the type is unknown: every known type has `id` at least. Primitives have `id` and
        `extension` (and no `value`). Element.id has type "string", Resource.id "id", Extension.url "uri",
        Narrative.div "xhtml". One immutable mapping per type: the caller may keep it.
        """
        ...

    def is_a(self, type_name: str, ancestor: str) -> bool:
        """True when the type is the ancestor or specialises it: code is a string, Age a Quantity, Patient a Resource.

        An anonymous type is a BackboneElement, or an Element within a datatype ("Timing.repeat", "Dosage.doseAndRate").
        """
        ...


def is_primitive(type_name: str) -> bool:
    """True for FHIR primitive types: "string", "dateTime", "xhtml"."""
    return type_name[0].islower()
