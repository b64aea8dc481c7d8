"""Parts of a resource: `_summary` and `_elements` (https://hl7.org/fhir/R4/search.html#summary).

What is left is tagged SUBSETTED, so that nobody puts it back as the whole; which elements are in a summary and which
must never be left out is read from the definitions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cart_fhir.definitions import Registry
from cart_fhir.formats import json
from cart_fhir.search.elements import named
from cart_fhir.store.base import Stored

Json = dict[str, Any]
TAG = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
    "display": "subsetted",
}
_ALWAYS = ("resourceType", "id", "meta")


def shown(
    stored: Stored, registry: Registry, summary: str, elements: tuple[str, ...], *, included: bool = False
) -> Stored:
    """A version with the part of its resource that `summary` (true, text, data) or `elements` asks for.

    Elements named without a type are those of matches; what is `included` is whole, unless its own type is named.
    """
    wanted = named(stored.type, elements, included=included)
    if stored.deleted or (summary in ("", "false", "count") and not wanted):
        return stored
    return replace(stored, text=json.dumps(part(json.loads(stored.text), registry, summary, wanted)))


def part(resource: Json, registry: Registry, summary: str, elements: tuple[str, ...]) -> Json:
    """The part of a resource as a new dict, tagged SUBSETTED."""
    type = resource["resourceType"]
    if elements:
        made = _keep(resource, registry, type, {*elements} | _mandatory(registry, type))
    elif summary == "text":
        made = _keep(resource, registry, type, {"text"} | _mandatory(registry, type))
    elif summary == "data":
        made = {key: value for key, value in resource.items() if key != "text"}
    else:
        made = _summarised(resource, registry, type)
    meta = dict(made.get("meta", {}))
    tags = meta.get("tag", [])
    if all(tag.get("code") != TAG["code"] for tag in tags):  # another server, as store, may have left out parts itself
        meta["tag"] = [*tags, TAG]
    # meta stands after id, where a reader looks for it
    head = {key: made[key] for key in ("resourceType", "id") if key in made}
    return head | {"meta": meta} | {key: value for key, value in made.items() if key not in _ALWAYS}


def _keep(resource: Json, registry: Registry, type: str, names: set[str]) -> Json:
    """The properties of the elements named; a choice element is named without its type."""
    json_names = {
        name
        for element in registry.types.children(type).values()
        if element.name in names
        for name in element.json_names
    }
    wanted = {*_ALWAYS, *names, *json_names}
    return {key: value for key, value in resource.items() if key.removeprefix("_") in wanted}


def _mandatory(registry: Registry, type: str) -> set[str]:
    return {
        path.split(".")[1].removesuffix("[x]")
        for path, element in _elements(registry, type).items()
        if path.count(".") == 1 and element.get("min", 0) > 0
    }


def _summarised(resource: Json, registry: Registry, type: str) -> Json:
    flagged = {path for path, element in _elements(registry, type).items() if element.get("isSummary")}
    return {key: value for key, value in _pruned(resource, type, registry, flagged).items() if value not in ({}, [])}


def _pruned(value: Json, path: str, registry: Registry, flagged: set[str]) -> Json:
    made: Json = {}
    paths = {path.removesuffix("[x]") for path in flagged}
    for key, inner in value.items():
        name = f"{path}.{_element_name(key.removeprefix('_'), path, registry)}"
        if key in _ALWAYS:
            made[key] = inner
        elif name in paths:
            deeper = any(other.startswith(f"{name}.") for other in paths)
            made[key] = _deeper(inner, name, registry, flagged) if deeper else inner
    return made


def _deeper(value: Any, path: str, registry: Registry, flagged: set[str]) -> Any:
    if isinstance(value, list):
        return [_deeper(item, path, registry, flagged) for item in value]
    return _pruned(value, path, registry, flagged) if isinstance(value, dict) else value


def _element_name(key: str, path: str, registry: Registry) -> str:
    for element in registry.types.children(path).values():
        if key in element.json_names:
            return element.name
    return key


def _elements(registry: Registry, type: str) -> dict[str, Json]:
    structure = registry.structure(type) or {}
    return {element["path"]: element for element in structure.get("snapshot", {}).get("element", ())}
