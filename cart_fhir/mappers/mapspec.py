"""A map file as data: what `tables`, `columns` and `make` say, checked, every problem told with its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cart_fhir.errors import ConfigError
from cart_fhir.issues import Issue
from cart_fhir.mappers import fields, yamltree
from cart_fhir.mappers.codes import CodeTable
from cart_fhir.mappers.fields import Column
from cart_fhir.mappers.parts import Part, patterns_of
from cart_fhir.mappers.wanted import Wanted
from cart_fhir.mappers.yamltree import Items, Section

_TOP = (
    "map",
    "name",
    "version",
    "source",
    "empty",
    "missing",
    "units",
    "identity",
    "deid",
    "derive",
    "lookup",
    "tables",
)
_TABLE = ("file", "read", "columns", "lookup", "skip", "make")
_SOURCE = (
    "system", "records", "codes", "name", "uri", "zone", "format", "encoding", "delimiter", "quote", "decimal",
    "thousands", "dates", "exported", "header", "skip", "sheet",
)  # fmt: skip
_COLUMN = (
    "type", "from", "required", "formats", "decimal", "thousands", "zone", "min", "max", "low", "high", "map", "system",
    "unmapped", "part", "values", "yes", "no", "unit", "anchor", "calendar", "empty", "missing", "optional",
    "separator",
)  # fmt: skip
_MAKE = ("resource", "profile", "key", "newest", "when", "each", "collect", "body")
_DEID = ("birthDate", "dates", "window", "text", "extensions")
_LOOKUP = ("table", "take", "on", "which", "by")
_REASONS = frozenset(
    {
        "unknown", "asked-unknown", "temp-unknown", "not-asked", "asked-declined", "masked", "not-applicable",
        "unsupported", "as-text", "error", "not-a-number", "negative-infinity", "positive-infinity", "not-performed",
        "not-permitted",
    }
)  # fmt: skip
_YES: dict[str, tuple[str, ...]] = {"plus-minus": ("+",), "boolean": ("true", "yes", "1")}
_NO: dict[str, tuple[str, ...]] = {"plus-minus": ("-", "−", "–"), "boolean": ("false", "no", "0")}


@dataclass(frozen=True)
class Lookup:
    """Cells of another table: the value of `take` in its row whose columns equal this row's (`on`: here -> there).

    Of several values the `which`; with `by` (date columns of this table) the last that is not after this row's date.
    """

    name: str
    table: str
    take: str
    on: Mapping[str, str]
    which: str
    by: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Table:
    """One table of an export: which files hold it, its columns, what rows become."""

    name: str
    files: tuple[str, ...]
    options: Mapping[str, Any]
    columns: tuple[Column, ...]
    lookups: tuple[Lookup, ...]
    skip: Any
    make: tuple[Section, ...]
    line: int


@dataclass(frozen=True)
class MapSpec:
    """A whole map file."""

    path: Path
    name: str
    version: str
    source: Section
    units: Path | None
    private: bool
    deid: Mapping[str, Any]
    derive: Wanted
    tables: tuple[Table, ...]
    code_tables: Mapping[str, CodeTable]


@dataclass
class Parser:
    """Reads the tree of a map file; `problems` collects everything wrong, so that one run tells all of it."""

    path: Path
    local: Callable[[str], str]
    problems: list[Issue] = field(default_factory=list)
    code_tables: dict[str, CodeTable] = field(default_factory=dict)

    def wrong(self, text: str, line: int, advice: str = "") -> None:
        """Note a problem."""
        self.problems.append(yamltree.problem(text, line, advice))

    def parse(self) -> MapSpec:
        """The map; ConfigError with every problem when there are any."""
        tree = yamltree.load(self.path)
        if tree.get("map") != 1:
            raise yamltree.wrong("A map file starts with 'map: 1' (its format's version).", tree.at("map"))
        if "tables" not in tree and "columns" in tree:
            tree = _single_table(tree, self.path.stem)
        self._expect(tree, _TOP, "a map")
        source = self._section(tree, "source", tree.line)
        self._expect(source, _SOURCE, "source")
        if not source.get("system"):
            self.wrong("'source' needs 'system': the URL under which this centre numbers its patients.", source.line)
        shared = self._shared(tree, source)
        self._side_tables()
        sections = self._section(tree, "tables", tree.line)
        shared["lookups"] = self._lookups(tree)
        tables = tuple(self._table(name, node, sections.at(name), shared, source) for name, node in sections.items())
        units = self.path.parent / str(tree["units"]) if tree.get("units") else None
        deid = self._section(tree, "deid", tree.line) if tree.get("deid") else Section()
        self._expect(deid, _DEID, "deid")
        return MapSpec(
            self.path, str(tree.get("name") or self.path.stem), str(tree.get("version") or "1"), source, units,
            tree.get("identity") == "private" or bool(deid), deid, self._derive(tree), tables, self.code_tables,
        )  # fmt: skip

    def _derive(self, tree: Section) -> Wanted:
        """What to derive; a list of words, or words with their limits."""
        try:
            return Wanted.of(tree.get("derive") or [])
        except ValueError as bad:
            self.wrong(str(bad), tree.at("derive"))
            return Wanted()

    def _side_tables(self) -> None:
        """Every code table (CSV or ConceptMap) beside the map, or in `codes/` there, by its name."""
        folder = self.path.parent
        found = [path for end in ("csv", "json") for path in (*folder.glob(f"*.{end}"), *folder.glob(f"codes/*.{end}"))]
        for path in sorted(found):
            if _is_code_table(path):
                try:
                    self.code_tables[path.name] = CodeTable.read(path, self.local)
                except ConfigError as bad:
                    self.wrong(bad.message, 1)

    def _shared(self, tree: Section, source: Section) -> dict[str, Any]:
        """What columns inherit from the map."""
        zone = self._zone(source.get("zone"), source.at("zone"))
        missing = tree.get("missing") or {}
        for reason in missing.values() if isinstance(missing, dict) else ():
            if str(reason) not in _REASONS:
                self.wrong(f"'{reason}' is no reason of FHIR's data-absent-reason.", tree.at("missing"))
        return {
            "decimal": str(source.get("decimal") or "."),
            "thousands": str(source.get("thousands") or ""),
            "formats": self._formats(source.get("dates"), source.at("dates")),
            "zone": zone,
            "empty": frozenset({"", *map(str, tree.get("empty") or ())}),
            "missing": {str(key): str(value) for key, value in missing.items()},
            "system": codes_system(source),
        }

    def _table(self, name: str, node: Any, line: int, shared: dict[str, Any], source: Section) -> Table:
        if not isinstance(node, Section):
            self.wrong(f"The table '{name}' should have 'file', 'columns' and 'make'.", line)
            node = Section(line)
        self._expect(node, _TABLE, f"the table '{name}'")
        columns = self._section(node, "columns", line)
        files = node.get("file") or "*"
        options = self._options(source, node.get("read") or {})
        make = node.get("make") or Items()
        for item in make:
            self._make(item, line)
        return Table(
            name,
            tuple(map(str, files)) if isinstance(files, list) else (str(files),),
            options,
            tuple(self._column(key, value, shared, columns.at(key)) for key, value in columns.items()),
            self._lookups_of(name, node, shared["lookups"], set(columns)),
            node.get("skip"),
            tuple(item for item in make if isinstance(item, Section) and "resource" in item),
            line,
        )

    def _lookups_of(self, name: str, node: Section, shared: list[Lookup], columns: set[str]) -> tuple[Lookup, ...]:
        """A table's own lookups, and the map's that fit its columns and that it does not make otherwise."""
        own = self._lookups(node)
        taken = {one.name for one in own}
        fit = [one for one in shared if one.table != name and one.name not in taken and set(one.on) <= columns]
        return (*own, *(replace(one, by=tuple(day for day in one.by if day in columns)) for one in fit))

    def _options(self, source: Section, read: Mapping[str, Any]) -> dict[str, Any]:
        """What the reader is told; a dictionary that lies beside the map is found there."""
        options = {**source, **read}
        beside_map = self.path.parent / str(options.get("dictionary") or "")
        return {**options, "dictionary": str(beside_map)} if beside_map.is_file() else options

    def _make(self, item: Any, line: int) -> None:
        if not isinstance(item, Section) or "resource" not in item:
            self.wrong("Each entry of 'make' starts with 'resource: ...'.", getattr(item, "line", line))
            return
        self._expect(item, _MAKE, "an entry of 'make'")
        for needed in ("key", "body"):
            if not item.get(needed) and item.get(needed) != {}:  # a body may be empty: the key gives an identifier
                self.wrong(f"The {item['resource']} needs '{needed}'.", item.line)

    def _column(self, name: str, node: Any, shared: dict[str, Any], line: int) -> Column:
        spec = node if isinstance(node, Section) else Section(line)
        if not isinstance(node, Section):
            spec["type"] = node or "text"
        self._expect(spec, _COLUMN, f"the column '{name}'")
        kind = str(spec.get("type") or "text")
        if kind not in fields.TYPES:
            self.wrong(f"'{kind}' is no column type.", spec.at("type"), _near(kind, list(fields.TYPES)))
            kind = "text"
        if "zone" in spec:
            shared = {**shared, "zone": self._zone(spec["zone"], line)}
        missing = {str(key): str(value) for key, value in (spec.get("missing") or shared["missing"]).items()}
        empty = frozenset({"", *map(str, spec.get("empty") or ())}) if "empty" in spec else shared["empty"]
        made: dict[str, Any] = {
            "required": bool(spec.get("required")),
            "optional": bool(spec.get("optional")),
            "formats": self._formats(spec["formats"], line) if "formats" in spec else shared["formats"],
            "decimal": str(spec.get("decimal") or shared["decimal"]),
            "thousands": str(spec.get("thousands") or shared["thousands"]),
            "min": self._number(spec.get("min"), line),
            "max": self._number(spec.get("max"), line),
            "low": self._number(spec.get("low"), line),
            "high": self._number(spec.get("high"), line),
            "values": frozenset(map(str, spec.get("values") or ())),
            "yes": frozenset(map(str, spec.get("yes") or _YES.get(kind, ()))),
            "no": frozenset(map(str, spec.get("no") or _NO.get(kind, ()))),
        }
        made["system"] = shared["system"]
        made |= {
            key: str(spec[key])
            for key in ("system", "unmapped", "unit", "anchor", "calendar", "separator")
            if spec.get(key)
        }
        try:
            made["part"] = Part(patterns_of(spec["part"]), kind) if "part" in spec else None
        except ValueError as bad:
            self.wrong(str(bad), spec.at("part"))
        table = self._codes(name, spec, line)
        made |= {"zone": shared["zone"], "empty": empty, "missing": missing, "table": table, "line": line}
        return Column(name, kind, str(spec.get("from") or name), **made)

    def _codes(self, name: str, spec: Section, line: int) -> CodeTable | None:
        wanted = spec.get("map")
        if isinstance(wanted, Section):
            return CodeTable.inline(
                f"the codes of {name}",
                {key: None if code is None else str(code) for key, code in wanted.items()},
                self.local,
            )
        if wanted is not None and str(wanted) not in self.code_tables:
            self.wrong(
                f"There is no code table '{wanted}' beside the map.", line, _near(str(wanted), list(self.code_tables))
            )
        return self.code_tables.get(str(wanted))

    def _lookups(self, table: Section) -> list[Lookup]:
        made = []
        nodes = self._section(table, "lookup", table.line) if table.get("lookup") else Section()
        for name, node in nodes.items():
            line = nodes.at(name)
            if not isinstance(node, Section) or not all(node.get(key) for key in ("table", "take", "on")):
                self.wrong(f"The lookup '{name}' needs 'table', 'take' and 'on'.", line)
                continue
            self._expect(node, _LOOKUP, f"the lookup '{name}'")
            on = node["on"] if isinstance(node["on"], dict) else {str(node["on"]): str(node["on"])}
            pairs = {str(here): str(there) for here, there in on.items()}
            which, by = str(node.get("which") or "only"), node.get("by") or []
            days = tuple(map(str, by)) if isinstance(by, list) else (str(by),)
            made.append(Lookup(name, str(node["table"]), str(node["take"]), pairs, which, days, line))
        return made

    # -- small things ------------------------------------------------------------------------------------------------

    def _section(self, parent: Section, key: str, line: int) -> Section:
        node = parent.get(key)
        if isinstance(node, Section):
            return node
        self.wrong(f"'{key}' is missing, or is no mapping.", parent.at(key) or line)
        return Section(line)

    def _expect(self, section: Section, known: Sequence[str], where: str) -> None:
        for key in section:
            if key not in known:
                advice = _near(key, known) or f"It may hold {', '.join(known)}."
                self.wrong(f"There is no '{key}' in {where}.", section.at(key), advice)

    def _formats(self, given: Any, line: int) -> tuple[str, ...]:
        try:
            return fields.formats([str(form) for form in given or ()])
        except ValueError as bad:
            self.wrong(str(bad), line)
            return ()

    def _zone(self, name: Any, line: int) -> ZoneInfo | None:
        try:
            return ZoneInfo(str(name)) if name else None
        except (ValueError, OSError, KeyError):
            self.wrong(f"'{name}' is no time zone; one is written like Europe/Rome.", line)
            return None

    def _number(self, value: Any, line: int) -> Decimal | None:
        if value is None or isinstance(value, (int, Decimal)):
            return None if value is None else Decimal(value)
        self.wrong(f"'{value}' is no number.", line)
        return None


def codes_system(source: Mapping[str, Any]) -> str:
    """The system of the hospital's own codes: as the map says, else `codes` beside the system of its patients."""
    return str(source.get("codes") or beside(source, "codes"))


def beside(source: Mapping[str, Any], name: str) -> str:
    """A system with the same parent as the system of patients: .../patients -> .../codes."""
    return f"{str(source.get('system') or '').rsplit('/', 1)[0]}/{name}"


def _single_table(tree: Section, name: str) -> Section:
    """The short form, one table on the top level, as the long one."""
    made, table, tables = Section(1), Section(1), Section(1)
    for key, value in tree.items():
        target = table if key in _TABLE else made
        target[key], target.lines[key] = value, tree.at(key)
    tables[name], made["tables"] = table, tables
    return made


def _is_code_table(path: Path) -> bool:
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        if path.suffix == ".json":
            return '"ConceptMap"' in stream.read(4096)
        return "source_code" in stream.readline(4096)


def _near(word: str, known: Sequence[str]) -> str:
    close = get_close_matches(word, known, 1, 0.6)
    return f"Did you mean '{close[0]}'?" if close else ""
