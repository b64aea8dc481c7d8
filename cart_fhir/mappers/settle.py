"""After the last row: parts become wholes, colliding keys and dead references refuse their rows, whatever the order.

A row that goes takes with it what it alone made, which may leave other references dead; so this goes round until
nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from cart_fhir.formats import json
from cart_fhir.issues import Issue, Origin
from cart_fhir.mappers.compiled import Make
from cart_fhir.mappers.rules import finding
from cart_fhir.mappers.spool import Spool

RowOrigin = tuple[int, int, str, int, int]  # row id, source, sheet, number, make: as Spool.makers gives them
Place = Callable[[int, str, int], Origin]
Known = Callable[[str], bool]


def settle(spool: Spool, makes: Sequence[Make], types: set[str], place: Place, known: Known) -> list[Issue]:
    """Refuse what cannot stand; the findings.

    `types` are those whose tables were read, `place` names a row, `known` tells of a "Type/id" that is there already.
    """
    spool.bare()
    issues: list[Issue] = []
    while True:
        found = _collisions(spool, makes, place)
        if not found:
            found = _dead_references(spool, makes, types, place, known)
        if not found:
            break
        issues += [issue for told in found.values() for issue in told]
        spool.refuse(found)
    for ref in list(spool.conflicts()):
        make = makes[spool.versions(ref)[0][0]]
        spool.put(ref, json.dumps(make.fill(standing(spool, makes, ref) or {})))
    return issues


def standing(spool: Spool, makes: Sequence[Make], ref: str) -> dict[str, Any] | None:
    """What stands of the versions of a resource: what the newest say, with all entries of the list that is collected.

    None where that is not one thing. Versions without a stamp are all as new. Entries are put in the order of their
    JSON text, so that the order of rows does not matter.
    """
    versions = [(makes[make].collect, json.loads(content), stamp) for make, content, stamp in spool.versions(ref)]
    lists = {collect for collect, _, _ in versions}
    if len(lists) != 1:
        return None
    collect = lists.pop()
    newest = max(stamp for _, _, stamp in versions)
    told = [part for _, part, stamp in versions if stamp == newest]
    rests = [{key: value for key, value in part.items() if key != collect} for part in told]
    if any(rest != rests[0] for rest in rests):
        return None
    entries = {json.dumps(entry): entry for _, part, _ in versions for entry in part.get(collect, [])}
    return {**told[0], collect: [entries[text] for text in sorted(entries)]} if entries else told[0]


def _collisions(spool: Spool, makes: Sequence[Make], place: Place) -> dict[int, list[Issue]]:
    """Rows that describe one resource differently."""
    found: dict[int, list[Issue]] = {}
    for ref in spool.conflicts():
        if standing(spool, makes, ref):
            continue
        rows = spool.makers(ref)
        places = {row: place(source, sheet, number) for row, source, sheet, number, _ in rows}
        for row, origin in places.items():
            others = [str(other) for key, other in places.items() if key != row]
            told = " and ".join(others[:2]) + (f" and {len(others) - 2} more" if len(others) > 2 else "")
            text = f"This row and {told} describe one {ref.split('/')[0]} differently."
            found.setdefault(row, []).append(finding("duplicate-key", text, origin, expression=ref.split("/")[0]))
    return found


def _dead_references(
    spool: Spool, makes: Sequence[Make], types: set[str], place: Place, known: Known
) -> dict[int, list[Issue]]:
    """Rows that refer to a resource which this export should hold and does not."""
    found: dict[int, list[Issue]] = {}
    for ref, target in spool.dangling(types):
        if known(target):
            continue
        kind = target.split("/")[0]
        referring = _elements(spool, ref, target)
        text = f"The {ref.split('/')[0]} refers to a {kind} that no row describes, or whose row is refused."
        for row, source, sheet, number, make in spool.makers(ref):
            columns = {column for path in referring for column in makes[make].columns_of(path).split(", ") if column}
            origin = replace(place(source, sheet, number), column=", ".join(sorted(columns)))
            found.setdefault(row, []).append(finding("reference-missing", text, origin))
    return {row: issues[:1] for row, issues in found.items()}


def _elements(spool: Spool, ref: str, target: str) -> list[str]:
    """The paths of the elements of a resource that refer to `target`, as `Observation.subject`."""
    contents = [json.loads(content) for _, content, _ in spool.versions(ref)]
    named = {key for content in contents for key, value in content.items() if target in str(value)}
    kind = ref.split("/", maxsplit=1)[0]
    return [f"{kind}.{key}" for key in sorted(named)]
