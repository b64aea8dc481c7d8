"""Searchset and history Bundles, put together from the stored texts without reading them again.

https://hl7.org/fhir/R4/bundle.html; a page of fifty matches costs fifty copies of bytes, and no digit can change.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from cart_fhir.formats import json
from cart_fhir.issues import Issue, operation_outcome
from cart_fhir.server.http import Json, Response, etag
from cart_fhir.store.base import Page, Stored

Links = Sequence[tuple[str, str]]


def searchset(base: str, page: Page, links: Links, issues: tuple[Issue, ...] = ()) -> Response:
    """The response of a search: matches, then what they include, then an outcome when there is something to say."""
    entries = [_found(base, stored, b"match") for stored in page.matches]
    entries += [_found(base, stored, b"include") for stored in page.included]
    if issues:
        entries.append(json.dumps({"resource": operation_outcome(issues), "search": {"mode": "outcome"}}))
    return Response(200, text=_bundle("searchset", page.total, links, entries))


def history(base: str, page: Page, links: Links) -> Response:
    """The response of a history: each version with the request that made it; deletions have no resource."""
    return Response(200, text=_bundle("history", page.total, links, (_version(base, one) for one in page.matches)))


def _found(base: str, stored: Stored, mode: bytes) -> bytes:
    url = json.dumps(f"{base}/{stored.type}/{stored.id}")
    return b'{"fullUrl":%b,"resource":%b,"search":{"mode":"%b"}}' % (url, stored.text, mode)


def _version(base: str, stored: Stored) -> bytes:
    url = f"{stored.type}/{stored.id}"
    made = stored.method == "POST" or (stored.version == 1 and not stored.deleted)
    status = "204 No Content" if stored.deleted else "201 Created" if made else "200 OK"
    tail = json.dumps(
        {
            "request": {"method": stored.method, "url": stored.type if stored.method == "POST" else url},
            "response": {"status": status, "etag": etag(stored.version), "lastModified": instant(stored.updated)},
        }
    )
    head = b'{"fullUrl":%b,' % json.dumps(f"{base}/{url}")
    return head + (b"" if stored.deleted else b'"resource":%b,' % stored.text) + tail[1:]


def _bundle(type: str, total: int | None, links: Links, entries: Iterable[bytes]) -> bytes:
    head: Json = {
        "resourceType": "Bundle",
        "id": str(uuid.uuid4()),
        "meta": {"lastUpdated": instant(datetime.now(UTC))},
        "type": type,
    }
    if total is not None:
        head["total"] = total
    head["link"] = [{"relation": relation, "url": url} for relation, url in links]
    body = b",".join(entries)
    return json.dumps(head)[:-1] + (b',"entry":[%b]}' % body if body else b"}")


def instant(when: datetime) -> str:
    """A FHIR instant in UTC with milliseconds."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
