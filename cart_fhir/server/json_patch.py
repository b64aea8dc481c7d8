"""JSON Patch: a list of operations and a document in, the changed document out (RFC 6902, RFC 6901).

The document given is not changed; either every operation holds or the patch is refused (422) with the number of the
operation that does not.
"""

from __future__ import annotations

import copy
from typing import Any

from cart_fhir.errors import BadRequest, Unprocessable

_WITH_VALUE = ("add", "replace", "test")
_WITH_FROM = ("move", "copy")
_MOST = 10_000


def apply(document: Any, patch: Any) -> Any:
    """The document after all operations of the patch."""
    if not isinstance(patch, list) or len(patch) > _MOST:
        raise BadRequest(f"A JSON Patch is a list of at most {_MOST} operations.")
    made = copy.deepcopy(document)
    for number, operation in enumerate(patch):
        try:
            made = _step(made, operation)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            said = operation.get("op") if isinstance(operation, dict) else "?"
            text = str(error).strip("'\"")
            raise Unprocessable(f"Operation {number} ({said}) of the patch does not hold: {text}.") from error
    return made


def _step(document: Any, operation: Any) -> Any:
    if not isinstance(operation, dict) or not isinstance(operation.get("path"), str):
        raise BadRequest("An operation of a JSON Patch is an object with op and path.")
    op, path = operation.get("op"), _pointer(operation["path"])
    if op in _WITH_VALUE and "value" not in operation:
        raise BadRequest(f"The operation {op} has no value.")
    if op in _WITH_FROM:
        source = _pointer(str(operation.get("from", "-")))
        value = _get(document, source)
        if op == "move":
            if path[: len(source)] == source and path != source:
                raise ValueError("a value cannot be moved into itself")
            document = _remove(document, source)
        return _add(document, path, copy.deepcopy(value))
    if op == "add":
        return _add(document, path, operation["value"])
    if op == "remove":
        return _remove(document, path)
    if op == "replace":
        _get(document, path)
        return _add(_remove(document, path), path, operation["value"]) if path else operation["value"]
    if op == "test":
        if not _same(_get(document, path), operation["value"]):
            raise ValueError(f"the value at {operation['path']} is another one")
        return document
    raise BadRequest(f"'{op}' is no operation of a JSON Patch.")


def _pointer(text: str) -> list[str]:
    if text and not text.startswith("/"):
        raise BadRequest(f"'{text}' is no JSON Pointer: it begins with a slash.")
    return [part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:]]


def _get(value: Any, path: list[str]) -> Any:
    for part in path:
        value = value[_index(value, part)] if isinstance(value, list) else _member(value, part)
    return value


def _member(value: Any, part: str) -> Any:
    if not isinstance(value, dict) or part not in value:
        raise KeyError(f"there is nothing called {part}")
    return value[part]


def _index(rows: list[Any], part: str, *, end: bool = False) -> int:
    if end and part == "-":
        return len(rows)
    if not part.isascii() or not part.isdigit() or (len(part) > 1 and part[0] == "0"):
        raise ValueError(f"{part} is no index")
    number = int(part)
    if number > len(rows) - (not end):
        raise IndexError(f"the index {part} is beyond the end")
    return number


def _add(document: Any, path: list[str], value: Any) -> Any:
    if not path:
        return value
    holder = _get(document, path[:-1])
    if isinstance(holder, list):
        holder.insert(_index(holder, path[-1], end=True), value)
    elif isinstance(holder, dict):
        holder[path[-1]] = value
    else:
        raise TypeError(f"nothing can be put below {'/'.join(path[:-1])}")
    return document


def _remove(document: Any, path: list[str]) -> Any:
    if not path:
        raise ValueError("the whole document cannot be removed")
    _get(document, path)
    holder = _get(document, path[:-1])
    del holder[_index(holder, path[-1]) if isinstance(holder, list) else path[-1]]
    return document


def _same(one: Any, other: Any) -> bool:
    """JSON equality: true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)
