"""delete: DELETE [base]/[type]/[id] and, conditional, DELETE [base]/[type]?criteria.

https://hl7.org/fhir/R4/http.html#delete, https://hl7.org/fhir/R4/http.html#3.1.0.7.1
"""

from __future__ import annotations

from cart_fhir.errors import Gone, NotFound, PreconditionFailed
from cart_fhir.issues import Issue, operation_outcome
from cart_fhir.server.http import Request, Response, etag, require_match
from cart_fhir.server.interactions.conditional import criteria_of, matching
from cart_fhir.server.service import Service
from cart_fhir.store.base import Stored, Transaction


def delete(service: Service, request: Request) -> Response:
    """204 whether or not it was there (the outcome is the same); 412 when If-Match names another version."""
    service.require_writable(request.type)
    match = request.header("if-match")

    def work(tx: Transaction) -> Stored | None:
        expected = None
        if match:
            try:
                expected = str(tx.read(request.type, request.id).version)
            except (NotFound, Gone):
                expected = None
            require_match(match, expected)
        return tx.delete(request.type, request.id, expected=expected)

    gone = service.run(work)
    response = Response(204, headers={"ETag": etag(gone.version)} if gone else {}, stored=gone)
    text = f"{request.type}/{request.id} deleted." if gone else f"There was no {request.type}/{request.id}."
    return _told(request, response, text)


def conditional_delete(service: Service, request: Request) -> Response:
    """204 after deleting the match; 412 when several match and the server deletes one at a time."""
    service.require_writable(request.type)
    criteria = criteria_of(request)
    several = service.settings.conditional_delete == "multiple"

    def work(tx: Transaction) -> int:
        found = matching(service.within(tx), request.type, criteria, limit=0 if several else 2)
        if len(found) > 1 and not several:
            raise PreconditionFailed(
                f"More than one {request.type} matches '{criteria}'; nothing was deleted.",
                advice="Narrow the criteria, or delete by id.",
            )
        for stored in found:
            require_match(request.header("if-match"), stored.version)
            tx.delete(request.type, stored.id)
        return len(found)

    number = service.run(work, exclusive=(request.type,))
    return _told(request, Response(204), f"{number} {request.type} deleted.")


def _told(request: Request, response: Response, text: str) -> Response:
    """The response as it is, or 200 with an OperationOutcome where that is preferred."""
    if request.prefer("return") == "OperationOutcome":
        outcome = operation_outcome([Issue("information", "informational", "resource-deleted", text)])
        response.status, response.resource = 200, outcome
    return response
