"""$convert: a resource in one format in, the same in the format that Accept asks for out.

https://hl7.org/fhir/R4/resource-operation-convert.html; digits and order are kept, nothing is stored or validated.
"""

from __future__ import annotations

from cart_fhir.server.body import parse
from cart_fhir.server.http import Request, Response
from cart_fhir.server.operations import CORE, Operation
from cart_fhir.server.service import Service


def convert(service: Service, request: Request) -> Response:
    """200 with the resource; the format of the answer is negotiated like that of any other."""
    return Response(200, parse(service, request))


OPERATION = Operation(
    "convert",
    convert,
    f"{CORE}Resource-convert",
    "Turn JSON into XML and back, digit for digit.",
    system=True,
    affects_state=True,
)
