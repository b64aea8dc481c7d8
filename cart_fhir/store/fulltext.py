"""The words of the current versions, for `_text` and `_content`: FTS5 on SQLite, tsvector on PostgreSQL.

Kept only where the store's URL asked for it once (`?full_text=on`), as it makes a bulk load slower: the table is made
then, and a setting tells every later opening. `?full_text=off` drops both.
"""

# ruff: noqa: S608  # what is put into statements as text is ours, the rest are values (clause.py)

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    Table,
    Text,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.exc import OperationalError

from cart_fhir.errors import ConfigError
from cart_fhir.search import fulltext
from cart_fhir.search.query import FullText, Words
from cart_fhir.store.clause import Clause
from cart_fhir.store.inserting import insert
from cart_fhir.store.tables import setting

MARK = "+text1"
"""Ends the signature of an index that has words; the number is to be raised when other words are kept."""

table = Table("full_text", MetaData(), Column("rowid", BigInteger), Column("narrative", Text), Column("content", Text))
"""`rowid` is the resource's key."""

_MAKE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE full_text USING fts5(narrative, content, tokenize='unicode61 remove_diacritics 0')",
    ),
    "postgresql": (
        "CREATE TABLE full_text (rowid bigint PRIMARY KEY REFERENCES resource (key), "
        "narrative tsvector NOT NULL, content tsvector NOT NULL)",
        "CREATE INDEX full_text_narrative ON full_text USING gin (narrative)",
        "CREATE INDEX full_text_content ON full_text USING gin (content)",
    ),
}

Line = tuple[int, str, str]


def prepare(connection: Connection, wanted: str) -> bool:
    """Make or drop the table as `wanted` ("on", "off", "" as it is); whether words are kept."""
    if wanted not in ("", "on", "off"):
        raise ConfigError(f"full_text={wanted} in the store URL is not on or off.")
    there = connection.scalar(select(setting.c.value).where(setting.c.name == "full_text")) is not None
    if wanted == "on" and not there:
        try:
            for statement in _MAKE[connection.dialect.name]:
                connection.exec_driver_sql(statement)
        except OperationalError as problem:
            raise ConfigError("This SQLite has no full text search (FTS5).") from problem
        connection.execute(setting.insert().values(name="full_text", value=MARK))
    elif wanted == "off" and there:
        connection.exec_driver_sql("DROP TABLE full_text")
        connection.execute(delete(setting).where(setting.c.name == "full_text"))
        signature = func.replace(setting.c.value, MARK, "")
        connection.execute(update(setting).where(setting.c.name.startswith("index:")).values(value=signature))
    return wanted == "on" or (there and wanted != "off")


def line(postgres: bool, key: int, resource: dict[str, Any]) -> Line:
    """What is kept of a resource."""
    form = _vector if postgres else " ".join
    return key, form(fulltext.narrative(resource)), form(fulltext.content(resource))


def _vector(words: list[str]) -> str:
    """The words as PostgreSQL writes a tsvector: 'infusion':1,7 'day':2. Words hold letters and digits only."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words, 1):
        places.setdefault(word, []).append(place)
    return " ".join(f"'{word}':{','.join(map(str, found[:255]))}" for word, found in places.items())


def keep(connection: Connection, lines: Iterable[Line]) -> None:
    """Store the lines of resources that have none."""
    insert(connection, table, list(lines))


def forget(connection: Connection, keys: list[int]) -> None:
    """Drop the lines of these resources."""
    connection.execute(delete(table).where(table.c.rowid.in_(keys)))


def erase(connection: Connection, key: int) -> None:
    """Drop the line of a resource, and what FTS5 would keep of its words until segments are merged."""
    forget(connection, [key])
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO full_text (full_text) VALUES ('optimize')")


def keys(condition: FullText, postgres: bool) -> Clause:
    """The keys of the resources that meet the condition, as a sub-select in the language of the database."""
    column = condition.where
    if postgres:
        wanted = " | ".join(_ways(condition, _tsquery, " & "))
        return Clause(f"SELECT rowid FROM full_text WHERE {column} @@ CAST(? AS tsquery)", (wanted,))
    wanted = f"{column} : ({' OR '.join(_ways(condition, _fts5, ' AND '))})"
    return Clause("SELECT rowid FROM full_text WHERE full_text MATCH ?", (wanted,))


def _ways(condition: FullText, form: Any, joint: str) -> list[str]:
    return [f"({joint.join(map(form, way))})" for way in condition.ways]


def _fts5(wanted: Words) -> str:
    return f'"{" ".join(wanted.words)}"{" *" if wanted.prefix else ""}'


def _tsquery(wanted: Words) -> str:
    quoted = [f"'{word}'" for word in wanted.words]
    return f"({' <-> '.join(quoted)}{':*' if wanted.prefix else ''})"
