"""What the IG Publisher would add to SUSHI's output: publisher, date, jurisdiction, versions, expansions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]

OBLIGATION = "http://hl7.org/fhir/StructureDefinition/obligation"
_OBLIGATIONS = (("SHALL:populate-if-known", "cart-data-source"), ("SHALL:handle", "cart-registry"))
_STAMPED = ("version", "date", "publisher", "contact", "jurisdiction")


def definitions(resources: Iterable[Json]) -> list[Json]:
    """The conformance resources (those with a canonical URL), finished; the ImplementationGuide gives the stamps."""
    conformance = [resource for resource in resources if "url" in resource]
    guide = next(resource for resource in conformance if resource["resourceType"] == "ImplementationGuide")
    base = guide["url"].split("/ImplementationGuide/")[0]
    systems = {resource["url"]: resource for resource in conformance if resource["resourceType"] == "CodeSystem"}
    return [_finish(resource, guide, base, systems) for resource in conformance]


def examples(bundles: Iterable[Json]) -> list[Json]:
    """The journeys, and each resource in them once, by type and id."""
    found = list(bundles)
    found += [entry["resource"] for bundle in found for entry in bundle["entry"]]
    return sorted(found, key=lambda resource: (resource["resourceType"], resource["id"]))


def _finish(resource: Json, guide: Json, base: str, systems: dict[str, Json]) -> Json:
    finished = dict(resource)
    if resource["url"].startswith(base):
        for key in _STAMPED:
            if key in guide and key not in finished:
                finished[key] = guide[key]
    if finished["resourceType"] == "CodeSystem" and "concept" in finished:
        finished["count"] = len(finished["concept"])
    if finished["resourceType"] == "StructureDefinition":
        for view in ("differential", "snapshot"):
            elements = [_with_obligations(element, base) for element in finished[view]["element"]]
            finished[view] = {**finished[view], "element": elements}
    if finished["resourceType"] == "ImplementationGuide":
        finished["definition"] = _definition(finished["definition"])
    if finished["resourceType"] == "ValueSet":
        finished["expansion"] = _expansion(finished, guide["date"], systems)
    return finished


def _with_obligations(element: Json, base: str) -> Json:
    """A must-support element says what it asks of a sender and of a receiver."""
    if not element.get("mustSupport"):
        return element
    added = [
        {
            "url": OBLIGATION,
            "extension": [
                {"url": "code", "valueCode": code},
                {"url": "actor", "valueCanonical": f"{base}/CapabilityStatement/{actor}"},
            ],
        }
        for code, actor in _OBLIGATIONS
    ]
    return {**element, "extension": [*element.get("extension", []), *added]}


def _definition(definition: Json) -> Json:
    """Without the parameters of the IG Publisher, which R4 does not know, and without empty lists of pages."""
    kept = {key: value for key, value in definition.items() if key != "parameter"}
    kept["page"] = {key: value for key, value in kept["page"].items() if value != []}
    return kept


def _expansion(value_set: Json, date: str, systems: dict[str, Json]) -> Json:
    """All members: our value sets list codes, or take whole code systems of this guide, so that this is exact."""
    members: list[Json] = []
    for include in value_set["compose"]["include"]:
        members += _members(include, systems)
    return {"timestamp": date, "total": len(members), "contains": members}


def _members(include: Json, systems: dict[str, Json]) -> list[Json]:
    if set(include) - {"system", "version", "concept"}:
        raise ValueError(f"A value set uses {sorted(include)}, which this build cannot expand")
    system = include["system"]
    concepts = include.get("concept") or systems[system]["concept"]
    known = {concept["code"]: concept for concept in systems.get(system, {}).get("concept", [])}
    members = []
    for concept in concepts:
        if system in systems and concept["code"] not in known:
            raise ValueError(f"{system} has no code {concept['code']}")
        display = concept.get("display") or known.get(concept["code"], {}).get("display")
        members.append({"system": system, "code": concept["code"], **({"display": display} if display else {})})
    return members
