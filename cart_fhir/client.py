"""A FHIR client on requests: resources in and out as plain dicts, pages followed, waits and retries taken care of.

    client = FHIRClient("https://registry.example.org/fhir", token="...")
    for observation in client.search("Observation", patient="Patient/1", _count=200): ...
    client.transaction(bundle)

Every refusal is a `RemoteError` that carries the server's OperationOutcome. Credentials go to the server's own origin
only: redirects and page links that lead elsewhere are refused.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

import requests

from cart_fhir.errors import BadRequest, CartFHIRError
from cart_fhir.formats import json
from cart_fhir.issues import Issue

Json = dict[str, Any]
FHIR_JSON = "application/fhir+json"
# The server did not take the request up; trying again cannot do anything twice.
_NOT_TAKEN = {429, 503}
_TRANSIENT = {502, 504} | _NOT_TAKEN
_LONGEST_WAIT = 60.0


class RemoteError(CartFHIRError):
    """Another server refused or could not be reached; `outcome` is its answer, `http_status` its status or 0."""

    status: ClassVar[int] = 502
    issue_code = "processing"

    def __init__(self, message: str, *, http_status: int = 0, outcome: Json | None = None, advice: str = "") -> None:
        super().__init__(message, advice=advice, issues=_issues_of(outcome))
        self.http_status = http_status
        self.outcome = outcome

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  {line(issue)}" for issue in self.issues if issue.text != self.message)])


class FHIRClient:
    """One server. `timeout` is (connect, read) in seconds; `retries` counts the attempts after the first."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str | None = None,
        timeout: tuple[float, float] = (5.0, 120.0),
        retries: int = 5,
        backoff: float = 0.5,
        session: requests.Session | None = None,
        on_retry: Callable[[str, float], None] | None = None,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise BadRequest(f"'{base_url}' is no base URL.", advice="Write e.g. https://registry.example.org/fhir.")
        self.base_url = base_url.rstrip("/")
        self.timeout, self.retries, self.backoff, self.on_retry = timeout, retries, backoff, on_retry
        self._session = session or requests.Session()
        self._session.headers.update({"Accept": FHIR_JSON})
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def __enter__(self) -> FHIRClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    # -- interactions -------------------------------------------------------------------------------------------------

    def capabilities(self) -> Json:
        """The server's CapabilityStatement."""
        return self._json("GET", "metadata")

    def read(self, type: str, id: str) -> Json:
        """The current version of a resource."""
        return self._json("GET", f"{type}/{id}")

    def vread(self, type: str, id: str, version: str) -> Json:
        """One version of a resource."""
        return self._json("GET", f"{type}/{id}/_history/{version}")

    def create(self, resource: Json, *, if_none_exist: str = "") -> Json:
        """Create and return what was stored; with `if_none_exist` (a search) only when nothing matches it."""
        headers = {"If-None-Exist": if_none_exist} if if_none_exist else {}
        return self._json("POST", resource["resourceType"], resource, headers, idempotent=bool(if_none_exist))

    def update(self, resource: Json, *, if_match: str = "") -> Json:
        """Put a resource under its id; with `if_match` (a version id) only over that version."""
        headers = {"If-Match": f'W/"{if_match}"'} if if_match else {}
        return self._json("PUT", f"{resource['resourceType']}/{resource['id']}", resource, headers)

    def delete(self, type: str, id: str) -> None:
        """Delete a resource; its history stays."""
        self.request("DELETE", f"{type}/{id}")

    def search(self, type: str, **criteria: Any) -> Iterator[Json]:
        """Every match over all pages, then nothing else: included resources and outcomes are left out.

        A parameter with a colon or a dot goes in as `**{"subject:Patient.name": "..."}`; a list repeats the parameter.
        """
        for page in self.pages(type, **criteria):
            for entry in page.get("entry", ()):
                if entry.get("search", {}).get("mode", "match") == "match":
                    yield entry["resource"]

    def pages(self, type: str, **criteria: Any) -> Iterator[Json]:
        """The searchset Bundles of a search, page by page."""
        query = urlencode([(key, _text(value)) for key, value in criteria.items() for value in _listed(value)])
        yield from self._follow(f"{type}?{query}" if query else type)

    def everything(self, patient: str) -> Iterator[Json]:
        """Every resource of a patient's record (`Patient/$everything`)."""
        for page in self._follow(f"Patient/{patient}/$everything"):
            yield from (entry["resource"] for entry in page.get("entry", ()))

    def transaction(self, bundle: Json) -> Json:
        """Send a transaction or batch; the response Bundle. Retried after a lost answer only when doing so is safe."""
        safe = all(entry.get("request", {}).get("method") in ("GET", "PUT") for entry in bundle.get("entry", ()))
        return self._json("POST", "", bundle, idempotent=safe)

    def validate(self, resource: Json, *, profile: str = "") -> Json:
        """The OperationOutcome of `$validate`; a refusal is an answer here, not an error."""
        path = f"{resource['resourceType']}/$validate" + (f"?{urlencode({'profile': profile})}" if profile else "")
        try:
            return self._json("POST", path, resource, idempotent=True)
        except RemoteError as error:
            if error.http_status == 422 and error.outcome:
                return error.outcome
            raise

    # -- transport ----------------------------------------------------------------------------------------------------

    def request(
        self,
        method: str,
        path: str,
        resource: Json | None = None,
        headers: dict[str, str] | None = None,
        *,
        idempotent: bool | None = None,
    ) -> requests.Response:
        """One call with retries; the response of status 2xx, or `RemoteError`.

        What may not be done twice (`idempotent` false; by default every POST and PATCH) is tried again only where the
        server certainly did not take it up: no connection, 429, 503.
        """
        url = self._url(path)
        again = method not in ("POST", "PATCH") if idempotent is None else idempotent
        body = json.dumps(resource) if resource is not None else None
        sent = {"Content-Type": FHIR_JSON} if body is not None else {}
        for attempt in range(self.retries + 1):
            last = attempt == self.retries
            try:
                response = self._session.request(
                    method, url, data=body, headers=sent | (headers or {}), timeout=self.timeout, allow_redirects=False
                )
            except requests.RequestException as error:
                if last or not (again or isinstance(error, requests.ConnectTimeout) or _refused(error)):
                    raise RemoteError(
                        f"{self.base_url} does not answer: {_reason(error)}.",
                        advice="Check the address and that the server runs.",
                    ) from error
                self._wait(attempt, None, _reason(error))
                continue
            if response.ok and response.status_code < 300:
                return response
            if last or response.status_code not in (_TRANSIENT if again else _NOT_TAKEN):
                raise _refusal(method, path, response)
            self._wait(attempt, response.headers.get("Retry-After"), f"status {response.status_code}")
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _json(self, method: str, path: str, *arguments: Any, idempotent: bool | None = None) -> Json:
        response = self.request(method, path, *arguments, idempotent=idempotent)
        if not response.content:
            return {}
        try:
            made = json.loads(response.content)
        except BadRequest as error:
            raise RemoteError(
                f"{self.base_url} did not answer in FHIR JSON.",
                http_status=response.status_code,
                advice="Is this the base URL of a FHIR server?",
            ) from error
        if not isinstance(made, dict):
            raise RemoteError(f"{self.base_url} did not answer with a resource.", http_status=response.status_code)
        return made

    def _follow(self, path: str) -> Iterator[Json]:
        seen: set[str] = set()
        while path and path not in seen:
            seen.add(path)
            page = self._json("GET", path)
            yield page
            path = next((link["url"] for link in page.get("link", ()) if link.get("relation") == "next"), "")

    def _url(self, path: str) -> str:
        if not path.startswith(("http://", "https://")):
            return f"{self.base_url}/{path}" if path else self.base_url
        if urlsplit(path)[:2] != urlsplit(self.base_url)[:2]:
            raise RemoteError(
                f"The server's page link leads to another origin: {urlsplit(path).netloc}.",
                advice="Ask the operator to set the server's public base URL.",
            )
        return path

    def _wait(self, attempt: int, retry_after: str | None, reason: str) -> None:
        seconds = _seconds(retry_after)
        if seconds is None:
            # full jitter: many clients that failed together do not come back together
            seconds = self.backoff * 2**attempt * random.uniform(0.5, 1.0)  # noqa: S311 - no secret, only spreading
        seconds = min(seconds, _LONGEST_WAIT)
        if self.on_retry:
            self.on_retry(reason, seconds)
        time.sleep(seconds)


