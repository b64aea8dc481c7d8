"""Content negotiation: which representation a client wants, and what its body is written in.

https://hl7.org/fhir/R4/http.html#mime-type; `_format` beats Accept, JSON beats XML when both are as welcome, and a
browser (which asks for text/html first) gets JSON.
"""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import parse_qsl

from cart_fhir.errors import BadRequest, NotAcceptable, TooLarge, UnsupportedMedia
from cart_fhir.server.http import Request

Format = Literal["json", "xml"]

MEDIA: dict[Format, str] = {"json": "application/fhir+json", "xml": "application/fhir+xml"}
FORM = "application/x-www-form-urlencoded"
JSON_PATCH = "application/json-patch+json"
XML_PATCH = "application/xml-patch+xml"
_FORMATS: dict[str, Format] = {
    "json": "json",
    "application/json": "json",
    "application/fhir+json": "json",
    "text/json": "json",
    "application/json+fhir": "json",
    "xml": "xml",
    "application/xml": "xml",
    "application/fhir+xml": "xml",
    "text/xml": "xml",
    "application/xml+fhir": "xml",
}
_SMALL = 65536
_WILD = {"*/*", "application/*"}
_VERSIONS = {"4.0", "4.0.1"}
PATCHES = (JSON_PATCH, XML_PATCH, MEDIA["json"], MEDIA["xml"])
"""What a PATCH may be written in: JSON Patch, XML Patch, or FHIRPath Patch as a Parameters resource (Accept-Patch)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The representation to send: json or xml, indented or not."""

    format: Format = "json"
    pretty: bool = False

    @property
    def content_type(self) -> str:
        """The Content-Type header to send with it."""
        return f"{MEDIA[self.format]}; charset=utf-8"


def wanted(request: Request) -> Wanted:
    """What the client asked for by `_format`, `_pretty` and Accept; 406 when it takes neither JSON nor XML.

    For a search by POST both parameters may stand in the form.
    """
    steering = request if request.method != "POST" else replace(request, query=request.query + _form(request))
    pretty = steering.parameter("_pretty") == "true"
    asked = steering.parameter("_format")
    if asked:
        # a plus in a query string that was not escaped arrives as a space
        return Wanted(_known(*_media(asked.replace(" ", "+"))), pretty)
    accept = request.header("accept")
    if not accept:
        return Wanted("json", pretty)
    return Wanted(_best(accept), pretty)


def _form(request: Request) -> tuple[tuple[str, str], ...]:
    """`_format` and `_pretty` of a small form in the body; what cannot be read is told by whoever reads it all."""
    if len(request.body) > _SMALL or body_media(request) != FORM or request.header("content-encoding"):
        return ()
    pairs = parse_qsl(request.body.decode("utf-8", "replace"))
    return tuple(pair for pair in pairs if pair[0] in ("_format", "_pretty"))


def _best(accept: str) -> Format:
    options = sorted((_weighted(part) for part in accept.split(",") if part.strip()), key=lambda option: -option[0])
    unwanted = {_FORMATS[media] for weight, media, _ in options if weight <= 0 and media in _FORMATS}
    other_version = False
    for weight, media, parameters in options:
        if weight <= 0:
            continue
        if media in _WILD or media == "text/html":
            return "xml" if "json" in unwanted else "json"
        if media in _FORMATS and parameters.get("fhirversion", "4.0") in _VERSIONS:
            return _FORMATS[media]
        other_version = other_version or media in _FORMATS
    if other_version:
        raise NotAcceptable("This is FHIR 4.0; no other version is offered.")
    raise NotAcceptable(
        f"None of '{accept}' is offered.", advice="Accept application/fhir+json or application/fhir+xml."
    )


def accepted(accept: str) -> list[str]:
    """The media types that an Accept header names, the most welcome first, without those it rules out."""
    options = sorted((_weighted(part) for part in accept.split(",") if part.strip()), key=lambda option: -option[0])
    return [media for weight, media, _ in options if weight > 0]


