"""Health and metrics for whoever runs the server: is the process alive, can it do its work, what has it done.

`/health/live`, `/health/ready` and, when configured, `/metrics`; they stand beside the FHIR base, hold nothing about
patients and are not part of the FHIR interface.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from cart_fhir import __version__
from cart_fhir.errors import CartFHIRError
from cart_fhir.server.metrics import CONTENT_TYPE
from cart_fhir.server.service import Service


def make_health(name: str, service: Service) -> Blueprint:
    """The blueprint with the health and metrics URLs of one mounted server, under its prefix."""
    blueprint = Blueprint(name, __name__, url_prefix=service.settings.url_prefix or None)

    def live() -> Response:
        return jsonify(status="alive", version=__version__)

    def ready() -> tuple[Response, int]:
        try:
            service.shared.store.ping()
        except CartFHIRError as error:
            return jsonify(status="not ready", reason=type(error).__name__), 503
        return jsonify(status="ready", version=__version__), 200

    blueprint.add_url_rule("/health", "health", ready)
    blueprint.add_url_rule("/health/live", "live", live)
    blueprint.add_url_rule("/health/ready", "ready", ready)
    if service.settings.metrics:

        def metrics() -> Response:
            return Response(service.shared.metrics.text(), content_type=CONTENT_TYPE)

        blueprint.add_url_rule("/metrics", "metrics", metrics)
    return blueprint
