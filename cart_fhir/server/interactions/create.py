"""create: POST [base]/[type], also conditional (https://hl7.org/fhir/R4/http.html#create)."""

from __future__ import annotations

from dataclasses import replace

from cart_fhir.server.answers import written
from cart_fhir.server.body import writable
from cart_fhir.server.http import Request, Response
from cart_fhir.server.interactions.conditional import one
from cart_fhir.server.service import Service
from cart_fhir.store.base import Transaction, Written


def create(service: Service, request: Request) -> Response:
    """201 with the new resource; with If-None-Exist 200 with the one that matches already, 412 when several do.

    The server gives the id. Inside a transaction bundle the id was given before, so that references could be resolved;
    the bundle then passes it as the request's `id`.
    """
    given, request = request.id, replace(request, id="")
    resource, issues = writable(service, request)
    criteria = request.header("if-none-exist")

    def work(tx: Transaction) -> Written:
        if criteria:
            match = one(service.within(tx), request.type, criteria)
            if match is not None:
                return Written(match, created=False, changed=False)
        return tx.create({key: value for key, value in resource.items() if key != "id"}, given)

    return written(request, service.run(work, exclusive=(request.type,) if criteria else ()), issues)
