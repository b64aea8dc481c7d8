"""The FHIR server: HTTP requests in, FHIR resources out; `CartFHIR` mounts it in a Flask application.

Interactions and operations are functions `(service, request) -> response` without Flask; the table in `routes.py`
joins them to URLs, `render.py` writes the answers, `outcomes.py` turns every error into an OperationOutcome.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cart_fhir.server.extension import CartFHIR, service_of

__all__ = ["CartFHIR", "service_of"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from cart_fhir.server import extension

        return getattr(extension, name)
    raise AttributeError(f"module 'cart_fhir.server' has no attribute '{name}'")
