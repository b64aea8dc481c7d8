"""Feeds: each file of an export is read once for all tables of the map that read it in the same way.

Here files are matched with tables and their headers are checked; what becomes of a row is `run`'s.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from cart_fhir.issues import Issue, Origin
from cart_fhir.mappers import readers
from cart_fhir.mappers.compiled import Compiled
from cart_fhir.mappers.readers import Reading, Record, Unreadable
from cart_fhir.mappers.refused import FINDINGS, SIDE_FILE
from cart_fhir.mappers.rules import finding
from cart_fhir.mappers.text import fold

_MOST_WARNINGS = 1000  # of one kind; memory stays flat where every row is doubted
_NAMELESS = re.compile(r"(?:column|row) \d+")  # what readers call a column that has no name


@dataclass(frozen=True)
class Totals:
    """What became of the rows of one table in one file; read = mapped + skipped + refused, always."""

    file: str
    table: str
    read: int
    mapped: int
    skipped: int
    refused: int


@dataclass
class Source:
    """One table in one file of the export."""

    number: int
    path: Path
    compiled: Compiled
    rows: int = 0
    digest: int = 0  # of the rows whatever their order
    failed: bool = False
    issues: list[Issue] = field(default_factory=list)
    _told: Counter[tuple[str, str]] = field(default_factory=Counter)  # warnings by rule and column

    def tell(self, issues: Iterable[Issue]) -> None:
        """Keep findings: errors all, of warnings of one rule and column the first thousand, the rest counted."""
        for issue in issues:
            if not issue.is_error:
                kind = (issue.rule, issue.origin.column if issue.origin else "")
                self._told[kind] += 1
                if self._told[kind] > _MOST_WARNINGS:
                    continue
            self.issues.append(issue)

    def sum_up(self) -> None:
        """Tell how many warnings were only counted."""
        for (rule, column), count in self._told.items():
            if count > _MOST_WARNINGS:
                text = (
                    f"The same was found in {count - _MOST_WARNINGS} more rows of the table {self.compiled.table.name}."
                )
                self.issues.append(finding(rule, text, Origin(self.path.name, column=column)))


@dataclass
class Feed:
    """One file, read one way, and the tables that take its records."""

    path: Path
    options: Mapping[str, Any]
    sources: list[Source]
    issues: list[Issue] = field(default_factory=list)
    barren: bool = False  # it was read, and holds none of the rows asked for
    nameless: set[str] = field(default_factory=set)  # columns without a name that no table uses
    held: Mapping[str, int] = field(default_factory=dict)  # kinds of things in the file, and how many
    taken: set[str] = field(default_factory=set)  # those of them that the map makes something of

    @property
    def origin(self) -> Origin:
        """The file, and the sheet where the map names one."""
        return Origin(self.path.name, str(self.options.get("sheet") or ""))

    def open(self) -> Reading:
        """The file being read; a column whose name only looks like one of the map's is given that name."""
        reading = readers.read(self.path, self.options)
        alike = self._alike(reading.columns or ())
        if not alike:
            return reading
        columns = [alike.get(name, name) for name in reading.columns or ()]
        return replace(reading, columns=columns, records=_renamed(reading.records, alike))

    def check(self, reading: Reading) -> None:
        """Tell of columns that are missing, twice or unused; a table without its columns fails."""
        if reading.columns is None:
            return
        if not reading.columns:
            self.fail([finding("file-empty", "The file is empty.", self.origin)])
            return
        times = Counter(reading.columns)
        for source in self.sources:
            found = list(self._lacking(source, times))
            source.issues += found
            source.failed = source.failed or bool(found)
        used = {name for source in self.sources for name in source.compiled.schema.sources} | {FINDINGS, ""}
        strange = [name for name in times if name not in used]
        self.nameless = {name for name in strange if _NAMELESS.fullmatch(name)}
        if strange := [name for name in strange if name not in self.nameless]:
            text = f"The map does not use: {', '.join(strange)}."
            self.issues.append(finding("column-unknown", text, self.origin))

    def note_kinds(self, reading: Reading) -> None:
        """Keep, once the file is read, what kinds of things it holds, and which of them the tables look at."""
        columns = {column for source in self.sources for column in source.compiled.schema.sources}
        self.held, self.taken = reading.held, reading.taken | {reading.kind_of(column) for column in columns}

    def fail(self, issues: Iterable[Issue]) -> None:
        """None of the file's rows is mapped, and why."""
        self.issues += issues
        for source in self.sources:
            source.failed = True

    def unreadable(self, problem: Unreadable) -> None:
        """The file could not be read to its end."""
        made = finding("reader", problem.message, replace(self.origin, row=problem.row))
        self.fail([replace(made, advice=f"{problem.advice} {made.advice}".strip())])

    def look(self, record: Record) -> None:
        """Tell, once, of a column without a name that holds something."""
        for name in [name for name in self.nameless if record.values.get(name) not in ("", None)]:
            self.nameless.discard(name)
            text = "The column has no name, holds something, and the map does not use it."
            self.issues.append(finding("column-unknown", text, replace(record.origin, column=name), severity="warning"))

    def _lacking(self, source: Source, times: Mapping[str, int]) -> Iterator[Issue]:
        told: set[str] = set()
        for column in source.compiled.table.columns:
            name = column.source or column.name
            place = replace(self.origin, column=name)
            if name in told:
                continue
            told.add(name)
            if times.get(name, 0) > 1:
                yield finding("column-duplicate", f"The column stands in the file {times[name]} times.", place)
            elif name not in times and not column.optional:
                yield finding("column-missing", "The file has no such column; none of its rows is mapped.", place)

    def _alike(self, present: Sequence[str]) -> dict[str, str]:
        """Name in the file -> name in the map, where they differ only in case, spaces or look-alike letters."""
        wanted = {name for source in self.sources for name in source.compiled.schema.sources} - set(present)
        folded = Counter(fold(name) for name in present)
        by_fold = {fold(name): name for name in wanted}
        return {
            name: by_fold[fold(name)] for name in present if name and folded[fold(name)] == 1 and fold(name) in by_fold
        }


