"""Code tables as ConceptMap resources: a hospital's lists given to a terminology server, or taken from one.

In R4 a target that is unmatched or disjoint translates nothing. Of the codes that a ConceptMap doesn't name, `unmapped`
says: `provided` keeps them (what maps do by default), `fixed` gives them all one code; `other-map` isn't followed.
https://hl7.org/fhir/R4/conceptmap.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cart_fhir.errors import BadSyntax, ConfigError
from cart_fhir.formats import json

if TYPE_CHECKING:
    from cart_fhir.mappers.mapping import Map

OTHERS = "\0others"  # a source_code that no file can hold: every code that is not named
_NO_TRANSLATION = frozenset({"unmatched", "disjoint"})
_EQUIVALENCES = frozenset(
    {
        "relatedto",
        "equivalent",
        "equal",
        "wider",
        "subsumes",
        "narrower",
        "specializes",
        "inexact",
        "unmatched",
        "disjoint",
    }
)


def lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(number, cells of a code table's line) of the ConceptMap in a file; ConfigError where it is none."""
    try:
        found = json.loads(path.read_bytes())
    except BadSyntax as problem:
        raise ConfigError(f"{path.name}, line {problem.line}: {problem.message}") from None
    if not isinstance(found, dict) or found.get("resourceType") != "ConceptMap":
        raise ConfigError(f"{path.name} holds no ConceptMap.")
    number = 0
    for group in found.get("group", ()):
        others = group.get("unmapped", {})
        if others.get("mode") == "other-map":
            raise ConfigError(f"{path.name} refers to another map for codes it does not name: give that one too.")
        for element in (one for one in group.get("element", ()) if one.get("code")):
            for target in element.get("target") or [{}]:
                number += 1
                yield number, _line(group, element, target)
        if others.get("mode") == "fixed":
            yield number + 1, _line(group, {"code": OTHERS}, {**others, "equivalence": "wider"})


def _line(group: Mapping[str, Any], element: Mapping[str, Any], target: Mapping[str, Any]) -> dict[str, str]:
    told = {} if target.get("equivalence") in _NO_TRANSLATION else target
    return {
        "source_code": str(element.get("code", "")),
        "source_text": str(element.get("display", "")),
        "target_system": str(group.get("target", "")) if told.get("code") else "",
        "target_code": str(told.get("code", "")),
        "target_display": str(told.get("display", "")),
        "equivalence": str(target.get("equivalence", "")),
        "comment": str(target.get("comment", "")),
    }


def of_map(mapping: Map) -> Iterator[tuple[str, dict[str, Any]]]:
    """(name, ConceptMap) of each code table in CSV beside a map."""
    from cart_fhir.mappers import codes, systems

    site, folder = mapping.site, mapping.spec.path.parent
    for name in sorted(mapping.spec.code_tables):
        path = next(one for one in (folder / name, folder / "codes" / name) if one.is_file())
        if path.suffix.lower() == ".csv":
            local = partial(systems.named, local=site.local)
            yield path.stem, concept_map(path.stem, codes.lines(path), site.codes, local)


def concept_map(
    name: str, rows: Iterator[tuple[int, Mapping[str, str]]], source: str, system: Callable[[str], str]
) -> dict[str, Any]:
    """A code table as a ConceptMap: `source` is the system of the hospital's codes, `system` makes URLs of short names.

    Lines still to be filled in are left out.
    """
    groups: dict[str, dict[str, dict[str, Any]]] = {}
    for _, row in rows:
        if not row.get("target_code"):
            continue
        elements = groups.setdefault(system(row["target_system"]), {})
        element = elements.setdefault(row["source_code"], {"code": row["source_code"], "target": []})
        if row.get("source_text"):
            element["display"] = row["source_text"]
        element["target"].append(_target(row))
    return {
        "resourceType": "ConceptMap",
        "url": f"{source.rstrip('/')}/ConceptMap/{name}",
        "name": "Codes" + "".join(word.capitalize() for word in re.split(r"[^A-Za-z0-9]+", name)),
        "status": "draft",
        "group": [
            {"source": source, "target": target, "element": list(elements.values()), "unmapped": {"mode": "provided"}}
            for target, elements in groups.items()
        ],
    }


def _target(row: Mapping[str, str]) -> dict[str, str]:
    equivalence = row.get("equivalence", "")
    made = {
        "code": row["target_code"],
        "display": row.get("target_display", ""),
        "equivalence": equivalence if equivalence in _EQUIVALENCES else "equivalent",
        "comment": row.get("comment", ""),
    }
    return {key: value for key, value in made.items() if value}
