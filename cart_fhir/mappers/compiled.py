"""A table of a map made ready to run: its row schema and its `make` entries as functions of a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cart_fhir.formats import json
from cart_fhir.mappers import plausibility
from cart_fhir.mappers.body import Compiler, Evaluate, blame
from cart_fhir.mappers.filling import Fill
from cart_fhir.mappers.functions import Row, Site, truth
from cart_fhir.mappers.mapspec import Lookup, MapSpec, Table
from cart_fhir.mappers.placing import KIND_OF_COLUMN
from cart_fhir.mappers.schema import RowSchema
from cart_fhir.mappers.shapes import Shapes
from cart_fhir.mappers.values import Missing, Refused, key_text
from cart_fhir.mappers.yamltree import Section


@dataclass(frozen=True)
class Made:
    """One resource that a row made: "Type/id", its JSON, which `make` entry made it, what it refers to."""

    ref: str
    make: int
    content: bytes
    needs: frozenset[str]
    stamp: str = ""  # when it was said, so that it sorts; empty where all rows must agree


@dataclass
class Make:
    """One entry of `make`: which resources a row becomes."""

    resource: str
    profile: str
    collect: str
    line: int
    columns: frozenset[str]  # names of the map that it uses
    spread: Mapping[str, Sequence[str]]  # name -> the columns of the file behind it
    keys: frozenset[str]  # names that its key is made of
    holes: list[str]  # its key as the map writes it
    elements: Mapping[str, frozenset[str]]  # element of the body -> the names it is made of
    key: list[Evaluate]
    each: Callable[[Row], list[Row]]
    when: Evaluate | None
    body: Evaluate
    identifier: str  # "one", "many", or "" where the type has none or the body gives the only one
    fill: Fill
    newest: list[Evaluate] = field(default_factory=list)  # by what the row is known that stands, where they differ
    number: int = 0

    def run(self, row: Row) -> Iterator[Made]:
        """The resources of a row; Refused when it cannot be mapped."""
        for one in self.each(row):
            if self.when is None or truth(self.when(one)):
                yield self._resource(one)

    def columns_of(self, path: str) -> str:
        """The columns behind an element named by FHIRPath or id (`Observation.value[x].code`); empty when unknown."""
        return ", ".join(sorted({column for key in self._keys(path) for column in self.cells(self.elements[key])}))

    def lacking(self, path: str) -> str:
        """A sentence about where an element that is required and not there should have come from."""
        if not self._keys(path):
            return f"The map has no line for it: add one to the resource in line {self.line}."
        columns = self.columns_of(path)
        return f"The map makes it of {columns}." if columns else "The map makes it of no column."

    def _keys(self, path: str) -> list[str]:
        """The elements of the map that make the one of this path: itself, or a type of a choice (`valueQuantity`)."""
        name = re.split(r"[\[:]", path.split(".")[1])[0] if "." in path else ""
        if name in self.elements or not name:
            return [name] if name else []
        return [key for key in self.elements if key.startswith(name) and key[len(name)].isupper()]

    def cells(self, names: Iterable[str]) -> set[str]:
        """The columns of the file behind names of the map; a variable of `each` stands for all of its columns."""
        return {column for name in names for column in self.spread.get(name, ())}

    def _resource(self, row: Row) -> Made:
        key = self._key(row)
        identity = row.site.identity
        row.references.clear()
        body = self.body(row) or {}
        made: dict[str, Any] = {"resourceType": self.resource, "id": identity.id(self.resource, key)}
        if self.identifier:
            identifier = identity.identifier(self.resource, key)
            many = self.identifier == "many"
            made["identifier"] = [identifier, *body.pop("identifier", [])] if many else identifier
        filled = self.fill({**made, **body})
        if self.resource == "Observation" and (told := plausibility.doubt(filled)):
            row.warnings.append(
                Refused("implausible", told, blame(row, self.elements.get("valueQuantity", frozenset())))
            )
        if row.site.deid:
            filled = row.site.deid(filled, key[0], identity.identifier(self.resource, key))
        ref = f"{self.resource}/{made['id']}"
        stamp = " ".join(_moment(evaluate(row)) for evaluate in self.newest)
        return Made(ref, self.number, json.dumps(filled), frozenset(row.references), stamp)

    def _key(self, row: Row) -> list[str]:
        parts = [evaluate(row) for evaluate in self.key]
        for part, hole in zip(parts, self.holes, strict=True):
            if part is None or isinstance(part, Missing):
                name = hole.removeprefix("=").strip("[]")
                told = f"The {self.resource} has no key: {name} is empty, or its table has no such row."
                raise Refused("value-required", told, row.sources.get(name, ""))
        return [key_text(part) for part in parts]


def _moment(value: Any) -> str:
    """A value as text that sorts: instants in UTC, nothing before all else."""
    text = "" if value is None or isinstance(value, Missing) else key_text(value)
    if "T" not in text:
        return text
    try:
        return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    except ValueError:
        return text


@dataclass
class Compiled:
    """One table, ready to run."""

    table: Table
    schema: RowSchema
    makes: list[Make]
    skip: Evaluate | None
    lookups: list[Lookup] = field(default_factory=list)  # those that the table makes use of
    dates: list[str] = field(default_factory=list)
    deciding: frozenset[str] = frozenset()  # the file's columns that say whether a row is left out

    def __post_init__(self) -> None:
        self._sources = {column.name: column.source or column.name for column in self.table.columns}
        times = Counter(self._sources.values())
        # of columns that share a cell each goes by its own name, as the file's would not tell them apart
        self._labels = {name: source if times[source] == 1 else name for name, source in self._sources.items()}
        for lookup in self.lookups:  # what was looked up wrongly is wrong in the columns that it was looked up by
            self._sources[lookup.name] = self.looked_up_by(lookup)

    def looked_up_by(self, lookup: Lookup) -> str:
        """The columns of the file that a value of another table is found by."""
        return ", ".join(self._sources.get(name, name) for name in lookup.on)

    def row(self, site: Site, values: dict[str, Any]) -> Row:
        """A row of typed values, knowing the columns they came from."""
        return Row(site, values, self._sources, self._labels)


def compile_table(
    table: Table, spec: MapSpec, site: Site, shapes: Shapes, fill: Callable[[str], Fill]
) -> tuple[Compiled, list[Any]]:
    """The table ready to run, and the problems of its holes and bodies."""
    names = [column.name for column in table.columns] + [lookup.name for lookup in table.lookups]
    kinds = {column.name: KIND_OF_COLUMN.get(column.type, "") for column in table.columns}
    compiler = Compiler(shapes, {**dict.fromkeys(names, ""), **kinds}, spec.code_tables)
    _check_columns(table, spec, names, compiler)
    skip = compiler.value(table.skip, table.line) if table.skip else None
    used = set(compiler.used)
    deciding = frozenset(column.source or column.name for column in table.columns if column.name in used)
    sources = {column.name: column.source or column.name for column in table.columns}
    makes = [_make(node, compiler, shapes, fill, sources) for node in table.make]
    used |= {name for make in makes for name in make.columns} | {column.anchor for column in table.columns}
    used |= {name for lookup in table.lookups for name in lookup.on}
    lookups = [lookup for lookup in table.lookups if lookup.name in used]
    dates = [column.name for column in table.columns if column.type in ("date", "datetime", "relative-day")]
    looked_up = {lookup.name: ", ".join(sources.get(name, name) for name in lookup.on) for lookup in table.lookups}
    schema = RowSchema(table.columns, site.units, looked_up)
    return Compiled(table, schema, makes, skip, lookups, dates, deciding), compiler.problems


def _behind(name: str, sources: Mapping[str, str], variables: Mapping[str, Sequence[str]]) -> list[str]:
    """The columns of the file behind a name of the map; a lookup has none here."""
    return [sources[one] for one in variables.get(name, [name]) if one in sources]


def _make(
    node: Section, compiler: Compiler, shapes: Shapes, fill: Callable[[str], Fill], sources: Mapping[str, str]
) -> Make:
    resource = str(node["resource"])
    if not shapes.is_resource(resource):
        compiler.wrong(f"'{resource}' is no resource type of R4.", node.at("resource"))
    compiler.used = set()
    each = compiler.each(node.get("each"), node.at("each"))
    key = node.get("key") or []
    key = key if isinstance(key, list) else [key]
    holes, parts = [str(part) for part in key], [compiler.value(part, node.at("key")) for part in key]
    keys = frozenset(compiler.used)
    when = compiler.value(node["when"], node.at("when")) if "when" in node else None
    newest = node.get("newest") or []
    newest = [compiler.value(part, node.at("newest")) for part in (newest if isinstance(newest, list) else [newest])]
    body = node.get("body")
    if not isinstance(body, Section):
        body = Section(node.line)
    evaluate = compiler.top(body, resource)
    compiler.leave(node.get("each"))
    collect = str(node.get("collect") or "")
    if collect and not (shapes.element(resource, collect) or ("", False))[1]:
        compiler.wrong(f"{resource}.{collect} does not repeat: it cannot be collected.", node.at("collect"))
    profile = str(node.get("profile") or "")
    columns = frozenset(compiler.used)
    elements = dict(compiler.elements)
    spread = {name: _behind(name, sources, compiler.variables) for name in columns}
    return Make(
        resource, profile, collect, node.line, columns, spread, keys, holes, elements, parts, each, when, evaluate,
        _identifier(body, resource, shapes), fill(profile), newest,
    )  # fmt: skip


def _identifier(body: Mapping[str, Any], resource: str, shapes: Shapes) -> str:
    found = shapes.element(resource, "identifier")
    if found is None or ("identifier" in body and not found[1]):
        return ""
    return "many" if found[1] else "one"


def _check_columns(table: Table, spec: MapSpec, names: list[str], compiler: Compiler) -> None:
    """Anchors and lookups must name things that are there."""
    for column in table.columns:
        if column.anchor and column.anchor not in names:
            compiler.wrong(f"The anchor of '{column.name}' is no column or lookup here.", column.line or table.line)
        if column.calendar not in ("infusion", "sdtm"):
            compiler.wrong("A calendar is 'infusion' (day 0) or 'sdtm' (no day 0).", column.line or table.line)
    others = {other.name: {column.name for column in other.columns} for other in spec.tables}
    for lookup in table.lookups:
        there = others.get(lookup.table)
        if there is None:
            compiler.wrong(f"There is no table '{lookup.table}' to look up in.", lookup.line)
            continue
        for name in (lookup.take, *lookup.on.values()):
            if name not in there:
                compiler.wrong(f"The table '{lookup.table}' has no column '{name}'.", lookup.line)
        for name in (*lookup.on, *lookup.by):
            if name not in names:
                compiler.wrong(f"There is no column '{name}' here to look up by.", lookup.line)
        if lookup.which not in ("only", "first", "last"):
            compiler.wrong("'which' is only, first or last.", lookup.line)
