"""transaction: all entries of a Bundle, or none, in the order of the specification.

DELETE, then POST, then PUT and PATCH, then GET; references by fullUrl and by search are resolved; every entry runs the
code of its single request inside one store transaction. https://hl7.org/fhir/R4/http.html#trules
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import ParamSpec, TypeVar

from cart_fhir.errors import BadRequest, CartFHIRError, PreconditionFailed
from cart_fhir.server.body import validate
from cart_fhir.server.entries import Entry, named, read_entries, response_bundle
from cart_fhir.server.http import Json, Request, Response
from cart_fhir.server.interactions.conditional import criteria_of, matching, one
from cart_fhir.server.links import linked, point
from cart_fhir.server.service import Service
from cart_fhir.store.base import Transaction

P = ParamSpec("P")
Result = TypeVar("Result")
_ORDER = {"DELETE": 0, "POST": 1, "PUT": 2, "PATCH": 2, "GET": 3, "HEAD": 3}


def transaction(service: Service, request: Request, bundle: Json) -> Response:
    """200 with a transaction-response; any error refuses the whole and names the entry by its index."""
    entries = read_entries(service, request, bundle)
    for entry in entries:
        _require_known(entry)
    # one walk over the bundle: references between entries are checked too, and findings name the entry
    validate(service, _addressable(entries, bundle), request.body)
    for entry in entries:
        if entry.request.resource is not None:
            copy, entry.links = linked(entry.request.resource)
            entry.request = replace(entry.request, resource=copy, checked=True)
    run = Run(service, entries)
    responses = service.run(run.work)
    return response_bundle("transaction", responses, request.base)


def _addressable(entries: list[Entry], bundle: Json) -> Json:
    """The bundle with a fullUrl for every entry, by which validation finds what `Type/id` refers to."""
    rows, taken = [], {entry.full_url for entry in entries}
    for entry, row in zip(entries, bundle.get("entry", ()), strict=True):
        url = _full_url(entry, taken)
        rows.append(row if entry.full_url else {"fullUrl": url, **row})
        taken.add(url)
    return {**bundle, "entry": rows} if rows else bundle


def _full_url(entry: Entry, taken: set[str]) -> str:
    """The address of what the entry updates; one made up where there is none, or where another entry has it."""
    request = entry.request
    resource = request.resource or {}
    if request.method == "PUT" and "/" in request.path and "id" in resource:
        url = f"{request.base}/{resource.get('resourceType')}/{resource['id']}"
        if url not in taken:  # that two entries write one resource is said later, in words of its own
            return url
    return uuid.uuid4().urn


def _require_known(entry: Entry) -> None:
    if not entry.request.path and entry.request.method != "GET":
        raise BadRequest(
            "A bundle inside a bundle is not processed.", expression=f"Bundle.entry[{entry.index}].request.url"
        )


@dataclass
class Run:
    """The work of one transaction; what an attempt finds out is forgotten when the store asks for another."""

    service: Service
    entries: list[Entry]
    targets: dict[str, str] = field(default_factory=dict)
    found: dict[tuple[str, str], str] = field(default_factory=dict)

    def work(self, tx: Transaction) -> list[Response]:
        """Do everything inside the store's transaction; the responses in the order of the request."""
        bound = self.service.within(tx)
        self.targets, self.found = {}, {}
        exclusive = {entry.request.path for entry in self.entries if _searches(entry.request)}
        if exclusive:
            tx.exclusive(sorted(exclusive))
        responses: dict[int, Response] = {}

        def do(entry: Entry, request: Request) -> None:
            responses[entry.index] = _of_entry(entry, bound.shared.dispatch, bound, request)

        for entry in self._with("DELETE"):
            do(entry, entry.request)
        writes = self._with("POST", "PUT", "PATCH")
        requests = {entry.index: _of_entry(entry, self._addressed, bound, entry) for entry in writes}
        self._refuse_overlap(requests)
        tx.expect((made.type, made.id) for made in requests.values() if made.type)
        # a search in a reference may mean what this bundle brings: those entries come after the others
        for entry in sorted(writes, key=lambda entry: any(link.search for link in entry.links)):
            _of_entry(entry, point, entry.links, entry.full_url, self.targets, partial(self._find, bound))
            do(entry, requests[entry.index])
        for entry in self._with("GET", "HEAD"):
            do(entry, entry.request)
        return [responses[entry.index] for entry in self.entries]

    def _with(self, *methods: str) -> list[Entry]:
        chosen = [entry for entry in self.entries if entry.request.method in methods]
        return sorted(chosen, key=lambda entry: _ORDER[entry.request.method])

    def _addressed(self, bound: Service, entry: Entry) -> Request:
        """The entry's request with type and id of what it will write, to which other entries may refer."""
        request = entry.request
        type, _, id = request.path.partition("/")
        if "$" in request.path:
            return request
        if not id:
            criteria = _criteria(request)
            id = self.found.get((type, criteria), "") if criteria else str(uuid.uuid4())
            if not id:
                bound.require_writable(type)
                match = one(bound, type, criteria)
                body_id = (request.resource or {}).get("id", "") if request.method == "PUT" else ""
                id = self.found[type, criteria] = match.id if match else body_id or str(uuid.uuid4())
        if entry.full_url:
            self.targets[entry.full_url] = f"{type}/{id}"
        return replace(request, type=type, id=id)

    def _refuse_overlap(self, requests: Mapping[int, Request]) -> None:
        """400 when two entries write the same resource: what would be left would depend on their order."""
        seen = {entry.request.path: entry.index for entry in self._with("DELETE") if not entry.request.query}
        for index, request in requests.items():
            if not request.id or request.header("if-none-exist"):
                continue
            target = f"{request.type}/{request.id}"
            if target in seen:
                raise BadRequest(
                    f"Entries {seen[target]} and {index} both write {target}.",
                    advice="Put each resource into a transaction once.",
                    expression=f"Bundle.entry[{index}].request.url",
                )
            seen[target] = index

    def _find(self, bound: Service, type: str, criteria: str, path: str) -> str:
        """The one resource that a search in a reference finds; 412 naming the path when it is none or several."""
        key = (type, f"?{criteria}")
        if key not in self.found:
            bound.require_type(type)
            matches = matching(bound, type, criteria)
            if len(matches) != 1:
                raise PreconditionFailed(
                    f"The reference '{type}?{criteria}' finds {'several resources' if matches else 'nothing'}.",
                    advice="It must find exactly one.",
                    expression=path,
                )
            self.found[key] = f"{type}/{matches[0].id}"
        return self.found[key]


def _of_entry(entry: Entry, do: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    """Call, and let an error name the entry it came from."""
    try:
        return do(*args, **kwargs)
    except CartFHIRError as error:
        raise named(error, entry.index) from error


def _criteria(request: Request) -> str:
    """What a conditional create, update or patch searches for; empty for any other request."""
    if request.method == "POST":
        return request.header("if-none-exist")
    return criteria_of(request)


def _searches(request: Request) -> bool:
    """True when a search decides what the request writes."""
    return bool(request.header("if-none-exist")) or bool(request.query and request.method in ("PUT", "PATCH", "DELETE"))
