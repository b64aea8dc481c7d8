"""The one schema of the SQL store, for SQLite and PostgreSQL.

    resource    the current state: one row for each (type, id), deleted ones too
    version     every version ever written, with its JSON text; never changed
    <kind>_index   one row for each value of each search parameter of the current version (`search.rows`)
    setting     the schema's version, the secret of page tokens, how far a reindex came

`seq` numbers all versions in the order written; a resource's `key` is the seq of its first version. Times are
microseconds since 1970. A parameter is its 48-bit number (`parameter_number`), so that no row repeats its name.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    event,
    func,
    literal_column,
)

from cart_fhir.search.query import Parameter

metadata = MetaData()

# Code points in order on both databases, as range conditions on text need.
TEXT = String().with_variant(String(collation="C"), "postgresql")
KEY = BigInteger().with_variant(Integer(), "sqlite")  # INTEGER PRIMARY KEY is SQLite's row id
PREFIX = 64
"""How many characters of a folded string are in its database index."""

sequence = Sequence("version_seq", metadata=metadata)

resource = Table(
    "resource",
    metadata,
    Column("key", KEY, primary_key=True, autoincrement=False),
    Column("type", TEXT, nullable=False),
    Column("id", TEXT, nullable=False),
    Column("version", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    UniqueConstraint("type", "id", name="resource_type_id"),
    Index("resource_by_type", "type", "deleted", "key"),
    Index("resource_by_updated", "type", "updated"),
)

version = Table(
    "version",
    metadata,
    Column("seq", KEY, primary_key=True, autoincrement=False),
    Column("key", BigInteger, ForeignKey("resource.key"), nullable=False),
    Column("type", TEXT, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("method", TEXT, nullable=False),
    Column("text", LargeBinary, nullable=False),
    UniqueConstraint("key", "version", name="version_of_resource"),
    Index("version_by_type", "type", "seq"),
    Index("version_by_updated", "updated"),
)

setting = Table(
    "setting",
    metadata,
    Column("name", TEXT, primary_key=True),
    Column("value", TEXT, nullable=False),
)


def _index_table(kind: str, *columns: Column[object]) -> Table:
    """An index table, stored in the order of the resources so that a bulk load appends."""
    return Table(
        f"{kind}_index",
        metadata,
        Column("resource", BigInteger, ForeignKey("resource.key"), primary_key=True, autoincrement=False),
        Column("parameter", BigInteger, primary_key=True, autoincrement=False),
        Column("n", SmallInteger, primary_key=True, autoincrement=False),
        Column("occurrence", SmallInteger, nullable=False),
        *columns,
        sqlite_with_rowid=False,
    )


def _text(name: str) -> Column[object]:
    return Column(name, TEXT, nullable=False)


def _number(name: str, nullable: bool = False) -> Column[object]:
    return Column(name, Double, nullable=nullable)


token = _index_table("token", _text("system"), Column("code", TEXT), Column("text", TEXT))
Index("token_by_code", token.c.parameter, token.c.code, token.c.resource, token.c.system)

string = _index_table("string", _text("folded"), _text("value"))
string_prefix = func.substr(string.c.folded, literal_column("1"), literal_column(str(PREFIX)))
Index("string_by_prefix", string.c.parameter, string_prefix, string.c.resource)

reference = _index_table("reference", _text("type"), _text("target"), _text("url"))
Index("reference_by_target", reference.c.parameter, reference.c.target, reference.c.resource, reference.c.type)
Index(
    "reference_by_url",
    reference.c.parameter,
    reference.c.url,
    reference.c.resource,
    sqlite_where=reference.c.url != "",
    postgresql_where=reference.c.url != "",
)

date = _index_table("date", Column("low", BigInteger, nullable=False), Column("high", BigInteger, nullable=False))
Index("date_by_low", date.c.parameter, date.c.low, date.c.high, date.c.resource)
Index("date_by_high", date.c.parameter, date.c.high, date.c.resource)

number = _index_table("number", _number("low"), _number("high"))
Index("number_by_low", number.c.parameter, number.c.low, number.c.resource)

quantity = _index_table(
    "quantity",
    _number("low"),
    _number("high"),
    _text("system"),
    _text("code"),
    _text("unit"),
    _number("base_low", nullable=True),
    _number("base_high", nullable=True),
    Column("base_code", TEXT),
)
Index("quantity_by_base", quantity.c.parameter, quantity.c.base_code, quantity.c.base_low, quantity.c.resource)

uri = _index_table("uri", _text("value"))
Index("uri_by_value", uri.c.parameter, uri.c.value, uri.c.resource)

STATISTICS = (
    "CREATE STATISTICS token_of_parameter (dependencies, mcv) ON parameter, code, system FROM token_index",
    "CREATE STATISTICS reference_of_parameter (dependencies) ON parameter, target, type FROM reference_index",
    "ALTER TABLE token_index ALTER parameter SET STATISTICS 300, ALTER code SET STATISTICS 300",
)
"""PostgreSQL: a code goes with its parameter. A planner that does not know takes hundreds of rows for one."""

for statement in STATISTICS:
    make = DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy has no types for it
    event.listen(metadata, "after_create", make.execute_if(dialect="postgresql"))

INDEXES: dict[str, Table] = {
    "token": token,
    "string": string,
    "reference": reference,
    "date": date,
    "number": number,
    "quantity": quantity,
    "uri": uri,
}
"""Kind of row (`search.rows.COLUMNS`) -> its table."""


def parameter_numbers(parameter: Parameter, types: tuple[str, ...], suffix: str = "") -> list[int]:
    """The numbers under which the rows of a parameter stand, for resources of these types."""
    pairs = [pair for pair in parameter.rows if pair[0] in types] or [(type, parameter.code) for type in types]
    return [parameter_number(type, code + suffix) for type, code in pairs]


@lru_cache(maxsize=8192)
def parameter_number(type_name: str, code: str) -> int:
    """The number that stands for a parameter of a type in every database: 48 bits of a hash of its name."""
    return int.from_bytes(blake2b(f"{type_name}.{code}".encode(), digest_size=6).digest())
