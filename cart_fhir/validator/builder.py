"""Schema -> checks: binds every rule family to the elements it concerns, and hangs the checks into property tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cart_fhir.fhirpath.types import is_primitive
from cart_fhir.validator.findings import Found, join
from cart_fhir.validator.rules import (
    binding,
    choice,
    datatypes,
    element_ids,
    extension,
    invariant,
    narrative,
    pairs,
    reference,
    slicing,
    structure,
    values,
)
from cart_fhir.validator.rules.primitives import FORMATS, SURE, Sure, string
from cart_fhir.validator.rules.repeat import TYPES, remembered, remembered_words
from cart_fhir.validator.rules.structure import NOT_SURE, Needed, ObjectCheck, Table
from cart_fhir.validator.schema import Element, Schema, TypeRef
from cart_fhir.validator.shapes import Property, Rule

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context
    from cart_fhir.validator.program import Program

_HIDDEN = ("value",)  # of a primitive type: the value itself, which JSON writes in the property


def schema_rule(program: Program, schema: Schema) -> Rule:
    """The check of a whole definition: its children, its own constraints, and what its type always demands."""
    root = schema.root
    is_resource = program.is_resource(schema.type) and "." not in root.path
    own_url = schema.url if schema.type == "Extension" and schema.derivation == "constraint" else ""
    place = extension.Place((schema.type,), own_url)
    rules = [*invariant.of(program, root, root.constraints, schema.type), *_own(program, root, schema.type)]
    if not is_resource:
        rules += datatypes.of(program, schema.type)
    return ObjectCheck(lambda: _table(program, root, place), tuple(rules), is_resource=is_resource)


def _together(walk: Rule, rules: tuple[Rule, ...]) -> Rule:
    """The walk, then the rules about the whole; nothing more is asked of a value that is not even an object."""
    if not rules:
        return walk
    if isinstance(walk, ObjectCheck):
        return walk.also(rules)

    def check(value: Any, context: Context) -> Found:
        found = walk(value, context)
        if type(value) is dict:
            for rule in rules:
                if result := rule(value, context):
                    found = join(found, result)
        return found

    return check


def _own(program: Program, element: Element, code: str) -> Iterator[Rule]:
    """The rules that an element's definition states about its value, whatever its type."""
    for make in (values.fixed, values.pattern, values.max_length, values.least, values.most, values.canonical_url):
        rule = make(element)
        if rule is not None:
            yield rule
    if element.binding is not None and (bound := binding.of(program, element, code)) is not None:
        yield bound


def _table(program: Program, element: Element, place: extension.Place) -> Table:
    """The properties of an element's children."""
    table = Table()
    for child in element.children.values():
        _add(program, table, child, place)
    return table


def _add(program: Program, table: Table, child: Element, place: extension.Place) -> None:
    """Add one child to the table."""
    bit = table.bit(child.name)
    if child.many:
        table.arrays.add(child.name)
    if child.choice:
        choice.add(program, table, child, bit, item)
        return
    code = child.codes[0] if child.types else ""
    if is_primitive_code(code):
        _add_primitive(program, table, child, code, bit)
    elif child.max == 0:
        table.properties[child.name] = (bit, NOT_SURE, structure.prohibited(child))
    elif code == "Extension" and child.name in ("extension", "modifierExtension"):
        made = extension.extensions(program, child, place)
        table.properties[child.name] = (bit, NOT_SURE, made.check)
        if made.absent is not None:
            table.absent.append(made.absent)
    else:
        table.properties[child.name] = (bit, NOT_SURE, _complex(program, table, child))
    if child.min > 0:
        table.required |= bit
        table.needed.append(Needed(child, bit, False, child.min))


def is_primitive_code(code: str) -> bool:
    """True for the code of a primitive type."""
    return bool(code) and is_primitive(code)


