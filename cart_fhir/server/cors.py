"""Cross-origin requests: browsers of the configured origins may call, all others may not (Fetch standard, CORS)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Request, Response

from cart_fhir.server.negotiate import PATCHES
from cart_fhir.server.service import Service

_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
_SENT = "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Exist, If-None-Match, Prefer"
_SHOWN = "Content-Location, ETag, Last-Modified, Location, Retry-After"


def allowed(service: Service, request: Request) -> str:
    """The value of Access-Control-Allow-Origin for a request; empty when its origin may not call."""
    origins, origin = service.settings.cors_origins, request.headers.get("Origin", "")
    if not origin:
        return ""
    if "*" in origins:
        return "*"
    return origin if origin.lower() in {known.lower().rstrip("/") for known in origins} else ""


def preflight(service: Service, request: Request, methods: Sequence[str]) -> Response:
    """204 for OPTIONS, with the methods of the URL and what a browser of an allowed origin may send."""
    response = Response(status=204)
    del response.headers["Content-Type"]
    response.headers["Allow"] = ", ".join((*methods, "OPTIONS"))
    if "PATCH" in methods:
        response.headers["Accept-Patch"] = ", ".join(PATCHES)
    if allowed(service, request):
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = _SENT
        response.headers["Access-Control-Max-Age"] = "600"
    return allow(service, request, response)


def allow(service: Service, request: Request, response: Response) -> Response:
    """The response with the headers that let a browser of an allowed origin read it."""
    origin = allowed(service, request)
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = _SHOWN
    if service.settings.cors_origins and origin != "*":
        response.headers.add("Vary", "Origin")
    return response
