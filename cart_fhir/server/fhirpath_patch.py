"""FHIRPath Patch: a Parameters resource of operations and a resource in, the changed resource out.

https://hl7.org/fhir/R4/fhirpatch.html. A path is evaluated by the FHIRPath compiler; what it finds is an element of the
resource, or (last step a name) the place of a value in one. The resource given is not changed.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import Any

from cart_fhir import fhirpath
from cart_fhir.errors import BadRequest, Unprocessable
from cart_fhir.fhirpath import Node, TypeModel

Json = dict[str, Any]
_LAST = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]{0,63})(?:\[(?P<index>\d{1,6})\])?$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: in `holder[name]`, or in the list that stands there, at `index`."""

    holder: Json
    name: str
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Patch:
    """One operation with its parts by name."""

    number: int
    parts: Json

    @property
    def type(self) -> str:
        """add, insert, delete, replace or move."""
        return str(self.text("type"))

    def text(self, name: str) -> str:
        """A part that is a text; 400 when it is missing."""
        value = self.parts.get(name)
        if not isinstance(value, str):
            raise BadRequest(f"Operation {self.number} of the patch has no {name}.")
        return value

    def whole(self, name: str) -> int:
        """A part that is a whole number; 400 when it is missing."""
        value = self.parts.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise BadRequest(f"Operation {self.number} of the patch has no {name}.")
        return value


def apply(resource: Json, parameters: Json, types: TypeModel) -> Json:
    """The resource after all operations of the patch; 422 for one that does not hold, 400 for one that is no patch."""
    made = copy.deepcopy(resource)
    found = [one for one in parameters.get("parameter", ()) if isinstance(one, dict) and one.get("name") == "operation"]
    if not found:
        raise BadRequest("A FHIRPath Patch is a Parameters resource with parameters called operation.")
    for number, one in enumerate(found):
        _Patched(made, types).do(Patch(number, _parts(one)))
    return made


def _parts(operation: Json) -> Json:
    return {
        str(part.get("name")): part if part.get("name") == "value" else _value(part)
        for part in operation.get("part", ())
        if isinstance(part, dict)
    }


def _value(part: Json) -> Any:
    return next((value for key, value in part.items() if key.startswith("value")), None)


