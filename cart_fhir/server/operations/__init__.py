"""Operations: `$name` on the server, a type or an instance in, a resource out; one file per operation.

An `Operation` says where it may be called and with which definition; the table that mounts it is also what /metadata
lists. A host application adds its own with `CartFHIR.operation(...)`. https://hl7.org/fhir/R4/operations.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cart_fhir.errors import MethodNotAllowed, NotFound
from cart_fhir.server.http import Request, Response
from cart_fhir.server.service import Service

Handler = Callable[[Service, Request], Response]
CORE = "http://hl7.org/fhir/OperationDefinition/"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `system`, and `type` and `instance` (resource types, `*` for all), say where it may be called.

    `affects_state`: it writes, so that only POST calls it. `definition` is the canonical of its OperationDefinition.
    """

    code: str
    handler: Handler
    definition: str
    about: str
    system: bool = False
    type: frozenset[str] = frozenset()
    instance: frozenset[str] = frozenset()
    affects_state: bool = False

    def offered(self, request: Request) -> bool:
        """May this URL call it?"""
        if not request.type:
            return self.system
        types = self.instance if request.id else self.type
        return "*" in types or request.type in types


def operate(service: Service, request: Request) -> Response:
    """Call the operation that the URL names; 404 when it is not offered there, 405 for GET when it writes."""
    if request.type:
        service.require_type(request.type)
    code = request.operation.removeprefix("$")
    named = (one for one in service.shared.operations if one.code == code and one.offered(request))
    operation = next(named, None)
    if operation is None:
        raise NotFound(
            f"The operation {request.operation} is not offered here.",
            advice="GET [base]/metadata lists the operations and where they are offered.",
        )
    if operation.affects_state and request.method != "POST":
        raise MethodNotAllowed(f"{request.operation} writes; call it with POST.")
    answer = operation.handler(service, request)
    if not isinstance(answer, Response):
        raise TypeError(f"{request.operation} is to answer a Response, not {type(answer).__name__}")
    return answer