def line(issue: Issue) -> str:
    """An issue of a server's outcome on one line: severity, place, text."""
    place = f" {issue.expression}:" if issue.expression else ""
    return f"{issue.severity}:{place} {issue.text}"


def _refusal(method: str, path: str, response: requests.Response) -> RemoteError:
    try:
        outcome = json.loads(response.content)
    except BadRequest:
        outcome = None
    if not isinstance(outcome, dict) or outcome.get("resourceType") != "OperationOutcome":
        outcome = None
    where = f"{method} {urlsplit(path).path or '/'}"
    if 300 <= response.status_code < 400:
        text = f"{where}: the server redirects to {response.headers.get('Location', 'nowhere')}."
        return RemoteError(text, http_status=response.status_code, advice="Use that address as the base URL.")
    return RemoteError(
        f"{where}: refused with status {response.status_code}.", http_status=response.status_code, outcome=outcome
    )


def _issues_of(outcome: Json | None) -> list[Issue]:
    return [
        Issue(
            severity=issue.get("severity", "error"),
            code=issue.get("code", "processing"),
            rule=next((coding.get("code", "") for coding in issue.get("details", {}).get("coding", ())), ""),
            text=issue.get("details", {}).get("text") or issue.get("diagnostics", ""),
            expression=", ".join(issue.get("expression", issue.get("location", ()))),
        )
        for issue in (outcome or {}).get("issue", ())
    ]


def _refused(error: requests.RequestException) -> bool:
    """True when the connection was never made, so that nothing can have been done."""
    return isinstance(error, requests.ConnectionError) and "NewConnectionError" in repr(error)


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not trusted"
    return "no connection"


def _seconds(retry_after: str | None) -> float | None:
    if not retry_after:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return None


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
