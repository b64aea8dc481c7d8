"""update: PUT [base]/[type]/[id] and, conditional, PUT [base]/[type]?criteria.

https://hl7.org/fhir/R4/http.html#update, https://hl7.org/fhir/R4/http.html#cond-update
"""

from __future__ import annotations

from dataclasses import replace

from cart_fhir.errors import BadRequest, Gone, MethodNotAllowed, NotFound, PreconditionFailed
from cart_fhir.server.answers import written
from cart_fhir.server.body import writable
from cart_fhir.server.http import Json, Request, Response, require_match, versions_of
from cart_fhir.server.interactions.conditional import criteria_of, one
from cart_fhir.server.service import Service
from cart_fhir.store.base import Transaction, Written


def update(service: Service, request: Request) -> Response:
    """200 with the new version (the same content makes none), 201 when the id was unused, 412 when If-Match fails."""
    resource, issues = writable(service, request)
    return written(request, service.run(lambda tx: put(service, tx, request, resource)), issues)


def put(service: Service, tx: Transaction, request: Request, resource: Json) -> Written:
    """Store the next version of a resource under its id, holding If-Match and If-None-Match."""
    type, id = resource["resourceType"], resource["id"]
    match, none_match = request.header("if-match"), request.header("if-none-match")
    if match or none_match or not service.settings.update_as_create:
        current = _version(tx, type, id)
        require_match(match, current)
        if none_match and current is not None and {"*", str(current)} & set(versions_of(none_match)):
            raise PreconditionFailed(f"{type}/{id} is there already, as version {current}.")
        if current is None and not service.settings.update_as_create:
            raise MethodNotAllowed(f"There is no {type}/{id}, and ids are given by this server.", advice="POST it.")
        if match:
            return tx.update(resource, expected=str(current))
    return tx.update(resource)


def conditional_update(service: Service, request: Request) -> Response:
    """Update the one match; create when there is none (201); 412 when there are several."""
    criteria = criteria_of(request)
    resource, issues = writable(service, replace(request, id=""))

    def work(tx: Transaction) -> Written:
        match = one(service.within(tx), request.type, criteria)
        given = resource.get("id")
        if match is None:
            require_match(request.header("if-match"), None)
            return put(service, tx, request, resource) if given else tx.create(resource, request.id)
        if given not in (None, match.id):
            raise BadRequest(
                f"The body has the id '{given}', the match is {request.type}/{match.id}.",
                advice="Leave the id out, or give the id of the match.",
                expression=f"{request.type}.id",
            )
        return put(service, tx, replace(request, id=match.id), resource | {"id": match.id})

    return written(request, service.run(work, exclusive=(request.type,)), issues)


def _version(tx: Transaction, type: str, id: str) -> int | None:
    try:
        return tx.read(type, id).version
    except (NotFound, Gone):
        return None
