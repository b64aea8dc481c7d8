"""What is known while one resource is being checked: where we are, what can be referred to, what was not checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cart_fhir.validator.bundle_index import BundleIndex
from cart_fhir.validator.findings import Finding, Found, one

if TYPE_CHECKING:
    from cart_fhir import fhirpath
    from cart_fhir.validator.program import Program

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller chose: warnings of good practice, where extensions that nobody defines are allowed."""

    best_practice: bool = False
    allow_extensions: tuple[str, ...] = ()


@dataclass(slots=True)
class Context:
    """One run. `resource` is the innermost resource at hand, `root` the one that contains it, or itself.

    `touched` counts the times that a check asked for more than the value it was given; `has_element_ids` is set when an
    element with an id was met.
    """

    program: Program
    options: Options
    resource: Json = field(default_factory=dict)
    root: Json = field(default_factory=dict)
    bundle: BundleIndex | None = None
    full_url: str = ""
    outer: Json = field(default_factory=dict)
    unchecked: dict[tuple[str, str], int] = field(default_factory=dict)
    known: dict[tuple[int, str], Found] = field(default_factory=dict)
    touched: int = 0
    has_element_ids: bool = False
    spare: fhirpath.Env | None = None
    busy: set[tuple[int, str]] = field(default_factory=set)

    @property
    def in_transaction(self) -> bool:
        """True inside a transaction, whose references a server rewrites as it carries them out."""
        return self.bundle is not None and self.bundle.resource.get("type") == "transaction"

    def note(self, rule: str, text: str) -> None:
        """Remember that something could not be checked; it is said once for the whole resource, with how often."""
        self.touched += 1
        key = (rule, text)
        self.unchecked[key] = self.unchecked.get(key, 0) + 1

    def notes(self, step: str) -> list[Finding]:
        """What was not checked, as information about the whole resource."""
        made: list[Finding] = []
        for (rule, text), count in self.unchecked.items():
            made += one(rule, f"{text} ({count} places)" if count > 1 else text, step)
        return made

    def resolve(self, reference: str) -> Json | None:
        """The resource that a literal reference points to: contained, or in the bundle; None when it is elsewhere."""
        self.touched += 1
        if reference.startswith("#"):
            return self.contained(reference[1:])
        if self.bundle is not None:
            return self.bundle.resolve(reference, self.full_url)
        return self._in_parameters(reference)

    def contained(self, id: str) -> Json | None:
        """The contained resource with the id; the container itself for the empty id or its own."""
        self.touched += 1
        if not id:
            return self.root
        inside = self.root.get("contained")
        for each in inside if isinstance(inside, list) else ():
            if isinstance(each, dict) and each.get("id") == id:
                return each
        return self.root if self.root.get("id") == id else None

    def _in_parameters(self, reference: str) -> Json | None:
        outer = self.outer
        if outer.get("resourceType") != "Parameters":
            return None
        kind, _, id = reference.rpartition("/")
        parameters = outer.get("parameter")
        for each in parameters if isinstance(parameters, list) else ():
            found = each.get("resource") if isinstance(each, dict) else None
            if (
                isinstance(found, dict)
                and found.get("id") == id
                and found.get("resourceType") == kind.rpartition("/")[2]
            ):
                return found
        return None
