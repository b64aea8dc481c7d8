"""Another FHIR server as store: this server then validates, maps and shows what the other one keeps.

Reads, searches and histories are passed on; the changes of a transaction are sent together as one transaction Bundle,
each with the version it was based on, so that no update is lost. What a plain FHIR server cannot promise:

- a search inside a transaction does not see the transaction's own changes;
- `exclusive` holds within this process, so that two processes may both create on the same condition;
- the version and time given for a change are those expected of the other server (one more than its current version).

The other server must number its versions (HAPI, Blaze, Microsoft, Aidbox do) and support transactions.
https://hl7.org/fhir/R4/http.html
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import uuid4

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from cart_fhir.definitions import Registry
from cart_fhir.errors import BadRequest, Conflict, Gone, NotFound, NotSupported, PreconditionFailed, Unavailable
from cart_fhir.formats import json
from cart_fhir.search.dates import interval, microseconds
from cart_fhir.search.query import Query
from cart_fhir.store.answers import checked, page_of, stored_of, versions_of
from cart_fhir.store.base import Json, Method, Page, Progress, Result, Stored, Transaction, Written
from cart_fhir.store.lines import Body, instant
from cart_fhir.store.paging import Tokens

TIMEOUT = (10, 60)
"""Seconds to connect and to wait for an answer."""
_FHIR_JSON = "application/fhir+json"
_ID = re.compile(r"[A-Za-z0-9.\-]{1,64}")
_ATTEMPTS = 3


class RemoteStore:
    """See `store.base.Store`. `url` is the base of the other server; user and password in it are sent as basic auth.

    Only that server is asked: redirects are not followed and page links elsewhere are refused.
    """

    def __init__(self, url: str, registry: Registry, session: requests.Session | None = None) -> None:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        self.base_url = urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))
        self._registry = registry
        self._session = session or _session()
        if parts.username:
            self._session.auth = (parts.username, parts.password or "")
        # Bound to the credentials where there are any: every process of this server signs alike.
        self._tokens = Tokens(sha256(url.encode()).digest())
        self._lock = threading.RLock()

    def read(self, type: str, id: str) -> Stored:
        return stored_of(self._get(_path(type, id)))

    def vread(self, type: str, id: str, version: str) -> Stored:
        path = f"{_path(type, id)}/_history/{quote(version, safe='')}"
        if not _ID.fullmatch(version):
            raise NotFound(f"There is no version '{version}' of {type}/{id}.")
        try:
            return stored_of(self._get(path))
        except Gone:
            return Stored(type, id, int(version), datetime.now(UTC), "DELETE", b"")

    def search(self, query: Query) -> Page:
        if query.conditions and not query.applied and not query.compartment:
            raise NotSupported("A search of another server needs the parameters as they were written.")
        if query.page:
            return self._page(self._tokens.open(query.page, query.origin, query.caller)["path"], query)
        pairs = [_as_ours(pair, query.base_url) for pair in query.applied if pair[0] not in ("_count", "_page")]
        if query.count is not None:
            pairs.append(("_count", str(query.count)))
        if query.total != "none" and not any(name == "_total" for name, _ in pairs):
            pairs.append(("_total", query.total))
        parts = list(query.compartment or ())
        if len(query.types) == 1:
            parts.append(query.types[0])
        elif query.compartment:
            parts.append("*")
        prepared = requests.Request("GET", f"{self.base_url}/{'/'.join(parts)}", params=pairs).prepare()
        return self._page(str(prepared.url).removeprefix(self.base_url + "/"), query)

    def _page(self, path: str, query: Query) -> Page:
        bundle = self._get(path)
        return page_of(bundle, query.issues, self._next(bundle, query.origin, query.caller))

    def history(
        self,
        type: str | None = None,
        id: str | None = None,
        *,
        since: datetime | None = None,
        at: tuple[datetime, datetime] | None = None,
        count: int | None = None,
        page: str = "",
    ) -> Page:
        origin = f"history {type}/{id} {since} {at}"
        if page:
            path = self._tokens.open(page, origin)["path"]
        else:
            pairs = {"_since": since and instant(since), "_at": at and _date(*at), "_count": count}
            asked = "&".join(f"{name}={value}" for name, value in pairs.items() if value is not None)
            path = f"{_path(type, id)}/_history" if type and id else f"{type}/_history" if type else "_history"
            path = f"{path}?{asked}" if asked else path
        bundle = self._get(path)
        return Page(versions_of(bundle), total=bundle.get("total"), next=self._next(bundle, origin, ""))

    def _next(self, bundle: Json, origin: str, caller: str) -> str:
        for link in bundle.get("link", ()):
            if link.get("relation") == "next":
                url = str(link.get("url", ""))
                if not url.startswith((f"{self.base_url}/", f"{self.base_url}?")):
                    raise Unavailable("The other server's next page is at another address; it is not followed.")
                return self._tokens.make({"path": url.removeprefix(self.base_url).lstrip("/")}, origin, caller)
        return ""

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        tx = RemoteTransaction(self, self._lock)
        try:
            yield tx
            self._send(tx.entries)
        finally:
            tx.release()

    def _send(self, entries: list[Json]) -> None:
        if not entries:
            return
        bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
        answer = self._ask("POST", "", json.dumps(bundle))
        if len(answer.get("entry", ())) != len(entries):
            raise Unavailable("The other server did not answer every change of the transaction.")

    def run(self, work: Callable[[Transaction], Result]) -> Result:
        for _ in range(_ATTEMPTS - 1):
            try:
                with self.transaction() as tx:
                    return work(tx)
            except (Conflict, PreconditionFailed):
                continue
        with self.transaction() as tx:
            return work(tx)

    def counts(self) -> Mapping[str, int]:
        types = sorted(self._registry.resource_types)
        entries = [{"request": {"method": "GET", "url": f"{type}?_summary=count"}} for type in types]
        batch = json.dumps({"resourceType": "Bundle", "type": "batch", "entry": entries})
        found = self._ask("POST", "", batch).get("entry", ())
        totals = {type: entry.get("resource", {}).get("total", 0) for type, entry in zip(types, found, strict=False)}
        return {type: total for type, total in totals.items() if total}

    def ping(self) -> None:
        self._get("metadata?_elements=fhirVersion")

    def reindex(self, progress: Progress | None = None) -> int:
        return 0  # the other server's own affair

    def purge(self, type: str, id: str) -> str:
        raise NotSupported("FHIR has no interaction that erases versions: do it on the other server itself.")

    def close(self) -> None:
        self._session.close()

    def _get(self, path: str) -> Json:
        return self._ask("GET", path)

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Json:
        headers = {"Accept": _FHIR_JSON, "Content-Type": _FHIR_JSON} if body else {"Accept": _FHIR_JSON}
        url = f"{self.base_url}/{path}" if path else self.base_url
        try:
            answer = self._session.request(
                method, url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
            )
        except requests.RequestException as problem:
            reason = f"The other FHIR server does not answer ({type(problem).__name__})."
            raise Unavailable(reason, advice="Try again in a moment.") from problem
        return checked(answer.status_code, answer.content)


class RemoteTransaction:
    """See `store.base.Transaction`; its changes are `entries` of a transaction Bundle until it ends."""

    def __init__(self, store: RemoteStore, lock: threading.RLock) -> None:
        self._store = store
        self._lock: Any = lock
        self._held = False
        self._pending: dict[tuple[str, str], Stored] = {}
        self._entries: dict[tuple[str, str], Json] = {}

    @property
    def entries(self) -> list[Json]:
        """What is to be sent, one entry for each resource changed."""
        return list(self._entries.values())

    def release(self) -> None:
        """Let other transactions of this process have what this one held."""
        if self._held:
            self._lock.release()
            self._held = False

    def exclusive(self, types: Iterable[str]) -> None:
        if not self._held:
            self._lock.acquire()
            self._held = True

    def expect(self, references: Iterable[tuple[str, str]]) -> None:
        return

    def read(self, type: str, id: str) -> Stored:
        pending = self._pending.get((type, id))
        if pending is None:
            return self._store.read(type, id)
        if pending.deleted:
            raise Gone(f"{type}/{id} has been deleted.")
        return pending

    def vread(self, type: str, id: str, version: str) -> Stored:
        pending = self._pending.get((type, id))
        return pending if pending and str(pending.version) == version else self._store.vread(type, id, version)

    def search(self, query: Query) -> Page:
        """What the other server finds, as this transaction has changed it; what it makes is not there yet."""
        page = self._store.search(query)
        found = (self._pending.get((one.type, one.id), one) for one in page.matches)
        return replace(page, matches=[one for one in found if not one.deleted])

    def history(self, type: str | None = None, id: str | None = None, **options: Any) -> Page:
        return self._store.history(type, id, **options)

    def create(self, resource: Json, id: str = "") -> Written:
        type, chosen = resource["resourceType"], id or str(uuid4())
        if id and self._version(type, id)[0]:
            raise Conflict(f"{type}/{id} is there already.")
        return self._put(resource, chosen, 0, None, "POST")

    def update(self, resource: Json, *, expected: str | None = None, method: Method = "PUT") -> Written:
        type, id = resource["resourceType"], resource.get("id")
        if not isinstance(id, str) or not id:
            raise BadRequest("A resource that is to be updated needs its id.", expression=f"{type}.id")
        version, current = self._version(type, id)
        if expected is not None and (current is None or str(version) != expected):
            raise PreconditionFailed(f"{type}/{id} is not at version {expected}.")
        if current and Body(current.resource).digest == Body(resource).digest:
            return Written(current, created=False, changed=False)
        return self._put(resource, id, version, current, method)

    def delete(self, type: str, id: str, *, expected: str | None = None) -> Stored | None:
        version, current = self._version(type, id)
        if expected is not None and (current is None or str(version) != expected):
            raise PreconditionFailed(f"{type}/{id} is not at version {expected}.")
        if current is None:
            return None
        stored = Stored(type, id, version + 1, datetime.now(UTC), "DELETE", b"")
        before = self._entries.get((type, id))
        if before and "ifNoneMatch" in before["request"]:
            self._pending[(type, id)] = stored
            del self._entries[(type, id)]  # made and deleted within the transaction: nothing to send
            return stored
        request = {"method": "DELETE", "url": f"{type}/{id}", "ifMatch": self._based_on(type, id, version)}
        self._keep(stored, {"request": request})
        return stored

    def _version(self, type: str, id: str) -> tuple[int, Stored | None]:
        """The version there now (0: never anything), and what it is unless deleted."""
        try:
            found = self.read(type, id)
        except NotFound:
            return 0, None
        except Gone:
            pending = self._pending.get((type, id))
            return (pending.version if pending else self._store.history(type, id, count=1).matches[0].version), None
        return found.version, found

    def _put(self, resource: Json, id: str, version: int, current: Stored | None, method: Method) -> Written:
        updated = datetime.now(UTC)
        type = resource["resourceType"]
        text = Body(resource).text(id, version + 1, updated)
        stored = Stored(type, id, version + 1, updated, method, text)
        request = {"method": "PUT", "url": f"{type}/{id}"}
        if current is not None:
            request["ifMatch"] = self._based_on(type, id, version)
        elif not version:
            request["ifNoneMatch"] = "*"
        self._keep(
            stored,
            {"fullUrl": f"{self._store.base_url}/{type}/{id}", "resource": {**resource, "id": id}, "request": request},
        )
        return Written(stored, created=current is None)

    def _based_on(self, type: str, id: str, version: int) -> str:
        """The version on the other server that a change of this one rests on: not one this transaction made up."""
        before = self._entries.get((type, id))
        earlier = before["request"].get("ifMatch") if before else None
        return str(earlier or f'W/"{version}"')

    def _keep(self, stored: Stored, entry: Json) -> None:
        key = (stored.type, stored.id)
        self._pending[key] = stored
        self._entries[key] = entry


def _as_ours(pair: tuple[str, str], base: str) -> tuple[str, str]:
    """A parameter that names resources below the base: below our own address the other server would know none."""
    name, value = pair
    if not base or name.startswith("_"):
        return pair
    return name, re.sub(rf"(?:(?<=,)|^){re.escape(base)}/(?=[A-Z][A-Za-z]{{1,63}}/[A-Za-z0-9.\-]{{1,64}})", "", value)


def _date(low: datetime, high: datetime) -> str:
    """The FHIR date that stands for just this interval; NotSupported when there is none."""
    ends = (microseconds(low), microseconds(high))
    for form in ("%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%SZ"):
        text = low.astimezone(UTC).strftime(form)
        if interval(text) == ends:
            return text
    if low == high:
        return instant(low)
    raise NotSupported("Another server's history can be asked at one date or instant only.")


def _path(type: str, id: str) -> str:
    """The path of a resource; an id that is none is not asked for."""
    if not _ID.fullmatch(id):
        raise NotFound(f"There is no {type} with the id '{id}'.")
    return f"{type}/{id}"


def _session() -> requests.Session:
    session = requests.Session()
    # What was only asked for can be asked again; a change is sent once, as its fate is unknown without an answer.
    retry = Retry(3, backoff_factor=0.3, status_forcelist=(429, 502, 503, 504), allowed_methods=("GET",))
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry, pool_maxsize=20))
    return session
