"""A hint to SQLite's planner: look a resource's own rows up by the resource, not by the parameter.

Where the rows of one given resource are asked for there are a handful; yet SQLite, which has no statistics here,
prefers an index that begins with the parameter when it also orders or bounds the value, and reads the rows of every
resource. A unary plus keeps it from that. PostgreSQL knows better by itself and sees the plain column.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class probed(FunctionElement[int]):  # noqa: N801  # reads as the SQL function it stands for
    """The column, not to be searched by an index of its own."""

    inherit_cache = True
    name = "probed"


def _column(element: probed) -> ColumnElement[Any]:
    column: ColumnElement[Any] = next(iter(element.clauses))
    return column


@compiles(probed)
def _plain(element: probed, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(_column(element), **options)


@compiles(probed, "sqlite")
def _with_plus(element: probed, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{compiler.process(_column(element), **options)}"
