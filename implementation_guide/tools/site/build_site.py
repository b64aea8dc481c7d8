"""Renders the guide as a static site, with the package and the data dictionary to download.

    python implementation_guide/tools/site/build_site.py [FOLDER]      default: implementation_guide/output

Everything is derived from the shipped data and the pages in input/pagecontent; no Node, no network.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

HERE = Path(__file__).parent
GUIDE = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent)]

import guide_package  # noqa: E402  (siblings of this script, not installed packages)
import markdown  # noqa: E402
import picture  # noqa: E402
import profile_view  # noqa: E402
import tables  # noqa: E402

from cart_fhir.formats import json as fhir_json  # noqa: E402

Json = dict[str, Any]

MENU = (
    ("index", "Home"),
    ("journeys", "Journeys"),
    ("profiles", "Profiles"),
    ("terminology", "Terminology"),
    ("artifacts", "All artefacts"),
    ("conformance", "Conformance"),
    ("first-export", "Map your first export"),
    ("dictionary", "Data dictionary"),
    ("registry-forms", "Registry forms"),
    ("coverage", "Coverage"),
    ("requirements", "Requirements"),
    ("design-choices", "Design choices"),
    ("downloads", "Downloads"),
    ("changes", "Changes"),
    ("known-issues", "Known issues"),
)
VIEWS = (
    ("key", "Key elements"),
    ("differential", "Differential"),
    ("must-support", "Must support"),
    ("snapshot", "Snapshot"),
)
SYSTEMS = {
    "http://snomed.info/sct": "SNOMED CT",
    "http://loinc.org": "LOINC",
    "http://unitsofmeasure.org": "UCUM",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
    "http://www.whocc.no/atc": "ATC",
    "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl": "NCI Thesaurus",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10-CM",
    "https://www.orpha.net": "ORPHA",
}


class Site:
    """What is rendered, and where each canonical has its page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.definitions = guide_package.definitions()
        self.examples = guide_package.examples()
        self.by_type: dict[str, list[Json]] = defaultdict(list)
        for resource in self.definitions:
            self.by_type[resource["resourceType"]].append(resource)
        self.pages = {r["url"]: f"{r['resourceType']}-{r['id']}.html" for r in self.definitions}
        self.package = json.loads((guide_package.DATA / "package.json").read_text(encoding="utf-8"))
        codes = tables.read(GUIDE / "input" / "data" / "verified-codes.csv")
        self.verified = {f"{row['system']}|{row['code']}": row["verified"] for row in codes}
        environment = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True)
        guide = self.by_type["ImplementationGuide"][0]
        environment.globals.update(
            guide={**self.package, "title": guide["title"]}, menu=MENU, systems=SYSTEMS, pages=self.pages
        )
        self.environment = environment

    def write(self, name: str, template: str, **values: Any) -> None:
        """Render one page."""
        html = self.environment.get_template(template).render(page=name, **values)
        (self.folder / f"{name}.html").write_text(html, encoding="utf-8")

    @property
    def structures(self) -> list[Json]:
        """Profiles and extensions, not the logical models."""
        return [s for s in self.by_type["StructureDefinition"] if s.get("derivation") == "constraint"]

    @property
    def profiles(self) -> list[Json]:
        """Profiles on resources."""
        return [s for s in self.structures if s["type"] != "Extension"]


def examples_of(site: Site, url: str) -> list[str]:
    """Page names of the examples that claim a profile."""
    found = [e for e in site.examples if url in e.get("meta", {}).get("profile", [])]
    return [f"{e['resourceType']}-{e['id']}" for e in found]


