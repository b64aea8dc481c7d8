"""What is checked at an element, for people: `cart-fhir validate --explain Observation.value --profile URL`."""

from __future__ import annotations

from collections.abc import Iterator

from cart_fhir.definitions import Registry
from cart_fhir.errors import NotFound
from cart_fhir.validator.program import Program
from cart_fhir.validator.schema import Element, Schema


def explain(registry: Registry, path: str, profile: str | None = None) -> str:
    """The rules at a path (`Observation.component:fever.code`) of a profile, or of the base type."""
    program = Program.of(registry)
    start = profile or path.partition(".")[0]
    schema = program.schema(start)
    if schema is None:
        raise NotFound(f"'{start}' is not known here.")
    element: Element | None = schema.root
    owner = schema
    for name in path.split(".")[1:]:
        found = _child(program, element, name) if element is not None else None
        if found is None:
            raise NotFound(f"{path} is not an element of {owner.url}: there is no '{name}'.")
        element, owner = found
    assert element is not None
    return "\n".join([f"{path}  (by {element.profile})", *_facts(element)])


def _child(program: Program, element: Element, name: str) -> tuple[Element, Schema] | None:
    """The child of a name, perhaps a slice (`component:fever`): inline, by a profile on the type, or by the type."""
    plain, _, slice_name = name.partition(":")
    plain = plain.removesuffix("[x]")
    urls = [url for ref in element.types for url in (*ref.profiles, ref.code)]
    holders = [program.schema(url) for url in urls]
    for children, schema in [(element.children, None), *((each.root.children, each) for each in holders if each)]:
        child = children.get(plain)
        if child is None:
            continue
        if slice_name:
            child = next((each for each in child.slices if each.slice_name == slice_name), None)
        if child is not None:
            known = schema or program.schema(child.profile)
            return (child, known) if known is not None else None
    return None


def _facts(element: Element) -> Iterator[str]:
    """Each fact of an element on its line."""
    yield f"  {element.min}..{'*' if element.max is None else element.max}{' (array)' if element.many else ''}"
    for ref in element.types:
        profiles = f" by {', '.join(ref.profiles)}" if ref.profiles else ""
        targets = f" -> {', '.join(ref.targets)}" if ref.targets else ""
        yield f"  type {ref.code}{profiles}{targets}"
    for name in ("fixed", "pattern", "max_length", "min_value", "max_value"):
        value = getattr(element, name)
        if value is not None:
            yield f"  {name.replace('_', ' ')} {value}"
    if element.binding is not None and element.binding.value_set:
        yield f"  binding {element.binding.strength} {element.binding.value_set}"
    for each in element.constraints:
        yield f"  {each.severity} {each.key}: {each.human or each.expression}"
        yield f"    {each.expression}"
    if element.slicing is not None and element.slices:
        by = ", ".join(f"{each.type} of {each.path}" for each in element.slicing.discriminators)
        yield f"  sliced by {by or 'nothing'}, {element.slicing.rules}{', ordered' if element.slicing.ordered else ''}"
        for part in element.slices:
            yield f"    {part.slice_name} {part.min}..{'*' if part.max is None else part.max}"
    if element.children:
        yield f"  children {', '.join(element.children)}"
