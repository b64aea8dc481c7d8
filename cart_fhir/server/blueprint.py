"""Flask around the server: one rule for every URL under the prefix, turned into a Request and back.

The URLs themselves are the table of `routes.py`; here is only what Flask and Werkzeug need to hear.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request
from flask import Request as FlaskRequest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import PathConverter
from werkzeug.sansio.utils import get_current_url

from cart_fhir.server import cors, outcomes
from cart_fhir.server.http import Request
from cart_fhir.server.render import Sent, answer, refuse
from cart_fhir.server.routes import methods_of
from cart_fhir.server.service import Service


class AnyPath(PathConverter):
    """Every path, also one that holds a line break: the table refuses it in FHIR, Werkzeug would in HTML."""

    regex = "[^/](?s:.)*?"


METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def make_blueprint(name: str, service: Service) -> Blueprint:
    """The blueprint of one mounted server."""
    blueprint = Blueprint(name, __name__, url_prefix=service.settings.url_prefix or None)

    def serve(path: str = "") -> Response:
        call: FlaskRequest = request._get_current_object()  # type: ignore[attr-defined]  # the proxy looks it up each time
        if call.method == "OPTIONS":
            return cors.preflight(service, call, methods_of(path))
        try:
            sent = answer(service, read_request(service, call, path, _body(service, call)))
        except HTTPException as error:
            # Werkzeug refuses bodies that are too large or broken before the table is asked
            asked = read_request(service, call, path, b"")
            status = error.code or 500
            sent = refuse(service, asked, outcomes.from_status(status, error.description or error.name))
        return cors.allow(service, call, _response(sent))

    blueprint.record(lambda state: state.app.url_map.converters.update(fhir_path=AnyPath))
    blueprint.add_url_rule("/", "base", serve, methods=METHODS, provide_automatic_options=False, strict_slashes=False)
    blueprint.add_url_rule("/<fhir_path:path>", "any", serve, methods=METHODS, provide_automatic_options=False)
    return blueprint


def read_request(service: Service, call: FlaskRequest, path: str, body: bytes) -> Request:
    """A Flask request as a value."""
    return Request(
        method=call.method,
        path=path,
        query=tuple(call.args.items(multi=True)) if call.query_string else (),
        headers=_headers(call.environ),
        body=body,
        base=base_url(service, call),
    )


def _body(service: Service, call: FlaskRequest) -> bytes:
    """The body, as long as it may be; nothing is waited for where none is announced."""
    if "CONTENT_LENGTH" not in call.environ and "HTTP_TRANSFER_ENCODING" not in call.environ:
        return b""
    call.max_content_length = service.settings.max_body
    return call.get_data(cache=False)


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    """The request's headers by their names in lower case."""
    found = {_header(key): value for key, value in environ.items() if key.startswith("HTTP_")}
    if environ.get("CONTENT_TYPE"):
        found["content-type"] = environ["CONTENT_TYPE"]
    return found


@lru_cache(maxsize=256)
def _header(key: str) -> str:
    """`HTTP_IF_MATCH`, as WSGI calls a header, is `if-match`."""
    return key.removeprefix("HTTP_").replace("_", "-").lower()


def base_url(service: Service, call: FlaskRequest = request) -> str:
    """The base URL under which the client sees the server: as configured, else as it called."""
    settings = service.settings
    if settings.base_url:
        return settings.base_url.rstrip("/")
    return _base(call.scheme, call.host, call.root_path) + settings.url_prefix


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
