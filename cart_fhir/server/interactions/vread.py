"""vread: GET [base]/[type]/[id]/_history/[vid], one version (https://hl7.org/fhir/R4/http.html#vread)."""

from __future__ import annotations

from cart_fhir.errors import Gone
from cart_fhir.server.answers import found
from cart_fhir.server.http import Request, Response
from cart_fhir.server.params import PARTS, require_known
from cart_fhir.server.service import Service


def vread(service: Service, request: Request) -> Response:
    """200 with that version, 404 when there is none, 410 when the version is the deletion."""
    service.require_type(request.type)
    require_known(service, request, PARTS)
    stored = service.reader(request.type).vread(request.type, request.id, request.version)
    if stored.deleted:
        raise Gone(f"Version {stored.version} of {stored.type}/{stored.id} is its deletion.")
    return found(service, request, stored)