def feeds(sources: Sequence[Source]) -> list[Feed]:
    """The sources by file and way of reading, in the order in which they first come."""
    made: dict[tuple[Path, str], Feed] = {}
    for source in sources:
        options = source.compiled.table.options
        way = repr(sorted(options.items(), key=lambda item: item[0]))
        made.setdefault((source.path, way), Feed(source.path, options, [])).sources.append(source)
    return list(made.values())


def files(exports: Iterable[Path]) -> Iterator[Path]:
    """The files given, and those in the folders given, in the order of their names."""
    for export in exports:
        path = Path(export)
        if path.is_dir():
            yield from sorted(
                child
                for child in path.iterdir()
                if child.is_file() and not child.name.startswith(".") and not child.name.endswith(SIDE_FILE)
            )
        elif path.is_file():
            yield path
        else:
            raise Unreadable(f"There is no file {path.name}.")


def helpers(sources: Iterable[Source]) -> Iterator[Path]:
    """The files that readers look into beside the export: a project's dictionary, a vocabulary."""
    for source in sources:
        options = source.compiled.table.options
        for name in (options.get("dictionary"), options.get("concepts")):
            if isinstance(name, str):
                yield from (Path(name), source.path.parent / name)
        if options.get("format") == "omop":
            from cart_fhir.mappers.readers import omop  # brings SQLAlchemy, which other formats do without

            if found := omop.vocabulary(source.path, options):
                yield found


def belongs(path: Path, compiled: Compiled) -> bool:
    """Whether a table reads a file: by its name."""
    return any(fnmatchcase(path.name.casefold(), pattern.casefold()) for pattern in compiled.table.files)


def _renamed(records: Iterable[Record], names: Mapping[str, str]) -> Iterator[Record]:
    for record in records:
        values = {names.get(name, name): cell for name, cell in record.values.items()}
        yield Record(record.origin, values, record.doubts)
