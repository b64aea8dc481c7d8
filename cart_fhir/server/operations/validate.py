"""$validate on a type or an instance: a resource in, an OperationOutcome out.

https://hl7.org/fhir/R4/resource-operation-validate.html; the findings are those of `cart-fhir validate`.
"""

from __future__ import annotations

from cart_fhir.errors import BadRequest, NotFound
from cart_fhir.issues import Issue, operation_outcome, worst_first
from cart_fhir.server.body import located
from cart_fhir.server.http import Json, Request, Response
from cart_fhir.server.negotiate import unpack
from cart_fhir.server.operations import CORE, Operation
from cart_fhir.server.operations.arguments import arguments
from cart_fhir.server.service import Service

MODES = ("create", "update", "delete", "profile")


def validate(service: Service, request: Request) -> Response:
    """200 with the findings, whatever they are: the question was answered. 400 for one that makes no sense.

    `profile` (one or more canonicals) is checked beside what the resource claims; `mode` create, update or delete asks
    whether that interaction would be accepted. Without a resource, the stored instance is checked.
    """
    given = arguments(service, request, known=("resource", "mode", "profile"))
    mode = given.text("mode")
    if mode and mode not in MODES:
        raise BadRequest(f"The mode '{mode}' is not one of {', '.join(MODES)}.")
    resource = given.value("resource")
    if mode == "delete":
        return _may_delete(service, request)
    if resource is None:
        if not request.id:
            raise BadRequest("There is nothing to validate.", advice="Send the resource as the body.")
        resource = service.reader(request.type).read(request.type, request.id).resource
    if request.type and resource.get("resourceType") != request.type:
        raise BadRequest(f"The URL says {request.type}, the resource is a {resource.get('resourceType')}.")
    issues = _findings(service, resource, given.texts("profile"))
    issues += _of_mode(request, resource, mode)
    if request.body and not given.enveloped:
        issues = located(unpack(request, service.settings.max_body), issues)
    return Response(200, operation_outcome(worst_first(issues)))


def _findings(service: Service, resource: Json, profiles: list[str]) -> list[Issue]:
    for profile in profiles:
        if service.registry.structure(profile) is None:
            raise NotFound(
                f"The profile '{profile}' is not known here.",
                advice="GET [base]/StructureDefinition lists the guide's.",
            )
    validator = service.shared.validator
    if not profiles:
        return validator.validate(resource)
    found = [issue for profile in profiles for issue in validator.validate(resource, profile)]
    return list(dict.fromkeys(found))


def _of_mode(request: Request, resource: Json, mode: str) -> list[Issue]:
    if mode == "update" and request.id and resource.get("id") != request.id:
        text = f"The id in the body is not the one in the URL ({request.id})."
        return [Issue("error", "invalid", "update-id", text, f"{resource['resourceType']}.id")]
    return []


def _may_delete(service: Service, request: Request) -> Response:
    if not request.id:
        raise BadRequest("mode=delete is asked of an instance.", advice=f"Call {request.type}/[id]/$validate.")
    service.require_writable(request.type)
    service.reader(request.type).read(request.type, request.id)
    return Response(200, operation_outcome(()))


OPERATION = Operation(
    "validate",
    validate,
    f"{CORE}Resource-validate",
    "Check a resource against R4, the profiles it claims and those asked for.",
    system=True,
    type=frozenset({"*"}),
    instance=frozenset({"*"}),
)
