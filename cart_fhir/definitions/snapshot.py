"""Snapshots from differentials: the base's elements, unfolded where the profile looks inside, each constrained.

Slices and slices of slices, choice types (`value[x]:valueQuantity`, and `valueQuantity` for short), content references,
extensions and type profiles are followed. https://hl7.org/fhir/R4/profiling.html#snapshot
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cart_fhir.definitions.element_tree import Node, Step, flatten, grow, identified, steps
from cart_fhir.definitions.merge import merge
from cart_fhir.issues import Issue

if TYPE_CHECKING:
    from cart_fhir.definitions.registry import Registry

Json = dict[str, Any]
_BY_URL: Json = {"discriminator": [{"type": "value", "path": "url"}], "ordered": False, "rules": "open"}
_BY_TYPE: Json = {"discriminator": [{"type": "type", "path": "$this"}], "ordered": False, "rules": "open"}


def with_snapshot(structure: Json, registry: Registry) -> tuple[Json, list[Issue]]:
    """The structure with a snapshot made of its base's and its differential, and what is wrong with the definition.

    The problems are warnings with the place in the StructureDefinition as their expression: the snapshot can be used.
    Without a base that is known the snapshot is empty. An element of the differential that leads nowhere is left out.
    """
    maker = _Maker(structure, registry)
    return {**structure, "snapshot": {"element": maker.elements()}}, maker.issues


class _Maker:
    """Makes one snapshot: `tree` is the base's, and grows."""

    def __init__(self, structure: Json, registry: Registry) -> None:
        self.structure = structure
        self.registry = registry
        self.issues: list[Issue] = []
        self.url: str = structure["url"]
        listed = structure.get("differential", {}).get("element", [])
        self.places = [number for number, element in enumerate(listed) if _is_element(element)]
        self.differential = identified([listed[number] for number in self.places])
        self.at = -1
        self.closed: list[Node] = []
        self.sliced_here: set[int] = set()
        self.adds_elements = structure.get("derivation") != "constraint"

    def elements(self) -> list[Json]:
        base_url = self.structure.get("baseDefinition")
        base = self.registry.structure(base_url) if base_url else None
        listed = base["snapshot"]["element"] if base else []
        if not listed:
            if base_url or not self.differential:
                self.tell(f"has no snapshot, as its base {base_url} is not loaded or has none")
                return []
            listed = [{"path": self.structure["type"], "min": 0, "max": "*"}]
        self.tree = grow([_with_base(element) for element in listed])
        if self.adds_elements:
            self.tree.name = str(self.structure["type"]).rpartition("/")[2]
        for place, element in zip(self.places, self.differential, strict=True):
            self.at = place
            self.apply(element)
        for choice in self.closed:
            _narrow_to_slices(choice)
        return flatten(self.tree)

    def tell(self, text: str, element: Json | None = None, code: str = "invalid") -> None:
        """Note a problem; its expression is the place in the StructureDefinition, where one element is to blame.

        `code` is "conflict" for one with the base, so that what it says cannot be meant; "not-found" for an element
        that the base does not have.
        """
        name = str(element.get("id") or element["path"]) if element else ""
        words = f"{name} in {self.url} {text}." if name else f"{self.url} {text}."
        place = f"StructureDefinition.differential.element[{self.at}]" if self.at >= 0 else "StructureDefinition"
        self.issues.append(Issue("warning", code, "definition", words, place, profile=self.url, definition=name))

    def apply(self, element: Json) -> None:
        """Constrain the element that one entry of the differential is about."""
        node = self.tree
        way = steps(element)
        if str(element["path"]).partition(".")[0] != node.name:
            self.tell("constrains an element of another type", element)
            return
        for number, step in enumerate(way):
            found = self.step(node, step, element, is_last=number == len(way) - 1)
            if found is None:
                self.tell("constrains an element that is not there", element, "not-found")
                return
            node = found
        if "type" in element:
            element = self.with_known_types(element)
        if element.get("slicing") and node.definition.get("slicing", {}).get("rules") != "closed":
            self.sliced_here.add(id(node))
        name = node.definition.get("sliceName")
        inherited = self.invariants(element.get("type", []))
        if inherited:
            element = {**element, "constraint": [*element.get("constraint", []), *inherited]}
        node.definition = merge(node.definition, element, self.url, lambda text: self.tell(text, element, "conflict"))
        if name:
            node.definition["sliceName"] = name

    def with_known_types(self, element: Json) -> Json:
        """The element without types that no definition is known of; without any such type, those of the base stay."""
        known = []
        for type_ in element["type"]:
            code = str(type_.get("code"))
            if code.startswith("http://hl7.org/fhirpath/System.") or self.registry.facts(code) is not None:
                known.append(type_)
            else:
                self.tell(f"has the type {code}, which is not known", element, "conflict")
        rest = {key: value for key, value in element.items() if key != "type"}
        return {**rest, "type": known} if known else rest

    def step(self, node: Node, step: Step, element: Json, *, is_last: bool) -> Node | None:
        """The child that a step leads to; unfolds the node, and makes a slice or a new element, where that is asked."""
        name, slice_name = step
        if not node.children:
            self.unfold(node)
        child = node.children.get(name)
        if child is None:
            child, slice_name = _choice(node, name), slice_name or name
            if child is None:
                return self.added(node, name) if self.adds_elements and is_last else None
            if _is_only_type(child, slice_name) or self.narrowed(child, slice_name, element):
                return child
        if not slice_name:
            return child
        if slice_name not in child.slices:
            if is_last and self.closes(child, element):
                self.closed.append(child)
                self.sliced_here.add(id(child))
                child.definition["slicing"] = {**_BY_TYPE, "rules": "closed"}
            if child.definition.get("slicing", {}).get("rules") == "closed" and id(child) not in self.sliced_here:
                self.tell(f"adds the slice {slice_name} to a slicing that its base has closed", element, "conflict")
            self.add_slice(node, child, slice_name)
        return child.slices[slice_name]

    def narrowed(self, choice: Node, name: str, element: Json) -> bool:
        """Narrow a choice to the one type that its short name (valueQuantity) stands for; True if no slice is needed.

        That is how the profiles of R4 itself use short names: as a closed slice, or within a slice without another one.
        """
        if name in choice.slices or self.short_names(element, choice) != {name}:
            return False
        _narrow(choice, name.removeprefix(choice.name[:-3]))
        if ":" in str(element.get("id")):
            return True
        choice.definition["slicing"] = {**_BY_TYPE, "rules": "closed"}
        self.sliced_here.add(id(choice))
        return False

    def closes(self, choice: Node, element: Json) -> bool:
        """True for the first slice by type of a choice of which nothing was said: only types with slices are left."""
        if not choice.name.endswith("[x]") or "slicing" in choice.definition:
            return False
        if "type" not in element and str(element["path"]).endswith("[x]"):
            return False
        place = f"{str(element.get('id') or element['path']).rpartition('.')[0]}.{choice.name}"
        said = [other for other in self.differential if str(other.get("id") or other["path"]) == place]
        return not any("type" in other for other in said)

    def short_names(self, element: Json, choice: Node) -> set[str]:
        """The short names that the differential uses for a choice that stands at this element."""
        start, _, _ = str(element.get("id") or element["path"]).rpartition("." + choice.name[:-3])
        beginning = f"{start}.{choice.name[:-3]}"
        places = [str(other.get("id") or other["path"]) for other in self.differential]
        ends = [place.removeprefix(start + ".").partition(".")[0] for place in places if place.startswith(beginning)]
        return {end for end in ends if _type_named(choice, end[len(choice.name) - 3 :])}

    def added(self, node: Node, name: str) -> Node:
        """A new element of a type that is defined here, not constrained."""
        node.children[name] = Node(name, {"base": {"path": f"{self.tree.name}.{name}", "min": 0, "max": "*"}})
        return node.children[name]

    def add_slice(self, parent: Node, sliced: Node, slice_name: str) -> None:
        """Make a slice from what holds for every entry so far, or a slice of a slice from that slice."""
        outer = slice_name.rpartition("/")[0]
        model = sliced.slices.get(outer, sliced)
        made = Node(sliced.name, dict(model.definition), slice_name)
        made.children = {name: child.copy() for name, child in model.children.items()}
        made.definition.pop("slicing", None)
        if sliced.definition.get("slicing", {}).get("rules") != "closed":
            # That the element must be supported says nothing of one kind of its entries, unless there are no others.
            made.definition.pop("mustSupport", None)
        made.definition["sliceName"] = slice_name
        made.definition["min"] = 0
        if sliced.name.endswith("[x]"):
            if slice_name.startswith(sliced.name[:-3]):
                _narrow(made, slice_name.removeprefix(sliced.name[:-3]))
            sliced.definition.setdefault("slicing", _BY_TYPE)
        elif sliced.name in ("extension", "modifierExtension"):
            sliced.definition.setdefault("slicing", _BY_URL)
        _insert(sliced.slices, made, outer)

    def unfold(self, node: Node) -> None:
        """Give a node the children of its type, of its type's profile, or of the element it refers to."""
        reference = node.definition.get("contentReference")
        if reference:
            target = self.tree.find([(name, "") for name in reference.rpartition("#")[2].split(".")[1:]])
            if target is not None:
                node.children = {name: child.copy() for name, child in target.children.items()}
                node.definition.pop("contentReference")
                node.definition["type"] = target.definition["type"]
            return
        structure = self.content_of(node.definition.get("type", []))
        if structure is not None and structure["snapshot"]["element"]:
            node.children = grow([_with_base(element) for element in structure["snapshot"]["element"]]).children

    def invariants(self, types: list[Json]) -> list[Json]:
        """The invariants that a datatype profile adds to the elements that have it as their type."""
        profiles = [url for type_ in types if type_.get("code") != "Extension" for url in type_.get("profile", [])]
        found = self.registry.structure(profiles[0]) if len(types) == len(profiles) == 1 else None
        if found is None or found.get("kind") != "complex-type" or not found["snapshot"]["element"]:
            return []
        return list(found["snapshot"]["element"][0].get("constraint", []))

    def content_of(self, types: list[Json]) -> Json | None:
        """The structure whose elements are inside an element of these types."""
        if len(types) != 1:
            return self.registry.structure("Element")
        (type_,) = types
        profiles = type_.get("profile", [])
        if len(profiles) == 1:
            found = self.registry.structure(profiles[0])
            if found is not None and found["snapshot"]["element"]:
                return found
            self.tell(f"looks into the profile {profiles[0]}, which is not loaded")
        return self.registry.structure(str(type_.get("code", "Element")))


