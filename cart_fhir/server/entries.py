"""Entries of a batch or transaction: as requests on the way in, as response entries on the way out.

https://hl7.org/fhir/R4/http.html#transaction
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cart_fhir.errors import BadRequest, BadSyntax, CartFHIRError, TooLarge
from cart_fhir.formats import json
from cart_fhir.issues import Issue
from cart_fhir.server.bundles import instant
from cart_fhir.server.http import Json, Request, Response
from cart_fhir.server.links import Link
from cart_fhir.server.service import Service

METHODS = ("DELETE", "POST", "PUT", "PATCH", "GET", "HEAD")
_HEADERS = {
    "ifNoneMatch": "if-none-match",
    "ifModifiedSince": "if-modified-since",
    "ifMatch": "if-match",
    "ifNoneExist": "if-none-exist",
}
_BODILESS = ("DELETE", "GET", "HEAD")


@dataclass(slots=True)
class Entry:
    """One entry: its place in the bundle, its fullUrl, its request, and the links of its resource (transactions)."""

    index: int
    full_url: str
    request: Request
    links: list[Link] = field(default_factory=list)


def read_entries(service: Service, outer: Request, bundle: Json) -> list[Entry]:
    """The entries of a transaction as requests; 400 with the entry's index for one that cannot be understood."""
    rows, headers = _rows(service, outer, bundle)
    return [_read(outer, index, row, headers) for index, row in enumerate(rows)]


def read_each(service: Service, outer: Request, bundle: Json) -> list[Entry | CartFHIRError]:
    """The entries of a batch as requests, or for one that cannot be understood the error that says so."""
    rows, headers = _rows(service, outer, bundle)
    made: list[Entry | CartFHIRError] = []
    for index, row in enumerate(rows):
        try:
            made.append(_read(outer, index, row, headers))
        except CartFHIRError as error:
            made.append(error)
    return made


def _rows(service: Service, outer: Request, bundle: Json) -> tuple[list[Any], dict[str, str]]:
    """The entries as they stand in the bundle, and the headers that all their requests have."""
    rows = bundle.get("entry", [])
    if not isinstance(rows, list):
        raise BadRequest("Bundle.entry is no list.", expression="Bundle.entry")
    if len(rows) > service.settings.max_entries:
        raise TooLarge(
            f"The bundle has {len(rows)} entries, this server takes {service.settings.max_entries} at once.",
            advice="Send it in parts.",
            expression="Bundle.entry",
        )
    prefer = outer.header("prefer")
    return rows, {"prefer": prefer if outer.prefer("return") else f"return=minimal, {prefer}".rstrip(", ")}


def _read(outer: Request, index: int, row: Any, headers: dict[str, str]) -> Entry:
    path = f"Bundle.entry[{index}]"
    asked = row.get("request") if isinstance(row, dict) else None
    if not isinstance(asked, dict) or not isinstance(asked.get("url"), str) or not isinstance(asked.get("method"), str):
        raise BadRequest(f"Entry {index} has no request with method and url.", expression=f"{path}.request")
    method, url = asked["method"], asked["url"]
    if method not in METHODS:
        raise BadRequest(f"'{method}' is no method for an entry.", expression=f"{path}.request.method")
    resource = row.get("resource")
    if method not in (*_BODILESS, "POST") and not isinstance(resource, dict):
        raise BadRequest(f"Entry {index} is a {method} without a resource.", expression=f"{path}.resource")
    if url.startswith(("http://", "https://")) and not url.startswith(f"{outer.base}/"):
        raise BadRequest(f"'{url}' is not on this server.", expression=f"{path}.request.url")
    try:
        parts = urlsplit(url.removeprefix(outer.base).lstrip("/"))
    except ValueError as error:
        raise BadRequest(f"'{url}' is no URL.", expression=f"{path}.request.url") from error
    given = {header: str(asked[name]) for name, header in _HEADERS.items() if name in asked}
    request = Request(
        method,
        parts.path.strip("/"),
        tuple(parse_qsl(parts.query, keep_blank_values=True)),
        headers | given,
        base=outer.base,
        resource=resource if isinstance(resource, dict) else None,
        caller=outer.caller,
    )
    full_url = row.get("fullUrl")
    return Entry(index, full_url if isinstance(full_url, str) else "", request)


def named(error: CartFHIRError, index: int) -> CartFHIRError:
    """The same error, its issues pointing at the entry: Bundle.entry[index], or the element inside its resource."""
    kind = BadRequest if isinstance(error, BadSyntax) else type(error)
    made = copy.copy(error) if kind is type(error) else BadRequest(error.message)
    made._issues = tuple(in_entry(issue, index) for issue in error.issues)
    return made


def in_entry(issue: Issue, index: int) -> Issue:
    """The issue with its expression seen from the bundle; a line would be that of another text, so it goes."""
    head, _, rest = issue.expression.partition(".")
    if head == "Bundle" or head.startswith("Bundle.entry"):
        return issue
    place = f"Bundle.entry[{index}]" + (f".resource.{rest}" if rest else ".resource" if head else "")
    return replace(issue, expression=place, line=None, column=None)


def response_bundle(type: str, responses: Iterable[Response], base: str) -> Response:
    """The transaction-response or batch-response, one entry for each response in the order of the request."""
    rows = b",".join(_row(response, base) for response in responses)
    head = b'{"resourceType":"Bundle","type":"%b-response"' % type.encode()
    return Response(200, text=head + (b',"entry":[%b]}' % rows if rows else b"}"))


def _row(response: Response, base: str) -> bytes:
    said: Json = {"status": f"{response.status} {HTTPStatus(response.status).phrase}"}
    location = response.headers.get("Location") or response.headers.get("Content-Location")
    if location:
        said["location"] = location
    if "ETag" in response.headers:
        said["etag"] = response.headers["ETag"]
    parts = []
    if response.stored is not None:
        said["lastModified"] = instant(response.stored.updated)
        parts.append(b'"fullUrl":' + json.dumps(f"{base}/{response.stored.type}/{response.stored.id}"))
    outcome = response.resource if response.text is None else None
    if outcome is not None and outcome.get("resourceType") == "OperationOutcome":
        said["outcome"] = outcome
    elif response.text is not None or response.resource is not None:
        parts.append(b'"resource":' + (response.text or json.dumps(response.resource)))
    parts.append(b'"response":' + json.dumps(said))
    return b"{%b}" % b",".join(parts)
