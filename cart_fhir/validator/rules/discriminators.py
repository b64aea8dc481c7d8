"""Discriminators: from the path and type of each, and what the slice says there, a predicate on items.

https://hl7.org/fhir/R4/profiling.html#discriminator. The paths are those of `paths.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cart_fhir.validator.rules.paths import Node, Step, below, steps, walk
from cart_fhir.validator.rules.primitives import shown
from cart_fhir.validator.rules.values import containing, contains, same
from cart_fhir.validator.schema import Element

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context
    from cart_fhir.validator.program import Program


@dataclass(frozen=True, slots=True)
class Test:
    """One discriminator of one slice: `holds` on an item; `words` what it wants; `key` to look it up by.

    `value_sets` are those it asks for membership: when one cannot be known here, neither can the answer.
    """

    holds: Callable[[Any, Any], bool]
    words: str
    path: tuple[Step, ...] = ()
    key: tuple[str, ...] | None = None
    value_sets: tuple[str, ...] = ()


UNDEFINED = Test(lambda item, context: False, "something that the profile does not define")


def tests(program: Program, whole: Element, slice: Element) -> tuple[Test, ...]:
    """The predicates of a slice, one per discriminator that it says something about."""
    assert whole.slicing is not None
    made = []
    for each in whole.slicing.discriminators:
        path = steps(each.path)
        test = _TESTS.get(each.type, _value)(program, slice, path, each.path)
        if test is None:
            return (UNDEFINED,)
        made.append(test)
    if not made and slice.types != whole.types:
        codes = slice.codes
        return (Test(lambda item, context: _is_of(Node(item), codes, context), f"type {' or '.join(codes)}", ()),)
    return tuple(made)


def _is_of(node: Node, codes: tuple[str, ...], context: Context) -> bool:
    kind = node.type or (str(node.value.get("resourceType", "")) if isinstance(node.value, dict) else "")
    return kind in codes or any(context.program.types.is_a(kind, code) for code in codes if kind)


def _criteria(
    program: Program, element: Element, path: tuple[Step, ...]
) -> tuple[list[Element], list[tuple[Any, bool]]]:
    """The elements that define what a path leads to, and values projected from patterns and fixed values above it."""
    at: list[Element] = [element]
    above: list[tuple[Any, bool]] = _stated(element)
    for step in path:
        further: list[Element] = []
        for each in at:
            further += _below(program, each, step)
        above = [(part, exact) for value, exact in above for part in _project(value, step)]
        above += [stated for each in further for stated in _stated(each)]
        at = further
    return at, above


def _stated(element: Element) -> list[tuple[Any, bool]]:
    if element.fixed is not None:
        return [(element.fixed, True)]
    return [(element.pattern, False)] if element.pattern is not None else []


def _project(value: Any, step: Step) -> list[Any]:
    if step.kind != "name" or not isinstance(value, dict) or step.word not in value:
        return [value] if step.kind == "type" else []
    part = value[step.word]
    return part if isinstance(part, list) else [part]


def _below(program: Program, element: Element, step: Step) -> list[Element]:
    """The definitions one step further down: inline, by slice, or through the element's type or profile."""
    if step.kind == "type":
        return [each for each in element.slices if step.word in each.codes] or [element]
    if step.kind == "resolve":
        roots = [program.schema(url) for ref in element.types for url in ref.targets]
        return [schema.root for schema in roots if schema is not None]
    if step.kind == "extension":
        held = next((each["extension"] for each in _children(program, element) if "extension" in each), None)
        if held is None:
            return []
        for each in held.slices:
            if any(step.word == url.partition("|")[0] for ref in each.types for url in ref.profiles):
                return [each]
            url = each.children.get("url")
            if url is not None and url.fixed == step.word:
                return [each]
        schema = program.schema(step.word)
        return [schema.root] if schema is not None else []
    found = []
    for children in _children(program, element):
        child = children.get(step.word)
        if child is not None:
            found += [child, *child.slices] if child.slices and not child.choice else [child]
    return found


def _children(program: Program, element: Element) -> Iterator[dict[str, Element]]:
    """The children of an element as stated inline, then by the profiles on its type, else by the type itself."""
    if element.children:
        yield element.children
    for ref in element.types:
        for url in ref.profiles or (() if element.children else (ref.code,)):
            schema = program.schema(url)
            if schema is not None:
                yield schema.root.children


