"""What the page of a profile shows: tables of elements, bindings, constraints, and the requests to start with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One element as a line of a table."""

    depth: int
    name: str
    id: str
    must_support: bool
    cardinality: str
    types: tuple[tuple[str, str], ...]
    short: str
    fixed: str
    binding: tuple[str, str]
    constraints: str
    depth_px: int


BEFORE_INFUSION = ("cart-leukapheresis", "cart-lymphodepletion")


def rows(profile: Json, view: str) -> list[Row]:
    """The lines of a view: `key` (must have or must support), `differential`, `snapshot` or `must-support`."""
    snapshot = profile["snapshot"]["element"]
    told = {element["id"] for element in profile["differential"]["element"]}
    wanted = {
        "key": lambda e: e.get("mustSupport") or (e.get("min", 0) > 0 and e["id"].count(".") == 1),
        "must-support": lambda e: e.get("mustSupport"),
        "differential": lambda e: e["id"] in told,
        "snapshot": lambda e: True,
    }[view]
    return [_row(element) for element in snapshot if "." in element["id"] and wanted(element)]


def _row(element: Json) -> Row:
    depth = element["id"].count(".")
    kinds = []
    for kind in element.get("type", []):
        targets = [url.rsplit("/", 1)[-1] for url in kind.get("targetProfile", []) + kind.get("profile", [])]
        links = kind.get("targetProfile", []) + kind.get("profile", [])
        label = (
            kind["code"].rsplit("/", 1)[-1].replace("System.", "").lower()
            if "fhirpath" in kind["code"]
            else kind["code"]
        )
        kinds.append((f"{label}({' | '.join(targets)})" if targets else label, links[0] if len(links) == 1 else ""))
    binding = element.get("binding", {})
    fixed = next((value for key, value in element.items() if key.startswith(("pattern", "fixed"))), None)
    return Row(
        depth,
        element["id"].rsplit(".", 1)[-1],
        element["id"],
        bool(element.get("mustSupport")),
        f"{element['min']}..{element['max']}",
        tuple(kinds),
        element.get("short", ""),
        describe(fixed),
        (binding.get("strength", ""), binding.get("valueSet", "").split("|")[0]),
        ", ".join(c["key"] for c in element.get("constraint", []) if c["key"].startswith("cart-")),
        (depth - 1) * 14,
    )


def describe(value: Any) -> str:
    """A fixed or pattern value in a few words: system#code where it is coded."""
    if isinstance(value, dict):
        if "coding" in value:
            return " + ".join(describe(coding) for coding in value["coding"])
        if "code" in value:
            return f"{value.get('system', '').rsplit('/', 1)[-1]}#{value['code']}"
        return ", ".join(f"{key} = {describe(part)}" for key, part in value.items())
    return "" if value is None else str(value)


def constraints(profile: Json, base: str) -> list[Json]:
    """Our invariants on the profile: key, severity, path, sentence, expression."""
    found = []
    for element in profile["snapshot"]["element"]:
        for constraint in element.get("constraint", []):
            if constraint["key"].startswith("cart-") or constraint.get("source", "").startswith(base):
                found.append({**constraint, "path": element["path"]})
    return found


def requests(profile: Json) -> list[tuple[str, str]]:
    """The searches to start with: (request, what it fetches), by the patient and by what the profile fixes."""
    kind = profile["type"]
    patient = {"AdverseEvent": "subject", "ResearchSubject": "individual", "Patient": "_id"}.get(kind, "patient")
    if kind in ("Organization", "Device", "ResearchStudy", "Medication", "Bundle", "Provenance"):
        key = {"Provenance": "target=Observation/[id]", "Bundle": "_id=[id]"}.get(kind, "_id=[id]")
        return [(f"GET [base]/{kind}?{key}", "one by its id or target")]
    found = [(f"GET [base]/{kind}?{patient}=[id]", "all of a patient")]
    code = next(
        (
            describe(element["patternCodeableConcept"])
            for element in profile["snapshot"]["element"]
            if element["id"] == f"{kind}.code" and "patternCodeableConcept" in element
        ),
        "",
    )
    if code:
        found.append((f"GET [base]/{kind}?{patient}=[id]&code={code.rsplit('#', 1)[-1]}", "those of this profile"))
    if profile["id"] in BEFORE_INFUSION:
        found.append((f"GET [base]/{kind}?{patient}=[id]&study-day=lt0", "those before the infusion"))
    elif kind in ("Observation", "MedicationAdministration", "Procedure", "AdverseEvent"):
        found.append((f"GET [base]/{kind}?{patient}=[id]&study-day=ge0&study-day=le28", "those of the first 28 days"))
    if profile["id"] == "cart-administration":
        found.append((f"GET [base]/{kind}?{patient}=[id]&_include={kind}:product", "with the product"))
    return found
