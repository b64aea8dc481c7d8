"""The single error handler: any exception in, a response with an OperationOutcome out.

Errors of ours say what is wrong; anything else is told as 500 with a reference that stands in the log too, and nothing
of what went on inside. The log has its kind and the lines of code, but its words, which may quote a patient's data, at
level DEBUG only (https://hl7.org/fhir/R4/http.html#Status-Codes).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from traceback import format_tb

from cart_fhir.errors import CartFHIRError, TooManyRequests, Unauthorized, Unavailable, fault
from cart_fhir.issues import Issue, operation_outcome
from cart_fhir.server.http import Response

log = logging.getLogger("cart_fhir.server")

# What the standard library and Werkzeug say by status -> FHIR issue code
_CODES = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    408: "timeout",
    413: "too-long",
    414: "too-long",
    415: "not-supported",
    429: "throttled",
    431: "too-long",
    503: "transient",
}


def from_error(error: Exception) -> Response:
    """The response that tells of an exception."""
    if isinstance(error, CartFHIRError):
        if error.status >= 500:
            log.error("%s: %s", type(error).__name__, error.message)
        response = Response(error.status, operation_outcome(error.issues))
        if allowed := getattr(error, "allowed", ()):  # routes.NoSuchMethod knows them
            response.headers["Allow"] = ", ".join(allowed)
        if isinstance(error, TooManyRequests | Unavailable):
            response.headers["Retry-After"] = "2"
        if isinstance(error, Unauthorized):
            response.headers["WWW-Authenticate"] = "Bearer"
        return response
    reference = secrets.token_hex(4)
    log.error(
        "unexpected error, reference %s: %s\n%s", reference, fault(error), "".join(format_tb(error.__traceback__))
    )
    log.debug("reference %s in its own words, which may quote data", reference, exc_info=error)
    text = f"The server failed on this request; the operator finds the cause in the log under reference {reference}."
    return from_issues(500, [Issue("fatal", "exception", "server-error", text)])


def from_status(status: int, text: str) -> Response:
    """The response for an HTTP error that Flask or Werkzeug made."""
    return from_issues(status, [Issue("error", _CODES.get(status, "processing"), f"http-{status}", text)])


def from_issues(status: int, issues: Iterable[Issue]) -> Response:
    """A response with an OperationOutcome of the issues."""
    return Response(status, operation_outcome(issues))
