"""The last step: a response value in; status, headers and bytes in the format the client wants out.

`answer` is the whole server for one request: dispatch, the single error handler, representation.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

from cart_fhir.errors import NotAcceptable
from cart_fhir.formats import json
from cart_fhir.issues import operation_outcome
from cart_fhir.server.binary import document, is_read
from cart_fhir.server.http import Json, Request, Response, safe_header
from cart_fhir.server.negotiate import PATCHES, Wanted, pack, wanted
from cart_fhir.server.outcomes import from_error
from cart_fhir.server.service import Service

_WITHOUT_BODY = (204, 304)
access = logging.getLogger("cart_fhir.access")


@dataclass(slots=True)
class Sent:
    """What goes over the wire."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def answer(service: Service, request: Request) -> Sent:
    """Run a request, write its answer, and a line in the access log that names no path, id or query."""
    started = time.perf_counter()
    sent = _answer(service, request)
    milliseconds = round(1000 * (time.perf_counter() - started), 1)
    access.info(
        "%s %s %s ms", request.method, sent.status, milliseconds, extra={"status": sent.status, "ms": milliseconds}
    )
    return sent


def _answer(service: Service, request: Request) -> Sent:
    """The answer; whatever goes wrong on the way is told as an OperationOutcome."""
    form = Wanted()
    try:
        form = _form(request)
        response = document(request, service.shared.dispatch(service, request))
        return send(service, request, response, form)
    except Exception as error:
        told = from_error(error)
        try:
            return send(service, request, told, form)
        except Exception as second:  # an error that cannot be told in XML is told in JSON
            return send(service, request, from_error(second), Wanted())


def _form(request: Request) -> Wanted:
    try:
        return wanted(request)
    except NotAcceptable:
        if is_read(request):  # a document may be of the type asked for
            return Wanted()
        raise


def send(service: Service, request: Request, response: Response, form: Wanted) -> Sent:
    """Write a response in the format wanted, packed where the client takes gzip."""
    headers = {
        "Cache-Control": "private, no-cache",
        "Vary": "Accept, Accept-Encoding, Prefer",
        "X-Content-Type-Options": "nosniff",
    }
    headers |= {name: safe_header(value) for name, value in response.headers.items()}
    if response.status == 415 and request.method == "PATCH":
        headers["Accept-Patch"] = ", ".join(PATCHES)
    if response.issues:
        headers["X-Validation-Warnings"] = str(len(response.issues))
    body, content_type = _body(service, request, response, form)
    if response.status in _WITHOUT_BODY or not body:
        return Sent(response.status, headers)
    headers["Content-Type"] = content_type
    packed = pack(request, body)
    if packed is not None:
        headers["Content-Encoding"] = "gzip"
    return Sent(response.status, headers, packed or body)


def _body(service: Service, request: Request, response: Response, form: Wanted) -> tuple[bytes, str]:
    if response.content is not None:
        return response.content, response.content_type
    text = response.text
    if form.format == "json" and not form.pretty:
        return text if text is not None else _json(response.resource), form.content_type
    resource = json.loads(text) if text else response.resource
    if resource is None:
        return b"", form.content_type
    if form.format == "xml":
        from cart_fhir.formats import xml  # lxml is loaded by those who use it

        return xml.dumps(resource, service.registry.types, pretty=form.pretty), form.content_type
    return json.dumps(resource, pretty=True), form.content_type


def _json(resource: Json | None) -> bytes:
    return b"" if resource is None else json.dumps(resource)


def refuse(service: Service, request: Request, response: Response) -> Sent:
    """Write an answer to a request that never reached the table; an Accept that cannot be met does not hide it."""
    try:
        form = wanted(request)
    except NotAcceptable:
        form = Wanted()
    return send(service, request, response, form)


__all__ = ["Sent", "answer", "operation_outcome", "refuse", "send"]