def is_fhir(content_type: str) -> bool:
    """True for the types that a resource may be written in, plain JSON and XML among them."""
    return _media(content_type)[0] in _FORMATS


def is_fhirs_own(content_type: str) -> bool:
    """True for the types that nothing but a FHIR resource is written in."""
    media = _media(content_type)[0]
    return media in _FORMATS and "fhir" in media


def _weighted(part: str) -> tuple[float, str, dict[str, str]]:
    media, parameters = _media(part)
    try:
        weight = float(parameters.get("q", "1"))
    except ValueError:
        weight = 0.0
    return weight, media, parameters


def _media(text: str) -> tuple[str, dict[str, str]]:
    media, *rest = text.split(";")
    pairs = (item.partition("=") for item in rest)
    return media.strip().lower(), {key.strip().lower(): value.strip().strip('"') for key, _, value in pairs}


def _known(media: str, parameters: dict[str, str]) -> Format:
    version = parameters.get("fhirversion", "4.0")
    if version not in _VERSIONS:
        raise NotAcceptable(f"FHIR version {version} is not offered; this is FHIR 4.0.")
    found = _FORMATS.get(media)
    if found is None:
        raise NotAcceptable(f"The format '{media}' is not offered.", advice="Use _format=json or _format=xml.")
    return found


def body_format(request: Request, limit: int) -> tuple[Format, bytes]:
    """The format and the unpacked bytes of a resource in the body; 415 for a type that is not FHIR, 400 for no body."""
    media, parameters = _media(request.header("content-type"))
    found = _FORMATS.get(media)
    if found is None:
        raise UnsupportedMedia(
            f"The content type '{media}' is not read here." if media else "The request has no Content-Type.",
            advice="Send application/fhir+json or application/fhir+xml.",
        )
    if parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedMedia(f"The charset {parameters['charset']} is not read here.", advice="FHIR is UTF-8.")
    if parameters.get("fhirversion", "4.0") not in _VERSIONS:
        raise UnsupportedMedia(f"FHIR version {parameters['fhirversion']} is not read here.", advice="Send FHIR 4.0.")
    body = unpack(request, limit)
    if not body.strip():
        raise BadRequest("The request has no body.", advice="Send the resource as the body of the request.")
    return found, body


def body_media(request: Request) -> str:
    """The media type of the body, without parameters, in lower case."""
    return _media(request.header("content-type"))[0]


def unpack(request: Request, limit: int) -> bytes:
    """The body with its Content-Encoding undone; never more than `limit` bytes, so that a small bomb stays small."""
    encoding = request.header("content-encoding").strip().lower()
    if encoding in ("", "identity"):
        body = request.body
    elif encoding in ("gzip", "x-gzip"):
        body = _inflate(request.body, limit)
    else:
        raise UnsupportedMedia(f"The content encoding '{encoding}' is not read here.", advice="Use gzip or none.")
    if len(body) > limit:
        raise TooLarge(f"The body is larger than {limit} bytes.", advice="Send it in several smaller bundles.")
    return body


def _inflate(data: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        body = unpacker.decompress(data, limit + 1)
    except zlib.error as error:
        raise BadRequest("The body says gzip and cannot be unpacked.", advice="Send it again, whole.") from error
    if len(body) <= limit and not unpacker.eof:
        raise BadRequest("The gzip body ends too early.", advice="Send it again, whole.")
    return body


def pack(request: Request, body: bytes) -> bytes | None:
    """The body as gzip where the client takes it and it is worth the work (over 1 KiB); None otherwise."""
    if len(body) < 1024:
        return None
    for part in request.header("accept-encoding").split(","):
        weight, coding, _ = _weighted(part)
        if coding == "gzip" and weight > 0:
            return gzip.compress(body, compresslevel=4, mtime=0)
    return None
