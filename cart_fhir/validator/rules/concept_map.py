"""ConceptMaps as data: the codes that they map are in the systems and value sets named, as far as these are at hand.

https://hl7.org/fhir/R4/conceptmap.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules.code_system import dicts
from cart_fhir.validator.rules.primitives import shown

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context

Json = dict[str, Any]


def check(resource: Json, context: Context) -> Found:
    """Every source and target code of every group."""
    sets = {side: _value_set(resource, side) for side in ("source", "target")}
    found: Found = None
    for number, group in enumerate(dicts(resource.get("group"))):
        for index, element in enumerate(dicts(group.get("element"))):
            steps = (f"element[{index}]", f"group[{number}]")
            found = join(found, _code(element, group.get("source"), sets["source"], steps, context))
            for at, target in enumerate(dicts(element.get("target"))):
                here = (f"target[{at}]", *steps)
                found = join(found, _code(target, group.get("target"), sets["target"], here, context))
    return found


def _value_set(resource: Json, side: str) -> str:
    url = resource.get(f"{side}Canonical") or resource.get(f"{side}Uri")
    return url if isinstance(url, str) else ""


def _code(holder: Json, url: Any, value_set: str, steps: tuple[str, ...], context: Context) -> Found:
    """A code is in the code system of its group, and in the value set that the map is for."""
    code = holder.get("code")
    if not isinstance(code, str) or not isinstance(url, str):
        return None
    system = context.program.terminology.code_system(url)
    if system is None:
        context.note("code-system-unknown", f"Mapped codes of {url} were not checked: the system is not at hand.")
    elif system.is_complete and system.get(code) is None:
        return one("concept-map", f"The code {shown(code)} is not in {url}.", "code", *steps)
    if value_set and context.program.value_sets.member(value_set, url, code) is False:
        return one("concept-map", f"The code {shown(code)} is not in the value set {value_set}.", "code", *steps)
    return None