def structure_pages(site: Site) -> None:
    """A page for each profile, extension and logical model."""
    text_of = {s["id"]: json.dumps(s["differential"], default=str) for s in site.by_type["StructureDefinition"]}
    for sd in site.by_type["StructureDefinition"]:
        kind = {"Extension": "Extension", "resource": "Resource profile", "logical": "Logical model"}
        views = VIEWS if sd["kind"] == "resource" else (VIEWS[1], VIEWS[3])
        key = profile_view.rows(sd, "key")
        uris = {mapping["identity"]: mapping.get("uri", "") for mapping in sd.get("mapping", [])}
        forms = {identity: uri.rsplit("/", 1)[-1] for identity, uri in uris.items() if "cart-lm-" in uri}
        mappings = [
            (element["id"], mapping["map"], mapping.get("comment", ""), forms[mapping["identity"]])
            for element in sd["differential"]["element"]
            for mapping in element.get("mapping", [])
            if mapping["identity"] in forms
        ]
        site.write(
            f"StructureDefinition-{sd['id']}",
            "profile.html",
            title=sd["title"],
            sd=sd,
            kind=kind.get("Extension" if sd["type"] == "Extension" else sd["kind"], "Structure"),
            views=views,
            tables={name: profile_view.rows(sd, name) for name, _ in views},
            must_have=[r for r in key if r.must_support and r.cardinality[0] != "0" and r.depth == 1],
            requests=profile_view.requests(sd),
            constraints=profile_view.constraints(sd, site.package["canonical"]),
            examples=examples_of(site, sd["url"]),
            used_by=[i for i, text in text_of.items() if i != sd["id"] and f'{sd["url"]}"' in text],
            mappings=mappings,
        )


def terminology_pages(site: Site) -> None:
    """A page for each value set, code system and concept map."""
    text_of = {s["id"]: json.dumps(s["differential"], default=str) for s in site.by_type["StructureDefinition"]}
    for kind in ("ValueSet", "CodeSystem", "ConceptMap"):
        for r in site.by_type[kind]:
            used = [i for i, text in text_of.items() if f'{r["url"]}"' in text]
            site.write(
                f"{kind}-{r['id']}", "terminology.html", title=r.get("title", r["name"]), kind=kind, r=r,
                verified=site.verified, used_by=used,
            )  # fmt: skip


def resource_pages(site: Site) -> None:
    """A page for every other definition and for each example, with its JSON beside it."""
    done = {"StructureDefinition", "ValueSet", "CodeSystem", "ConceptMap"}
    for r in [*site.definitions, *site.examples]:
        name = f"{r['resourceType']}-{r['id']}"
        (site.folder / f"{name}.json").write_bytes(fhir_json.dumps(r, pretty=True))
        if r["resourceType"] in done:
            continue
        entries = [f"{e['resource']['resourceType']}-{e['resource']['id']}" for e in r.get("entry", [])]
        claims = [url for url in r.get("meta", {}).get("profile", []) if url in site.pages]
        site.write(
            name, "resource.html", title=r.get("title", r["id"]), kind=r["resourceType"], r=r, claims=claims,
            entries=entries, actions=r.get("action"), json=fhir_json.dumps(r, pretty=True).decode(),
        )  # fmt: skip


def _list(resources: list[Json]) -> str:
    rows = "".join(
        f"| [{_title(r)}]({r['resourceType']}-{r['id']}.html) | {r['description'].replace('|', '/')} |\n"
        for r in sorted(resources, key=_title)
    )
    return f"| Title | What it is |\n|---|---|\n{rows}"


def _title(resource: Json) -> str:
    """The title of a definition; its name where it has none."""
    return str(resource.get("title") or resource["name"])


def list_pages(site: Site) -> None:
    """Lists of profiles, terminology and all artefacts: derived, so that none is forgotten."""
    groups: dict[str, list[Json]] = defaultdict(list)
    for profile in site.profiles:
        groups[profile["type"]].append(profile)
    text = "# Profiles\n\nGrouped by the resource they constrain.\n\n" + "\n\n".join(
        f"## {kind}\n\n{_list(found)}" for kind, found in sorted(groups.items())
    )
    extensions = [s for s in site.structures if s["type"] == "Extension"]
    _page(site, "profiles", text + f"\n\n## Extensions\n\n{_list(extensions)}")
    titles = {"ValueSet": "Value sets", "CodeSystem": "Code systems", "ConceptMap": "Concept maps"}
    intro = "# Terminology\n\nEvery value set is shipped with its expansion; see [licences](licences.html).\n\n"
    _page(site, "terminology", intro + "\n\n".join(f"## {t}\n\n{_list(site.by_type[k])}" for k, t in titles.items()))
    rest = [k for k in sorted(site.by_type) if k not in (*titles, "StructureDefinition", "ImplementationGuide")]
    logical = [s for s in site.by_type["StructureDefinition"] if s["kind"] == "logical"]
    more = "\n\n".join(f"## {kind}\n\n{_list(site.by_type[kind])}" for kind in rest)
    names = [f"- [{e['resourceType']}/{e['id']}]({e['resourceType']}-{e['id']}.html)" for e in site.examples]
    text = f"# All artefacts\n\nSee also [profiles](profiles.html) and [terminology](terminology.html).\n\n{more}"
    _page(site, "artifacts", f"{text}\n\n## Logical models\n\n{_list(logical)}\n\n## Examples\n\n" + "\n".join(names))


