"""Elements of two snapshots compared by what matters to validation."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
_PLAIN = ("path", "sliceName", "min", "max", "base", "maxLength")
_FLAGS = ("isModifier", "mustSupport")
_VALUES = ("fixed", "pattern", "minValue", "maxValue")


def essence(element: Json) -> Json:
    """An element in a form in which equal rules are equal: no prose, no pinned versions, invariants by key.

    isSummary is left out: it is not a rule for instances, and publishers differ in what a type profile does to it.
    """
    made: Json = {key: element[key] for key in _PLAIN if key in element}
    made |= {key: True for key in _FLAGS if element.get(key)}
    made |= {key: value for key, value in element.items() if key.startswith(_VALUES)}
    if "contentReference" in element:
        made["contentReference"] = element["contentReference"].rpartition("#")[2]
    if "type" in element:
        made["type"] = [_type(item) for item in element["type"]]
    if "binding" in element:
        binding = element["binding"]
        made["binding"] = (binding.get("strength"), binding.get("valueSet", "").partition("|")[0])
    if element.get("constraint"):
        made["constraint"] = sorted(item["key"] for item in element["constraint"])
    if "slicing" in element:
        slicing = element["slicing"]
        made["slicing"] = (slicing.get("discriminator", []), slicing.get("rules"), bool(slicing.get("ordered")))
    return made


def _type(item: Json) -> Json:
    made = {key: value for key, value in item.items() if key != "extension"}
    for key in ("profile", "targetProfile"):
        if key in made:
            made[key] = [str(url).partition("|")[0] for url in made[key]]
    return made


def differences(made: list[Json], expected: list[Json]) -> tuple[int, list[str]]:
    """How many elements were compared, and the ids of those that differ or stand in one list only."""
    left, right = ({element["id"]: essence(element) for element in side} for side in (made, expected))
    names = [*right, *(name for name in left if name not in right)]
    return len(names), [name for name in names if left.get(name) != right.get(name)]