@dataclass(slots=True)
class _Patched:
    """A resource as it is being changed."""

    resource: Json
    types: TypeModel

    def do(self, patch: Patch) -> None:
        if patch.type == "add":
            self._add(patch)
        elif patch.type == "insert":
            rows = self._rows(patch, patch.text("path"))
            at = patch.whole("index")
            if at > len(rows):
                raise self._refused(patch, f"the index {at} is beyond the end")
            rows.insert(at, self._new(patch, self._parent(patch, patch.text("path")).type, self._name(patch))[1])
        elif patch.type == "delete":
            for place in self._places(patch, most=1):
                self._remove(place)
        elif patch.type == "replace":
            self._replace(patch)
        elif patch.type == "move":
            rows = self._rows(patch, patch.text("path"))
            source, destination = patch.whole("source"), patch.whole("destination")
            if max(source, destination) >= len(rows):
                raise self._refused(patch, "an index is beyond the end")
            rows.insert(destination, rows.pop(source))
        else:
            raise BadRequest(f"'{patch.type}' is no operation of a FHIRPath Patch.")

    def _add(self, patch: Patch) -> None:
        found = [one for one in self._nodes(patch.text("path")) if isinstance(one.value, dict)]
        if len(found) != 1:
            raise self._refused(patch, f"the path finds {len(found)} elements, not one")
        holder, name = found[0].value, patch.text("name")
        key, value, many = self._new(patch, found[0].type, name)
        if many:
            holder.setdefault(key, []).append(value)
        elif self._keys(holder, found[0].type, name):
            raise self._refused(patch, f"{name} is there already")
        else:
            holder[key] = value

    def _replace(self, patch: Patch) -> None:
        places = self._places(patch, most=1)
        if not places:
            raise self._refused(patch, "the path finds nothing")
        [place] = places
        owner = self._owner(place.holder)
        element = next(one.name for one in self.types.children(owner).values() if place.name in one.json_names)
        key, value, _ = self._new(patch, owner, element)
        if place.index is None:
            # the type of a choice may change with its value
            self._remove(place)
            place.holder[key] = value
        else:
            place.holder[place.name][place.index] = value

    def _places(self, patch: Patch, most: int) -> list[Place]:
        """Where the values stand that the path finds: by the element found itself, or by its parent and name."""
        path = patch.text("path")
        nodes = self._nodes(path)
        if len(nodes) > most:
            raise self._refused(patch, f"the path finds {len(nodes)} elements, not one")
        if not nodes:
            return []
        if isinstance(nodes[0].value, dict):
            return [found for found in [_find(self.resource, nodes[0].value)] if found]
        parent, name, index = self._split(patch, path)
        holders = [one for one in self._nodes(parent) if isinstance(one.value, dict)]
        keys = [(one.value, key) for one in holders for key in self._keys(one.value, one.type, name)]
        return [Place(holder, key, (index or 0) if isinstance(holder[key], list) else None) for holder, key in keys][:1]

    def _nodes(self, path: str) -> list[Node]:
        expression = fhirpath.compile(path, self.types, self.resource["resourceType"])
        return [item for item in expression.evaluate(self.resource) if isinstance(item, Node)]

    def _split(self, patch: Patch, path: str) -> tuple[str, str, int | None]:
        found = _LAST.search(path)
        if found is None or not path[: found.start()].endswith("."):
            raise self._refused(patch, f"'{path}' does not end with the name of an element")
        index = found["index"]
        return path[: found.start() - 1], found["name"], int(index) if index else None

    def _parent(self, patch: Patch, path: str) -> Node:
        found = self._nodes(self._split(patch, path)[0])
        if len(found) != 1 or not isinstance(found[0].value, dict):
            raise self._refused(patch, f"the path finds {len(found)} parents, not one")
        return found[0]

    def _name(self, patch: Patch) -> str:
        return self._split(patch, patch.text("path"))[1]

    def _rows(self, patch: Patch, path: str) -> list[Any]:
        parent, name = self._parent(patch, path), self._name(patch)
        element = self.types.children(parent.type).get(name)
        if element is None or not element.max_is_many:
            raise self._refused(patch, f"{name} is no list")
        rows = parent.value.setdefault(name, [])
        assert isinstance(rows, list)
        return rows

    def _keys(self, holder: Json, type: str, name: str) -> list[str]:
        element = self.types.children(type).get(name)
        return [key for key in (element.json_names if element else ()) if key in holder]

    def _new(self, patch: Patch, type: str, name: str) -> tuple[str, Any, bool]:
        """JSON name, value and whether it repeats, for a new value of an element."""
        element = self.types.children(type).get(name)
        part = patch.parts.get("value")
        if element is None:
            raise self._refused(patch, f"{type} has no element {name}")
        if not isinstance(part, dict):
            raise BadRequest(f"Operation {patch.number} of the patch has no value.")
        stated = next((key for key in part if key.startswith("value")), "")
        if not stated:
            made, _, _ = self._built(patch, element.types[0], part.get("part", ()))
            return next(iter(element.json_names)), made, element.max_is_many
        wanted = stated.removeprefix("value")
        for key, kind in element.json_names.items():
            if len(element.json_names) == 1 or kind[:1].upper() + kind[1:] == wanted:
                return key, part[stated], element.max_is_many
        raise self._refused(patch, f"{name} cannot be a {wanted}")

    def _built(self, patch: Patch, type: str, parts: Any) -> tuple[Json, str, bool]:
        """An object without a type of its own (a backbone element), from the parts named after its elements."""
        made: Json = {}
        for part in parts if isinstance(parts, list) else ():
            inner = Patch(patch.number, {"value": part})
            key, value, many = self._new(inner, type, str(part.get("name")))
            if many:
                made.setdefault(key, []).append(value)
            else:
                made[key] = value
        return made, type, False

    def _owner(self, holder: Json) -> str:
        if holder is self.resource:
            return str(self.resource["resourceType"])
        for type, value in _typed(self.resource, self.resource["resourceType"], self.types):
            if value is holder:
                return type
        raise AssertionError("the element was found in this resource")

    def _remove(self, place: Place) -> None:
        if place.index is None:
            place.holder.pop(place.name)
            place.holder.pop(f"_{place.name}", None)
            return
        place.holder[place.name].pop(place.index)
        beside = place.holder.get(f"_{place.name}")
        if isinstance(beside, list) and place.index < len(beside):
            beside.pop(place.index)
        if not place.holder[place.name]:
            place.holder.pop(place.name)

    def _refused(self, patch: Patch, reason: str) -> Unprocessable:
        path = patch.parts.get("path", "")
        return Unprocessable(f"Operation {patch.number} ({patch.type} {path}) of the patch does not hold: {reason}.")


def _find(value: Any, wanted: Json) -> Place | None:
    """The place of an element, by identity."""
    for name, inner in value.items():
        rows = inner if isinstance(inner, list) else [inner]
        for index, one in enumerate(rows):
            if one is wanted:
                return Place(value, name, index if isinstance(inner, list) else None)
            if isinstance(one, dict) and (found := _find(one, wanted)):
                return found
    return None


def _typed(value: Json, type: str, types: TypeModel) -> list[tuple[str, Json]]:
    """Every object of a resource with its type."""
    found: list[tuple[str, Json]] = [(type, value)]
    for element in types.children(type).values():
        for key, kind in element.json_names.items():
            inner = value.get(key)
            for one in inner if isinstance(inner, list) else [inner]:
                if isinstance(one, dict):
                    found += _typed(one, str(one.get("resourceType", kind)), types)
    return found
