"""Bringing the index up to the search parameters: type by type, in steps that are each complete and can be resumed.

The store remembers for each type the signature of the search parameters its rows were made by. A reindex of a type
goes through its resources by key; how far it came is a setting too, written with each step, so that a reindex that was
killed goes on where it stood.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Engine, delete, func, select, update

from cart_fhir.definitions import Registry
from cart_fhir.formats import json
from cart_fhir.search.index import Indexer
from cart_fhir.search.parameters import parameters
from cart_fhir.store import fulltext
from cart_fhir.store.base import Progress
from cart_fhir.store.engine import reading, writing
from cart_fhir.store.inserting import insert
from cart_fhir.store.lines import numbered
from cart_fhir.store.tables import INDEXES, resource, setting, version

STEP = 500
"""Resources of one transaction."""


def signature(registry: Registry, type: str, full_text: bool) -> str:
    """What the index of a type depends on."""
    return parameters(registry).signature(type) + (fulltext.MARK if full_text else "")


def stale(engine: Engine, registry: Registry, full_text: bool) -> list[str]:
    """The types with resources whose index was made by other search parameters."""
    with reading(engine) as connection:
        types = connection.scalars(select(resource.c.type).distinct().order_by(resource.c.type)).all()
        known = _settings(connection, "index:")
    return [type for type in types if known.get(type) != signature(registry, type, full_text)]


def note_first(connection: Connection, registry: Registry, types: Iterable[str], full_text: bool) -> None:
    """Remember the signature of types that have no resource yet and are about to get one."""
    for type in types:
        name = f"index:{type}"
        if connection.scalar(select(setting.c.value).where(setting.c.name == name)) is not None:
            continue
        if connection.scalar(select(resource.c.key).where(resource.c.type == type).limit(1)) is None:
            _set(connection, name, signature(registry, type, full_text))


def reindex(engine: Engine, registry: Registry, indexer: Indexer, progress: Progress | None, full_text: bool) -> int:
    """Index the stale types anew; how many resources were done now."""
    types = stale(engine, registry, full_text)
    with reading(engine) as connection:
        wanted = select(func.count()).select_from(resource)
        total = connection.scalar(wanted.where(resource.c.type.in_(types), resource.c.deleted.is_(False))) or 0
    done = 0
    for type in types:
        wanted_signature = signature(registry, type, full_text)
        while True:
            with writing(engine) as connection:
                count = _step(connection, indexer, type, wanted_signature, full_text)
            done += count
            if progress:
                progress(done, total)
            if count < STEP:
                break
    return done


def _step(connection: Connection, indexer: Indexer, type: str, signature: str, full_text: bool) -> int:
    """Index the next resources of the type and note how far that came; after the last, note the signature."""
    mark = f"reindex:{type}"
    said = connection.scalar(select(setting.c.value).where(setting.c.name == mark)) or ""
    made_by, _, last = said.partition(" ")
    after = int(last) if made_by == signature else -1  # begun for other parameters: from the start
    wanted = select(resource.c.key, version.c.text).join_from(resource, version, version.c.seq == resource.c.seq)
    wanted = wanted.where(resource.c.type == type, resource.c.deleted.is_(False), resource.c.key > after)
    rows = connection.execute(wanted.order_by(resource.c.key).limit(STEP).with_for_update(of=resource)).all()
    for table in INDEXES.values():
        connection.execute(delete(table).where(table.c.resource.in_([row.key for row in rows])))
    resources = [(row.key, json.loads(bytes(row.text))) for row in rows]
    if full_text:
        postgres = connection.dialect.name == "postgresql"
        fulltext.forget(connection, [key for key, _ in resources])
        fulltext.keep(connection, (fulltext.line(postgres, key, found) for key, found in resources))
    found = [numbered(key, type, indexer.rows(one)) for key, one in resources]
    for kind, table in INDEXES.items():
        lines = [line for one in found for line in one.get(kind, ())]
        insert(connection, table, lines)
    if len(rows) == STEP:
        _set(connection, mark, f"{signature} {rows[-1].key}")
    else:
        connection.execute(delete(setting).where(setting.c.name == mark))
        _set(connection, f"index:{type}", signature)
    return len(rows)


def _set(connection: Connection, name: str, value: str) -> None:
    if not connection.execute(update(setting).where(setting.c.name == name).values(value=value)).rowcount:
        connection.execute(setting.insert().values(name=name, value=value))


def _settings(connection: Connection, prefix: str) -> dict[str, str]:
    wanted = select(setting.c.name, setting.c.value).where(setting.c.name.startswith(prefix))
    return {row.name.removeprefix(prefix): row.value for row in connection.execute(wanted)}
