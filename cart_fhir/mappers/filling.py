"""What a profile fixes, added to many resources of one shape at the price of one.

`profiles.fill` reads the profile for each resource. Resources of a table mostly have one shape, and what is added at
their top depends on that shape and on the codes in it alone; so the addition is learnt once for each shape and copied.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cart_fhir.profiles import canonical
from cart_fhir.profiles.fill import fill

Json = dict[str, Any]
_TELLING = frozenset({"system", "code", "url", "type"})  # members by whose values profiles tell slices apart
_SHAPES = 5000


class Filler:
    """Fills resources of one profile (id or URL; "" for none) and names the system they come from in meta.source."""

    def __init__(self, profile: str, registry: Any, source: str) -> None:
        self.url = profile if ":" in profile or not profile else canonical.url(profile)
        self._registry = registry
        self._source = {"source": source} if source else {}
        self._learnt: dict[Any, tuple[Json, list[str]] | None] = {}

    def __call__(self, body: Json) -> Json:
        """The resource with what its profile fixes, id and meta in front; constants are shared, so only to be read."""
        if not self.url:
            return self._headed(body)
        shape = shape_of(body)
        if shape not in self._learnt:
            filled = fill(self.url, body, self._registry)
            if len(self._learnt) < _SHAPES:
                self._learnt[shape] = learn(body, filled)
            return self._headed(filled)
        learnt = self._learnt[shape]
        if learnt is None:
            return self._headed(fill(self.url, body, self._registry))
        added, order = learnt
        return self._headed({key: body[key] if key in body else added[key] for key in order})

    def _headed(self, body: Json) -> Json:
        meta = {**self._source, **body.get("meta", {})}
        head = {"resourceType": body["resourceType"], "id": body["id"], **({"meta": meta} if meta else {})}
        return {**head, **{key: value for key, value in body.items() if key not in head}}


def learn(body: Json, filled: Json) -> tuple[Json, list[str]] | None:
    """What filling added at the top and the order it gave; None when it changed something further in."""
    if any(filled.get(key) != value for key, value in body.items()):
        return None
    return {key: value for key, value in filled.items() if key not in body}, list(filled)


def shape_of(body: Json) -> tuple[Any, ...]:
    """The members of a resource, all the way down, and the values by which slices are told; hashable."""
    found: list[Any] = []
    _walk(body, found)
    return tuple(found)


def _walk(value: Json, found: list[Any]) -> None:
    """Flat, as this is done for each resource; the marks are no names of FHIR, so that no two shapes look alike."""
    for key, inner in value.items():
        found.append(key)
        kind = inner.__class__
        if kind is str:
            if key in _TELLING:
                found += ("=", inner)
        elif kind is dict:
            found.append("{")
            _walk(inner, found)
            found.append("}")
        elif kind is list:
            found.append("[")
            for item in inner:
                found.append("{")
                if item.__class__ is dict:
                    _walk(item, found)
                found.append("}")
            found.append("]")


Fill = Callable[[Json], Json]
