"""Exceptions: raised only where work cannot go on; findings about data are `issues.Issue` values instead.

    CartFHIRError            500 exception
    ├── BadRequest           400 invalid        the request or file cannot be understood
    │   ├── BadSyntax        400 structure      malformed JSON, XML, FHIRPath, HL7 v2 ...
    │   ├── NotSupported     400 not-supported  understood, not offered here
    │   └── ConfigError      400 invalid        a configuration key or map file is wrong
    ├── Unauthorized         401 login
    ├── Forbidden            403 forbidden
    ├── NotFound             404 not-found
    ├── MethodNotAllowed     405 not-supported
    ├── NotAcceptable        406 not-supported
    ├── Conflict             409 conflict
    ├── Gone                 410 deleted
    ├── PreconditionFailed   412 conflict
    ├── TooLarge             413 too-long
    ├── UnsupportedMedia     415 not-supported
    ├── Unprocessable        422 invalid        carries the issues that refused it
    ├── TooManyRequests      429 throttled
    └── Unavailable          503 transient

Each class carries the HTTP status and the FHIR issue code (https://hl7.org/fhir/R4/valueset-issue-type.html),
so that one place can turn any of them into an OperationOutcome response.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from typing import ClassVar

from cart_fhir.issues import Issue


class CartFHIRError(Exception):
    """The work cannot go on; the message is written for the person who asked for it."""

    status: ClassVar[int] = 500
    issue_code: ClassVar[str] = "exception"

    def __init__(self, message: str, *, advice: str = "", expression: str = "", issues: Iterable[Issue] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.expression = expression
        self._issues = tuple(issues)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What to tell the client: the issues given, or one made of this error."""
        return self._issues or (
            Issue("error", self.issue_code, type(self).__name__, self.message, self.expression, advice=self.advice),
        )


class BadRequest(CartFHIRError):
    """The request or the file cannot be understood."""

    status = 400
    issue_code = "invalid"


class BadSyntax(BadRequest):
    """Malformed text: JSON, XML, FHIRPath, HL7 v2, a date. `line` and `column` count from 1 where known."""

    issue_code = "structure"

    def __init__(
        self,
        message: str,
        *,
        line: int | None = None,
        column: int | None = None,
        advice: str = "",
        expression: str = "",
    ) -> None:
        super().__init__(message, advice=advice, expression=expression)
        self.line = line
        self.column = column

    @property
    def issues(self) -> tuple[Issue, ...]:
        return (
            Issue(
                "fatal",
                self.issue_code,
                "syntax",
                self.message,
                self.expression,
                advice=self.advice,
                line=self.line,
                column=self.column,
            ),
        )


class NotSupported(BadRequest):
    """Understood, but not offered here."""

    issue_code = "not-supported"


class ConfigError(BadRequest):
    """A configuration key, a map file or a definition given by the operator is wrong."""


class Unauthorized(CartFHIRError):
    """No valid credentials."""

    status = 401
    issue_code = "login"


class Forbidden(CartFHIRError):
    """Valid credentials that do not reach this far."""

    status = 403
    issue_code = "forbidden"


class NotFound(CartFHIRError):
    """Nothing is there, or nothing that the caller may see."""

    status = 404
    issue_code = "not-found"


class MethodNotAllowed(CartFHIRError):
    """The URL exists, the method on it does not."""

    status = 405
    issue_code = "not-supported"


class NotAcceptable(CartFHIRError):
    """No representation that the client accepts."""

    status = 406
    issue_code = "not-supported"


class Conflict(CartFHIRError):
    """The change collides with another one."""

    status = 409
    issue_code = "conflict"


class Gone(CartFHIRError):
    """It was there and has been deleted."""

    status = 410
    issue_code = "deleted"


class PreconditionFailed(CartFHIRError):
    """If-Match, If-None-Exist or a search criterion did not hold."""

    status = 412
    issue_code = "conflict"


class TooLarge(CartFHIRError):
    """More than this server takes at once."""

    status = 413
    issue_code = "too-long"


class UnsupportedMedia(CartFHIRError):
    """A content type or encoding that is not read here."""

    status = 415
    issue_code = "not-supported"


class Unprocessable(CartFHIRError):
    """Well formed, but against the rules; `issues` names each broken rule."""

    status = 422
    issue_code = "invalid"


class TooManyRequests(CartFHIRError):
    """Slow down."""

    status = 429
    issue_code = "throttled"


class Unavailable(CartFHIRError):
    """A part that is needed (the database, another server) does not answer; the same call may work later."""

    status = 503
    issue_code = "transient"


def fault(problem: BaseException | None) -> str:
    """Any exception by its type and its place in the program: its words may quote a patient's data."""
    frames = traceback.extract_tb(problem.__traceback__) if problem else []
    place = f" at {frames[-1].filename.rpartition('cart_fhir')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(problem).__name__}{place}"
