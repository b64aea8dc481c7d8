"""Faster closures for what invariants are full of: `code = 'x'` and `value.ofType(Quantity)`. Only faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cart_fhir.fhirpath import equality, navigation, syntax
from cart_fhir.fhirpath.code import Code, Run, boolean
from cart_fhir.fhirpath.nodes import TEMPORAL, Collection, Env, Node
from cart_fhir.fhirpath.types import TypeModel, is_primitive

if TYPE_CHECKING:
    from cart_fhir.fhirpath.compiler import Compiler

_NOT_TEXT = {"date", "dateTime", "instant", "time", "boolean", "integer", "decimal", "positiveInt", "unsignedInt"}


def equal_to_text(model: TypeModel, part: syntax.Binary, general: Code) -> Code:
    """`name = 'text'`, answered from the raw JSON where the element is a text; the general Code for the rest."""
    name, literal = part.left, part.right
    if not (isinstance(name, syntax.Name) and name.base is None and isinstance(literal, syntax.Literal)):
        return general
    wanted, otherwise = literal.value, general.truth
    if not isinstance(wanted, str) or otherwise is None:
        return general
    keys: dict[str, str] = {}

    def truth(this: Collection, env: Env) -> bool | None:
        node = this[0] if len(this) == 1 else None
        if node.__class__ is Node and node.value.__class__ is dict:
            key = keys.get(node.type)
            if key is None:
                key = keys[node.type] = _text_key(model, node.type, name.name)
            value = node.value.get(key)
            if value.__class__ is str:
                return bool(value == wanted)
        return otherwise(this, env)

    return boolean(truth)


def constant(part: syntax.Syntax) -> str | bool | None:
    """The text or Boolean that a part is; None for any other."""
    value = part.value if isinstance(part, syntax.Literal) else None
    return value if isinstance(value, str | bool) else None


def equal_to_constant(left: Run, wanted: str | bool, *, negated: bool) -> Code:
    """`path = 'text'` or `path = true`, answered from the raw JSON where the path leads to one text or Boolean."""
    kind, other = wanted.__class__, (wanted,)

    def truth(this: Collection, env: Env) -> bool | None:
        found = left(this, env)
        item = found[0] if len(found) == 1 else None
        if item.__class__ is Node and item.value.__class__ is kind and item.type not in TEMPORAL:
            return (item.value == wanted) is not negated
        answer = equality.collections_same(found, other, env.convert)
        return answer if answer is None or not negated else not answer

    return boolean(truth)


def _text_key(model: TypeModel, type_name: str, name: str) -> str:
    """The JSON property of a child that is always text; "" where it is none."""
    if name[:1].isupper() and (type_name == name or model.is_a(type_name, name)):
        return ""  # the name of the type itself
    element = model.children(type_name).get(name)
    if element is None or element.is_choice or is_primitive(type_name):
        return ""
    (child,) = element.types if len(element.types) == 1 else ("",)
    return name if child and is_primitive(child) and child not in _NOT_TEXT else ""


def typed_choice(compiler: Compiler, part: syntax.Syntax, test: Callable[[Any], bool]) -> Run | None:
    """`base.value.ofType(Quantity)` as one step to `valueQuantity`; None where `value` is no choice of the base.

    Data that break the rules by holding two of the choices are read by the type asked for.
    """
    if not isinstance(part, syntax.Call) or not isinstance(part.base, syntax.Name):
        return None
    name = part.base
    source = compiler.chained.get(id(name))
    if source is None or source.shape.types is None:
        return None
    for type_name in source.shape.types:
        element = compiler.model.children(type_name).get(name.name)
        if element is None or not element.is_choice:
            return None
    items, getters = source.run, dict[str, navigation.Getter]()

    def run(this: Collection, env: Env) -> Collection:
        found: list[Any] = []
        for item in items(this, env):
            if item.__class__ is Node:
                getter = getters.get(item.type)
                if getter is None:
                    getter = getters[item.type] = navigation.getter_for(compiler.model, item.type, name.name, test)
                getter(item, found)
        return found

    return run