def table_pages(site: Site) -> None:
    """Data dictionary, registry forms and requirements, each from one table."""
    rows = tables.dictionary(site.profiles)
    tables.write_csv(site.folder / "data-dictionary.csv", tables.DICTIONARY, rows)
    tables.write_xlsx(site.folder / "data-dictionary.xlsx", tables.DICTIONARY, rows)
    head = f"| {' | '.join(tables.DICTIONARY)} |\n|{'---|' * len(tables.DICTIONARY)}\n"
    short = [tuple(cell.rsplit("/", 1)[-1] if "://" in cell else cell for cell in row) for row in rows]
    body = "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in short)
    links = "[CSV](data-dictionary.csv), [Excel](data-dictionary.xlsx)"
    _page(
        site,
        "dictionary",
        f"# Data dictionary\n\nWhat to fill, for people who never read a profile: {links}.\n\n{head}{body}",
    )
    items = tables.registry_coverage(tables.read(GUIDE / "input" / "data" / "registry-items.csv"), site.examples)
    parts = ["# Registry forms\n\nWhere each item of a form is kept, and an example of it."]
    for form in dict.fromkeys(item["form"] for item in items):
        lines = "\n".join(_form_line(item) for item in items if item["form"] == form)
        parts.append(f"## cart-lm-{form}")
        parts.append(f"| Question | Item | Profile | Element | Example |\n|---|---|---|---|---|\n{lines}")
    _page(site, "registry-forms", "\n\n".join(parts))
    kind_of = {r["id"]: f"{r['resourceType']}-{r['id']}.html" for r in site.definitions}
    lines = [
        f"| {row['section']} | {row['item']} | "
        + ", ".join(f"[{id_}]({kind_of[id_]})" for id_ in row["covered by"].split())
        + f" | {row['how or why not']} |"
        for row in tables.read(GUIDE / "input" / "data" / "coverage.csv")
    ]
    head = "| Section | Item | Covered by | How, or why not |\n|---|---|---|---|\n"
    intro = "# Coverage\n\nEach part of the clinical model, and where the guide keeps it."
    _page(site, "coverage", f"{intro}\n\n{head}" + "\n".join(lines))
    needs = tables.read(GUIDE / "input" / "data" / "requirements.csv")
    lines = [f"| {n['id']} | {n['actor']} | {n['verb']} | {n['sentence']} | {_proofs(n)} |" for n in needs]
    table = "| Number | Actor | Verb | Requirement | Held by |\n|---|---|---|---|---|\n" + "\n".join(lines)
    _page(site, "requirements", f"# Requirements\n\nEvery sentence that binds, with the test that holds it.\n\n{table}")


def _proofs(need: dict[str, str]) -> str:
    """The tests and invariants that hold a requirement, as code."""
    return ", ".join(f"`{proof}`" for proof in need["held by"].split())


def _form_line(item: dict[str, str]) -> str:
    """An item of a registry form: the profile and element that keep it, or why none does."""
    asked = f"| {item['questions']} | {item['label']} |"
    if not item["profile"]:
        return f"{asked} not covered | {item['reason']} | |"
    profile = f"[{item['profile']}](StructureDefinition-{item['profile']}.html)"
    return f"{asked} {profile} | `{item['element']}` | [{item['example']}]({item['example']}.html) |"


def _page(site: Site, name: str, text: str) -> None:
    title = text.split("\n", 1)[0].removeprefix("# ")
    body = markdown.to_html(text).replace("<p>{{day-0}}</p>", picture.day_zero())
    site.write(name, "page.html", title=title, body=body)


def main(arguments: list[str]) -> int:
    """Render everything."""
    site = Site(Path(arguments[0]) if arguments else GUIDE / "output")
    structure_pages(site)
    terminology_pages(site)
    resource_pages(site)
    list_pages(site)
    table_pages(site)
    for path in sorted((GUIDE / "input" / "pagecontent").glob("*.md")):
        _page(site, path.stem, path.read_text(encoding="utf-8"))
    (site.folder / "style.css").write_bytes((HERE / "templates" / "style.css").read_bytes())
    guide_package.write(site.folder / "package.tgz")
    print(f"{site.folder}: {len(list(site.folder.glob('*.html')))} pages, package.tgz")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
