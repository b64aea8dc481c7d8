"""OpenTelemetry: one span for each interaction, entries of bundles as children of theirs.

Off unless `CART_FHIR_TRACING` is set and the `otel` extra is installed; where spans go is the host application's (or
`opentelemetry-instrument`'s) provider. A span holds interaction, resource type, status and time: no path, id, query,
message or address, since those identify people. https://opentelemetry.io/docs/specs/otel/trace/api/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cart_fhir.errors import CartFHIRError, ConfigError
from cart_fhir.server.http import Request, Response

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer


def tracer(wanted: bool) -> Tracer | None:
    """The tracer of the provider that the host has set, None where tracing is off; ConfigError without the extra."""
    if not wanted:
        return None
    try:
        from opentelemetry import trace
    except ImportError as error:
        raise ConfigError(
            "CART_FHIR_TRACING is set and OpenTelemetry is not installed.", advice="pip install 'cart-fhir[otel]'"
        ) from error
    return trace.get_tracer("cart_fhir")


def traced(tracer: Tracer, interaction: str, request: Request, run: Callable[[], Response]) -> Response:
    """Run an interaction inside a span of its own, which continues the trace that the client's headers name."""
    from opentelemetry import propagate, trace

    inside = trace.get_current_span().get_span_context().is_valid
    context = None if inside else propagate.extract(request.headers)
    attributes = {"fhir.interaction": interaction, "fhir.resource_type": request.type or request.compartment}
    with tracer.start_as_current_span(
        f"fhir {interaction}",
        context=context,
        kind=trace.SpanKind.INTERNAL if inside else trace.SpanKind.SERVER,
        attributes={name: value for name, value in attributes.items() if value},
        record_exception=False,  # its message may hold what a resource holds
        set_status_on_exception=False,
    ) as span:
        status = 500
        try:
            response = run()
            status = response.status
        except CartFHIRError as error:
            status = error.status
            raise
        finally:
            span.set_attribute("http.response.status_code", status)
            if status >= 500:
                span.set_status(trace.StatusCode.ERROR)
        return response
