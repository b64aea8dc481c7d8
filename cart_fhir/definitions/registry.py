"""Where definitions are found: the R4 core facts, the built guide, and what the user loads.

The core and the guide are packs (`pack.py`): `definitions/data/r4.pack` and every `profiles/data/*.pack`, opened at the
first question and read one definition at a time. The guide's pack is written by
`pack.write_resources(path, resources)`: whole conformance resources with snapshots, ImplementationGuide among them.
What the user loads is kept as parsed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from cart_fhir.definitions.canonical import choose, split, structure_url
from cart_fhir.definitions.pack import Pack, facts_of
from cart_fhir.issues import Issue

if TYPE_CHECKING:
    from cart_fhir.definitions.types import Types

Json = dict[str, Any]

_HERE = Path(__file__).parent
_CORE_PACK = _HERE / "data" / "r4.pack"
_GUIDE = _HERE.parent / "profiles" / "data"


@dataclass(slots=True)
class _Held:
    """One definition: its resource when parsed, else where to read it."""

    resource_type: str
    url: str
    version: str
    facts: Mapping[str, Any]
    origin: str
    resource: Json | None
    pack: Pack | None = None
    record: int = -1

    def read(self) -> Json:
        if self.resource is None:
            assert self.pack is not None
            value = self.pack.read(self.record)
            if isinstance(value, list):
                value = next(r for r in value if r["url"] == self.url and r["resourceType"] == self.resource_type)
            self.resource = value
        assert self.resource is not None
        return self.resource


class Registry:
    """Finds definitions by canonical URL (`url` or `url|version`) or type name; constructing one costs nothing.

    `core` and `guide` say whether the R4 core facts and the built CAR-T guide are in it. What comes back is shared:
    callers must not change it. Problems met while loading are in `issues`.
    """

    def __init__(self, *, core: bool = True, guide: bool = True) -> None:
        self.packages: dict[str, str] = {}
        self._problems: list[Issue] = []
        self._needed: dict[str, tuple[str, str]] = {}
        self._core = core
        self._guide = guide
        self._snapshots: dict[str, Json] = {}
        self._revision = 0
        self._making = RLock()

    @classmethod
    def default(cls) -> Registry:
        """The registry of core and guide that everyone shares; load nothing into it."""
        return _default()

    # -- finding ------------------------------------------------------------------------------------------------------

    def find(self, resource_type: str, canonical: str) -> Json | None:
        """The definition of this type and canonical, highest version unless one is named; None when there is none."""
        held = self._find(resource_type, canonical)
        return held.read() if held else None

    def versions(self, resource_type: str, url: str) -> list[str]:
        """The versions at hand of one definition, in the order loaded."""
        return [held.version for held in self._shelf.get((resource_type, url), ())]

    def structure(self, url_or_type: str) -> Json | None:
        """The StructureDefinition of a canonical or a type name, with a snapshot, made from the differential if absent.

        None when unknown. When no snapshot can be made, `issues` says why and the definition has an empty one.
        """
        canonical = structure_url(url_or_type)
        held = self._find("StructureDefinition", canonical)
        if held is None:
            return None
        resource = held.read()
        if resource.get("snapshot", {}).get("element"):
            return resource
        # Other threads wait for the whole snapshot; the same one meets the placeholder when a profile names itself.
        with self._making:
            key = f"{held.url}|{held.version}"
            if key not in self._snapshots:
                from cart_fhir.definitions.snapshot import with_snapshot

                self._snapshots[key] = {**resource, "snapshot": {"element": []}}
                made, issues = with_snapshot(resource, self)
                self._snapshots[key] = made
                self._problems += issues
            return self._snapshots[key]

    def facts(self, url_or_type: str) -> Mapping[str, Any] | None:
        """kind, type, derivation, abstract, baseDefinition and id of a structure, without reading it."""
        held = self._find("StructureDefinition", structure_url(url_or_type))
        return held.facts if held else None

    def value_set(self, canonical: str) -> Json | None:
        """The ValueSet of this canonical."""
        return self.find("ValueSet", canonical)

    def code_system(self, canonical: str) -> Json | None:
        """The CodeSystem of this canonical; not a supplement of it."""
        return self.find("CodeSystem", canonical)

    def code_system_of(self, value_set_url: str) -> str | None:
        """The url of the code system that names this value set as the one of all its codes."""
        return self._whole_sets.get(value_set_url)

    def supplements(self, url: str) -> list[Json]:
        """The CodeSystem supplements that add displays or properties to this code system."""
        return [held.read() for held in self._supplements.get(url, ())]

    def concept_maps(self) -> list[Json]:
        """Every ConceptMap."""
        return [held.read() for held in self._all("ConceptMap")]

    def profiles(self, *, core: bool = False) -> list[Json]:
        """The profiles on resources of the guide and loaded packages (and of the core, when asked), with snapshots."""
        found = [
            self.structure(f"{held.url}|{held.version}" if held.version else held.url)
            for held in self._all("StructureDefinition")
            if held.facts.get("derivation") == "constraint"
            and held.facts.get("kind") == "resource"
            and (core or held.origin != "core")
        ]
        return [profile for profile in found if profile]

    def all(self, resource_type: str, *, core: bool = False) -> list[Json]:
        """Every definition of a resource type as loaded; those of the core only when asked."""
        return [held.read() for held in self._all(resource_type) if core or held.origin != "core"]

    def guide_resources(self) -> list[Json]:
        """Every definition of the built guide and of loaded packages, with snapshots: what a server shows of itself."""
        found = (held for versions in list(self._shelf.values()) for held in versions if held.origin != "core")
        return [
            (self.structure(f"{held.url}|{held.version}") or held.read())
            if held.resource_type == "StructureDefinition"
            else held.read()
            for held in found
        ]

    def search_parameters(self, resource_type: str) -> list[Json]:
        """The search parameters that apply to a resource type, those of its abstract bases included.

        The R4 ones first, in the order of their URLs; a loaded one of the same code comes after.
        """
        return list(self._search_parameters.get(resource_type, ()))

    @cached_property
    def resource_types(self) -> tuple[str, ...]:
        """The names of the concrete resource types, in alphabetical order."""
        names = {
            str(held.facts["type"])
            for held in self._all("StructureDefinition")
            if held.facts.get("kind") == "resource"
            and held.facts.get("derivation") == "specialization"
            and not held.facts.get("abstract")
        }
        return tuple(sorted(names))

    @cached_property
    def types(self) -> Types:
        """The type model that FHIRPath and the formats read."""
        from cart_fhir.definitions.types import Types

        return Types(self)

    # -- loading ------------------------------------------------------------------------------------------------------

    def load(self, path: str | Path) -> None:
        """Load a package (.tgz or folder), or a file with one definition or a Bundle of them, JSON or XML.

        Raises NotFound when nothing is there, BadRequest or TooLarge when an archive is refused as a whole; what is
        wrong with a single file in it goes to `issues`.
        """
        from cart_fhir.definitions.package import read_packages

        for package in read_packages(Path(path), self.types):
            self._problems += package.issues
            if package.name:
                self.packages[package.name] = package.version
            for name, version in package.dependencies.items():
                self._needed.setdefault(name, (version, package.name))
            for source, resource in package.resources:
                self.add(resource, source=source)

    def add(self, resource: Json, *, source: str = "") -> None:
        """Add one definition, or every definition in a Bundle; what is no definition is told in `issues`."""
        from cart_fhir.definitions.package import DEFINITION_TYPES
        from cart_fhir.definitions.shape import with_cardinalities

        if resource.get("resourceType") == "Bundle":
            for entry in resource.get("entry", []):
                inner = entry.get("resource") if isinstance(entry, dict) else None
                if isinstance(inner, dict) and inner.get("resourceType") in DEFINITION_TYPES:
                    self.add(inner, source=source)
            return
        problem = self._refusal(resource)
        if problem and (mended := with_cardinalities(resource)) is not resource:
            resource, problem = mended, self._refusal(mended)
        if problem:
            self._problems.append(Issue("warning", "invalid", "definition", f"{source or 'A definition'}: {problem}"))
            return
        if self._is_core_again(resource):
            return
        held = _Held(
            resource["resourceType"],
            resource["url"],
            str(resource.get("version", "")),
            facts_of(resource),
            source,
            resource,
        )
        self._put(self._shelf, held)
        self._forget()

    @property
    def issues(self) -> list[Issue]:
        """Problems met while loading and making snapshots, and packages that loaded ones need but that are not here."""
        there = {*self.packages, "hl7.fhir.r4.core"}
        missing = [
            f"The package {name} {version} is not loaded; {needed_by} depends on it."
            for name, (version, needed_by) in self._needed.items()
            if name not in there
        ]
        return self._problems + [Issue("information", "not-found", "definition", text) for text in missing]

    @property
    def revision(self) -> int:
        """Counts up whenever something is added: caches over a registry compare it."""
        return self._revision

    # -- inside -------------------------------------------------------------------------------------------------------

    @cached_property
    def _shelf(self) -> dict[tuple[str, str], list[_Held]]:
        shelf: dict[tuple[str, str], list[_Held]] = {}
        packs = [("core", _CORE_PACK)] if self._core else []
        if self._guide:
            packs += [("guide", path) for path in sorted(_GUIDE.glob("*.pack"))]
        for origin, path in packs:
            pack = Pack(path)
            for entry in pack.entries:
                self._put(
                    shelf,
                    _Held(entry.resource_type, entry.url, entry.version, entry.facts, origin, None, pack, entry.record),
                )
        return shelf

    @staticmethod
    def _put(shelf: dict[tuple[str, str], list[_Held]], held: _Held) -> None:
        key = (held.resource_type, held.url)
        shelf[key] = [*(other for other in shelf.get(key, ()) if other.version != held.version), held]

    def _find(self, resource_type: str, canonical: str) -> _Held | None:
        url, version = split(canonical)
        versions = self._shelf.get((resource_type, url))
        if not versions:
            return None
        # R4 numbers all it carries 4.0.1, also what HL7 Terminology numbers 1.x today: whoever brings another means it
        brought = [held for held in versions if held.origin != "core"]
        versions = brought if brought and not version else versions
        number = choose([held.version for held in versions], version)
        return None if number is None else versions[number]

    def _all(self, resource_type: str) -> Iterator[_Held]:
        for (kind, _), versions in list(self._shelf.items()):
            if kind == resource_type:
                yield from versions

    @cached_property
    def _supplements(self) -> dict[str, list[_Held]]:
        found: dict[str, list[_Held]] = {}
        for held in self._all("CodeSystem"):
            if held.facts.get("supplements"):
                found.setdefault(split(held.facts["supplements"])[0], []).append(held)
        return found

    @cached_property
    def _whole_sets(self) -> dict[str, str]:
        held = (held for held in self._all("CodeSystem") if held.facts.get("valueSet"))
        return {split(one.facts["valueSet"])[0]: one.url for one in held}

    @cached_property
    def _search_parameters(self) -> dict[str, list[Json]]:
        by_base: dict[str, list[Json]] = {}
        group: dict[int, dict[str, Json]] = {}
        for held in self._all("SearchParameter"):
            if held.pack is not None:
                if held.record not in group:
                    value = held.pack.read(held.record)
                    group[held.record] = {r["url"]: r for r in (value if isinstance(value, list) else [value])}
                held.resource = group[held.record][held.url]
            for base in held.read().get("base", []):
                by_base.setdefault(base, []).append(held.read())
        shared = by_base.get("Resource", []), by_base.get("DomainResource", [])
        for name in self.resource_types:
            domain = shared[1] if self.types.is_a(name, "DomainResource") else []
            by_base[name] = [*shared[0], *domain, *by_base.get(name, [])]
        return by_base

    def _refusal(self, resource: Json) -> str:
        from cart_fhir.definitions.package import DEFINITION_TYPES
        from cart_fhir.definitions.shape import problem

        kind = resource.get("resourceType")
        if kind not in DEFINITION_TYPES:
            return f"a {kind} is no definition that can be loaded."
        if not isinstance(resource.get("url"), str) or not resource["url"]:
            return f"the {kind} has no url, so nothing can refer to it."
        if kind == "StructureDefinition" and not isinstance(resource.get("type"), str):
            return f"the StructureDefinition {resource['url']} does not say its type."
        misfit = problem(resource)
        return f"{resource['url']} was left out: {misfit}." if misfit else ""

    def _is_core_again(self, resource: Json) -> bool:
        """The types of R4 cannot be redefined; its extensions can, as guides depend on later packages of them."""
        if not self._core or resource["resourceType"] != "StructureDefinition":
            return False
        versions = self._shelf.get(("StructureDefinition", resource["url"]), [])
        there = [held for held in versions if held.origin == "core" and held.facts.get("derivation") != "constraint"]
        if there and resource.get("version") != there[0].version:
            text = f"{resource['url']} version {resource.get('version')} was left out: R4 4.0.1 itself defines it."
            self._problems.append(Issue("warning", "conflict", "definition", text))
        return bool(there)

    def _forget(self) -> None:
        """Drop what was derived from the definitions, as there is a new one."""
        self._revision += 1
        self._snapshots.clear()
        for name in ("resource_types", "types", "_supplements", "_whole_sets", "_search_parameters"):
            self.__dict__.pop(name, None)


@cache
def _default() -> Registry:
    return Registry()
