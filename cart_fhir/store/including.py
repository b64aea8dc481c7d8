"""`_include` and `_revinclude`: the resources that matches refer to, or that refer to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from cart_fhir.definitions import Registry
from cart_fhir.errors import TooLarge
from cart_fhir.search.parameters import parameters
from cart_fhir.search.query import Include
from cart_fhir.store import reading
from cart_fhir.store.base import Stored
from cart_fhir.store.clause import FALSE, TRUE, Clause, among, ask, compared, every, one_of
from cart_fhir.store.tables import parameter_numbers

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
    return reading.by_keys(connection, found)


def _step(connection: Connection, registry: Registry, include: Include, keys: list[int]) -> Iterator[int]:
    direction, target = (_REFERRING, "here") if include.reverse else (_REFERRED, "there")
    numbers = _numbers(registry, include)
    of_parameter = TRUE if numbers is None else Clause(one_of("link.parameter", numbers)) if numbers else FALSE
    of_target = compared(f"{target}.type", "=", include.target) if include.target else TRUE
    for start in range(0, len(keys), _CHUNK):
        wanted = every(among("here.key", keys[start : start + _CHUNK]), of_parameter, of_target)
        yield from (row[0] for row in ask(connection, Clause(f"{direction} WHERE {wanted.text}", wanted.values)))


_REFERRED = (
    "SELECT DISTINCT there.key FROM resource AS here JOIN reference_index AS link ON link.resource = here.key"
    " JOIN resource AS there ON there.type = link.type AND there.id = link.target AND there.deleted = FALSE"
)
_REFERRING = (
    "SELECT DISTINCT link.resource FROM resource AS here"
    " JOIN reference_index AS link ON link.type = here.type AND link.target = here.id"
)


def _numbers(registry: Registry, include: Include) -> list[int] | None:
    """The parameters to follow; None for any at all."""
    if include.source == "*" and not include.reverse:
        return None
    sources = registry.resource_types if include.source == "*" else [include.source]
    return [
        number
        for source in sources
        for code, one in parameters(registry).of(source).items()
        if include.parameter in ("*", code) and one.parameter.kind == "reference"
        for number in parameter_numbers(one.parameter, (source,))
    ]
