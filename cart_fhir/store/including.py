"""`_include` and `_revinclude`: the resources that matches refer to, or that refer to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Select, and_, select

from cart_fhir.definitions import Registry
from cart_fhir.errors import TooLarge
from cart_fhir.search.parameters import parameters
from cart_fhir.search.query import Include
from cart_fhir.store import reading
from cart_fhir.store.base import Stored
from cart_fhir.store.tables import INDEXES, parameter_numbers, resource

LIMIT = 20_000
"""Included resources of one page; more are refused rather than left out in silence."""
_CHUNK = 500


def included(
    connection: Connection, registry: Registry, includes: Iterable[Include], matches: list[int]
) -> list[Stored]:
    """The resources the includes add to these matches (keys), each once, none of the matches themselves."""
    wanted = list(includes)
    seen = set(matches)
    found: list[int] = []
    fresh = matches
    while fresh and wanted:
        new = {key for include in wanted for key in _step(connection, registry, include, fresh)} - seen
        seen |= new
        fresh = sorted(new)
        found += fresh
        if len(found) > LIMIT:
            raise TooLarge(
                f"The includes add more than {LIMIT} resources to one page.", advice="Ask for a smaller _count."
            )
        wanted = [include for include in wanted if include.iterate]
    stored = reading.by_keys(connection, found)
    return [stored[key] for key in found if key in stored]


def _step(connection: Connection, registry: Registry, include: Include, keys: list[int]) -> Iterator[int]:
    numbers = _numbers(registry, include)
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        wanted = _referring(include, numbers, part) if include.reverse else _referred(include, numbers, part)
        yield from connection.scalars(wanted)


def _numbers(registry: Registry, include: Include) -> list[int]:
    known = parameters(registry).of(include.source)
    wanted = known.values() if include.parameter == "*" else [known[include.parameter]]
    references = [one.parameter for one in wanted if one.parameter.kind == "reference"]
    return [number for one in references for number in parameter_numbers(one, (include.source,))]


def _referred(include: Include, numbers: list[int], keys: list[int]) -> Select[int]:
    row, there = INDEXES["reference"].alias(), resource.alias()
    link = and_(there.c.type == row.c.type, there.c.id == row.c.target, there.c.deleted.is_(False))
    wanted = select(there.c.key).distinct().select_from(row.join(there, link))
    wanted = wanted.where(row.c.resource.in_(keys), row.c.parameter.in_(numbers))
    return wanted.where(there.c.type == include.target) if include.target else wanted


def _referring(include: Include, numbers: list[int], keys: list[int]) -> Select[int]:
    row, here = INDEXES["reference"].alias(), resource.alias()
    link = and_(here.c.type == row.c.type, here.c.id == row.c.target)
    wanted = select(row.c.resource).distinct().select_from(here.join(row, link))
    wanted = wanted.where(here.c.key.in_(keys), row.c.parameter.in_(numbers))
    return wanted.where(here.c.type == include.target) if include.target else wanted