def _add_primitive(program: Program, table: Table, child: Element, code: str, bit: int) -> None:
    if child.max == 0:
        table.properties[child.name] = (bit, NOT_SURE, structure.prohibited(child))
        table.properties["_" + child.name] = (bit, NOT_SURE, structure.prohibited(child))
    elif child.many:
        beside, _ = companion(program, child, code)
        _, rule = primitive_rule(program, child, code)
        check = pairs.primitives(child, rule, beside)
        if child.slices and child.slicing is not None:
            made = slicing.sliced_primitives(program, child, check, lambda each: primitive_rule(program, each, code)[1])
            check = made.check
            if made.absent is not None:
                table.absent.append(made.absent)
        table.properties[child.name] = (bit, NOT_SURE, check)
        table.properties["_" + child.name] = (
            bit,
            NOT_SURE,
            pairs.beside_many(child.name, child.name, beside, presence(child)),
        )
    else:
        add_single(program, table, child, code, (child.name, child.name, bit))


def add_single(program: Program, table: Table, child: Element, code: str, where: tuple[str, str, int]) -> None:
    """Add a primitive that is no array, and what may stand beside it; `where`: the property, the path's step, bits."""
    key, step, bit = where
    sure, rule = primitive_rule(program, child, code)
    beside, must = companion(program, child, code)
    table.properties[key] = (bit, sure, pairs.primitive(step, rule))
    table.properties["_" + key] = (bit, NOT_SURE, pairs.beside_one(key, step, beside, presence(child)))
    if must:
        table.absent.append(pairs.nothing_beside(key, step, beside))


def presence(child: Element) -> tuple[Rule, ...]:
    """What a profile says when a primitive has no value of its own."""
    return tuple(rule for rule in (values.present(child), binding.given(child)) if rule)


def primitive_rule(program: Program, child: Element, code: str) -> tuple[Sure, Rule]:
    """The check of a primitive's value, and what needs no check because it is surely right."""
    always = datatypes.of_primitive(program, code, child)
    own = [each for each in child.constraints if each.key not in ("ele-1", "ext-1")]
    rules = [*_own(program, child, code), *invariant.of(program, child, own, code)]
    if child.base_path == "Element.id":
        rules.append(element_ids.met)
    rule = pairs.primitive_item(FORMATS.get(code, string), (*always, *rules))
    return remembered_words(rule, code) if rules else (SURE.get(code, NOT_SURE), rule)


def companion(program: Program, child: Element, code: str) -> tuple[ObjectCheck, bool]:
    """The check of `_property`, and whether it must be run even when there is none (a mandatory extension inside)."""
    schema = program.schema(code)
    inline = bool(child.children)
    source = child if inline or schema is None else schema.root
    place = extension.Place((child.path, child.base_path, code), "")

    def make() -> Table:
        bare = Element(source.id, source.path, source.name, profile=source.profile)
        bare.children = {name: each for name, each in source.children.items() if name not in _HIDDEN}
        return _table(program, bare, place)

    must = inline and any(
        each.min > 0 or any(one.min > 0 for one in each.slices)
        for name, each in child.children.items()
        if name not in _HIDDEN
    )
    return ObjectCheck(make), must


def _complex(program: Program, table: Table, child: Element) -> Property:
    """The property of a complex child: one value or an array, sliced or not."""
    refs = child.types
    if refs and program.is_resource(refs[0].code):
        check = reference.resource_item(program, child)
    else:
        check = item(program, child, refs[0] if refs else TypeRef("BackboneElement"))
    if child.slices and child.slicing is not None:
        made = slicing.sliced(program, child, check, lambda each: _slice_item(program, each, child))
        if made.absent is not None:
            table.absent.append(made.absent)
        return made.check
    if child.base_path == "Bundle.entry.resource":
        return reference.entry_property(check, child.name)
    return structure.many(child, check) if child.many else structure.single(child.name, check)


def _slice_item(program: Program, each: Element, whole: Element) -> Rule:
    """The check of an item that matched a slice; a slice without types of its own has those of the whole."""
    refs = each.types or whole.types
    if refs and program.is_resource(refs[0].code):
        return reference.resource_item(program, each)
    return item(program, each, refs[0] if refs else TypeRef("BackboneElement"))


