"""Patient/$everything: a patient's whole record, page by page, with the products and who else it refers to.

https://hl7.org/fhir/R4/patient-operation-everything.html. The R4 patient compartment holds no products: those whose
cells came from the patient are found by the guide's search parameter over `collection.source`, those that were given
by the references of the administrations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cart_fhir.errors import BadRequest, Gone, NotFound
from cart_fhir.search import parse
from cart_fhir.search.dates import interval
from cart_fhir.search.query import Query
from cart_fhir.server.bundles import searchset
from cart_fhir.server.http import Json, Request, Response
from cart_fhir.server.operations import CORE, Operation
from cart_fhir.server.operations.arguments import Arguments, arguments
from cart_fhir.server.params import PAGE, link
from cart_fhir.server.service import Service
from cart_fhir.store.base import Page, Stored

# What belongs to a record although no compartment holds it; other patients never do.
BESIDE = frozenset(
    {
        "BiologicallyDerivedProduct",
        "Medication",
        "Organization",
        "Practitioner",
        "PractitionerRole",
        "Location",
        "Device",
    }
)
_PRODUCT = "BiologicallyDerivedProduct"
_KNOWN = ("_since", "_type", "_count", "start", "end", PAGE)


def everything(service: Service, request: Request) -> Response:
    """200 with a searchset; `_since`, `_type`, `start`, `end` and `_count` as the specification says."""
    given = arguments(service, request, known=_KNOWN)
    reader = service.reader("Patient")
    reader.read("Patient", request.id)
    query = _query(service, request, given)
    page = reader.search(query)
    types = set(given.texts("_type"))
    matches = [stored for stored in page.matches if _within(stored, given)]
    seen = {(stored.type, stored.id) for stored in matches}
    included = [stored for stored in _beside(service, request, matches, first=not query.page) if _wanted(stored, types)]
    included = [stored for stored in included if (stored.type, stored.id) not in seen]
    shown = Page(matches, list(dict.fromkeys(included)), None, page.next, page.issues)
    path = f"Patient/{request.id}/$everything"
    pairs = tuple((key, value) for key, value in request.query if key != PAGE)
    links = [("self", link(request, path, pairs))]
    if page.next:
        links.append(("next", link(request, path, pairs, page.next)))
    return searchset(request.base, shown, links)


def record(service: Service, request: Request, patient: str) -> Iterator[Json]:
    """Every resource of a patient's record, all pages of it; `request` says who asks."""
    service = service.asking(request)  # pages call this without going through the table
    asked = replace(request, type="Patient", id=patient, query=(("_count", "1000"),), method="GET", body=b"")
    seen: set[tuple[str, str]] = set()
    while True:
        bundle: Any = everything(service, asked).body
        for entry in bundle.get("entry", ()):
            key = (entry["resource"]["resourceType"], entry["resource"]["id"])
            if key not in seen:
                seen.add(key)
                yield entry["resource"]
        following = next((one["url"] for one in bundle["link"] if one["relation"] == "next"), "")
        if not following:
            return
        token = following.partition(f"{PAGE}=")[2].partition("&")[0]
        asked = replace(asked, query=(("_count", "1000"), (PAGE, token)))


def _query(service: Service, request: Request, given: Arguments) -> Query:
    pairs = [("_type", ",".join(given.texts("_type")))] if given.texts("_type") else []
    if since := given.text("_since"):
        pairs.append(("_lastUpdated", f"ge{since}"))
    if page := given.text(PAGE):
        pairs.append((PAGE, page))
    if count := given.text("_count"):
        pairs.append(("_count", count))
    for name in ("start", "end"):
        if given.text(name) and interval(given.text(name)) is None:
            raise BadRequest(f"{name}='{given.text(name)}' is no date.", advice="Write e.g. 2026-03-01.")
    query = parse(
        None, pairs, service.registry, base_url=request.base, compartment=("Patient", request.id), caller=request.caller
    )
    wanted = service.settings.max_page_size if query.count is None else query.count
    return replace(query, count=min(wanted, service.settings.max_page_size))


def _within(stored: Stored, given: Arguments) -> bool:
    """Care dates of `start` and `end`: what has no date of its own (a Patient) always belongs."""
    start, end = interval(given.text("start") or "-"), interval(given.text("end") or "-")
    if start is None and end is None:
        return True
    resource = stored.resource
    for key in ("effectiveDateTime", "effectivePeriod", "performedDateTime", "performedPeriod", "date", "period"):
        value = resource.get(key)
        value = value.get("start") or value.get("end") if isinstance(value, dict) else value
        found = interval(value) if isinstance(value, str) else None
        if found:
            return (start is None or found[1] >= start[0]) and (end is None or found[0] <= end[1])
    return True


def _beside(service: Service, request: Request, matches: list[Stored], *, first: bool) -> Iterator[Stored]:
    """What the matches refer to outside the compartment, and on the first page the patient's products."""
    reader = service.reader()
    wanted: dict[tuple[str, str], None] = {}
    if first and any(found["code"] == "patient" for found in service.registry.search_parameters(_PRODUCT)):
        pairs = [("patient", f"Patient/{request.id}")]
        products = reader.search(
            replace(parse(_PRODUCT, pairs, service.registry), count=service.settings.max_page_size)
        )
        wanted |= {(stored.type, stored.id): None for stored in products.matches}
    wanted |= {target: None for stored in matches for target in _targets(stored.resource)}
    done: set[tuple[str, str]] = set()
    while wanted:
        found, wanted = list(wanted), {}
        for type, id in found:
            if (type, id) in done or type not in service.shared.types:
                continue
            done.add((type, id))
            try:
                stored = reader.read(type, id)
            except (NotFound, Gone):
                continue
            yield stored
            wanted |= dict.fromkeys(_targets(stored.resource))


def _targets(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        reference = value.get("reference")
        if isinstance(reference, str):
            type, _, id = reference.partition("/")
            if type in BESIDE and id and "/" not in id:
                yield type, id
        for inner in value.values():
            if isinstance(inner, dict | list):
                yield from _targets(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _targets(inner)


def _wanted(stored: Stored, types: set[str]) -> bool:
    return not types or stored.type in types


OPERATION = Operation(
    "everything",
    everything,
    f"{CORE}Patient-everything",
    "A patient's whole record, with the products made of or given to the patient.",
    instance=frozenset({"Patient"}),
)
