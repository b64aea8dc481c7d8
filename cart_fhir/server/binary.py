"""Binary as what it is: a document goes in and comes out in its own type, unless FHIR's is asked for.

https://hl7.org/fhir/R4/binary.html#rest; a body of any type but FHIR's becomes a Binary resource, whose
`securityContext` is the header X-Security-Context.
"""

from __future__ import annotations

import base64
import binascii
import re

from cart_fhir.errors import NotAcceptable
from cart_fhir.server.http import Json, Request, Response, safe_header
from cart_fhir.server.negotiate import accepted, is_fhir, is_fhirs_own, unpack

CONTEXT = "X-Security-Context"
_MEDIA = re.compile(r"[\w!#$&^.+-]{1,100}/[\w!#$&^.+-]{1,100}(?:\s*;[^\r\n]{1,200})?")
# a document may be a page with scripts: nothing in it may run as if it were this server's
_INERT = "default-src 'none'; sandbox"


def received(request: Request, limit: int) -> Json | None:
    """The Binary that a body stands for, when a Binary is written in a type that is not FHIR's; None otherwise."""
    media = request.header("content-type").strip()
    if request.type != "Binary" or request.method not in ("POST", "PUT") or request.resource is not None:
        return None
    if is_fhir(media) or not _MEDIA.fullmatch(media):
        return None
    made: Json = {"resourceType": "Binary"}
    if request.id:
        made["id"] = request.id
    made["contentType"] = " ".join(media.split())
    if context := request.header(CONTEXT).strip():
        made["securityContext"] = {"reference": context}
    if body := unpack(request, limit):
        made["data"] = base64.b64encode(body).decode("ascii")
    return made


def is_read(request: Request) -> bool:
    """True for a read of a Binary, whose answer may be of any type."""
    return request.method in ("GET", "HEAD") and request.path.strip("/").startswith("Binary/")


def document(request: Request, response: Response) -> Response:
    """The response with the document itself as content, where a Binary was read and FHIR's format not asked for.

    406 when the client takes neither the document's type nor FHIR's.
    """
    stored = response.stored
    if response.status != 200 or stored is None or stored.type != "Binary" or not is_read(request):
        return response
    resource = stored.resource
    media = str(resource.get("contentType") or "")
    media = media if _MEDIA.fullmatch(media) else "application/octet-stream"
    if any(key in ("_format", "_elements", "_summary") for key, _ in request.query) or not _preferred(request, media):
        return response
    try:
        response.content = base64.b64decode(str(resource.get("data", "")))
    except binascii.Error:  # stored unvalidated: it can only be shown as it is
        return response
    response.content_type = safe_header(media)
    response.headers["Content-Security-Policy"] = _INERT
    context = resource.get("securityContext")
    if isinstance(context, dict) and isinstance(context.get("reference"), str):
        response.headers[CONTEXT] = context["reference"]
    return response


def _preferred(request: Request, media: str) -> bool:
    """Is the document itself what the client would rather have? Without an Accept header it is."""
    kind = media.partition(";")[0].strip().lower()
    options = accepted(request.header("accept"))
    for option in options:
        if option in (kind, "*/*", f"{kind.partition('/')[0]}/*"):
            return not is_fhirs_own(kind)
        if is_fhir(option):
            return False
    if options:
        raise NotAcceptable(f"The document is of type {kind}.", advice=f"Accept {kind} or application/fhir+json.")
    return True
