"""The elements of a StructureDefinition's differential: in order, sliced where they say so, with values of their type.

https://hl7.org/fhir/R4/profiling.html, https://hl7.org/fhir/R4/elementdefinition.html. That elements are there in the
base and do not loosen it is found when the snapshot is made (`definitions/snapshot.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cart_fhir.issues import Severity
from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules.code_system import dicts
from cart_fhir.validator.rules.primitives import shown

if TYPE_CHECKING:
    from cart_fhir.validator.program import Program

Json = dict[str, Any]
Step = tuple[str, str]
_ANY = frozenset(("Resource", "DomainResource", "Element", "BackboneElement"))


def check(definition: Json, program: Program) -> Found:
    """Values of other types, slices of what is not sliced, elements before those that the base has first."""
    view = definition.get("differential")
    elements = view.get("element") if isinstance(view, dict) else None
    listed = [each if isinstance(each, dict) else {} for each in elements] if isinstance(elements, list) else []
    found: Found = None
    for element in listed:
        found = join(found, _values(element, program))
    found = join(found, _expressions(definition, program))
    found = join(found, join(_names(definition, listed), _slices(definition, listed, program)))
    return join(found, _order(listed, program))


def _names(definition: Json, listed: list[Json]) -> Found:
    """Paths start from the type that a profile is on."""
    found: Found = None
    kind = definition.get("type") if definition.get("derivation") == "constraint" else None
    for index, element in enumerate(listed):
        place = (f"element[{index}]", "differential")
        path = element.get("path")
        if isinstance(kind, str) and "/" not in kind and isinstance(path, str) and path.partition(".")[0] != kind:
            text = f"The path {shown(path)} does not start from {kind}, which the profile is on."
            found = join(found, one("definition", text, *place))
    return found


def types_at(path: str, program: Program) -> frozenset[str]:
    """The types that an element of a base definition may have, by its path; empty when it is not known."""
    root, *names = path.split(".")
    types = frozenset((root,)) if program.types.children(root) else frozenset[str]()
    for name in names:
        types = down(types, name.removesuffix("[x]"), program)
    return types


def down(types: frozenset[str], name: str, program: Program) -> frozenset[str]:
    """The types of a child of any of the types."""
    below: set[str] = set()
    for each in types:
        child = program.types.children(each).get(name)
        if child is not None:
            below.update(child.types)
    return frozenset(below)


def _values(element: Json, program: Program) -> Found:
    """`fixed[x]` and `pattern[x]` are of a type that the element may have."""
    own = frozenset(str(each.get("code")) for each in dicts(element.get("type")))
    types = own or types_at(str(element.get("path", "")), program)
    if not types or types & _ANY or any("/" in each for each in types):
        return None
    found: Found = None
    for key in element:
        prefix = next((each for each in ("fixed", "pattern") if key.startswith(each) and len(key) > len(each)), None)
        if prefix is None:
            continue
        name = key.removeprefix(prefix)
        kind = name if program.types.children(name) else name[:1].lower() + name[1:]
        if kind not in types:
            place = element.get("id") or element.get("path")
            said = f"The {prefix} value of {place} is a {kind}, but the element is of type"
            found = join(found, one("definition", f"{said} {' or '.join(sorted(types))}."))
    return found


def _expressions(definition: Json, program: Program) -> Found:
    """The definition's own invariants can be compiled for the types they stand on.

    Those of a snapshot are held against data; in a differential alone it is said as a warning, as of work not yet done.
    """
    part = "snapshot" if isinstance(definition.get("snapshot"), dict) else "differential"
    severity: Severity = "error" if part == "snapshot" else "warning"
    view = definition.get(part)
    found: Found = None
    for at, element in enumerate(dicts(view.get("element")) if isinstance(view, dict) else ()):
        path = str(element.get("path", ""))
        types = types_at(path, program)
        root = path if program.types.children(path) else next(iter(types)) if len(types) == 1 else ""
        if not root or types & _ANY:
            continue
        for index, each in enumerate(dicts(element.get("constraint"))):
            text, source = each.get("expression"), each.get("source", definition.get("url"))
            if not isinstance(text, str) or source != definition.get("url"):
                continue
            if problem := program.flaw(text, root):
                said = f"The invariant {each.get('key')} cannot be evaluated on {root}: {problem}"
                steps = (f"constraint[{index}]", f"element[{at}]", part)
                found = join(found, one("definition", said, *steps, severity=severity))
    return found


def _slices(definition: Json, listed: list[Json], program: Program) -> Found:
    """A slice is one of an element that the differential or its base slices."""
    base = program.registry.structure(str(definition.get("baseDefinition", "")))
    there = {str(each.get("path")): each for each in reversed(dicts((base or {}).get("snapshot", {}).get("element")))}
    sliced = {path for path, each in there.items() if "slicing" in each}
    found: Found = None
    for index, element in enumerate(listed):
        path = str(element.get("path", ""))
        found = join(found, _targets(element, there.get(path, {}), program))
        found = join(found, _required(element, there.get(path, {}), program))
        if "slicing" in element:
            sliced.add(path)
            if there.get(path, {}).get("base", {}).get("max") == "1" and not path.endswith("[x]"):
                text = f"{path} does not repeat, so there is nothing to slice."
                found = join(found, one("definition", text, "slicing", f"element[{index}]", "differential"))
        if "sliceName" not in element or path in sliced or path not in there:
            continue
        if not path.endswith(("[x]", ".extension", ".modifierExtension")):
            text = f"{path} is not sliced, so it cannot have the slice {shown(element['sliceName'])}."
            found = join(found, one("definition", text, f"element[{index}]", "differential"))
    return found


def _required(element: Json, base: Json, program: Program) -> Found:
    """The codes of a required binding are among those that the base requires, where both sets can be listed."""
    own, other = element.get("binding"), base.get("binding")
    if not isinstance(own, dict) or not isinstance(other, dict):
        return None
    url, wider = own.get("valueSet"), other.get("valueSet")
    if own.get("strength") != "required" or other.get("strength") != "required" or url == wider:
        return None
    if not isinstance(url, str) or not isinstance(wider, str):
        return None
    listed = program.terminology.prepared(url).listed()
    more = [each.code for each in listed or () if program.value_sets.member(wider, each.system, each.code) is False]
    if not more:
        return None
    name = element.get("id") or element.get("path")
    text = f"{name} is bound to {url}, which has codes that the base does not allow ({wider}): {', '.join(more[:5])}."
    return one("definition", text)


def _targets(element: Json, base: Json, program: Program) -> Found:
    """The targets of a reference are among those that the base allows, or profiles on them."""
    allowed = _target_types(base, program)
    if not allowed or "Resource" in allowed or None in allowed:
        return None
    wider = _target_types(element, program) - allowed - {None}
    if not wider:
        return None
    name = element.get("id") or element.get("path")
    text = f"The base allows references from {name} to {_words(allowed)} only, not to {_words(wider)}."
    return one("definition", text)


def _target_types(element: Json, program: Program) -> set[str | None]:
    """The types that the references of an element may point to; None among them for one that is not known."""
    listed = (each.get("targetProfile") for each in dicts(element.get("type")))
    urls = (url for each in listed if isinstance(each, list) for url in each if isinstance(url, str))
    known = (program.registry.facts(url) for url in urls)
    return {str(facts["type"]) if facts and "type" in facts else None for facts in known}


def _words(types: set[str | None]) -> str:
    return ", ".join(sorted(str(each) for each in types))


def _order(listed: list[Json], program: Program) -> Found:
    """Elements of one parent come as the base has them: what follows is compared with what stands before it."""
    found: Found = None
    before: list[Step] = []
    for index, element in enumerate(listed):
        way = list(_steps(element))
        common = next((n for n, (one, two) in enumerate(zip(before, way, strict=False)) if one != two), None)
        if common and before[common][0] != way[common][0]:
            parent = ".".join(name for name, _ in way[:common])
            places = list(_children(parent, program))
            early, late = before[common][0], way[common][0]
            if early in places and late in places and places.index(early) > places.index(late):
                text = f"The element {parent}.{early} stands before {parent}.{late}, which the base has first."
                found = join(found, one("definition", text, f"element[{index - 1}]", "differential"))
        before = way
    return found


def _steps(element: Json) -> Iterator[Step]:
    """The way to an element by its id: (name, slice)."""
    id = element.get("id") if isinstance(element.get("id"), str) else element.get("path")
    for part in str(id or "").split("."):
        name, _, slice_name = part.partition(":")
        yield name.removesuffix("[x]"), slice_name


def _children(path: str, program: Program) -> Iterator[str]:
    """The names of an element's children in the order of its definition."""
    if program.types.children(path):
        yield from program.types.children(path)
    else:
        for each in sorted(types_at(path, program)):
            yield from program.types.children(each)
