"""The code system an element of type `code` implies: that of the value set it is bound to, when there is just one.

https://hl7.org/fhir/R4/search.html#token: for a code the system is implicit, and `status=[system]|final` must find it.
"""

from __future__ import annotations

import re

from cart_fhir.definitions import Registry

_PATH = re.compile(r"[A-Z][A-Za-z]*(?:\.[A-Za-z]+)+")


def implied_system(registry: Registry, type_name: str, expression: str) -> str | None:
    """The system of the codes at a plain path ("Observation.status"); None for other paths, types and bindings."""
    if not _PATH.fullmatch(expression) or not expression.startswith(f"{type_name}."):
        return None
    structure = registry.structure(type_name) or {}
    for element in structure.get("snapshot", {}).get("element", ()):
        if element.get("path") == expression:
            is_code = [one.get("code") for one in element.get("type", ())] == ["code"]
            value_set = element.get("binding", {}).get("valueSet", "")
            return _only_system(registry, value_set) if is_code and value_set else None
    return None


def _only_system(registry: Registry, value_set: str) -> str | None:
    compose = (registry.value_set(value_set) or {}).get("compose", {})
    systems = {include.get("system") for include in compose.get("include", ())}
    found = systems.pop() if len(systems) == 1 else None
    return found if isinstance(found, str) else None
