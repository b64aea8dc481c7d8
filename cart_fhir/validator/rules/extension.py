"""Extensions: found by their URL, allowed at this place, checked against their definition.

https://hl7.org/fhir/R4/extensibility.html, https://hl7.org/fhir/R4/defining-extensions.html#context
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cart_fhir.definitions.published import EXTENSIONS, is_published
from cart_fhir.fhirpath.types import is_primitive
from cart_fhir.validator.errata import CONTEXTS
from cart_fhir.validator.findings import Finding, Found, join, lift, one
from cart_fhir.validator.rules import structure
from cart_fhir.validator.rules.primitives import shown
from cart_fhir.validator.rules.structure import Json, wrong_shape
from cart_fhir.validator.schema import Element, Schema
from cart_fhir.validator.shapes import Property, Rule

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context
    from cart_fhir.validator.program import Program

_TOOLS = "http://hl7.org/fhir/tools/StructureDefinition/"
# An element of another release of FHIR, used in R4 (http://hl7.org/fhir/R4/versions.html#extensions).
_OTHER_RELEASE = re.compile(
    r"http://hl7\.org/fhir/[1-9]\.[0-9]/StructureDefinition/extension-[A-Za-z]+\.[A-Za-z.]+"
).fullmatch
_EXAMPLES = ("example.org", "example.com", "acme.com", "nema.org")


@dataclass(frozen=True, slots=True)
class Place:
    """The element that carries extensions: its paths and type names, and the URL when it is itself an extension."""

    paths: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Made:
    """The property's check, and what to check when there are no extensions at all."""

    check: Property
    absent: Callable[[Json, Any], Found] | None


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice of extensions by URL."""

    element: Element
    rule: Rule
    number: int


def extensions(program: Program, child: Element, place: Place) -> Made:
    """The property `extension` or `modifierExtension` of an element at a place."""
    slices = _slices(program, child)
    name, closed = child.name, child.slicing is not None and child.slicing.rules == "closed"
    known: dict[str, Rule] = {}
    allowed: set[str] = set()

    def find(url: Any, owner: Json, context: Context) -> Rule:
        """The check of an extension that no slice names, remembered when its definition is known."""
        found = known.get(url) if type(url) is str else None
        if found is None:
            found = _rule(program, url, place, owner, context, modifier=name == "modifierExtension")
            if type(url) is str and program.schema(url) is not None and len(known) < 1000:
                known[url] = found
        return found

    def check(value: Any, owner: Json, context: Context) -> Found:
        if type(value) is not list or not value:
            return lift(structure.empty_array() if value == [] else wrong_shape(value, "an array"), name)
        found: Found = None
        counts = [0] * len(slices)
        for index, each in enumerate(value):
            if type(each) is not dict:
                found = join(found, lift(wrong_shape(each, "an object"), f"{name}[{index}]"))
                continue
            url = each.get("url")
            slice = slices.get(url) if type(url) is str else None
            if slice is not None:
                counts[slice.number] += 1
            elif closed:
                found = join(found, lift(_closed(child, url), f"{name}[{index}]"))
            rule = slice.rule if slice is not None else find(url, owner, context)
            if result := rule(each, context):
                found = join(found, lift(result, f"{name}[{index}]"))
            if type(url) is str and url not in allowed:
                found = join(found, _context(url, place, owner, context, allowed))
        return join(found, join(_counts(slices, counts), _size(child, len(value))))

    def absent(value: Json, context: Context) -> Found:
        return None if name in value else _counts(slices, [0] * len(slices))

    return Made(check, absent if any(each.element.min > 0 for each in slices.values()) else None)


def _size(child: Element, count: int) -> Found:
    """Too many or too few extensions, whatever their URLs."""
    if child.max is not None and count > child.max:
        return structure.too_many(child, count)
    return structure.too_few(child, count) if count < child.min else None


def _slices(program: Program, child: Element) -> dict[str, Slice]:
    """URL -> slice; the URL is that of the extension's profile, or fixed inline."""
    from cart_fhir.validator.builder import item

    made: dict[str, Slice] = {}
    for each in child.slices:
        ref = each.types[0] if each.types else child.types[0]
        fixed = each.children.get("url")
        url = ref.profiles[0].partition("|")[0] if ref.profiles else fixed.fixed if fixed is not None else None
        if isinstance(url, str) and url not in made:
            made[url] = Slice(each, item(program, each, ref), len(made))
    return made


