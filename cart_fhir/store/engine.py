"""Connections to SQLite and PostgreSQL, set so that what was answered is kept and nobody waits forever.

SQLite: write-ahead log (readers never wait for the writer), foreign keys on, writers queue for up to `timeout` seconds,
`synchronous=FULL`: each commit is on the disk before the answer, power cuts included (NORMAL would lose the last
commits then; `?synchronous=NORMAL` in the URL takes that for faster small writes). PostgreSQL: read committed with row
locks for writing, repeatable read for searching, lock and statement timeouts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from cart_fhir.errors import CartFHIRError, ConfigError, Conflict, Unavailable

WRITING = "cart_fhir_writing"
"""Execution option of a connection that is going to write."""
ALONE = "cart_fhir_alone"
"""Execution option of a connection that is going to run one statement, which needs no transaction around it."""

_NUMBERS = {"timeout", "pool_size", "statement_timeout"}
_OWN_OPTIONS = {"synchronous", "timeout", "pool_size", "statement_timeout", "full_text"}
_PRAGMAS = ("cache_size=-65536", "wal_autocheckpoint=8000")
"""64 MB of pages in memory; the log is worked into the database every 32 MB, not at nearly every large bundle."""
_LATER = "Try again in a moment."
_SQLITE_SAYS = {
    "unable to open database file": (
        "The file of the database cannot be opened.",
        "Is its folder there, and may this program write to it?",
    ),
    "file is not a database": ("The file that the store names is no SQLite database.", "Name another file."),
    "readonly database": ("The database may not be written.", "Give this program the right to write the file."),
}


def connect(url: str) -> Engine:
    """The engine for `sqlite:///file`, `sqlite://` (memory) or `postgresql://...`.

    Options in the URL's query: `timeout` (seconds to wait for locks, 30), `statement_timeout` (seconds, 60,
    PostgreSQL), `pool_size` (connections kept, 5), `synchronous` (SQLite: FULL, NORMAL, EXTRA or OFF).
    ConfigError when the URL cannot be understood or its driver is not installed.
    """
    try:
        parsed = make_url(url)
        options = {name: str(value) for name, value in parsed.query.items() if name in _OWN_OPTIONS}
        parsed = parsed.difference_update_query(list(_OWN_OPTIONS))
        _check_options(parsed, options)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed, options)
        return _postgresql(parsed, options)
    except (ArgumentError, ImportError, NoSuchModuleError, ValueError) as problem:
        advice = "Install cart-fhir[postgres] for PostgreSQL." if isinstance(problem, ImportError) else ""
        raise ConfigError(f"The store URL cannot be used: {problem}", advice=advice) from problem


def _check_options(rest: URL, options: Mapping[str, str]) -> None:
    """ValueError for an option that says no number where one is needed, or that nobody knows.

    What is left for PostgreSQL is its driver's (sslmode, host ...), which checks it; SQLite's would only grumble.
    """
    if rest.get_backend_name() == "sqlite" and rest.query:
        unknown = ", ".join(sorted(rest.query))
        raise ValueError(f"{unknown} is no option of a store; there are {', '.join(sorted(_OWN_OPTIONS))}")
    for name in _NUMBERS & options.keys():
        if not re.fullmatch(r"\d+(\.\d+)?" if name != "pool_size" else r"\d+", options[name], re.ASCII):
            raise ValueError(f"{name}={options[name]} is no number")


def _sqlite(url: URL, options: dict[str, str]) -> Engine:
    timeout = float(options.get("timeout", "30"))
    synchronous = options.get("synchronous", "FULL").upper()
    if synchronous not in ("FULL", "NORMAL", "EXTRA", "OFF"):
        raise ValueError(f"synchronous={synchronous} is not one of FULL, NORMAL, EXTRA, OFF")
    in_memory = not url.database or url.database == ":memory:"
    # A database in memory lives in its one connection, which threads then take turns with.
    pool = {"pool_size": 1, "max_overflow": 0} if in_memory else {"pool_size": int(options.get("pool_size", "5"))}
    engine = create_engine(
        url.set(drivername="sqlite"),
        poolclass=QueuePool,
        connect_args={"timeout": timeout, "check_same_thread": False},
        pool_timeout=timeout,
        **pool,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # sqlite3 must not begin transactions by itself: `begin` below does
        for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON", *_PRAGMAS):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get(WRITING):
            _begin_writing(connection, timeout)
        elif not options.get(ALONE):
            connection.exec_driver_sql("BEGIN")

    return engine


def _begin_writing(connection: Connection, timeout: float) -> None:
    """Begin as the one writer; another process that writes is waited for by naps of a millisecond.

    SQLite's own naps grow to a tenth of a second, and whoever takes them finds the next writer there again.
    """
    driver = connection.connection.driver_connection
    assert driver is not None
    until = monotonic() + timeout
    driver.execute("PRAGMA busy_timeout=0").close()
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return
            except OperationalError as problem:
                if "locked" not in str(problem.orig) or monotonic() > until:
                    raise
            sleep(0.001)
    finally:
        driver.execute(f"PRAGMA busy_timeout={int(timeout * 1000)}").close()


def _postgresql(url: URL, options: dict[str, str]) -> Engine:
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise ValueError(f"there is no SQL store on {url.get_backend_name()}")
    lock = int(float(options.get("timeout", "30")) * 1000)
    statement = int(float(options.get("statement_timeout", "60")) * 1000)
    settings = f"-c lock_timeout={lock} -c statement_timeout={statement} -c idle_in_transaction_session_timeout=600000"
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=int(options.get("pool_size", "5")),
        max_overflow=10,
        pool_timeout=30,
        pool_pre_ping=True,
        connect_args={"options": settings, "connect_timeout": 10},
    )


@contextmanager
def reading(engine: Engine, *, one_statement: bool = False) -> Iterator[Connection]:
    """A connection that sees one state of the database throughout; for one statement no transaction is begun."""
    with translated(), engine.connect() as connection:
        postgres = engine.dialect.name == "postgresql"
        if one_statement:
            yield connection.execution_options(**({"isolation_level": "AUTOCOMMIT"} if postgres else {ALONE: True}))
        elif postgres:
            yield connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        else:
            yield connection


class Turn:
    """Writers of one process wait in line instead of each asking the database again and again, so that none starves.

    `seconds` as for the database's own lock; 0 lets everybody pass.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn and have it until the end of the block; Conflict when it does not come in time."""
        if not self._seconds:
            yield
        elif self._lock.acquire(timeout=self._seconds):
            try:
                yield
            finally:
                self._lock.release()
        else:
            raise Conflict("Another transaction is changing the same data.", advice=_LATER)


