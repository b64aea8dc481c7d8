"""read: GET [base]/[type]/[id], the current version (https://hl7.org/fhir/R4/http.html#read)."""

from __future__ import annotations

from cart_fhir.server.answers import found
from cart_fhir.server.http import Request, Response
from cart_fhir.server.params import PARTS, require_known
from cart_fhir.server.service import Service


def read(service: Service, request: Request) -> Response:
    """200 with the resource, 304 when the client has it, 404 when it never was, 410 when it is deleted."""
    service.require_type(request.type)
    require_known(service, request, PARTS)
    return found(service, request, service.reader(request.type).read(request.type, request.id))