def _counts(slices: dict[str, Slice], counts: list[int]) -> Found:
    found: Found = None
    for each in slices.values():
        element, count = each.element, counts[each.number]
        if count < element.min:
            number = "none" if count == 0 else str(count)
            text = f"The extension slice {element.id} needs at least {element.min}, found {number}."
            found = join(found, one("slice-min", text, profile=element.profile, definition=element.id))
        if element.max is not None and count > element.max:
            found = join(found, structure.too_many(element, count))
    return found


def _closed(child: Element, url: Any) -> list[Finding]:
    text = f"The extension {shown(url)} is not allowed here: only those that the profile names are."
    return one("slice-closed", text, profile=child.profile, definition=child.id)


def _rule(program: Program, url: Any, place: Place, owner: Json, context: Context, *, modifier: bool) -> Rule:
    """The check of an extension that no slice names, by its own definition."""
    base = program.type_check("Extension") or _nothing
    if type(url) is not str or not url:
        return base
    schema = program.schema(url)
    if schema is not None and schema.type == "Extension":
        return _defined(program, schema, modifier=modifier)
    inside = True if place.url else None if place.paths[:1] == ("Extension",) and "url" in owner else False
    return lambda value, context: join(_unknown(url, context, inside=inside), base(value, context))


def _nothing(value: Any, context: Context) -> Found:
    return None


def _defined(program: Program, schema: Schema, *, modifier: bool) -> Rule:
    rule = program.type_check(f"{schema.url}|{schema.version}" if schema.version else schema.url) or _nothing
    is_modifier = bool(_root(schema).get("isModifier"))
    if is_modifier == modifier:
        return rule
    where = "modifierExtension" if is_modifier else "extension"
    text = f"The extension {schema.url} is {'' if is_modifier else 'not '}a modifier, so it belongs in '{where}'."
    return lambda value, context: join(one("extension-modifier", text, profile=schema.url), rule(value, context))


def _root(schema: Schema) -> Json:
    elements = schema.definition.get("snapshot", {}).get("element") or [{}]
    return elements[0] if isinstance(elements[0], dict) else {}


def _unknown(url: str, context: Context, *, inside: bool | None) -> Found:
    """Nobody defines the extension; `inside` one that is known, None inside one that is not."""
    if ":" not in url.partition("/")[0]:
        if inside is None:
            return None
        if inside:
            text = f"The part '{url}' is not defined by the extension it stands in."
            return one("extension-part", text)
        return one("extension-url", f"Extension.url must be an absolute URL, but is {shown(url)}.")
    allowed = context.options.allow_extensions
    if is_published(url) or url.startswith(_TOOLS) or _OTHER_RELEASE(url):
        text = f"The extension {url} is HL7's, but not one of R4 core; it was not checked."
        return one("extension-unknown", text, severity="warning")
    if "any" in allowed or any(url.startswith(each) for each in allowed) or any(each in url for each in _EXAMPLES):
        return one(
            "extension-unknown",
            f"The extension {url} is not known here; what is inside was not checked.",
            severity="information",
        )
    where = "by HL7 for R4" if url.startswith(EXTENSIONS) else "in the definitions at hand"
    return one("extension-unknown", f"The extension {url} is not defined {where}.")


def _context(url: Any, place: Place, owner: Json, context: Context, allowed: set[str]) -> Found:
    """An extension whose definition does not allow it on this element; said of the element.

    `allowed` remembers those that the place alone allows.
    """
    program = context.program
    schema = program.schema(url) if type(url) is str and "/" in url else None
    if schema is None or schema.type != "Extension":
        return None
    contexts = schema.definition.get("context")
    names = [str(each.get("expression", "")) for each in contexts or () if each.get("type", "element") == "element"]
    conditions = _conditions(program, schema, place, owner, context)
    if any(_is_element(program, name, place) for name in (*names, *CONTEXTS.get(schema.url, ()))):
        if len(allowed) < 1000 and "contextInvariant" not in schema.definition:
            allowed.add(url)
        return conditions
    return join(allowed_here(program, schema, place, owner, context), conditions)


