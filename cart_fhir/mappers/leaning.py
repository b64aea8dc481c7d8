"""The rows that refused rows look into (those with their day 0, say): written with them, so that they run alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from cart_fhir.mappers.feeds import Source
from cart_fhir.mappers.lookups import Rows as Typed
from cart_fhir.mappers.lookups import present
from cart_fhir.mappers.readers import Record
from cart_fhir.mappers.refused import Rows
from cart_fhir.mappers.values import key_text

Keys = dict[tuple[str, tuple[str, ...]], set[tuple[str, ...]]]  # (table, its columns) -> what is looked up there


def leaned_on(rows: Mapping[int, Rows], sources: Iterable[Source], typed: Typed) -> dict[int, Rows]:
    """Of each source (by number) the rows that `rows` look into, and those that these look into in turn.

    The export is read again, twice for each step; nothing is read where no refused row looks anywhere.
    """
    tables = {source.number: source.compiled.table.name for source in sources}
    looking = {source.number for source in sources if source.compiled.lookups}
    found: defaultdict[int, Rows] = defaultdict(set)
    asking = {number: some for number, some in rows.items() if some}
    while any(number in looking for number in asking):
        keys = _keys(asking, typed({tables[number] for number in asking if number in looking}))
        answers = _answers(keys, typed({table for table, _ in keys})) if keys else {}
        asking = {number: some - found[number] for number, some in answers.items() if some - found[number]}
        for number, some in asking.items():
            found[number] |= some
    return dict(found)


def _keys(asking: Mapping[int, Rows], rows: Iterable[tuple[Source, Record, dict[str, Any]]]) -> Keys:
    made: Keys = {}
    for source, record, values in rows:
        if (record.origin.sheet, record.origin.row or 0) not in asking.get(source.number, ()):
            continue
        for lookup in source.compiled.lookups:
            here = [values.get(name) for name in lookup.on]
            if all(map(present, here)):
                place = (lookup.table, tuple(lookup.on.values()))
                made.setdefault(place, set()).add(tuple(key_text(part) for part in here))
    return made


def _answers(keys: Keys, rows: Iterable[tuple[Source, Record, dict[str, Any]]]) -> dict[int, Rows]:
    made: dict[int, Rows] = {}
    for source, record, values in rows:
        for (table, columns), wanted in keys.items():
            there = [values.get(name) for name in columns]
            if table != source.compiled.table.name or not all(map(present, there)):
                continue
            if tuple(key_text(part) for part in there) in wanted:
                made.setdefault(source.number, set()).add((record.origin.sheet, record.origin.row or 0))
    return made
