"""Reads FHIR packages and single definition files into plain resources; nothing in them is trusted.

A package is a .tgz or a folder with `package/package.json` (or `package.json` itself) and definitions beside it;
examples and other folders in it are left alone. A folder may also hold several packages or loose files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cart_fhir.definitions.tar import read_files
from cart_fhir.errors import BadRequest, BadSyntax, CartFHIRError, NotFound, TooLarge
from cart_fhir.fhirpath.types import TypeModel
from cart_fhir.formats import json as fhir_json
from cart_fhir.issues import Issue

Json = dict[str, Any]

# A tuple, as anything may stand where a resource type should, also what no set could look up.
DEFINITION_TYPES = (
    "StructureDefinition",
    "ValueSet",
    "CodeSystem",
    "ConceptMap",
    "SearchParameter",
    "OperationDefinition",
    "CompartmentDefinition",
    "ImplementationGuide",
    "CapabilityStatement",
    "Questionnaire",
    "PlanDefinition",
    "ActivityDefinition",
    "Library",
    "Measure",
    "MessageDefinition",
    "GraphDefinition",
    "StructureMap",
)
_ARCHIVES = (".tgz", ".tar.gz")
_TEXTS = (".json", ".xml")
_LARGEST_FILE = 64 * 1024 * 1024
_READABLE = ("4.0", "4.3", "4.1")
# How nearly every published resource starts. What starts so with another type need not be parsed to be passed over:
# more than half of a terminology package is history and registrations.
_START = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]{1,64})"').match


@dataclass(slots=True)
class Package:
    """What one package or file held: its definitions with the file each came from, and what was wrong with it."""

    source: str
    name: str = ""
    version: str = ""
    dependencies: dict[str, str] = field(default_factory=dict)
    resources: list[tuple[str, Json]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def tell(self, text: str, code: str = "invalid") -> None:
        """Note a problem as a warning: the rest of the package is still of use."""
        self.issues.append(Issue("warning", code, "definition", f"{self.source}: {text}"))


def read_packages(path: Path, types: TypeModel) -> Iterator[Package]:
    """Every package at the path, each after those it depends on; loose files make one package without a name.

    `types` is needed to read XML. Raises NotFound when the path is not there, BadRequest (BadSyntax) or TooLarge when
    an archive or the single file is refused. A folder that defines nothing is told as an issue.
    """
    if not path.exists():
        raise NotFound(f"There is no {path}.")
    if path.is_dir():
        found = list(_read_folder(path, types))
        if not any(package.resources for package in found):
            found[0].tell("no definition is in this folder, nor in a package in it.", "not-found")
        yield from _in_order(found)
    elif path.name.endswith(_ARCHIVES):
        yield _read_archive(path, types)
    else:
        yield Package(path.name, resources=[(path.name, _parse_alone(path, types))])


def _read_archive(path: Path, types: TypeModel) -> Package:
    package = Package(path.name)
    # The folder is "package" by rule; what npm itself asks for is only that there is one.
    files = ((name.partition("/")[2], data) for name, data in read_files(path))
    _fill(package, ((name, data) for name, data in files if name and "/" not in name), types, loose=False)
    return package


def _read_folder(folder: Path, types: TypeModel) -> Iterator[Package]:
    home = folder / "package" if (folder / "package").is_dir() else folder
    package = Package(folder.name)
    inside = sorted(path for path in home.iterdir() if _is_inside(path, folder, package))
    texts = [path for path in inside if path.suffix in _TEXTS and path.is_file()]
    loose = all(path.name != "package.json" for path in texts)
    _fill(package, ((path.name, _bytes(path)) for path in texts), types, loose=loose)
    yield package
    if home == folder and not package.name:
        for path in inside:
            if path.is_file() and path.name.endswith(_ARCHIVES):
                yield _read_archive(path, types)
            elif path.is_dir() and (path / "package" / "package.json").is_file():
                yield from _read_folder(path, types)


def _is_inside(path: Path, folder: Path, package: Package) -> bool:
    if path.resolve().is_relative_to(folder.resolve()):
        return True
    package.tell(f"{path.name} was left out: it is a link that leads outside the folder.", "security")
    return False


def _fill(package: Package, files: Iterable[tuple[str, bytes]], types: TypeModel, *, loose: bool) -> None:
    """Take the manifest and the definitions from the files; other resources and dot files are passed over.

    A Bundle holds definitions only among `loose` files: in a package it is an example, or history.
    """
    wanted = (*DEFINITION_TYPES, "Bundle") if loose else DEFINITION_TYPES
    for name, data in files:
        if name.startswith(".") or not name.endswith(_TEXTS):
            continue
        if (start := _START(data)) is not None and start[1].decode() not in wanted:
            continue
        try:
            resource = _parse(name, data, types)
        except CartFHIRError as error:
            package.tell(f"{name} was left out: {error.message}", error.issue_code)
            continue
        if name == "package.json":
            _read_manifest(package, resource)
        elif resource.get("resourceType") in wanted:
            package.resources.append((f"{package.source}: {name}", resource))


def _read_manifest(package: Package, manifest: Json) -> None:
    package.name, package.version = str(manifest.get("name", "")), str(manifest.get("version", ""))
    dependencies = manifest.get("dependencies")
    if isinstance(dependencies, dict):
        package.dependencies = {str(name): str(version) for name, version in dependencies.items()}
    versions = manifest.get("fhirVersions") or manifest.get("fhir-version-list") or []
    if isinstance(versions, list) and versions and not any(str(version).startswith(_READABLE) for version in versions):
        made_for = ", ".join(map(str, versions))
        package.tell(f"it is made for FHIR {made_for}; what it defines is read as R4.", "not-supported")


def _parse_alone(path: Path, types: TypeModel) -> Json:
    """A file that was named by itself: what is wrong with it is said with its name."""
    data = _bytes(path)
    try:
        return _parse(path.name, data, types)
    except BadSyntax as problem:
        said = f"{path.name} cannot be read: {problem.message}"
        raise BadSyntax(said, line=problem.line, column=problem.column, advice=problem.advice) from problem


def _parse(name: str, data: bytes, types: TypeModel) -> Json:
    if name.endswith(".xml"):
        from cart_fhir.formats import xml

        return xml.loads(data, types)
    value = fhir_json.loads(data)
    if not isinstance(value, dict):
        raise BadRequest(f"{name} holds no JSON object.")
    return value


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > _LARGEST_FILE:
        raise TooLarge(f"{path.name} is larger than {_LARGEST_FILE:,} bytes.")
    return path.read_bytes()


def _in_order(packages: list[Package]) -> Iterator[Package]:
    """The packages, dependencies first; a circle is read in the order found."""
    by_name = {package.name: package for package in packages if package.name}
    done: set[int] = set()

    def visit(package: Package) -> Iterator[Package]:
        if id(package) in done:
            return
        done.add(id(package))
        for name in package.dependencies:
            if name in by_name:
                yield from visit(by_name[name])
        yield package

    for package in packages:
        yield from visit(package)
