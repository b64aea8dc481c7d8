"""What another FHIR server answered: its errors as ours, its resources and bundles as `Stored` and `Page`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, cast

from cart_fhir.errors import (
    BadRequest,
    BadSyntax,
    CartFHIRError,
    Conflict,
    Gone,
    NotFound,
    PreconditionFailed,
    Unavailable,
    Unprocessable,
)
from cart_fhir.formats import json
from cart_fhir.issues import Issue, Severity
from cart_fhir.store.base import Json, Method, Page, Stored

_ERRORS: dict[int, type[CartFHIRError]] = {
    400: BadRequest,
    404: NotFound,
    409: Conflict,
    410: Gone,
    412: PreconditionFailed,
    422: Unprocessable,
}


def checked(status: int, body: bytes) -> Json:
    """The resource in an answer of status 2xx; an error of ours, with the other server's issues, for any other."""
    resource = _parsed(body)
    if 200 <= status < 300:
        if resource is None:
            raise Unavailable("The other server's answer is no FHIR resource.")
        return resource
    issues = _issues(resource or {})
    error = _ERRORS.get(status)
    if error is None:
        refused = status in (401, 403)
        text = "refuses our credentials" if refused else "is in trouble" if status >= 500 else "cannot do this"
        raise Unavailable(f"The other FHIR server {text} (status {status}).")
    said = "; ".join(issue.text for issue in issues) or f"The other FHIR server answered with status {status}."
    raise error(said, issues=issues)


def _parsed(body: bytes) -> Json | None:
    try:
        found = json.loads(body) if body else None
    except BadSyntax:
        return None
    return found if isinstance(found, dict) and "resourceType" in found else None


def _issues(resource: Json) -> list[Issue]:
    return [_issue(one) for one in resource.get("issue", ()) if isinstance(one, dict)]


def _issue(said: Json) -> Issue:
    severity = said.get("severity") if said.get("severity") in ("fatal", "error", "warning", "information") else "error"
    text = said.get("details", {}).get("text") or said.get("diagnostics") or "no reason given"
    expression = (said.get("expression") or [""])[0]
    return Issue(cast("Severity", severity), str(said.get("code", "exception")), "other-server", str(text), expression)


def stored_of(resource: Json, method: Method = "PUT") -> Stored:
    """A resource as that server keeps it. Unavailable when its version is no number."""
    meta: Json = resource.get("meta", {})
    version = str(meta.get("versionId", "1"))
    if not version.isdecimal():
        raise Unavailable("The other server does not number its versions, so it cannot be used as a store.")
    updated = _moment(meta.get("lastUpdated"))
    number = int(version)
    return Stored(resource["resourceType"], str(resource.get("id", "")), number, updated, method, json.dumps(resource))


def page_of(bundle: Json, issues: Iterable[Issue], next: str) -> Page:
    """A searchset Bundle; what its entries with mode `outcome` say is added to the issues."""
    matches: list[Stored] = []
    included: list[Stored] = []
    said = list(issues)
    for entry in bundle.get("entry", ()):
        resource = entry.get("resource", {})
        mode = entry.get("search", {}).get("mode", "match")
        if mode == "outcome" or resource.get("resourceType") == "OperationOutcome":
            said += _issues(resource)
        else:
            (included if mode == "include" else matches).append(stored_of(resource))
    return Page(matches, included, bundle.get("total"), next, tuple(said))


def versions_of(bundle: Json) -> list[Stored]:
    """The entries of a history Bundle."""
    return [_version(entry) for entry in bundle.get("entry", ())]


def _version(entry: Json) -> Stored:
    request: Json = entry.get("request", {})
    method: Any = request.get("method", "PUT")
    if "resource" in entry and method != "DELETE":
        return stored_of(entry["resource"], method)
    response: Json = entry.get("response", {})
    type, _, id = str(request.get("url", "")).strip("/").partition("/")
    version = str(response.get("etag", "")).removeprefix("W/").strip('"')
    number = int(version) if version.isdecimal() else 0
    return Stored(type, id.split("/")[0], number, _moment(response.get("lastModified")), "DELETE", b"")


def _moment(text: Any) -> datetime:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
