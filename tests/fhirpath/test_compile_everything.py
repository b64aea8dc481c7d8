"""Every invariant and every search parameter expression of R4 core and of the guide compiles."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from typing import Any

import yaml

from cart_fhir import fhirpath
from cart_fhir.definitions import Registry
from cart_fhir.errors import BadSyntax

REGISTRY = Registry.default()
DEFECTS = yaml.safe_load((pathlib.Path(__file__).parent / "core_defects.yaml").read_text("utf-8"))


def roots(structure: dict[str, Any], element: dict[str, Any]) -> list[str]:
    """The types that the invariants of an element start from."""
    path = element["path"]
    if "." not in path:
        return [structure["type"]]
    if "contentReference" in element:
        return [element["contentReference"].partition("#")[2]]
    if REGISTRY.types.children(path):
        return [path]
    return [each["code"] for each in element.get("type", []) if REGISTRY.types.children(each["code"])]


def invariants() -> Iterator[tuple[str, str, str]]:
    """(key, expression, type it starts from), each once."""
    seen = set()
    for summary in REGISTRY.all("StructureDefinition", core=True):
        structure = REGISTRY.structure(summary["url"])
        if structure is None or structure["kind"] == "logical":
            continue
        for element in structure["snapshot"]["element"]:
            for constraint in element.get("constraint", []):
                for root in roots(structure, element):
                    found = (constraint["key"], constraint.get("expression", ""), root)
                    if found[1] and found not in seen:
                        seen.add(found)
                        yield found


def failures(expressions: Iterator[tuple[str, str, str]], *, any_root: bool) -> tuple[int, dict[str, str]]:
    """How many there were, and "name on type" -> message of those that do not compile."""
    count, failed = 0, {}
    for name, expression, root in expressions:
        count += 1
        try:
            fhirpath.compile(expression, REGISTRY.types, root, any_root=any_root)
        except BadSyntax as error:
            failed[f"{name} on {root}"] = error.message
    return count, failed


def test_every_invariant_compiles() -> None:
    count, failed = failures(invariants(), any_root=False)
    assert count > 1000
    assert failed.keys() == DEFECTS["invariants"].keys(), failed


def test_every_search_parameter_compiles() -> None:
    expressions = (
        (parameter["code"], parameter["expression"], name)
        for name in REGISTRY.resource_types
        for parameter in REGISTRY.search_parameters(name)
        if parameter.get("expression")
    )
    count, failed = failures(expressions, any_root=True)
    assert count > 2000
    assert failed.keys() == DEFECTS["search_parameters"].keys(), failed
