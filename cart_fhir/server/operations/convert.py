"""$convert: a resource in one format in, the same in the format that Accept asks for out.

https://hl7.org/fhir/R4/resource-operation-convert.html; digits and order are kept, nothing is stored or validated.
"""

from __future__ import annotations

from cart_fhir.server.body import parse
from cart_fhir.server.http import Request, Response
from cart_fhir.server.operations import CORE, Operation
from cart_fhir.server.service import Service


def convert(service: Service, request: Request) -> Response:
    """200 with the resource, sent as it is or as `input`; the format of the answer is negotiated like any other."""
    sent = parse(service, request)
    parts = sent.get("parameter") if sent["resourceType"] == "Parameters" else None
    if isinstance(parts, list) and [isinstance(one, dict) and one.get("name") for one in parts] == ["input"]:
        sent = parts[0].get("resource", sent)
    return Response(200, sent)


OPERATION = Operation(
    "convert",
    convert,
    f"{CORE}Resource-convert",
    "Turn JSON into XML and back, digit for digit.",
    system=True,
    affects_state=True,
)
