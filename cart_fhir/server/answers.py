"""Answers that several interactions share: one version of a resource, the outcome of a write.

https://hl7.org/fhir/R4/http.html#return for what Prefer asks for.
"""

from __future__ import annotations

from cart_fhir.issues import Issue, operation_outcome
from cart_fhir.server.http import Request, Response, etag, http_date, parse_http_date, versions_of
from cart_fhir.server.params import parts
from cart_fhir.server.service import Service
from cart_fhir.server.subset import shown
from cart_fhir.store.base import Stored, Written


def version_headers(stored: Stored) -> dict[str, str]:
    """ETag and Last-Modified of a version."""
    return {"ETag": etag(stored.version), "Last-Modified": http_date(stored.updated)}


def location(request: Request, stored: Stored) -> str:
    """The absolute URL of a version."""
    return f"{request.base}/{stored.type}/{stored.id}/_history/{stored.version}"


def found(service: Service, request: Request, stored: Stored) -> Response:
    """200 with the version, or the part of it asked for; 304 when the client has it already.

    If-None-Match comes before If-Modified-Since.
    """
    headers = version_headers(stored)
    named = request.header("if-none-match")
    if named:
        if {"*", str(stored.version)} & set(versions_of(named)):
            return Response(304, headers=headers, stored=stored)
    elif since := parse_http_date(request.header("if-modified-since")):
        if stored.updated.replace(microsecond=0) <= since:
            return Response(304, headers=headers, stored=stored)
    text = shown(stored, service.registry, *parts(service, request)).text
    return Response(200, text=text, headers=headers, stored=stored)


def written(request: Request, outcome: Written, issues: tuple[Issue, ...] = ()) -> Response:
    """201 or 200 with what Prefer asks for: the resource (the default), nothing, or an OperationOutcome.

    A conditional create that finds its resource says where that is, as one that makes it does.
    """
    stored = outcome.stored
    headers = version_headers(stored)
    headers["Location" if outcome.created or request.header("if-none-exist") else "Content-Location"] = location(
        request, stored
    )
    response = Response(201 if outcome.created else 200, headers=headers, issues=issues, stored=stored)
    asked = request.prefer("return")
    if asked == "OperationOutcome":
        response.resource = operation_outcome([done(outcome), *issues])
    elif asked != "minimal":
        response.text = stored.text
    return response


def done(outcome: Written) -> Issue:
    """What a write did, in words."""
    stored = outcome.stored
    what = "created" if outcome.created else "updated" if outcome.changed else "unchanged"
    text = f"{stored.type}/{stored.id} {what}, version {stored.version}."
    return Issue("information", "informational", f"resource-{what}", text)
