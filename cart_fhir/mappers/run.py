"""One run of a map over the files of an export: every row ends as mapped, skipped by a rule, or refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cart_fhir.issues import Issue, Origin, Severity, has_errors
from cart_fhir.mappers import readers
from cart_fhir.mappers.compiled import Compiled, Made
from cart_fhir.mappers.functions import Row, truth
from cart_fhir.mappers.lookups import Lookups
from cart_fhir.mappers.readers import Reading, Record, Unreadable
from cart_fhir.mappers.readers.table import OVERLONG
from cart_fhir.mappers.refused import FINDINGS
from cart_fhir.mappers.rules import finding
from cart_fhir.mappers.schema import cell_origin
from cart_fhir.mappers.settle import Known
from cart_fhir.mappers.spool import MAPPED, REFUSED, SKIPPED, Spool
from cart_fhir.mappers.values import Coded, Missing, Refused, key_text

if TYPE_CHECKING:
    from cart_fhir.mappers.mapping import Map

Progress = Callable[[int], None]


@dataclass
class Source:
    """One table in one file of the export."""

    number: int
    path: Path
    compiled: Compiled
    rows: int = 0
    digest: int = 0  # of the rows whatever their order
    failed: bool = False


@dataclass
class Run:
    """The work in progress; `Mapped` is made of it."""

    map: Map
    show: bool = False
    progress: Progress | None = None
    limit: int | None = None  # rows of each source, for a look at a map
    known: Known = field(default=lambda ref: False)  # of what is stored already
    whole_patient: bool = False
    spool: Spool = field(default_factory=Spool)
    issues: list[Issue] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    unmapped: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # (table, column, code as written)
    newest: str = ""
    _row: int = 0

    def read(self, exports: Sequence[Path]) -> None:
        """Read every file by every table that it belongs to."""
        files = list(_files(exports))
        used: set[Path] = set()
        for compiled in self.map.tables:
            mine = [path for path in files if _belongs(path, compiled)]
            if not mine:
                text = (
                    f"No file of the export is named {' or '.join(compiled.table.files)} (table {compiled.table.name})."
                )
                self.issues.append(finding("file-absent", text))
            used.update(mine)
            self.sources += [Source(len(self.sources) + place, path, compiled) for place, path in enumerate(mine)]
        for path in files:
            if path not in used:
                self.issues.append(finding("file-unused", "No table of the map reads this file.", Origin(path.name)))
        self.lookups = Lookups(self._typed_rows)
        for source in self.sources:
            self._source(source)
        self.spool.index()

    def _typed_rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table for those that look into it; what is wrong with them is told when they are mapped."""
        for source in self.sources:
            if source.compiled.table.name == table:
                try:
                    reading = readers.read(source.path, source.compiled.table.options)
                    for record in reading.records:
                        values = source.compiled.schema.read(record)[0]
                        if not self._skipped(source.compiled, values):
                            yield values
                except Unreadable:
                    return

    def _skipped(self, compiled: Compiled, values: dict[str, Any]) -> bool:
        """Whether the table leaves a row out; one that cannot be told does not count as left out."""
        if compiled.skip is None:
            return False
        looked = {lookup.name: None for lookup in compiled.table.lookups}
        with suppress(Refused):
            return truth(compiled.skip(compiled.row(self.map.site, {**looked, **values})))
        return False

    def _source(self, source: Source) -> None:
        name, sheet = source.path.name, str(source.compiled.table.options.get("sheet") or "")
        try:
            reading = readers.read(source.path, source.compiled.table.options)
            source.failed = not self._columns(source, reading, Origin(name, sheet))
            for record in islice(reading.records, self.limit):
                self._record(source, record)
            for doubt in reading.doubts:
                place = Origin(name, sheet, doubt.row, doubt.column)
                self.issues.append(finding("reader-doubt", doubt.text, place, severity=doubt.severity))
            if not source.rows and reading.columns != () and not source.failed:
                self.issues.append(
                    finding("file-empty", "The file has a header and no rows.", Origin(name, sheet), severity="warning")
                )
        except Unreadable as problem:
            source.failed = True
            made = finding("reader", problem.message, Origin(name, sheet, problem.row))
            advice = f"{problem.advice} {made.advice}".strip()
            self.issues.append(Issue(made.severity, made.code, made.rule, made.text, advice=advice, origin=made.origin))

    def _columns(self, source: Source, reading: Reading, origin: Origin) -> bool:
        """Whether the file has the columns that the map needs."""
        if reading.columns is None:
            return True
        if not reading.columns:
            self.issues.append(finding("file-empty", "The file is empty.", origin))
            return False
        present, found = list(reading.columns), []
        for column in source.compiled.table.columns:
            name = column.source or column.name
            place = Origin(origin.file, origin.sheet, None, name)
            if present.count(name) > 1:
                found.append(
                    finding("column-duplicate", f"The column stands in the file {present.count(name)} times.", place)
                )
            elif name not in present and not column.optional:
                found.append(
                    finding("column-missing", "The file has no such column; none of its rows is mapped.", place)
                )
        strange = [name for name in present if name and name not in source.compiled.schema.sources and name != FINDINGS]
        if strange:
            text = f"The map does not use: {', '.join(strange)}."
            self.issues.append(finding("column-unknown", text, origin))
        self.issues += found
        return not found

    def _record(self, source: Source, record: Record) -> None:
        self._row += 1
        source.rows += 1
        if self.progress and source.rows % 1000 == 0:
            self.progress(1000)
        origin = record.origin
        text = "\x1f".join([f"{name}\x1e{cell}" for name, cell in sorted(record.values.items()) if name != FINDINGS])
        source.digest += int.from_bytes(blake2b(text.encode(), digest_size=32).digest())
        state = REFUSED if source.failed else self._map(source, record)
        self.spool.row(self._row, source.number, origin.sheet, origin.row or 0, state)

    def _map(self, source: Source, record: Record) -> int:
        """Map one row; its state."""
        compiled = source.compiled
        if not any(cell not in ("", None) for cell in record.values.values()):
            return SKIPPED
        if OVERLONG in record.values:
            self.issues.append(finding("row-length", "The row has more cells than the header.", record.origin))
            return REFUSED
        values, issues = compiled.schema.read(record, self.show)
        if self._skipped(compiled, values):
            return SKIPPED
        issues += compiled.schema.doubts(record)
        issues += self._look_up(compiled, record, values)
        if not has_errors(issues):
            issues += compiled.schema.finish(record, values, self.show)
        row = compiled.row(self.map.site, values)
        made: list[Made] = []
        if not has_errors(issues):
            try:
                for make in compiled.makes:
                    made += make.run(row)
            except Refused as refused:
                issues.append(self._told(record, refused))
            issues += [self._told(record, warning, None) for _, warning in row.warnings]
        if self.whole_patient:
            self.spool.belong(self._row, _patients(compiled, row, made))
        if has_errors(issues):
            self.issues += issues
            return REFUSED
        self._keep(source, record, values, issues)
        for resource in made:
            self.spool.add(self._row, resource.ref, resource.make, resource.content, resource.needs)
        return MAPPED if made else SKIPPED

    def _look_up(self, compiled: Compiled, record: Record, values: dict[str, Any]) -> list[Issue]:
        """Add to a row's values what it takes from other tables (day-0 anchors come from there)."""
        issues: list[Issue] = []
        for lookup in compiled.lookups:
            values[lookup.name] = None
            try:
                values[lookup.name] = self.lookups.find(lookup, values)
            except Refused as refused:
                issues.append(self._told(record, refused))
        return issues

    def _keep(self, source: Source, record: Record, values: dict[str, Any], issues: list[Issue]) -> None:
        """Keep warnings (an untranslated code is told once a column) and the newest date."""
        for issue in issues:
            if issue.rule == "code-unmapped" and issue.origin:
                column = issue.origin.column
                code = (source.compiled.table.name, column, str(record.values.get(column, "")))
                self.unmapped[code] += 1
                if self.unmapped[code] > 1:
                    continue
            self.issues.append(issue)
        for name in source.compiled.dates:
            value = values.get(name)
            if value is not None and not isinstance(value, Coded):
                self.newest = max(self.newest, key_text(value)[:10])

    def _told(self, record: Record, refused: Refused, severity: Severity | None = "error") -> Issue:
        cell = record.values.get(refused.column, "") if refused.column else ""
        origin = cell_origin(record.origin, refused.column, cell, self.show)
        return finding(refused.told.rule, str(refused.told), origin, severity=severity)


def _patients(compiled: Compiled, row: Row, made: Iterable[Made]) -> set[str]:
    """Whose row it is: the patients it makes or refers to, else those whom its keys start with."""
    found = {ref for one in made for ref in (one.ref, *one.needs) if ref.startswith("Patient/")}
    for make in compiled.makes if not found else ():
        with suppress(Refused):
            for each in make.each(row):
                part = make.key[0](each)
                if part is not None and not isinstance(part, Missing):
                    found.add(f"Patient/{row.site.identity.id('Patient', [key_text(part)])}")
    return found


def _files(exports: Iterable[Path]) -> Iterator[Path]:
    """The files given, and those in the folders given, in the order of their names."""
    for export in exports:
        path = Path(export)
        if path.is_dir():
            yield from sorted(child for child in path.iterdir() if child.is_file() and not child.name.startswith("."))
        elif path.is_file():
            yield path
        else:
            raise Unreadable(f"There is no file {path.name}.")


def _belongs(path: Path, compiled: Compiled) -> bool:
    return any(fnmatchcase(path.name.casefold(), pattern.casefold()) for pattern in compiled.table.files)
