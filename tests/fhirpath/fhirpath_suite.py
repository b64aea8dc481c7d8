"""Reads the official FHIRPath suite for R4 from the shared folder. https://github.com/FHIR/fhir-test-cases"""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from lxml import etree

from cart_fhir import fhirpath, formats
from cart_fhir.definitions import Registry, ucum
from cart_fhir.fhirpath.nodes import EvaluationError, Node, type_of

FOLDER = pathlib.Path(__file__).parents[2] / ".." / "shared" / "cases" / "fhirpath"
SUITE = FOLDER / "tests-fhir-r4.xml"


@dataclass(frozen=True)
class Case:
    """One test of the suite; `outputs` are (type, text) pairs, `invalid` says how it must fail."""

    name: str
    expression: str
    file: str
    invalid: str
    predicate: bool
    outputs: tuple[tuple[str, str], ...]


def cases() -> Iterator[Case]:
    """Every test, named by group and test; a name that repeats gets a number."""
    seen: dict[str, int] = {}
    for group in etree.parse(SUITE).getroot():
        for test in group.iterfind("test"):
            expression = test.find("expression")
            name = f"{group.get('name')}/{test.get('name')}"
            seen[name] = seen.get(name, 0) + 1
            yield Case(
                name if seen[name] == 1 else f"{name}#{seen[name]}",
                expression.text or "",
                test.get("inputfile") or "patient-example.xml",
                expression.get("invalid") or test.get("invalid") or "",
                test.get("predicate") == "true",
                tuple((output.get("type") or "", output.text or "") for output in test.iterfind("output")),
            )


@cache
def resource(file: str) -> dict[str, Any]:
    """The input file as a dict."""
    return formats.read((FOLDER / file).read_bytes(), Registry.default().types)


def conforms_to(value: Any, type_name: str, profile: str) -> bool:
    """A stand-in for the validator: base types only."""
    base, _, name = profile.rpartition("/")
    if base != "http://hl7.org/fhir/StructureDefinition":
        raise EvaluationError(f"The profile {profile} is not known.")
    return type_name == name


def run(case: Case) -> list[Any]:
    """The items the expression gives, read strictly."""
    patient = resource(case.file)
    expression = fhirpath.compile(case.expression, Registry.default().types, patient["resourceType"], strict=True)
    env = fhirpath.Env(resource=patient, conforms_to=conforms_to, convert=ucum.convert)
    return expression.evaluate(patient, env)


def shown(item: Any) -> tuple[str, str]:
    """Type name and text of an item as the suite writes them."""
    kind = type_of(item)
    value = item.value if isinstance(item, Node) else item
    if kind.name in ("Date", "DateTime", "Time", "date", "dateTime", "time", "instant"):
        text = f"@T{value}" if kind.name in ("Time", "time") else f"@{value}"
    elif isinstance(value, bool):
        text = str(value).lower()
    else:
        text = str(value)
    name = kind.name if kind.namespace == "FHIR" or kind.name == "Quantity" else kind.name[0].lower() + kind.name[1:]
    return name, text


def misses(case: Case) -> str:
    """Why the result of a value test is wrong; "" when it is right."""
    try:
        items = run(case)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if case.predicate:
        items = [bool(items)]
    found = [shown(item) for item in items]
    wanted = list(case.outputs)
    alike = len(found) == len(wanted) and all(
        text == expected and (not kind or kind == name)
        for (name, text), (kind, expected) in zip(found, wanted, strict=True)
    )
    return "" if alike else f"gave {found}, wanted {wanted}"