def allowed_here(program: Program, schema: Schema, place: Place, owner: Json, context: Context) -> Found:
    """None when one of the contexts of an extension's definition fits the place."""
    contexts = schema.definition.get("context")
    if not isinstance(contexts, list) or not contexts:
        return None
    outer = place.url or (str(owner.get("url", "")) if place.paths[:1] == ("Extension",) else "")
    elements = []
    for each in contexts:
        kind, expression = each.get("type", "element"), str(each.get("expression", ""))
        if kind == "extension":
            if outer.partition("|")[0] == expression.partition("|")[0]:
                return None
        elif kind == "fhirpath":
            if _on_path(program, expression, owner, context):
                return None
        elif _is_element(program, expression, place):
            return None
        elements.append(expression)
    text = f"The extension {schema.url} is not allowed on {place.paths[0]}; it is defined for {', '.join(elements)}."
    made = one("extension-context", text, profile=schema.url)
    plain = [each.removesuffix("[x]") for each in elements]
    made[0].unless = lambda kind, steps: _full(kind, steps) in plain
    return made


def _conditions(program: Program, schema: Schema, place: Place, owner: Json, context: Context) -> Found:
    """The FHIRPath conditions that an extension's definition puts on the element that carries it."""
    from cart_fhir.errors import CartFHIRError
    from cart_fhir.validator.rules.invariant import environment

    conditions = schema.definition.get("contextInvariant")
    found: Found = None
    for text in conditions if isinstance(conditions, list) and not is_primitive(place.paths[-1]) else ():
        compiled = program.expression(str(text), place.paths[-1])
        if compiled is None or program.flaw(str(text), place.paths[-1]):
            continue
        try:
            if compiled.test(owner, environment(program, context)):
                continue
        except (CartFHIRError, TypeError, ValueError):
            continue
        said = f"The extension {schema.url} is allowed only where this holds: {text}."
        found = join(found, one("extension-context", said, profile=schema.url))
    return found


def _is_element(program: Program, expression: str, place: Place) -> bool:
    """True when an element context names one of the place's paths or a type that it is."""
    plain = expression.partition("#")[2] or expression
    if (
        plain in ("Element", "*")
        or plain in place.paths
        or plain.replace("[x]", "") in [p.replace("[x]", "") for p in place.paths]
    ):
        return True
    if plain in ("BackboneElement", "Resource", "DomainResource", "CanonicalResource", "MetadataResource"):
        return any(_specialises(program, path, plain) for path in place.paths)
    return "." not in plain and any("." not in path and program.types.is_a(path, plain) for path in place.paths)


def _specialises(program: Program, path: str, name: str) -> bool:
    if name in ("CanonicalResource", "MetadataResource"):
        return "." not in path and "url" in program.types.children(path) and program.is_resource(path)
    return program.types.is_a(path, name)


def _on_path(program: Program, expression: str, owner: Json, context: Context) -> bool:
    """True when a FHIRPath context, evaluated on the resource, gives the element that carries the extension."""
    from cart_fhir.errors import CartFHIRError
    from cart_fhir.validator.rules.invariant import environment

    kind = str(context.resource.get("resourceType", ""))
    compiled = program.expression(expression, kind)
    if compiled is None or program.flaw(expression, kind):
        return True
    try:
        values = compiled.evaluate(context.resource, environment(program, context))
    except (CartFHIRError, TypeError, ValueError):
        return True
    return any(each is owner or getattr(each, "value", None) is owner or each is True for each in values)


def _full(kind: str, steps: list[str]) -> str:
    """The path from the resource to the element, without indexes and types: what `Patient.name` is compared with."""
    names = [step.partition("[")[0].partition(".ofType(")[0] for step in reversed(steps)]
    return ".".join([kind, *names])
