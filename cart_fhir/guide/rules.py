"""The rules that the guide keeps, one function a rule; each yields what breaks it.

They follow the evaluation of guides by Inferno (every profile, extension, must-support element and value set has an
example, all references resolve) and the house rules on names, texts and codes.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cart_fhir.definitions import Registry
from cart_fhir.formats import json as fhir_json

Json = dict[str, Any]

DATA = Path(__file__).parents[1] / "profiles" / "data"
OBLIGATION = "http://hl7.org/fhir/StructureDefinition/obligation"
# Systems whose codes need a row in the table of verified codes; FHIR's own and UCUM are checked by the validator.
STANDARD = (
    "http://snomed.info/sct",
    "http://loinc.org",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
    "http://www.whocc.no/atc",
    "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
    "http://hl7.org/fhir/sid/icd-10",
    "http://hl7.org/fhir/sid/icd-10-cm",
    "http://www.cms.gov/Medicare/Coding/ICD10",
    "https://www.orpha.net",
)


@dataclass(frozen=True, slots=True)
class Breach:
    """One broken rule: which, by what, and how."""

    rule: str
    where: str
    text: str


class Guide:
    """The built guide with its examples, and its sources where they are at hand (`source`: implementation_guide/)."""

    def __init__(self, source: Path | None = None) -> None:
        self.registry = Registry.default()
        self.source = source
        self.package: Json = json.loads((DATA / "package.json").read_text(encoding="utf-8"))
        self.base: str = self.package["canonical"]

    @cached_property
    def definitions(self) -> list[Json]:
        """Every conformance resource whose canonical is ours."""
        kinds = (
            "StructureDefinition ValueSet CodeSystem ConceptMap SearchParameter OperationDefinition "
            "CapabilityStatement PlanDefinition ActivityDefinition"
        )
        found = [resource for kind in kinds.split() for resource in self.registry.all(kind)]
        return [resource for resource in found if resource["url"].startswith(self.base)]

    @cached_property
    def examples(self) -> list[Json]:
        """Every example resource, bundles included."""
        lines = gzip.decompress((DATA / "examples.ndjson.gz").read_bytes()).splitlines()
        return [fhir_json.loads(line) for line in lines]

    @cached_property
    def profiles(self) -> list[Json]:
        """The profiles on resources."""
        return [p for p in self.structures if p["kind"] == "resource" and p["type"] != "Extension"]

    @cached_property
    def structures(self) -> list[Json]:
        """Profiles and extensions."""
        found = [r for r in self.definitions if r["resourceType"] == "StructureDefinition"]
        return [r for r in found if r.get("derivation") == "constraint"]

    def examples_of(self, profile: Json) -> list[Json]:
        """Examples that claim the profile or one derived from it."""
        urls = {profile["url"]}
        while True:
            more = {p["url"] for p in self.profiles if p["baseDefinition"] in urls} - urls
            if not more:
                break
            urls |= more
        return [example for example in self.examples if urls & set(example.get("meta", {}).get("profile", []))]


def walk(value: Any) -> Iterator[Json]:
    """Every JSON object in a value, itself included."""
    if isinstance(value, dict):
        yield value
        for child in value.values():
            yield from walk(child)
    elif isinstance(value, list):
        for child in value:
            yield from walk(child)


def names(guide: Guide) -> Iterator[Breach]:
    """Ids, names and canonicals follow one pattern; every definition has a title, a description and the version."""
    suffix = {"ValueSet": ("-vs", "VS"), "CodeSystem": ("-cs", "CS")}
    for resource in guide.definitions:
        kind, where = resource["resourceType"], f"{resource['resourceType']}/{resource['id']}"
        id_end, name_end = suffix.get(kind, ("", ""))
        if not re.fullmatch(rf"cart-[a-z0-9]+(-[a-z0-9]+)*{id_end}", resource["id"]):
            yield Breach("names", where, "the id does not follow cart-<noun>")
        if resource["url"] != f"{guide.base}/{kind}/{resource['id']}":
            yield Breach("names", where, f"the canonical {resource['url']} is not base/type/id")
        if kind in ("StructureDefinition", "ValueSet", "CodeSystem") and not re.fullmatch(
            rf"CART[A-Za-z0-9]+{name_end}", resource["name"]
        ):
            yield Breach("names", where, f"the name {resource['name']} does not follow CART<Noun>")
        for key in ("title", "description", "publisher", "date"):
            if not resource.get(key) and not (kind in ("SearchParameter",) and key == "title"):
                yield Breach("names", where, f"no {key}")
        if resource.get("version") != guide.package["version"]:
            yield Breach("names", where, f"version {resource.get('version')}")


def texts(guide: Guide) -> Iterator[Breach]:
    """Must-support elements say what they are for and what they ask; concepts are defined; value sets are expanded."""
    for profile in guide.structures:
        for element in profile["differential"]["element"]:
            if element.get("mustSupport"):
                if not (element.get("short") or ":" in element["id"].rpartition(".")[0]):
                    yield Breach("texts", profile["id"], f"{element['id']} is must-support without a short text")
                if sum(extension["url"] == OBLIGATION for extension in element.get("extension", [])) < 2:
                    yield Breach("texts", profile["id"], f"{element['id']} has no obligations for both actors")
    for resource in guide.definitions:
        if resource["resourceType"] == "CodeSystem":
            for concept in resource["concept"]:
                if not concept.get("definition") or not concept.get("display"):
                    yield Breach("texts", resource["id"], f"{concept['code']} has no display or no definition")
        if resource["resourceType"] == "ValueSet" and not resource.get("expansion", {}).get("contains"):
            yield Breach("texts", resource["id"], "no expansion is shipped")


def _codes(value: Any) -> Iterator[tuple[str, str]]:
    """(system, code) of every coding, of value set members and of concept map rows in a resource."""
    for node in walk(value):
        if isinstance(node.get("system"), str):
            if isinstance(node.get("code"), str):
                yield node["system"], node["code"]
            for concept in node.get("concept", []):
                yield node["system"], concept["code"]
        if isinstance(node.get("source"), str) and isinstance(node.get("element"), list):
            for row in node["element"]:
                yield node["source"], row["code"]
                for target in row.get("target", []):
                    if "code" in target:
                        yield node["target"], target["code"]


def verified_codes(guide: Guide) -> Iterator[Breach]:
    """Every standard code in a definition or an example stands in the table that says where it was verified."""
    if guide.source is None:
        return
    with (guide.source / "input" / "data" / "verified-codes.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    known = {(row["system"], row["code"]) for row in rows if row["verified"]}
    for resource in [*guide.definitions, *guide.examples]:
        told = {**resource, "snapshot": None, "mapping": None}
        for system, code in sorted(set(_codes(told)) - known):
            if system in STANDARD:
                where = f"{resource['resourceType']}/{resource['id']}"
                yield Breach("verified-codes", where, f"{system} {code} is not in verified-codes.csv")


def concept_maps(guide: Guide) -> Iterator[Breach]:
    """What a concept map maps from is a member of its source value set; a local target is a concept there."""
    systems = {r["url"]: {c["code"] for c in r["concept"]} for r in guide.registry.all("CodeSystem") if "concept" in r}
    for resource in guide.definitions:
        if resource["resourceType"] != "ConceptMap":
            continue
        source = guide.registry.value_set(resource["sourceCanonical"]) or {}
        members = {(c["system"], c["code"]) for c in source.get("expansion", {}).get("contains", [])}
        for group in resource["group"]:
            for row in group["element"]:
                if members and (group["source"], row["code"]) not in members:
                    yield Breach("concept-maps", resource["id"], f"{row['code']} is not in {source['id']}")
                for target in row["target"]:
                    if group["target"] in systems and target.get("code") not in systems[group["target"]]:
                        yield Breach("concept-maps", resource["id"], f"{target.get('code')} is not in the target")


def profiles_have_examples(guide: Guide) -> Iterator[Breach]:
    """Every profile is claimed by an example, every extension used in one."""
    used = {node["url"] for example in guide.examples for node in walk(example) if isinstance(node.get("url"), str)}
    for profile in guide.profiles:
        if not guide.examples_of(profile):
            yield Breach("examples", profile["id"], "no example claims this profile")
    for extension in guide.structures:
        if extension["type"] == "Extension" and extension["url"] not in used:
            yield Breach("examples", extension["id"], "no example uses this extension")


def must_supports_have_examples(guide: Guide) -> Iterator[Breach]:
    """Every must-support element is filled in an example of its profile."""
    from cart_fhir.guide.elements import filled

    for profile in guide.profiles:
        examples = guide.examples_of(profile)
        elements = profile["snapshot"]["element"]
        for element in profile["differential"]["element"]:
            if element.get("mustSupport") and not any(filled(example, element["id"], elements) for example in examples):
                yield Breach("must-support", profile["id"], f"{element['id']} is filled in no example")


def search_parameters_have_examples(guide: Guide) -> Iterator[Breach]:
    """Every search parameter finds a value in an example."""
    from cart_fhir.search import Indexer

    indexer = Indexer(guide.registry)
    found = {(e["resourceType"], row[0]) for e in guide.examples for _, row in indexer.rows(e)}
    for resource in guide.definitions:
        if resource["resourceType"] == "SearchParameter":
            for base in resource["base"]:
                if (base, resource["code"]) not in found:
                    yield Breach("search", resource["id"], "no example has a value for it")


def coverage(guide: Guide) -> Iterator[Breach]:
    """Every row of the clinical model is covered by definitions that exist, or says why it is not."""
    if guide.source is None:
        return
    there = {resource["id"] for resource in guide.definitions}
    with (guide.source / "input" / "data" / "coverage.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if not row["covered by"] and not row["how or why not"]:
                yield Breach("coverage", row["item"], "neither covered nor explained")
            for missing in sorted(set(row["covered by"].split()) - there):
                yield Breach("coverage", row["item"], f"{missing} does not exist")


def requirements(guide: Guide) -> Iterator[Breach]:
    """Every numbered requirement names what holds it: tests that exist, or invariants that have their cases."""
    if guide.source is None:
        return
    root = guide.source.parent
    with (guide.source / "input" / "data" / "requirements.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if not row["held by"].split():
                yield Breach("requirements", row["id"], "nothing holds it")
            for proof in row["held by"].split():
                if not _exists(root, proof):
                    yield Breach("requirements", row["id"], f"{proof} does not exist")


def _exists(root: Path, proof: str) -> bool:
    """Whether there is a test `path::name` or `path::name[rule of ours]`, or an invariant with a case of each kind."""
    path, _, test = proof.partition("::")
    if not test:
        cases = root / "tests" / "guide" / "invariants"
        return all((cases / f"{proof}-{kind}.json").is_file() for kind in ("p1-pass", "f1-fail"))
    name, _, case = test.rstrip("]").partition("[")
    file = root / path
    defined = file.is_file() and re.search(rf"^def {re.escape(name)}\(", file.read_text(encoding="utf-8"), re.MULTILINE)
    return bool(defined) and (not case or case in {rule.__name__ for rule in RULES})


def terminology_is_used(guide: Guide) -> Iterator[Breach]:
    """Every value set is bound or named by another definition, every code system is in a value set or a pattern."""
    others = {r["id"]: json.dumps({**r, "url": "", "snapshot": None}, default=str) for r in guide.definitions}
    examples = json.dumps(guide.examples, default=str)
    for resource in guide.definitions:
        if resource["resourceType"] in ("ValueSet", "CodeSystem"):
            url = f'{resource["url"]}"', f"{resource['url']}|", f"{resource['url']}'"
            texts_ = [text for id_, text in others.items() if id_ != resource["id"]] + [examples]
            if not any(part in text for text in texts_ for part in url):
                yield Breach("terminology", resource["id"], "nothing uses it")


def references_resolve(guide: Guide) -> Iterator[Breach]:
    """Every relative reference of an example leads to an example; every canonical of ours to a definition."""
    there = {f"{example['resourceType']}/{example['id']}" for example in guide.examples}
    ours = {resource["url"] for resource in guide.definitions} | {
        resource["url"] for resource in guide.registry.all("ImplementationGuide")
    }
    for resource in [*guide.definitions, *guide.examples]:
        where = f"{resource['resourceType']}/{resource['id']}"
        for node in walk(resource):
            reference = node.get("reference")
            if isinstance(reference, str) and resource in guide.examples and reference not in there:
                yield Breach("references", where, f"{reference} is not an example")
        for url in set(
            re.findall(rf"{re.escape(guide.base)}/[A-Za-z]+/[a-z0-9.-]*[a-z0-9]", json.dumps(resource, default=str))
        ):
            if url not in ours:
                yield Breach("references", where, f"{url} is not defined")


def everything_validates(guide: Guide) -> Iterator[Breach]:
    """Our own validator finds no error in any definition or example."""
    from cart_fhir.validator import Validator

    validator = Validator(registry=guide.registry)
    for resource in [*guide.definitions, *guide.examples]:
        for issue in validator.validate(resource):
            if issue.severity in ("error", "fatal"):
                where = f"{resource['resourceType']}/{resource['id']}"
                yield Breach("valid", where, f"{issue.expression}: {issue.text}")


def data_are_built_from_sources(guide: Guide) -> Iterator[Breach]:
    """The checksums in the manifest are those of the FSH sources."""
    if guide.source is None:
        return
    manifest = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))
    for path, digest in manifest["sources"].items():
        file = guide.source / path
        if not file.exists() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            yield Breach("built", path, "changed since the data were built: run make guide")


def actors_name_every_profile(guide: Guide) -> Iterator[Breach]:
    """Each actor's capability statement lists every profile that is not a Bundle."""
    for resource in guide.definitions:
        if resource["resourceType"] == "CapabilityStatement":
            told = {url for part in resource["rest"][0]["resource"] for url in part.get("supportedProfile", [])}
            for profile in guide.profiles:
                if profile["type"] != "Bundle" and profile["url"] not in told:
                    yield Breach("actors", resource["id"], f"does not name {profile['id']}")


def links(guide: Guide) -> Iterator[Breach]:
    """Links in the pages lead to a page or to the page of an artefact."""
    if guide.source is None:
        return
    pages = {path.stem for path in (guide.source / "input" / "pagecontent").glob("*.md")}
    artefacts = {f"{r['resourceType']}-{r['id']}" for r in [*guide.definitions, *guide.examples]}
    derived = {
        "profiles",
        "terminology",
        "artifacts",
        "dictionary",
        "requirements",
        "registry-forms",
        "downloads",
        "coverage",
    }
    for path in sorted((guide.source / "input" / "pagecontent").glob("*.md")):
        for target in re.findall(r"\]\(([^)#\s]+)\.html", path.read_text(encoding="utf-8")):
            if "://" not in target and target not in pages | artefacts | derived:
                yield Breach("links", path.name, f"{target}.html does not exist")


RULES: tuple[Callable[[Guide], Iterator[Breach]], ...] = (
    data_are_built_from_sources,
    names,
    texts,
    verified_codes,
    concept_maps,
    profiles_have_examples,
    must_supports_have_examples,
    search_parameters_have_examples,
    terminology_is_used,
    coverage,
    requirements,
    references_resolve,
    actors_name_every_profile,
    links,
    everything_validates,
)
