"""What every store can do: the protocol that server and pipeline are written against.

A store keeps each version of each resource as JSON text, digit for digit, with `meta.versionId` and
`meta.lastUpdated` set by it. Versions count from 1. Changes happen inside a transaction, all or none:

    with store.transaction() as tx:
        written = tx.create({"resourceType": "Patient"})

Errors are those of `cart_fhir.errors`: NotFound, Gone, PreconditionFailed (the expected version is not the current
one), Conflict (another transaction came first; trying again may work), Unavailable (the database does not answer).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

from cart_fhir.formats import json
from cart_fhir.issues import Issue
from cart_fhir.search.query import Query

Json = dict[str, Any]
Method = Literal["POST", "PUT", "PATCH", "DELETE"]
Result = TypeVar("Result")
Progress = Callable[[int, int], None]
"""Told (done, total) as long work goes on."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of one resource. `text` is its JSON as UTF-8 bytes, empty when this version is a deletion."""

    type: str
    id: str
    version: int
    updated: datetime
    method: Method
    text: bytes

    @property
    def deleted(self) -> bool:
        """This version says that the resource is gone."""
        return self.method == "DELETE"

    @property
    def resource(self) -> Json:
        """The resource as a new dict (decimals keep their digits); {} for a deletion."""
        found: Json = json.loads(self.text) if self.text else {}
        return found


@dataclass(frozen=True, slots=True)
class Written:
    """The outcome of a create or update. `changed` is False when the same content was there: no version is made."""

    stored: Stored
    created: bool
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """Part of the answer to a search or history. `next` is the token for the following page, empty on the last."""

    matches: list[Stored] = field(default_factory=list)
    included: list[Stored] = field(default_factory=list)
    total: int | None = None
    next: str = ""
    issues: tuple[Issue, ...] = ()


class Reader(Protocol):
    """Reading: by the store itself (latest committed state) or inside a transaction (with its own changes)."""

    def read(self, type: str, id: str) -> Stored:
        """The current version. NotFound when there never was one, Gone when it is deleted."""

    def vread(self, type: str, id: str, version: str) -> Stored:
        """That version, which may be a deletion (`.deleted`). NotFound otherwise."""

    def search(self, query: Query) -> Page:
        """The resources that meet the query, one page of them. BadRequest when the page token is not for it."""

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
        """Versions, newest first, of one resource, of a type or of everything.

        `since`: made at or after this instant; `at`: current at some time within this interval.
        With an id that never existed: NotFound. `total` is always given.
        """


class Transaction(Reader, Protocol):
    """Changes that take effect together when the `with` block ends, or not at all when it raises."""

    def exclusive(self, types: Iterable[str]) -> None:
        """Wait until no other transaction holds one of these types so, and hold them until the end.

        Whoever searches in order to decide whether to write (conditional create, update, delete) asks for this first,
        once, with every type it will decide on: of two racing conditional creates exactly one then creates.
        """

    def expect(self, references: Iterable[tuple[str, str]]) -> None:
        """Read and lock in one go the (type, id) pairs about to be written; only for speed, for whole bundles."""

    def create(self, resource: Json, id: str = "") -> Written:
        """Store a new resource under the id given (which must be free: Conflict) or under a new random UUID."""

    def update(self, resource: Json, *, expected: str | None = None, method: Method = "PUT") -> Written:
        """Store the next version of `resource` (by its resourceType and id), or the first (update as create).

        `expected` is the version the caller saw: PreconditionFailed when it is not the current one.
        """

    def delete(self, type: str, id: str, *, expected: str | None = None) -> Stored | None:
        """Delete; the version that says so, or None when there was nothing to delete."""


class Store(Reader, Protocol):
    """Where resources live. Safe to use from several threads and processes at once; `close()` when done."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin changes; commit at the end of the `with` block, roll back when it raises."""

    def run(self, work: Callable[[Transaction], Result]) -> Result:
        """Call `work` in a transaction, again (a few times) when it met a Conflict with another transaction."""

    def counts(self) -> Mapping[str, int]:
        """How many resources of each type are there now."""

    def ping(self) -> None:
        """Return when the store answers; Unavailable when it does not."""

    def reindex(self, progress: Progress | None = None) -> int:
        """Bring the search index up to the registry's search parameters; how many resources were done. Resumable."""

    def purge(self, type: str, id: str) -> str:
        """Erase a resource with all its versions, also a deleted one; one line for the audit log, without content.

        NotFound when there never was one, NotSupported by a store that cannot. What refers to it is left as it is.
        """

    def close(self) -> None:
        """Release connections and files."""
