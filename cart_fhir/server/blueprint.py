"""Flask around the server: one rule for every URL under the prefix, turned into a Request and back.

The URLs themselves are the table of `routes.py`; here is only what Flask and Werkzeug need to hear.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import PathConverter
from werkzeug.sansio.utils import get_current_url

from cart_fhir.server import cors, outcomes
from cart_fhir.server.http import Request
from cart_fhir.server.render import Sent, answer, refuse
from cart_fhir.server.service import Service


class AnyPath(PathConverter):
    """Every path, also one that holds a line break: the table refuses it in FHIR, Werkzeug would in HTML."""

    regex = "[^/](?s:.)*?"


METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def make_blueprint(name: str, service: Service) -> Blueprint:
    """The blueprint of one mounted server."""
    blueprint = Blueprint(name, __name__, url_prefix=service.settings.url_prefix or None)

    def serve(path: str = "") -> Response:
        if request.method == "OPTIONS":
            return cors.preflight(service, request)
        asked = None
        try:
            request.max_content_length = service.settings.max_body
            asked = read_request(service, path, request.get_data(cache=False))
            sent = answer(service, asked)
        except HTTPException as error:
            # Werkzeug refuses bodies that are too large or broken before the table is asked
            asked = read_request(service, path, b"")
            status = error.code or 500
            sent = refuse(service, asked, outcomes.from_status(status, error.description or error.name))
        return cors.allow(service, request, _response(sent))

    blueprint.record(lambda state: state.app.url_map.converters.update(fhir_path=AnyPath))
    blueprint.add_url_rule("/", "base", serve, methods=METHODS, provide_automatic_options=False, strict_slashes=False)
    blueprint.add_url_rule("/<fhir_path:path>", "any", serve, methods=METHODS, provide_automatic_options=False)
    return blueprint


def read_request(service: Service, path: str, body: bytes) -> Request:
    """The current Flask request as a value."""
    return Request(
        method=request.method,
        path=path,
        query=tuple(request.args.items(multi=True)) if request.query_string else (),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        base=base_url(service),
    )


def base_url(service: Service) -> str:
    """The base URL under which the client sees the server: as configured, else as it called."""
    settings = service.settings
    if settings.base_url:
        return settings.base_url.rstrip("/")
    return _base(request.scheme, request.host, request.root_path) + settings.url_prefix


@lru_cache(maxsize=64)
def _base(scheme: str, host: str, root_path: str) -> str:
    """Where the application is mounted, for one of the few hosts that clients call it by."""
    parts = urlsplit(get_current_url(scheme, host, root_path))
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _response(sent: Sent) -> Response:
    headers = list(sent.headers.items())
    if sent.status not in (204, 304):
        headers.append(("Content-Length", str(len(sent.body))))
    made = current_app.response_class(sent.body, sent.status, headers)
    if "Content-Type" not in sent.headers:
        del made.headers["Content-Type"]  # Flask would say text/html of nothing
    return made
