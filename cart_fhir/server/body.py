"""The body of a write: text in, a resource that may be stored out, or the refusal.

The steps are the same for a single request and for an entry of a bundle: negotiate, parse, check the type and the id,
validate against the base type and every profile claimed (https://hl7.org/fhir/R4/http.html#create).
"""

from __future__ import annotations

from dataclasses import replace

from cart_fhir.errors import BadRequest, Unprocessable
from cart_fhir.formats import json
from cart_fhir.issues import Issue
from cart_fhir.server.binary import received
from cart_fhir.server.http import Json, Request
from cart_fhir.server.negotiate import body_format
from cart_fhir.server.service import Service

SUBSETTED = "SUBSETTED"


def parse(service: Service, request: Request) -> Json:
    """The resource in the body, of whatever type; 415 or 400 when there is none."""
    if request.resource is not None:
        return request.resource
    if made := received(request, service.settings.max_body):
        return made
    format, data = body_format(request, service.settings.max_body)
    made = json.loads(data) if format == "json" else _from_xml(service, data)
    if not isinstance(made, dict) or not isinstance(made.get("resourceType"), str):
        raise BadRequest("The body is no FHIR resource: it has no resourceType.", advice="Send one resource.")
    return made


def _from_xml(service: Service, data: bytes) -> Json:
    from cart_fhir.formats import xml  # lxml is loaded by those who use it

    return xml.loads(data, service.registry.types)


def writable(service: Service, request: Request) -> tuple[Json, tuple[Issue, ...]]:
    """The resource of a create or update, checked for type, id and validity, and what validation says beside errors."""
    service.require_writable(request.type)
    resource = parse(service, request)
    if resource["resourceType"] != request.type:
        raise BadRequest(
            f"The URL says {request.type}, the body holds {resource['resourceType']}.", expression="resourceType"
        )
    if request.id and resource.get("id") != request.id:
        given = f"is '{resource['id']}'" if "id" in resource else "is missing"
        raise BadRequest(f"The id in the body {given}, the URL says '{request.id}'.", expression=f"{request.type}.id")
    tags = resource.get("meta", {}).get("tag", ()) if isinstance(resource.get("meta"), dict) else ()
    if any(isinstance(tag, dict) and tag.get("code") == SUBSETTED for tag in tags):
        raise Unprocessable(
            "The resource is marked SUBSETTED: storing it would lose the elements left out.",
            advice="Read it without _summary or _elements, then change it.",
            expression=f"{request.type}.meta.tag",
        )
    return resource, () if request.checked else validate(service, resource, request.body)


def validate(service: Service, resource: Json, text: bytes = b"") -> tuple[Issue, ...]:
    """The findings of validation on write; raises 422 with all of them when one of a level `enforce` is an error.

    `text` is the source of the resource where there is one: findings then carry line and column.
    """
    settings = service.settings
    if settings.validation == "off" and max(settings.validation_profiles.values(), default="off") == "off":
        return ()
    issues = [issue for issue in service.shared.validator.validate(resource) if level(service, issue) != "off"]
    if not any(issue.is_error for issue in issues):
        return tuple(issue for issue in issues if issue.severity == "warning")
    issues = located(text, issues)
    if any(issue.is_error and level(service, issue) == "enforce" for issue in issues):
        count = sum(issue.is_error for issue in issues)
        raise Unprocessable(f"{count} rules are broken.", issues=issues)
    return tuple(issues)


def level(service: Service, issue: Issue) -> str:
    """The level (off, warn, enforce) of the profile whose rule was broken."""
    canonical = issue.profile.partition("|")[0]
    return service.settings.validation_profiles.get(canonical, service.settings.validation)


def located(text: bytes, issues: list[Issue]) -> list[Issue]:
    """The findings with line and column in the source text, as far as the text tells."""
    if not text or not issues:
        return issues
    if text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        from cart_fhir.formats import xml

        place = xml.locate(text)
    else:
        place = json.locate(text)
    made = []
    for issue in issues:
        found = place(issue.expression) if issue.expression and issue.line is None else None
        made.append(replace(issue, line=found[0], column=found[1]) if found else issue)
    return made