def _value(program: Program, slice: Element, path: tuple[Step, ...], words: str) -> Test | None:
    """`value` and `pattern`: what stands at the path equals, or contains, what the slice says of it."""
    at, stated = _criteria(program, slice, path)
    wants: list[Callable[[Node, Context], bool]] = []
    value_sets: tuple[str, ...] = ()
    shown_wants: list[str] = []
    for value, exact in stated:
        wants.append(_equals(value) if exact else _contains(value))
        shown_wants.append(shown(value))
    key = _key(stated[0][0]) if len(stated) == 1 else None
    if not wants:
        for element in at:
            if (nested := _nested(program, element)) is not None:
                wants.append(nested[0])
                value_sets = nested[1]
                shown_wants.append("the fixed parts below")
                break
            if element.binding is not None and element.binding.strength == "required":
                value_sets = (element.binding.value_set,)
                wants.append(_bound(program, element.binding.value_set))
                shown_wants.append(f"a code from {element.binding.value_set}")
                break
    if not wants:
        return _exists(program, slice, path, words) if at and at[0].max == 0 else None
    type_name = slice.codes[0] if len(slice.codes) == 1 else ""
    shown_words = f"{words} = {' and '.join(shown_wants)}"
    if len(stated) == 1 and (quick := _quick(stated[0], path)) is not None:
        return Test(quick, shown_words, path, key)

    def holds(item: Any, context: Context) -> bool:
        nodes = walk(item, path, context, type_name)
        return all(any(want(node, context) for node in nodes) for want in wants)

    return Test(holds, shown_words, path, key, value_sets)


def _quick(stated: tuple[Any, bool], path: tuple[Step, ...]) -> Callable[[Any, Any], bool] | None:
    """The commonest discriminators without the walk: the item itself or one plain property, a pattern or a string."""
    wanted, exact = stated
    if exact and not isinstance(wanted, str):
        return None
    holds = containing(wanted)
    if not path:
        return lambda item, context: holds(item)
    if len(path) > 1 or path[0].kind != "name":
        return None
    name = path[0].word

    def check(item: Any, context: Any) -> bool:
        value = item.get(name) if type(item) is dict else None
        return any(map(holds, value)) if type(value) is list else value is not None and holds(value)

    return check


def _equals(wanted: Any) -> Callable[[Node, Context], bool]:
    """An object is told apart by what it has; that it has no more is for the check of the slice to say."""
    if isinstance(wanted, dict):
        return _contains(wanted)
    return lambda node, context: same(node.value, wanted)


def _contains(wanted: Any) -> Callable[[Node, Context], bool]:
    return lambda node, context: contains(node.value, wanted)


def _bound(program: Program, url: str) -> Callable[[Node, Context], bool]:
    def holds(node: Node, context: Context) -> bool:
        value = node.value
        if isinstance(value, str):
            return program.value_sets.member(url, None, value) is True
        codings = value.get("coding", [value]) if isinstance(value, dict) else []
        for coding in codings if isinstance(codings, list) else []:
            system, code = (coding.get("system"), coding.get("code")) if isinstance(coding, dict) else (None, None)
            if (
                isinstance(code, str)
                and isinstance(system, str | None)
                and program.value_sets.member(url, system, code)
            ):
                return True
        return False

    return holds


def _nested(
    program: Program, element: Element, depth: int = 0
) -> tuple[Callable[[Node, Context], bool], tuple[str, ...]] | None:
    """The fixed parts below an element, all of which must be there: by `code` with `code.coding.code` fixed.

    Comes with the value sets that are asked.
    """
    sets: tuple[str, ...] = ()
    parts: list[tuple[str, Callable[[Node, Context], bool]]] = []
    for name, child in element.children.items():
        if child.min == 0 and not child.slices:
            continue
        for each in (child, *(one for one in child.slices if one.min > 0)):
            wants = [_equals(value) if exact else _contains(value) for value, exact in _stated(each)]
            if not wants and depth < 4 and (deeper := _nested(program, each, depth + 1)) is not None:
                wants = [deeper[0]]
                sets += deeper[1]
            if (
                not wants
                and each.binding is not None
                and each.binding.strength == "required"
                and each.min > 0
                and name != "use"
            ):
                wants = [_bound(program, each.binding.value_set)]
                sets += (each.binding.value_set,)
            parts += [(name, want) for want in wants]
    if not parts:
        return None

    def holds(node: Node, context: Context) -> bool:
        return all(
            any(want(each, context) for each in below(node, Step("name", name), context)) for name, want in parts
        )

    return holds, sets


