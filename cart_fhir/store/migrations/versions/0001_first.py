"""The first schema: resources, versions, settings and the index of each kind of search parameter."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Frozen: what tables.py said at this step, whatever it says now.
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make all tables."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.schema.CreateSequence(sa.Sequence("version_seq")))
    _resource()
    _version()
    op.create_table("setting", sa.Column("name", TEXT, primary_key=True), sa.Column("value", TEXT, nullable=False))
    _token()
    _string()
    _reference()
    _ranges()
    _index_table("uri", _text("value"))
    op.create_index("uri_by_value", "uri_index", ["parameter", "value", "resource"])


def _resource() -> None:
    op.create_table(
        "resource",
        sa.Column("key", KEY, primary_key=True, autoincrement=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.Column("deleted", sa.Boolean, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("type", "id", name="resource_type_id"),
    )
    op.create_index("resource_by_type", "resource", ["type", "deleted", "key"])
    op.create_index("resource_by_updated", "resource", ["type", "updated"])


def _version() -> None:
    op.create_table(
        "version",
        sa.Column("seq", KEY, primary_key=True, autoincrement=False),
        sa.Column("key", sa.BigInteger, sa.ForeignKey("resource.key"), nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.Column("method", TEXT, nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("key", "version", name="version_of_resource"),
    )
    op.create_index("version_by_type", "version", ["type", "seq"])
    op.create_index("version_by_updated", "version", ["updated"])


def _index_table(kind: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        f"{kind}_index",
        sa.Column("resource", sa.BigInteger, sa.ForeignKey("resource.key"), primary_key=True, autoincrement=False),
        sa.Column("parameter", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("n", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("occurrence", sa.SmallInteger, nullable=False),
        *columns,
        sqlite_with_rowid=False,
    )


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, TEXT, nullable=False)


def _token() -> None:
    _index_table("token", _text("system"), sa.Column("code", TEXT), sa.Column("text", TEXT))
    op.create_index("token_by_code", "token_index", ["parameter", "code", "resource", "system"])


def _string() -> None:
    _index_table("string", _text("folded"), _text("value"))
    prefix = sa.text("substr(folded, 1, 64)")
    op.create_index("string_by_prefix", "string_index", ["parameter", prefix, "resource"])


def _reference() -> None:
    _index_table("reference", _text("type"), _text("target"), _text("url"))
    op.create_index("reference_by_target", "reference_index", ["parameter", "target", "resource", "type"])
    has_url = sa.text("url != ''")
    columns = ["parameter", "url", "resource"]
    op.create_index("reference_by_url", "reference_index", columns, sqlite_where=has_url, postgresql_where=has_url)


def _ranges() -> None:
    whole, real = sa.BigInteger, sa.Double
    _index_table("date", *(sa.Column(name, whole, nullable=False) for name in ("low", "high")))
    op.create_index("date_by_low", "date_index", ["parameter", "low", "high", "resource"])
    op.create_index("date_by_high", "date_index", ["parameter", "high", "resource"])
    _index_table("number", *(sa.Column(name, real, nullable=False) for name in ("low", "high")))
    op.create_index("number_by_low", "number_index", ["parameter", "low", "resource"])
    _index_table(
        "quantity",
        *(sa.Column(name, real, nullable=False) for name in ("low", "high")),
        *map(_text, ("system", "code", "unit")),
        *(sa.Column(name, real) for name in ("base_low", "base_high")),
        sa.Column("base_code", TEXT),
    )
    op.create_index("quantity_by_base", "quantity_index", ["parameter", "base_code", "base_low", "resource"])
