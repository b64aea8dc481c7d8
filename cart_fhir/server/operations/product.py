"""BiologicallyDerivedProduct/$everything: the chain of identity of one product, as the guide's operation defines it.

What it was made from, its Medication twin, who was given it and which adverse events suspect those administrations: the
answer to a recall of a lot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cart_fhir.errors import Gone, NotFound
from cart_fhir.profiles import canonical
from cart_fhir.search import parse
from cart_fhir.server.bundles import searchset
from cart_fhir.server.http import Json, Request, Response
from cart_fhir.server.operations import Operation
from cart_fhir.server.params import link
from cart_fhir.server.service import Service
from cart_fhir.store.base import Page, Stored

_PRODUCT = "BiologicallyDerivedProduct"


def everything(service: Service, request: Request) -> Response:
    """200 with a searchset: the product first, then what leads to it and what it led to."""
    found: dict[tuple[str, str], Stored] = {}
    for stored in _chain(service, request.id):
        found.setdefault((stored.type, stored.id), stored)
    path = f"{_PRODUCT}/{request.id}/$everything"
    return searchset(request.base, Page(list(found.values()), [], len(found)), [("self", link(request, path, ()))])


def _chain(service: Service, id: str) -> Iterator[Stored]:
    product = service.reader(_PRODUCT).read(_PRODUCT, id)
    yield product
    yield from _origins(service, product.resource)
    medications = list(_twins(service, product))
    yield from medications
    given = list(_search(service, "MedicationAdministration", "product", f"{_PRODUCT}/{id}"))
    for twin in medications:
        given += _search(service, "MedicationAdministration", "medication", f"Medication/{twin.id}")
    for administration in given:
        yield administration
        yield from _referred(service, administration.resource.get("subject"))
        reference = f"MedicationAdministration/{administration.id}"
        yield from _search(service, "AdverseEvent", "substance", reference)


def _origins(service: Service, product: Json) -> Iterator[Stored]:
    """Parents, the collection procedure, the donor."""
    yield from (stored for one in product.get("parent", ()) for stored in _referred(service, one))
    collection = product.get("collection", {})
    yield from _referred(service, collection.get("source"))
    for extension in collection.get("extension", ()):
        yield from _referred(service, extension.get("valueReference"))


def _twins(service: Service, product: Stored) -> Iterator[Stored]:
    """Medications that name the product as their record: found by an identifier they share with it."""
    for identifier in product.resource.get("identifier", ()):
        token = f"{_escaped(identifier.get('system', ''))}|{_escaped(identifier.get('value', ''))}"
        for stored in _search(service, "Medication", "identifier", token):
            references = [one.get("valueReference", {}) for one in stored.resource.get("extension", ())]
            if f"{_PRODUCT}/{product.id}" in [one.get("reference") for one in references]:
                yield stored


def _escaped(text: str) -> str:
    """A text as a value of a search: what separates values there is escaped (https://hl7.org/fhir/R4/search.html#escaping)."""
    return re.sub(r"([\\,$|])", r"\\\1", text)


def _search(service: Service, type: str, code: str, value: str) -> Iterator[Stored]:
    if any(found["code"] == code for found in service.registry.search_parameters(type)):
        yield from (
            service.reader(type).search(parse(type, [(code, value), ("_count", "1000")], service.registry)).matches
        )


def _referred(service: Service, reference: Json | None) -> Iterator[Stored]:
    type, _, id = str((reference or {}).get("reference", "")).partition("/")
    if id and type in service.shared.types:
        try:
            yield service.reader(type).read(type, id)
        except (NotFound, Gone):
            return


def operation() -> Operation:
    """The operation, with the canonical that the built guide gives it."""
    return Operation(
        "everything",
        everything,
        canonical.url("x").partition("/StructureDefinition/")[0] + "/OperationDefinition/cart-product-everything",
        "The chain of identity of a product.",
        instance=frozenset({_PRODUCT}),
    )