def turn(engine: Engine, url: str) -> Turn:
    """The line of writers that an engine needs: SQLite has one writer at a time, PostgreSQL locks single rows."""
    seconds = float(str(make_url(url).query.get("timeout", "30"))) if engine.dialect.name == "sqlite" else 0.0
    return Turn(seconds)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that commits at the end, or rolls back when the block raises."""
    with translated(), engine.connect() as connection:
        connection = connection.execution_options(**{WRITING: True})
        with connection.begin():
            yield connection


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the database says into our errors; the statement and its values never reach the message."""
    try:
        yield
    except CartFHIRError:
        raise
    except PoolTimeout as problem:
        raise Unavailable("All connections to the database are in use.", advice=_LATER) from problem
    except IntegrityError as problem:
        raise Conflict("Another change of the same resource came first.", advice=_LATER) from problem
    except DBAPIError as problem:
        raise _database_error(problem) from problem
    except SQLAlchemyError as problem:
        raise Unavailable(f"The database does not answer ({type(problem).__name__}).", advice=_LATER) from problem


def _database_error(problem: DBAPIError) -> CartFHIRError:
    state = getattr(problem.orig, "sqlstate", None) or ""
    text = str(problem.orig)
    if state in ("40001", "40P01", "55P03") or "database is locked" in text:
        return Conflict("Another transaction is changing the same data.", advice=_LATER)
    if state == "57014":
        return Unavailable("The database took too long.", advice="Ask for less, or more exactly.")
    if state == "53100" or "disk is full" in text:
        return Unavailable("The disk of the database is full; nothing was changed.")
    for said, (message, advice) in _SQLITE_SAYS.items():
        if said in text:
            return Unavailable(message, advice=advice)
    return Unavailable(
        f"The database does not answer ({type(problem.orig).__name__} {state}).".replace(" )", ")"), advice=_LATER
    )