def item(program: Program, element: Element, ref: TypeRef) -> Rule:
    """The check of one complex value of an element in one of its types."""
    code = ref.code
    backbone = code in ("BackboneElement", "Element") or not code or bool(element.content)
    rules: list[Rule] = list(_own(program, element, code))
    if code == "Narrative" and (languages := narrative.language_rule(element)) is not None:
        rules.append(languages)
    type_root = None if backbone else program.schema(code)
    inherited = {each.key for each in type_root.root.constraints} if type_root is not None else set()
    if element.children and type_root is not None:
        rules += invariant.of(program, type_root.root, type_root.root.constraints, code)
        rules += datatypes.of(program, code)
    own = [each for each in element.constraints if each.key not in inherited and each.key not in ("ele-1", "ext-1")]
    rules += invariant.of(program, element, own, _path_type(element, code) if backbone else code)
    if code in ("Reference", "canonical", "CodeableReference"):
        if (target := reference.of(program, element, ref)) is not None:
            rules.append(target)
    if len(ref.profiles) > 1 or (ref.profiles and element.children):
        rules.append(choice.any_profile(program, element, ref.profiles))
    made = _walk(program, element, ref, tuple(rules))
    return remembered(made) if code in TYPES else made


def _path_type(element: Element, code: str) -> str:
    """The name of an anonymous type: the path where the base definition states it."""
    return element.content or element.base_path or element.path


def _walk(program: Program, element: Element, ref: TypeRef, rules: tuple[Rule, ...]) -> Rule:
    """The walk over the children of a value, then the rules about the whole.

    The children are those stated inline, those of another element, of a profile on the type, or of the type.
    """
    if element.children:
        place = extension.Place((element.path, element.base_path, ref.code), "")
        whole = with_type_children(program, element, ref)
        return program.object_check(element, lambda: ObjectCheck(lambda: _table(program, whole, place))).also(rules)
    if element.content:
        return _late(lambda: _content(program, element), rules)
    if len(ref.profiles) == 1 and program.schema(ref.profiles[0]) is not None:
        return _late(lambda: program.type_check(ref.profiles[0]), rules)
    by_type = _late(lambda: program.type_check(ref.code), rules)
    return _unknown_profile(by_type, ref.profiles[0]) if len(ref.profiles) == 1 else by_type


def with_type_children(program: Program, element: Element, ref: TypeRef) -> Element:
    """The element with the children of its type where the snapshot leaves some out."""
    schema = program.schema(ref.profiles[0] if len(ref.profiles) == 1 else ref.code) or program.schema(ref.code)
    if schema is None or all(name in element.children for name in schema.root.children):
        return element
    whole = replace(element)
    whole.children = {**schema.root.children, **element.children}
    return whole


def inline_check(program: Program, element: Element, kind: str) -> ObjectCheck:
    """What a profile says in place of the elements of a resource of some type inside another."""
    place = extension.Place((element.path, element.base_path), "")
    element = with_type_children(program, element, TypeRef(kind))
    return ObjectCheck(lambda: _table(program, element, place), is_resource=True)


def _unknown_profile(rule: Rule, url: str) -> Rule:
    def check(value: Any, context: Context) -> Found:
        context.note("profile-unknown", f"The profile '{url}' is not known here; it was not checked.")
        return rule(value, context)

    return check


def _content(program: Program, element: Element) -> Rule | None:
    schema = program.schema(element.content.partition(".")[0])
    target = program.element(schema.root, element.content) if schema is not None else None
    if target is None or not target.children:
        return None
    place = extension.Place((target.path, element.path), "")
    walk = program.object_check(target, lambda: ObjectCheck(lambda: _table(program, target, place)))
    said = {"ele-1", "ext-1", *(each.key for each in element.constraints)}
    also = [each for each in target.constraints if each.key not in said]  # a content reference brings invariants too
    return walk.also(tuple(invariant.of(program, target, also, _path_type(target, "BackboneElement"))))


def _late(find: Callable[[], Rule | None], rules: tuple[Rule, ...]) -> Rule:
    """A rule looked up when the first value comes, so that recursive types can be bound; then the rules given."""
    bound: list[Rule] = []

    def check(value: Any, context: Context) -> Found:
        if not bound:
            bound.append(_together(find() or _anything, rules))
        return bound[0](value, context)

    return check


def _anything(value: Any, context: Context) -> Found:
    """Nothing is known of the type, which is said as information."""
    context.note("type-unknown", "An element has a type whose definition is not available; it was not checked.")
    return None
