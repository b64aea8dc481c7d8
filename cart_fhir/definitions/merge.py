"""One element of a differential laid over the element it constrains, and what is wrong with that.

https://hl7.org/fhir/R4/profiling.html and the constraints of ElementDefinition: a profile narrows, never widens.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Tell = Callable[[str], None]

# What an element says in addition to its base, told apart by a key; everything else in a differential replaces.
_ADDED: dict[str, Callable[[Any], Any]] = {
    "constraint": lambda item: item.get("key"),
    "condition": lambda item: item,
    "mapping": lambda item: (item.get("identity"), item.get("map")),
    "extension": repr,
    "alias": lambda item: item,
}
_PLACE = ("id", "path", "sliceName", "base")
_VALUES = ("fixed", "pattern", "minValue", "maxValue", "defaultValue")
# Types that stand for others: any resource, any datatype, and the System types of R4's ids, urls and primitive values.
_OPEN = ("Resource", "DomainResource", "Element", "BackboneElement", "*")
_SYSTEM = "http://hl7.org/fhirpath/System."
_STRENGTHS = ("example", "preferred", "extensible", "required")


def merge(base: Json, derived: Json, source: str, tell: Tell) -> Json:
    """The element `base` as constrained by `derived`; `source` is the profile's url, noted at its new invariants.

    `tell` is given each way in which `derived` widens what it may only narrow; the result is as it asks nevertheless.
    """
    made = dict(base)
    _check_cardinality(base, derived, tell)
    for key, value in derived.items():
        if key in _PLACE:
            continue
        if key in _ADDED:
            made[key] = _added(base.get(key, []), value, _ADDED[key], source if key == "constraint" else "")
        elif key == "binding":
            made[key] = _binding(base.get(key, {}), value, tell)
        elif key == "slicing":
            made[key] = _slicing(base.get(key, {}), value, tell)
        elif key == "type":
            made[key] = _types(base.get(key, []), value, tell)
        else:
            _drop_other_value(made, key)
            made[key] = value
    if "contentReference" in made and "type" in derived:
        del made["contentReference"]
    return made


def _added(base: list[Any], new: list[Any], key: Callable[[Any], Any], source: str) -> list[Any]:
    there = {key(item) for item in base}
    fresh = [item for item in new if key(item) not in there]
    return [*base, *({"source": source, **item} if source else item for item in fresh)]


def _drop_other_value(made: Json, key: str) -> None:
    """A fixed or pattern value replaces one of any type: there is at most one of each."""
    for start in _VALUES:
        if key.startswith(start):
            for other in [name for name in made if name.startswith(start) and name != key]:
                del made[other]


def _check_cardinality(base: Json, derived: Json, tell: Tell) -> None:
    if "max" in derived and _most(derived["max"]) > _most(base.get("max", "*")):
        tell(f"allows up to {derived['max']}, but its base only {base.get('max')}")
    if "min" in derived and not derived.get("sliceName") and derived["min"] < base.get("min", 0):
        tell(f"asks for at least {derived['min']}, but its base for {base.get('min')}")
    asked = {"min": 0, "max": "*", **base, **derived}
    least, most = asked["min"], asked["max"]
    if least > _most(most):
        tell(f"asks for at least {least} and allows at most {most}")


def _most(maximum: str) -> float:
    return int(maximum) if str(maximum).isdigit() else float("inf")


def _binding(base: Json, derived: Json, tell: Tell) -> Json:
    old, new = base.get("strength"), derived.get("strength")
    if old in _STRENGTHS and new in _STRENGTHS and _STRENGTHS.index(new) < _STRENGTHS.index(old):
        tell(f"loosens the binding from {old} to {new}")
    kept: Json = {key: base[key] for key in ("strength", "valueSet") if key in base}
    return {**kept, **derived}


def _slicing(base: Json, derived: Json, tell: Tell) -> Json:
    old, new = ([(d.get("type"), d.get("path")) for d in one.get("discriminator", [])] for one in (base, derived))
    if old and new and old != new:
        tell(f"slices by {_named(new)}, but its base by {_named(old)}")
    if base.get("rules") == "closed" and derived.get("rules") in ("open", "openAtEnd"):
        tell(f"opens a slicing that its base has closed ({derived['rules']})")
    return {**base, **derived}


def _named(discriminators: list[tuple[Any, Any]]) -> str:
    return ", ".join(f"{kind}:{path}" for kind, path in discriminators)


def _types(base: list[Json], derived: list[Json], tell: Tell) -> list[Json]:
    allowed = {str(item.get("code")): item for item in base}
    made = []
    for item in derived:
        code = str(item.get("code"))
        if (
            allowed
            and code not in allowed
            and not any(other in _OPEN or other.startswith(_SYSTEM) for other in allowed)
        ):
            tell(f"has the type {code}, but its base allows only {', '.join(map(str, allowed))}")
        # The type of an id or url stands in an extension that differentials leave out.
        kept = {"extension": allowed[code]["extension"]} if "extension" in allowed.get(code, {}) else {}
        made.append({**kept, **item})
    return made
