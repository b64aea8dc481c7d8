"""What an invariant that failed has read: the values at hand of the elements that its expression names, in short.

Asked only when something failed, so that data that are right pay nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from cart_fhir.errors import CartFHIRError
from cart_fhir.fhirpath import parser, syntax

# Functions whose arguments are about the items before the dot, not about the value that the invariant stands on.
_INNER = frozenset(("where", "exists", "all", "select", "repeat", "ofType", "as", "is", "aggregate"))
_MOST_VALUES = 6
_MOST_LETTERS = 60
_DEEPEST = 4
# What tells most of an object, in the order of preference.
_TELLING = ("code", "display", "text", "reference", "start", "end")


def seen(expression: str, value: Any) -> str:
    """`found: day = 3, infusionDate = 2026-03-10` for what the expression reads; "" when there is nothing of it."""
    if not isinstance(value, dict):
        return f"found: {_cut(str(value))}" if isinstance(value, str | int) else ""
    names = _names(expression)
    found: list[tuple[str, str]] = []
    for key, part in value.items():
        if any(key == name or (key.startswith(name) and key[len(name) : len(name) + 1].isupper()) for name in names):
            found += _told(next(name for name in names if key.startswith(name)), part, 0)
    shown = [f"{name} = {_cut(text)}" for name, text in dict.fromkeys(found)]
    rest = f", and {len(shown) - _MOST_VALUES} more" if len(shown) > _MOST_VALUES else ""
    return f"found: {', '.join(shown[:_MOST_VALUES])}{rest}" if shown else ""


@lru_cache(maxsize=1024)
def _names(expression: str) -> tuple[str, ...]:
    """The elements that an expression reads from its start, longest names first."""
    try:
        tree = parser.parse(expression)
    except CartFHIRError:
        return ()
    return tuple(sorted(set(_starts(tree)), key=lambda name: (-len(name), name)))


def _starts(tree: syntax.Syntax) -> Iterator[str]:
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        match part:
            case syntax.Name(base=None, name=name):
                yield name
            case syntax.Call(base=base, name=name) if name == "extension" and base is None:
                yield "extension"
            case syntax.Call(base=base, name=name) if base is not None and name in _INNER:
                waiting.append(base)
                continue
        waiting.extend(syntax.parts(part))


def _told(name: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    """The value by name, or those inside it: items one by one, extensions by the end of their URLs."""
    if isinstance(value, list):
        for each in value[: _MOST_VALUES * 2]:
            yield from _told(name, each, depth)
    elif isinstance(value, dict):
        if "url" in value and name in ("extension", "modifierExtension"):
            yield from _extension(value, depth)
        elif text := _object(value):
            yield name, text
    elif value is not None:
        yield name, str(value).lower() if isinstance(value, bool) else str(value)


def _extension(value: dict[str, Any], depth: int) -> Iterator[tuple[str, str]]:
    name = str(value["url"]).rpartition("/")[2]
    for key, part in value.items():
        if key.startswith("value"):
            yield from _told(name, part, depth + 1)
    if depth < _DEEPEST:
        yield from _told("extension", value.get("extension"), depth + 1)


def _object(value: dict[str, Any]) -> str:
    """An object in a few words: a quantity with its unit, a concept by its codes, a period by its ends."""
    if "value" in value and not isinstance(value["value"], dict | list):
        unit = value.get("unit") or value.get("code") or ""
        return f"{value.get('comparator', '')}{value['value']} {unit}".strip()
    if isinstance(value.get("coding"), list):
        codes = [str(each["code"]) for each in value["coding"] if isinstance(each, dict) and "code" in each]
        if codes:
            return " ".join(codes)
    if "start" in value or "end" in value:
        return f"{value.get('start', '...')} to {value.get('end', '...')}"
    told = (value[key] for key in _TELLING if isinstance(value.get(key), str))
    return next(told, "")


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_LETTERS else f"{line[: _MOST_LETTERS - 3]}..."
