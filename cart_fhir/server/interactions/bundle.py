"""batch and transaction: POST [base] with a Bundle (https://hl7.org/fhir/R4/http.html#transaction)."""

from __future__ import annotations

from cart_fhir.errors import BadRequest, CartFHIRError
from cart_fhir.server.body import parse
from cart_fhir.server.entries import Entry, read_each, response_bundle
from cart_fhir.server.http import Json, Request, Response
from cart_fhir.server.interactions.transaction import transaction
from cart_fhir.server.outcomes import from_error
from cart_fhir.server.service import Service


def bundle(service: Service, request: Request) -> Response:
    """200 with the response bundle; for a transaction, nothing is done unless everything is."""
    resource = parse(service, request)
    if resource["resourceType"] != "Bundle":
        raise BadRequest(
            f"A {resource['resourceType']} cannot be sent to the base.",
            advice=f"POST it to [base]/{resource['resourceType']}; the base takes a batch or transaction Bundle.",
        )
    if resource.get("type") == "transaction":
        return transaction(service, request, resource)
    if resource.get("type") == "batch":
        return batch(service, request, resource)
    raise BadRequest(
        f"A Bundle of type '{resource.get('type')}' is not processed.",
        advice="Send a batch or transaction; to store a Bundle as it is, POST it to [base]/Bundle.",
        expression="Bundle.type",
    )


def batch(service: Service, request: Request, resource: Json) -> Response:
    """Each entry on its own, in the order given, with the outcome that its single request has."""
    entries = read_each(service, request, resource)
    return response_bundle("batch", [_run(service, entry) for entry in entries], request.base)


def _run(service: Service, entry: Entry | CartFHIRError) -> Response:
    if isinstance(entry, CartFHIRError):
        return from_error(entry)
    if not entry.request.path and entry.request.method == "POST":
        return from_error(BadRequest("A bundle inside a bundle is not processed."))
    try:
        return service.shared.dispatch(service, entry.request)
    except Exception as error:
        return from_error(error)
