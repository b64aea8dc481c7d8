"""The elements of a StructureDefinition's differential: in order, sliced where they say so, with values of their type.

https://hl7.org/fhir/R4/profiling.html, https://hl7.org/fhir/R4/elementdefinition.html. That elements are there in the
base and do not loosen it is found when the snapshot is made (`definitions/snapshot.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

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
    for index, element in enumerate(listed):
        place = (f"element[{index}]", "differential")
        found = join(found, _values(element, place, program))
        found = join(found, _expressions(element, place, program))
    found = join(found, _slices(definition, listed, program))
    return join(found, _order(listed, program))


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


def _values(element: Json, place: tuple[str, ...], program: Program) -> Found:
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
        if kind not in types and not any(program.types.is_a(each, kind) for each in types):
            text = f"The {prefix} value is a {kind}, but the element is of type {' or '.join(sorted(types))}."
            found = join(found, one("definition", text, *place))
    return found


def _expressions(element: Json, place: tuple[str, ...], program: Program) -> Found:
    """The invariants of an element can be compiled for its type."""
    path = str(element.get("path", ""))
    types = types_at(path, program)
    root = path if program.types.children(path) else next(iter(types)) if len(types) == 1 else ""
    found: Found = None
    for index, each in enumerate(dicts(element.get("constraint"))):
        text = each.get("expression")
        if isinstance(text, str) and root and not types & _ANY and program.expression(text, root) is None:
            said = f"The invariant {each.get('key')} cannot be evaluated on {root}: {shown(text)}."
            found = join(found, one("definition", said, f"constraint[{index}]", *place))
    return found


def _slices(definition: Json, listed: list[Json], program: Program) -> Found:
    """A slice is one of an element that the differential or its base slices."""
    base = program.registry.structure(str(definition.get("baseDefinition", "")))
    there = {str(each.get("path")): each for each in reversed(dicts((base or {}).get("snapshot", {}).get("element")))}
    sliced = {path for path, each in there.items() if "slicing" in each}
    found: Found = None
    for index, element in enumerate(listed):
        path = str(element.get("path", ""))
        found = join(found, _targets(element, there.get(path, {}), (f"element[{index}]", "differential"), program))
        if "slicing" in element:
            sliced.add(path)
        if "sliceName" not in element or path in sliced or path not in there:
            continue
        if not path.endswith(("[x]", ".extension", ".modifierExtension")):
            text = f"{path} is not sliced, so it cannot have the slice {shown(element['sliceName'])}."
            found = join(found, one("definition", text, f"element[{index}]", "differential"))
    return found


def _targets(element: Json, base: Json, place: tuple[str, ...], program: Program) -> Found:
    """The targets of a reference are among those that the base allows, or profiles on them."""
    allowed = _target_types(base, program)
    if not allowed or "Resource" in allowed or None in allowed:
        return None
    wider = _target_types(element, program) - allowed - {None}
    if not wider:
        return None
    text = f"The base allows references to {_words(allowed)} only, not to {_words(wider)}."
    return one("definition", text, *place)


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
