"""The data of the guide that cart_fhir ships: one pack of definitions, the examples, and a manifest of the sources."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import finish

from cart_fhir.definitions import pack
from cart_fhir.formats import json as fhir_json

Json = dict[str, Any]

GUIDE = Path(__file__).parents[1]
DATA = GUIDE.parent / "cart_fhir" / "profiles" / "data"
SOURCES = ("sushi-config.yaml", "package.json", "input/fsh/**/*.fsh", "input/examples/*.json")


def sources() -> dict[str, str]:
    """The sha256 of every file the data are made from, by its path in implementation_guide/."""
    paths = sorted(path for pattern in SOURCES for path in GUIDE.glob(pattern))
    return {path.relative_to(GUIDE).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def package_json(guide: Json) -> Json:
    """The manifest of the FHIR package, from the ImplementationGuide resource."""
    return {
        "name": guide["packageId"],
        "version": guide["version"],
        "canonical": guide["url"].split("/ImplementationGuide/")[0],
        "url": guide["url"].split("/ImplementationGuide/")[0],
        "title": guide["title"],
        "description": guide["description"],
        "type": "IG",
        "tools-version": 3,
        "date": guide["date"].replace("-", "") + "000000",
        "license": guide["license"],
        "fhirVersions": guide["fhirVersion"],
        "dependencies": {"hl7.fhir.r4.core": "4.0.1"},
        "author": guide["publisher"],
        "directories": {"lib": "package", "example": "example"},
    }


def write(folder: Path, resources: list[Json]) -> None:
    """Write the pack of definitions, the examples, package.json and the manifest into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    bundles = [fhir_json.loads(path.read_bytes()) for path in sorted((GUIDE / "input" / "examples").glob("*.json"))]
    definitions, examples = finish.definitions(resources), finish.examples(bundles)
    guide = next(resource for resource in definitions if resource["resourceType"] == "ImplementationGuide")
    pack.write_resources(folder / "guide.pack", definitions)
    lines = b"".join(fhir_json.dumps(example) + b"\n" for example in examples)
    (folder / "examples.ndjson.gz").write_bytes(gzip.compress(lines, mtime=0))
    _write_json(folder / "package.json", package_json(guide))
    _write_json(
        folder / "manifest.json", {"sources": sources(), "definitions": len(definitions), "examples": len(examples)}
    )


def _write_json(path: Path, value: Json) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
