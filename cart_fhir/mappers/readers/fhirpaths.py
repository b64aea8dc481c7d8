"""Cells of FHIR resources by FHIRPath, where a plain path does not reach: `paths: {KINDS: category.coding.code}`.

An expression is compiled once, when the file is opened. What it finds is written as text; of several values all are,
with `+` between them, as a code-list reads them. https://hl7.org/fhirpath/N1/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cart_fhir import fhirpath
from cart_fhir.errors import BadSyntax, ConfigError

Paths = dict[str, fhirpath.Expression]


def compiled(paths: Any, root: str) -> Paths:
    """Cell -> expression over resources of type `root`; ConfigError where one is no FHIRPath."""
    if not paths:
        return {}
    if not isinstance(paths, Mapping):
        raise ConfigError("'paths' gives each cell an expression.", advice='Write read: {paths: {NAME: "name.given"}}.')
    from cart_fhir.definitions import Registry

    types, made = Registry.default().types, {}
    for name, text in paths.items():
        try:
            made[str(name)] = fhirpath.compile(str(text), types, root)
        except BadSyntax as problem:
            raise ConfigError(f"The path of '{name}' is no FHIRPath: {problem.message}") from None
    return made


def cells(paths: Paths, resource: Mapping[str, Any]) -> dict[str, str]:
    """The cells of a resource; an element that is an object has no text and is refused."""
    made = {}
    for name, expression in paths.items():
        try:
            found = expression.values(resource)
        except fhirpath.EvaluationError as problem:
            raise ConfigError(f"The path of '{name}' has no meaning for this resource: {problem}") from None
        if any(isinstance(value, dict) for value in found):
            raise ConfigError(f"The path of '{name}' ends at an object: go on to one of its members.")
        made[name] = "+".join(_text(value) for value in found if value is not None)
    return made


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
