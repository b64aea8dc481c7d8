"""Request and response values: HTTP as the interactions see it, without Flask.

A `Request` comes from the blueprint or from an entry of a batch or transaction; a `Response` goes back either way, so
that an entry has the same outcome as the single request (https://hl7.org/fhir/R4/http.html).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from cart_fhir.errors import BadRequest, PreconditionFailed
from cart_fhir.formats import json
from cart_fhir.issues import Issue
from cart_fhir.store.base import Stored

Json = dict[str, Any]
_ETAG = re.compile(r'(?:W/)?"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Request:
    """One call. `path` is relative to the base, `query` in order and decoded, header names in lower case.

    `resource` is set instead of `body` for entries of a bundle, whose body is parsed already. `type`, `id`, `version`,
    `operation` and `compartment` are filled by the router from the path. `caller` names who asks, as a `before` hook
    found out. `checked` says that the resource was validated already, with the whole bundle it came in.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    base: str = ""
    resource: Json | None = None
    type: str = ""
    id: str = ""
    version: str = ""
    operation: str = ""
    compartment: str = ""
    caller: str = ""
    checked: bool = False

    def parameter(self, name: str) -> str:
        """The last value given for a query parameter, or empty."""
        return next((value for key, value in reversed(self.query) if key == name), "")

    def parameters(self, name: str) -> list[str]:
        """Every value of a query parameter, commas taken as separators."""
        return [part for key, value in self.query if key == name for part in value.split(",") if part]

    def header(self, name: str) -> str:
        """A header's value, or empty."""
        return self.headers.get(name.lower(), "")

    def prefer(self, name: str) -> str:
        """The value of one preference of the Prefer header (RFC 7240), e.g. `return` -> `minimal`; or empty."""
        for part in re.split(r"[,;]", self.header("prefer")):
            key, _, value = part.partition("=")
            if key.strip().lower() == name:
                return value.strip().strip('"')
        return ""


@dataclass(slots=True)
class Response:
    """An answer: a `resource`, or JSON `text` of one that is sent as it is where JSON is asked for, or `content`.

    `content` is anything that is no FHIR resource (an OpenAPI document, metrics) with its `content_type`. `issues` are
    findings that did not refuse the request (warnings of validation); `stored` is the version it is about.
    """

    status: int = 200
    resource: Json | None = None
    text: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    content_type: str = ""
    issues: tuple[Issue, ...] = ()
    stored: Stored | None = None

    @property
    def body(self) -> Json | None:
        """The resource as a dict, read from `text` where only that is there."""
        if self.resource is None and self.text:
            self.resource = json.loads(self.text)
        return self.resource


def etag(version: str | int) -> str:
    """The weak ETag of a version id."""
    return f'W/"{version}"'


def versions_of(header: str) -> list[str]:
    """The version ids that an If-Match or If-None-Match header names; `['*']` for the star."""
    if header.strip() == "*":
        return ["*"]
    found = _ETAG.findall(header)
    if not found and header.strip():
        raise BadRequest(f"'{header}' is no ETag.", advice='Write it as W/"<versionId>", e.g. If-Match: W/"3".')
    return found


def http_date(when: datetime) -> str:
    """A date as Last-Modified wants it (RFC 9110, always GMT)."""
    return format_datetime(when.astimezone(UTC), usegmt=True)


def parse_http_date(text: str) -> datetime | None:
    """The date of a conditional header, or None: an unreadable one is to be ignored (RFC 9110, 13.1.3)."""
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def require_match(header: str, current: str | int | None) -> None:
    """Hold If-Match: raise 412 unless the current version is among those named.

    https://hl7.org/fhir/R4/http.html#concurrency; `current` is None where nothing exists.
    """
    if not header:
        return
    named = versions_of(header)
    if current is None or ("*" not in named and str(current) not in named):
        found = "nothing is there" if current is None else f"the current version is {current}"
        raise PreconditionFailed(
            f"If-Match asks for version {', '.join(named)}, but {found}.", advice="Read the resource again and retry."
        )


def safe_header(text: str) -> str:
    """A text that can stand in a header: nothing in it can begin a header of its own."""
    if text.isascii() and text.isprintable():
        return text[:2000]
    return "".join(letter if letter.isascii() and letter.isprintable() else quote(letter) for letter in text)[:2000]
