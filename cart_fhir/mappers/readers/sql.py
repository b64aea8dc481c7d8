"""A table of a database as a source: SQLite's file itself (*.sqlite, *.db), or any database by its SQLAlchemy URL.

The URL stands in a small text file, `omop.url`, that only the operator can read; or that file says `env:NAME`, and it
stands in that environment variable. It is never printed, nor is what a driver says of it. Nothing is written: SQLite
is opened read-only, PostgreSQL in a read-only transaction. Options: table (any case), schema. Rows come in the order
of the primary key, else of the first column; cells are as a CSV export would write them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from cart_fhir.errors import ConfigError
from cart_fhir.issues import Origin
from cart_fhir.mappers.readers import Reading, Record, Unreadable
from cart_fhir.mappers.readers.native import cell

FILES = (".url", ".sqlite", ".sqlite3", ".db")
BATCH = 1000


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read one table; a row's number is its place in the table, the origin's sheet is the table."""
    source = Database(path, options)
    return Reading(source.columns, source.records())


@dataclass
class Database:
    """One table of a database, found and named; connections are opened while something is read, and closed."""

    path: Path
    options: Mapping[str, Any]

    def __post_init__(self) -> None:
        wanted = str(self.options.get("table") or "")
        if not wanted:
            raise ConfigError("A database needs the name of a table.", advice="Write read: {table: measurement}.")
        self.schema = str(self.options.get("schema") or "") or None
        with self.connect() as connection:
            self.table = self.find(connection, wanted)
            if self.table is None:
                raise Unreadable(f"The database has no table '{wanted}'.", advice="Name its `schema`, if it has one.")
            self.columns = tuple(self.table.columns.keys())

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        """A connection for reading; whatever goes wrong is told without the URL."""
        engine = _engine(self.path)
        try:
            with engine.connect() as connection:
                if engine.dialect.name == "postgresql":
                    connection.execution_options(postgresql_readonly=True)
                yield connection
        except (SQLAlchemyError, sqlite3.Error, ValueError, OSError) as problem:
            told = type(getattr(problem, "orig", None) or problem).__name__
            raise Unreadable(
                f"The {engine.dialect.name} database cannot be read ({told}).",
                advice="Try the URL with the database's own client: address, user, rights.",
            ) from None
        finally:
            engine.dispose()

    def find(self, connection: sa.Connection, wanted: str) -> sa.Table | None:
        """The table of a name, whatever its case; None where there is none."""
        inspector = sa.inspect(connection)
        names = [*inspector.get_table_names(self.schema), *inspector.get_view_names(self.schema)]
        name = wanted if wanted in names else next((one for one in names if one.lower() == wanted.lower()), None)
        if name is None:
            return None
        keys = set(inspector.get_pk_constraint(name, self.schema)["constrained_columns"] or ())
        # as text, whatever the type: what a driver would make of a damaged date is not asked for
        columns: list[sa.Column[Any]] = [
            sa.Column(one["name"], primary_key=one["name"] in keys) for one in inspector.get_columns(name, self.schema)
        ]
        return sa.Table(name, sa.MetaData(), *columns, schema=self.schema)

    def batches(self, connection: sa.Connection) -> Iterator[list[dict[str, str]]]:
        """The rows, some at a time."""
        assert self.table is not None
        order = list(self.table.primary_key.columns) or list(self.table.columns)[:1]
        rows = connection.execution_options(yield_per=BATCH).execute(sa.select(self.table).order_by(*order))
        for some in rows.partitions():
            yield [{name: cell(value) for name, value in zip(self.columns, row, strict=True)} for row in some]

    def records(self) -> Iterator[Record]:
        """The rows one by one."""
        number = 0
        with self.connect() as connection:
            for batch in self.batches(connection):
                for values in batch:
                    number += 1
                    yield Record(self.origin(number), values)

    def origin(self, number: int) -> Origin:
        """Where a row stands."""
        return Origin(self.path.name, self.table.name if self.table is not None else "", number)

    def has(self, name: str) -> bool:
        """Whether the database has a table of this name."""
        with self.connect() as connection:
            return self.find(connection, name) is not None


def _engine(path: Path) -> sa.Engine:
    url = URL.create("sqlite", database=str(path)) if path.suffix.lower() != ".url" else _url(path)
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        if not file.exists() and (path.parent / file).exists():
            file = path.parent / file
        address = f"file:{quote(str(file.absolute()))}?mode=ro"
        return sa.create_engine(
            "sqlite://", creator=lambda: sqlite3.connect(address, uri=True, timeout=30), poolclass=NullPool
        )
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    try:
        return sa.create_engine(url, poolclass=NullPool)
    except ImportError:
        raise ConfigError(f"The driver for {url.drivername} is not installed.", advice="pip install it.") from None


def _url(path: Path) -> URL:
    try:
        text = path.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError):
        raise Unreadable("The file with the database's URL cannot be read.") from None
    if text.startswith("env:"):
        name = text.removeprefix("env:").strip()
        text = os.environ.get(name, "")
        if not text:
            raise ConfigError(f"The environment variable {name} holds no database URL.")
    try:
        url = make_url(text)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError, ImportError):
        raise Unreadable(
            "The file should hold one database URL, and does not.", advice="As in postgresql://user@host/database"
        ) from None
    return url
