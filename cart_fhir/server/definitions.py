"""The loaded definitions as a store: a registry in, a store in memory out that reads and searches like any other.

Profiles, extensions, value sets, code systems, maps and search parameters of the guide are so found under their FHIR
URLs (`StructureDefinition?url=...`, `ValueSet/cart-...`), with no second search engine.
"""

from __future__ import annotations

from cart_fhir.definitions import Registry
from cart_fhir.store import Store, open_store

DEFINITIONAL = frozenset(
    {
        "StructureDefinition",
        "ValueSet",
        "CodeSystem",
        "ConceptMap",
        "SearchParameter",
        "OperationDefinition",
        "CapabilityStatement",
        "ImplementationGuide",
        "CompartmentDefinition",
        "NamingSystem",
    }
)


def definition_store(registry: Registry) -> Store:
    """A store in memory with every definition that the guide and the operator's packages brought."""
    store = open_store("sqlite://", registry)
    with store.transaction() as tx:
        for resource in (found for type in sorted(DEFINITIONAL) for found in registry.all(type)):
            if resource.get("id"):
                tx.update(resource)
    return store
