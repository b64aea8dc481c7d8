"""Which profiles, tags and security labels the resources of some types bear, read from the index alone."""

# ruff: noqa: S608  # what is put into statements as text is ours (clause.py)

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from cart_fhir.store.base import Json
from cart_fhir.store.clause import Clause, ask, one_of
from cart_fhir.store.tables import parameter_number


def labels(connection: Connection, types: Iterable[str]) -> Json:
    """A Meta with every profile, security label and tag in use, each once and in order; displays are not kept there."""
    wanted = list(types)

    def rows(columns: str, table: str, code: str) -> list[tuple[str, ...]]:
        where = one_of("parameter", [parameter_number(type, code) for type in wanted])
        found = ask(connection, Clause(f"SELECT DISTINCT {columns} FROM {table} WHERE {where}"))
        return sorted(tuple(row) for row in found if None not in row)

    def codings(name: str) -> list[Json]:
        pairs = rows("system, code", "token_index", name)
        return [{"system": system, "code": code} if system else {"code": code} for system, code in pairs]

    if not wanted:
        return {}
    made = {
        "profile": [url for (url,) in rows("value", "uri_index", "_profile")],
        "security": codings("_security"),
        "tag": codings("_tag"),
    }
    return {name: found for name, found in made.items() if found}
