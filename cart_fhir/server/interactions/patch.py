"""patch: PATCH [base]/[type]/[id] and, conditional, PATCH [base]/[type]?criteria.

A JSON Patch (application/json-patch+json), an XML Patch (application/xml-patch+xml) or a FHIRPath Patch (Parameters);
the result is validated as any write is.
https://hl7.org/fhir/R4/http.html#patch
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from cart_fhir.errors import BadRequest, NotFound, Unprocessable, UnsupportedMedia
from cart_fhir.formats import json
from cart_fhir.issues import Issue
from cart_fhir.server import fhirpath_patch, json_patch
from cart_fhir.server.answers import written
from cart_fhir.server.body import parse, validate
from cart_fhir.server.http import Json, Request, Response, require_match
from cart_fhir.server.interactions.conditional import criteria_of, one
from cart_fhir.server.negotiate import JSON_PATCH, XML_PATCH, body_media, unpack
from cart_fhir.server.service import Service
from cart_fhir.store.base import Transaction, Written

Change = Callable[[Json], Any]
"""A resource in, what a patch makes of it out."""


def patch(service: Service, request: Request) -> Response:
    """200 with the new version; 404 when nothing is there, 412 by If-Match, 422 when the patch does not hold."""
    service.require_writable(request.type)
    change = _change(service, request)
    issues: list[Issue] = []

    def work(tx: Transaction) -> Written:
        return _patched(service, tx, request, change, issues)

    return written(request, service.run(work), tuple(issues))


def conditional_patch(service: Service, request: Request) -> Response:
    """Patch the one match; 404 when there is none, 412 when there are several."""
    service.require_writable(request.type)
    criteria = criteria_of(request)
    change = _change(service, request)
    issues: list[Issue] = []

    def work(tx: Transaction) -> Written:
        match = one(service.within(tx), request.type, criteria)
        if match is None:
            raise NotFound(f"No {request.type} matches '{criteria}'.")
        return _patched(service, tx, replace(request, id=match.id), change, issues)

    return written(request, service.run(work, exclusive=(request.type,)), tuple(issues))


def _patched(service: Service, tx: Transaction, request: Request, change: Change, issues: list[Issue]) -> Written:
    stored = tx.read(request.type, request.id)
    require_match(request.header("if-match"), stored.version)
    made = change(stored.resource)
    if not isinstance(made, dict) or (made.get("resourceType"), made.get("id")) != (request.type, request.id):
        raise Unprocessable("A patch cannot change the type or the id of a resource.", expression=request.type)
    issues[:] = validate(service, made)
    return tx.update(made, expected=str(stored.version), method="PATCH")


def _change(service: Service, request: Request) -> Change:
    """What the patch in the body does to a resource."""
    if request.resource is None:
        media, body = body_media(request), unpack(request, service.settings.max_body)
        if media in (JSON_PATCH, XML_PATCH):
            return _written_in(service, media, body)
        if body.lstrip().startswith(b"["):
            raise _unsupported()  # a JSON Patch by the looks of it, sent as application/json
    sent = parse(service, request)
    if sent["resourceType"] == "Parameters":
        return partial(fhirpath_patch.apply, parameters=sent, types=service.registry.types)
    if sent["resourceType"] == "Binary" and sent.get("contentType") in (JSON_PATCH, XML_PATCH):
        try:
            data = base64.b64decode(sent.get("data", ""), validate=True)
        except (binascii.Error, TypeError) as error:
            raise BadRequest("The data of the Binary is no base64.", expression="Binary.data") from error
        return _written_in(service, sent["contentType"], data)
    raise _unsupported()


def _written_in(service: Service, media: str, data: bytes) -> Change:
    if media == JSON_PATCH:
        return partial(json_patch.apply, patch=_listed(json.loads(data)))
    from cart_fhir.formats import xml_patch  # lxml is loaded by those who use it

    return partial(xml_patch.apply, patch=data, types=service.registry.types)


def _unsupported() -> UnsupportedMedia:
    return UnsupportedMedia(
        "A patch is a JSON Patch, an XML Patch or a FHIRPath Patch.",
        advice=f"Send {JSON_PATCH}, {XML_PATCH}, or a Parameters resource.",
    )


def _listed(value: object) -> list[Json]:
    if not isinstance(value, list):
        raise BadRequest("A JSON Patch is a list of operations.")
    return value
