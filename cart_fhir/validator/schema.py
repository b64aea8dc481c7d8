"""What a StructureDefinition says, as facts: one Element per ElementDefinition, slices beside what they slice.

https://hl7.org/fhir/R4/elementdefinition.html, https://hl7.org/fhir/R4/profiling.html#slicing
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TypeRef:
    """One allowed type: its code, profiles on it, and for references those of the target and how it may be given."""

    code: str
    profiles: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    aggregation: tuple[str, ...] = ()
    versioning: str = ""


@dataclass(frozen=True, slots=True)
class Binding:
    """A value set and how strictly codes come from it (`required`, `extensible`, `preferred`, `example`).

    `additional` are further value sets, each with its purpose (`required`, `maximum`, `extensible` and others).
    """

    strength: str
    value_set: str
    maximum: str = ""
    additional: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Constraint:
    """An invariant: `expression` is FHIRPath, true for good data; `source` the definition that states it first."""

    key: str
    severity: str
    human: str
    expression: str
    source: str
    best_practice: bool = False


@dataclass(frozen=True, slots=True)
class Discriminator:
    """How items are told apart: `type` is value, pattern, exists, type or profile; `path` a simple FHIRPath."""

    type: str
    path: str


@dataclass(frozen=True, slots=True)
class Slicing:
    """The slicing of an element: discriminators, `rules` (open, closed, openAtEnd), `ordered`."""

    discriminators: tuple[Discriminator, ...]
    rules: str
    ordered: bool


@dataclass(slots=True, eq=False)
class Element:
    """An element of a definition with all that is said of it; built by the compiler, not changed afterwards.

    `name` is the last part of the path without `[x]`; `max` None means unbounded; `many` whether the JSON property is
    an array (the base definition decides, not the profile). `children` maps element names, `slices` are in order.
    """

    id: str
    path: str
    name: str
    min: int = 0
    max: int | None = None
    many: bool = False
    choice: bool = False
    types: tuple[TypeRef, ...] = ()
    fixed: Any = None
    pattern: Any = None
    max_length: int | None = None
    min_value: Any = None
    max_value: Any = None
    binding: Binding | None = None
    constraints: tuple[Constraint, ...] = ()
    slicing: Slicing | None = None
    slice_name: str = ""
    content: str = ""
    must_have_value: bool = False
    value_alternatives: tuple[str, ...] = ()
    profile: str = ""
    extensions: tuple[Json, ...] = ()
    base_path: str = ""
    children: dict[str, Element] = field(default_factory=dict)
    slices: list[Element] = field(default_factory=list)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the allowed types."""
        return tuple(type_ref.code for type_ref in self.types)


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """A compiled definition: `root` is its tree, `lineage` its own URL and those of all it derives from."""

    url: str
    version: str
    type: str
    kind: str
    derivation: str
    abstract: bool
    name: str
    root: Element
    lineage: tuple[str, ...]
    definition: Json

    @property
    def key(self) -> str:
        """The canonical with its version."""
        return f"{self.url}|{self.version}" if self.version and "#" not in self.url else self.url
