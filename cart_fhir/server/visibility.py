"""What a caller may see, resource by resource: a reader that leaves out whatever a policy of the application hides.

Everything the server reads goes through `Service.reader` or a transaction of `Service.run`; where policies are set,
both are wrapped here. So a hidden resource is absent from reads, searches, includes, `$everything`, `$journey`, history
and totals alike, pages are filled with what is left, and what a new operation reads is closed too. A policy is asked
`policy(request, stored)` for a version with content and answers True for what may be seen; anything it raises refuses
the request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from cart_fhir.errors import Forbidden, Gone, NotFound
from cart_fhir.search.query import AllOf, AnyOf, Condition, Match, Missing, Not, OnType, Query
from cart_fhir.server.http import Json, Request
from cart_fhir.store.base import Method, Page, Reader, Stored, Transaction, Written

Policy = Callable[[Request, Stored], bool]
_ROWS = 200
_ID = rb"[A-Z][A-Za-z]{1,63}/[A-Za-z0-9\-.]{1,64}"
_REFERENCE = re.compile(rb'"reference":"(?:[^"]{0,2000}/)?(%b)(?:/_history/[^"]*)?"' % _ID)


class Visible:
    """A reader that shows what every policy lets the caller of a request see."""

    def __init__(self, reader: Reader, policies: Sequence[Policy], request: Request) -> None:
        self._reader = reader
        self._policies = policies
        self._request = request

    def read(self, type: str, id: str) -> Stored:
        """The current version; a hidden one is as absent as one that never was."""
        try:
            stored = self._reader.read(type, id)
        except Gone as error:
            if self._last_shown(type, id):
                raise
            raise _absent(type, id) from error
        if not self.allows(stored):
            raise _absent(type, id)
        return stored

    def vread(self, type: str, id: str, version: str) -> Stored:
        """One version, when it and the newest with content may be seen."""
        stored = self._reader.vread(type, id, version)
        if not self._in_history(stored):
            raise _absent(type, id, version)
        return stored

    def search(self, query: Query) -> Page:
        """One page of what may be seen; a total, where it is asked for, counts that alone."""
        if any(_looks_elsewhere(condition) for condition in query.conditions):
            raise Forbidden(
                "Only a resource's own values are searched here: chains, _has, _list ... would tell of what is hidden.",
                advice="Search by parameters without a chain.",
            )
        total = None
        if query.total != "none" or query.count == 0:
            plain = replace(query, page="", includes=(), total="none", summary="", count=_ROWS)
            rows = self._walk("", lambda token: self._found(plain, token), self.allows)
            total = sum(shown for _, _, shown in rows)
        if query.count == 0:
            return Page(total=total, issues=query.issues)
        wanted = replace(query, total="none")
        page = self._page(
            query.page,
            _ROWS if query.count is None else query.count,
            lambda token: self._found(replace(wanted, includes=(), count=_ROWS), token),
            lambda token, rows: self._found(replace(wanted, count=rows), token),
            self.allows,
        )
        included = [one for one in page.included if self.allows(one)]
        return replace(page, included=_connected(page.matches, included), total=total)

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
        """Versions that may be seen, of resources whose newest content may be seen."""

        def fetch(token: str, rows: int) -> Page:
            return self._reader.history(type, id, since=since, at=at, count=rows, page=token)

        found = self._page(page, count or _ROWS, lambda token: fetch(token, _ROWS), fetch, self._in_history)
        if id and type and not found.matches and not self._last_shown(type, id):
            raise _absent(type, id)
        # a number is told only where all of it stands on this page: any other would count what is hidden
        return replace(found, total=None if page or found.next else len(found.matches))

    def allows(self, stored: Stored) -> bool:
        """May this version, which has content, be seen?"""
        return all(policy(self._request, stored) for policy in self._policies)

    def _last_shown(self, type: str, id: str) -> bool:
        """May the newest version with content be seen? True for what never was."""
        try:
            versions = self._reader.history(type, id, count=2).matches
        except NotFound:
            return True
        content = next((one for one in versions if not one.deleted), None)
        return content is not None and self.allows(content)

    def _found(self, query: Query, token: str) -> Page:
        return self._reader.search(replace(query, page=token))

    def _walk(
        self, token: str, fetch: Callable[[str], Page], shows: Callable[[Stored], bool]
    ) -> Iterator[tuple[str, int, bool]]:
        """Every row from a page token on: the token it came by, how many rows after it, and whether it is shown."""
        while True:
            page = fetch(token)
            for index, stored in enumerate(page.matches):
                yield token, index, shows(stored)
            if not page.next:
                return
            token = page.next

    def _in_history(self, stored: Stored) -> bool:
        """A version of a history is shown when the newest content may be seen, and its own where it has any."""
        return self._last_shown(stored.type, stored.id) and (stored.deleted or self.allows(stored))

    def _page(
        self,
        token: str,
        count: int,
        fetch: Callable[[str], Page],
        exactly: Callable[[str, int], Page],
        shows: Callable[[Stored], bool],
    ) -> Page:
        """`count` visible rows from a token on, and a token for the following ones where there are any.

        The last rows are asked for again as a page that ends with them, so that the store itself says where to go on.
        """
        ends: list[tuple[str, int]] = []
        more = False
        for place, index, shown in self._walk(token, fetch, shows):
            if shown and len(ends) == count:
                more = True
                break
            if shown:
                ends.append((place, index))
        if not ends:
            return Page()
        tokens = list(dict.fromkeys(place for place, _ in ends))
        rows = {place: index + 1 for place, index in ends}
        pages = [exactly(place, rows[place]) for place in tokens]
        matches = [one for page in pages for one in page.matches if shows(one)]
        included = list(dict.fromkeys(one for page in pages for one in page.included))
        return Page(matches, included, None, pages[-1].next if more else "", pages[-1].issues)


class VisibleTransaction(Visible):
    """A transaction that reads what the caller may see, and writes over nothing else."""

    def __init__(self, tx: Transaction, policies: Sequence[Policy], request: Request) -> None:
        super().__init__(tx, policies, request)
        self.inner = tx

    def exclusive(self, types: Iterable[str]) -> None:
        """See `Transaction.exclusive`."""
        self.inner.exclusive(types)

    def expect(self, references: Iterable[tuple[str, str]]) -> None:
        """See `Transaction.expect`."""
        self.inner.expect(references)

    def create(self, resource: Json, id: str = "") -> Written:
        """See `Transaction.create`."""
        return self.inner.create(resource, id)

    def update(self, resource: Json, *, expected: str | None = None, method: Method = "PUT") -> Written:
        """See `Transaction.update`; 403 over what is hidden."""
        self._writable(resource["resourceType"], resource["id"])
        return self.inner.update(resource, expected=expected, method=method)

    def delete(self, type: str, id: str, *, expected: str | None = None) -> Stored | None:
        """See `Transaction.delete`; 403 for what is hidden."""
        self._writable(type, id)
        return self.inner.delete(type, id, expected=expected)

    def _writable(self, type: str, id: str) -> None:
        if not self._last_shown(type, id):
            raise Forbidden(f"You may not write {type}/{id}.")


def _absent(type: str, id: str, version: str = "") -> NotFound:
    """What the store says of a resource or version that never was."""
    if version:
        return NotFound(f"There is no version '{version}' of {type}/{id}.")
    return NotFound(f"There is no {type} with the id '{id}'.")


def _looks_elsewhere(condition: Condition) -> bool:
    """May the condition depend on other resources than the one that is found? Only what is known not to is let by."""
    if isinstance(condition, AnyOf | AllOf):
        return any(_looks_elsewhere(one) for one in condition.conditions)
    if isinstance(condition, OnType | Not):
        return _looks_elsewhere(condition.condition)
    return not isinstance(condition, Match | Missing)


def _connected(matches: list[Stored], included: list[Stored]) -> list[Stored]:
    """The included resources that lead to a match, or from one, over resources that are shown themselves."""
    links = {f"{one.type}/{one.id}": _links(one) for one in (*matches, *included)}
    reached = {f"{one.type}/{one.id}" for one in matches}
    fresh = set(reached)
    while fresh:
        onward = {target for name in fresh for target in links[name] & links.keys()}
        back = {name for name, targets in links.items() if targets & fresh}
        fresh = (onward | back) - reached
        reached |= fresh
    return [one for one in included if f"{one.type}/{one.id}" in reached]


def _links(stored: Stored) -> set[str]:
    return {found.decode() for found in _REFERENCE.findall(stored.text)}