def _exists(program: Program, slice: Element, path: tuple[Step, ...], words: str) -> Test | None:
    """`exists`: the slice requires the element (min > 0) or forbids it (max 0)."""
    at, _ = _criteria(program, slice, path)
    if not at:
        return None
    wanted = at[0].max != 0

    def holds(item: Any, context: Context) -> bool:
        return bool(walk(item, path, context)) is wanted

    return Test(holds, f"{words} to be {'present' if wanted else 'absent'}", path)


def _type(program: Program, slice: Element, path: tuple[Step, ...], words: str) -> Test | None:
    """`type`: what stands at the path has one of the types that the slice allows."""
    at, _ = _criteria(program, slice, path)
    typed = [each for element in at for each in (element.slices if element.choice and element.slices else (element,))]
    codes = tuple(code for element in typed for code in (element.codes or (element.id,)))
    if not codes:
        return None

    def holds(item: Any, context: Context) -> bool:
        return any(_is_of(node, codes, context) for node in walk(item, path, context))

    return Test(holds, f"{words} of type {' or '.join(codes)}", path)


def _profile(program: Program, slice: Element, path: tuple[Step, ...], words: str) -> Test | None:
    """`profile`: what stands at the path conforms to a profile that the slice names."""
    resolved = bool(path) and path[-1].kind == "resolve"
    at, _ = _criteria(program, slice, path[:-1] if resolved else path)
    urls = tuple(
        url
        for element in at
        for ref in element.types
        for url in ((ref.targets if resolved else ref.profiles) or (ref.code,))
    )
    if not urls:
        return None

    def holds(item: Any, context: Context) -> bool:
        nodes = walk(item, path, context)
        return any(program.conforms(node.value, url, context) is True for node in nodes for url in urls)

    return Test(holds, f"{words} conforming to {' or '.join(urls)}", path)


_TESTS = {"value": _value, "pattern": _value, "exists": _exists, "type": _type, "profile": _profile}


def _key(value: Any) -> tuple[str, ...] | None:
    """What a fixed string or a pattern with one coding can be looked up by."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, dict):
        codings = value.get("coding", [value])
        if isinstance(codings, list) and len(codings) == 1 and isinstance(codings[0], dict):
            system, code = codings[0].get("system"), codings[0].get("code")
            if isinstance(code, str):
                return (str(system or ""), code)
    return None


@dataclass(frozen=True, slots=True)
class Index:
    """Slices by the one string or code that tells them apart; `candidates` are then tried in full."""

    path: tuple[Step, ...]
    by_key: dict[str, list[int]]

    def candidates(self, item: Any) -> list[int]:
        """The slices that an item may be in, in order."""
        found: set[int] = set()
        for node in walk(item, self.path, None):  # type: ignore[arg-type]  # paths with a name only never ask the context
            for word in _words(node.value):
                found.update(self.by_key.get(word, ()))
        return sorted(found)


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if not isinstance(value, dict):
        return []
    codings = value.get("coding", [value])
    return [
        code
        for each in (codings if isinstance(codings, list) else [])
        if isinstance(each, dict) and isinstance(code := each.get("code"), str)
    ]


def index(slices: list[tuple[Test, ...]]) -> Index | None:
    """An index when every slice has one test by key on the same path of plain names."""
    if len(slices) < 3 or any(len(each) != 1 or each[0].key is None for each in slices):
        return None
    path = slices[0][0].path
    if any(each[0].path != path for each in slices) or any(step.kind != "name" for step in path):
        return None
    by_key: dict[str, list[int]] = {}
    for number, each in enumerate(slices):
        key = each[0].key
        by_key.setdefault(key[-1] if key else "", []).append(number)
    return Index(path, by_key)