def _is_element(element: Any) -> bool:
    return isinstance(element, dict) and isinstance(element.get("path"), str) and bool(element["path"])


def _with_base(element: Json) -> Json:
    """The element with its `base`, which tells where it was first defined."""
    if "base" in element:
        return element
    return {**element, "base": {"path": element["path"], "min": element.get("min", 0), "max": element.get("max", "*")}}


def _choice(node: Node, name: str) -> Node | None:
    """The choice element that a name like valueQuantity is short for."""
    for key, child in node.children.items():
        if key.endswith("[x]") and name.startswith(key[:-3]) and _type_named(child, name[len(key) - 3 :]):
            return child
    return None


def _type_named(choice: Node, suffix: str) -> Json | None:
    wanted = suffix.casefold()
    return next((t for t in choice.definition.get("type", []) if str(t.get("code")).casefold() == wanted), None)


def _is_only_type(choice: Node, name: str) -> bool:
    """True when the choice has been narrowed to this one type, so that it needs no slice."""
    types = choice.definition.get("type", [])
    return len(types) == 1 and not choice.slices and _type_named(choice, name[len(choice.name) - 3 :]) is not None


def _narrow(made: Node, suffix: str) -> None:
    """A slice of a choice named after a type holds that type only."""
    type_ = _type_named(made, suffix)
    if type_ is not None:
        made.definition["type"] = [type_]


def _narrow_to_slices(choice: Node) -> None:
    codes = {type_.get("code") for slice in choice.slices.values() for type_ in slice.definition.get("type", [])}
    choice.definition["type"] = [type_ for type_ in choice.definition.get("type", []) if type_.get("code") in codes]


def _insert(slices: dict[str, Node], made: Node, outer: str) -> None:
    """Put the slice last, or a slice of a slice after those of the same one."""
    names = list(slices)
    inside = [number for number, name in enumerate(names) if outer and (name == outer or name.startswith(outer + "/"))]
    slices[made.slice_name] = made
    if inside:
        for name in names[inside[-1] + 1 :]:
            slices[name] = slices.pop(name)
