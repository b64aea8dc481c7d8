"""One run of a map over the files of an export: every row ends as mapped, skipped by a rule, or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cart_fhir.issues import Issue, Origin, Severity, has_errors
from cart_fhir.mappers.compiled import Compiled, Made
from cart_fhir.mappers.feeds import Feed, Source, belongs, feeds, files, helpers
from cart_fhir.mappers.functions import Row, truth
from cart_fhir.mappers.lookups import Lookups
from cart_fhir.mappers.readers import Reading, Record, Unreadable
from cart_fhir.mappers.readers.table import OVERLONG
from cart_fhir.mappers.refused import FINDINGS
from cart_fhir.mappers.rules import finding
from cart_fhir.mappers.schema import cell_origin
from cart_fhir.mappers.settle import Known
from cart_fhir.mappers.spool import MAPPED, REFUSED, SKIPPED, Spool
from cart_fhir.mappers.unmapped import Unmapped
from cart_fhir.mappers.values import Coded, Missing, Refused, key_text

if TYPE_CHECKING:
    from cart_fhir.mappers.mapping import Map

Progress = Callable[[int], None]


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
    feeds: list[Feed] = field(default_factory=list)
    unmapped: Unmapped = field(default_factory=Unmapped)
    newest: str = ""
    _row: int = 0

    def read(self, exports: Sequence[Path]) -> None:
        """Read every file once, for all tables that it belongs to."""
        self.issues += self.map.warnings
        self._match(list(files(exports)))
        self.feeds = feeds(self.sources)
        self.lookups = Lookups(self.typed, [one for compiled in self.map.tables for one in compiled.lookups])
        for feed in self.feeds:
            self._feed(feed)
            self.issues += [
                issue for issue in feed.issues if issue not in self.issues
            ]  # each reading has the same doubts
        self._tell_barren()
        self._tell_unused_kinds()
        for source in self.sources:  # in the order of the map, whichever was read first
            source.sum_up()
            self.issues += source.issues
        self.spool.index()

    def _match(self, paths: Sequence[Path]) -> None:
        """Find the files of each table; a table without a file is told, and a file without a table."""
        for compiled in self.map.tables:
            mine = [path for path in paths if belongs(path, compiled)]
            if not mine:
                names = " or ".join(compiled.table.files)
                text = f"No file of the export is named {names} (table {compiled.table.name})."
                self.issues.append(finding("file-absent", text))
            self.sources += [Source(len(self.sources) + place, path, compiled) for place, path in enumerate(mine)]
        used = {source.path for source in self.sources} | set(helpers(self.sources))
        self.issues += [
            finding("file-unused", "No table of the map reads this file.", Origin(path.name))
            for path in paths
            if path not in used
        ]

    def typed(self, tables: set[str]) -> Iterator[tuple[Source, Record, dict[str, Any]]]:
        """The rows of some tables that these do not skip; what is wrong with them is told when they are mapped."""
        for feed in self.feeds:
            wanted = [source for source in feed.sources if source.compiled.table.name in tables]
            with suppress(Unreadable):
                for record in feed.open().records if wanted else ():
                    for source in wanted:
                        values = source.compiled.schema.read(record)[0]
                        if not self._skipped(source.compiled, values):
                            yield source, record, values

    def _skipped(self, compiled: Compiled, values: dict[str, Any]) -> bool:
        """Whether the table leaves a row out; one that cannot be told does not count as left out."""
        if compiled.skip is None:
            return False
        looked = {lookup.name: None for lookup in compiled.table.lookups}
        with suppress(Refused):
            return truth(compiled.skip(compiled.row(self.map.site, {**looked, **values})))
        return False

    def _feed(self, feed: Feed) -> None:
        try:
            reading = feed.open()
            feed.check(reading)
            rows = self._records(feed, reading)
            for doubt in reading.doubts:
                place = replace(feed.origin, row=doubt.row, column=doubt.column)
                feed.issues.append(finding("reader-doubt", doubt.text, place, severity=doubt.severity))
            if not rows and reading.columns and not all(source.failed for source in feed.sources):
                told = "The file has a header and no rows."
                feed.issues.append(finding("file-empty", told, feed.origin, severity="warning"))
            feed.barren = not rows and reading.columns is None
            feed.note_kinds(reading)
        except Unreadable as problem:
            feed.unreadable(problem)

    def _tell_barren(self) -> None:
        """Tell of files, of formats that hold rows of many kinds, that hold none of those that the map asks for."""
        for path in dict.fromkeys(feed.path for feed in self.feeds):
            if all(feed.barren for feed in self.feeds if feed.path == path):
                text = "The file holds nothing that the map asks for."
                self.issues.append(finding("file-empty", text, Origin(path.name), severity="warning"))

    def _tell_unused_kinds(self) -> None:
        """Tell of segments, sections and resource types that no table looks at: nothing is left out unsaid."""
        by_file: dict[Path, list[Feed]] = {}
        for feed in self.feeds:
            by_file.setdefault(feed.path, []).append(feed)
        for path, group in by_file.items():
            taken = set[str]().union(*(feed.taken for feed in group))
            left = {kind: number for feed in group for kind, number in feed.held.items() if kind not in taken}
            if left:
                told = ", ".join(f"{kind} ({number})" for kind, number in sorted(left.items()))
                self.issues.append(finding("kind-unused", f"The map makes nothing of: {told}.", Origin(path.name)))

    def _records(self, feed: Feed, reading: Reading) -> int:
        """Give each record to each table; how many there were."""
        rows = 0
        for record in islice(reading.records, self.limit):
            rows += 1
            if self.progress and rows % 1000 == 0:
                self.progress(1000)
            if feed.nameless:
                feed.look(record)
            digest = _digest(record)
            for source in feed.sources:
                self._record(source, record, digest)
        return rows

    def _record(self, source: Source, record: Record, digest: int) -> None:
        self._row += 1
        source.rows += 1
        source.digest += digest
        state = REFUSED if source.failed else self._map(source, record)
        self.spool.row(self._row, source.number, record.origin.sheet, record.origin.row or 0, state)

    def _map(self, source: Source, record: Record) -> int:
        """Map one row; its state."""
        compiled = source.compiled
        if not any(cell not in ("", None) for cell in record.values.values()):
            return SKIPPED
        if OVERLONG in record.values:
            source.issues.append(finding("row-length", "The row has more cells than the header.", record.origin))
            return REFUSED
        values, issues = compiled.schema.read(record, self.show)
        doubtful = any(issue.is_error and issue.origin and issue.origin.column in compiled.deciding for issue in issues)
        if not doubtful and self._skipped(compiled, values):
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
            issues += [self._told(record, warning, None) for warning in row.warnings]
            issues += self._untranslated(source, record, compiled.schema.untranslated(values), row.untranslated)
        if self.whole_patient:
            self.spool.belong(self._row, _patients(compiled, row, made))
        source.tell(issues)
        if has_errors(issues):
            self._note_refused_codes(source, record, issues)
            return REFUSED
        self._date(compiled, values)
        for one in made:
            self.spool.add(self._row, one.ref, one.make, one.content, one.needs, stamp=one.stamp)
        return MAPPED if made else SKIPPED

    def _look_up(self, compiled: Compiled, record: Record, values: dict[str, Any]) -> list[Issue]:
        """Add to a row's values what it takes from other tables (day-0 anchors come from there)."""
        issues: list[Issue] = []
        for lookup in compiled.lookups:
            values[lookup.name] = None
            try:
                values[lookup.name] = self.lookups.find(lookup, values)
            except Refused as refused:
                refused.column = compiled.looked_up_by(lookup)
                issues.append(self._told(record, refused))
        return issues

    def _untranslated(
        self, source: Source, record: Record, cells: Iterable[tuple[str, str]], others: Iterable[tuple[str, str]]
    ) -> Iterator[Issue]:
        """Tell of codes without translation, each once: (column, code) of cells, (code table, code) of others."""
        table = source.compiled.table.name
        told = [(column, column, code) for column, code in cells] + [(name, "", code) for name, code in others]
        for where, column, code in dict.fromkeys(told):
            if self.unmapped.note(table, where, code, record.origin):
                origin = cell_origin(record.origin, column, code, self.show)
                yield finding("code-unmapped", "No line of its table has this code; it is kept, untranslated.", origin)

    def _note_refused_codes(self, source: Source, record: Record, issues: Iterable[Issue]) -> None:
        """Count codes whose rows were refused for them: they are to be filled in as well."""
        for issue in issues:
            if issue.is_error and issue.rule == "code-unmapped" and issue.origin:
                code = str(record.values.get(issue.origin.column, ""))
                self.unmapped.note(source.compiled.table.name, issue.origin.column, code, record.origin)

    def _date(self, compiled: Compiled, values: dict[str, Any]) -> None:
        """Keep the newest date of the export."""
        for name in compiled.dates:
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


def _digest(record: Record) -> int:
    """A number of a record's cells, to be summed: files with the same rows in another order have the same sum."""
    cells = [f"{name}\x1e{cell}" for name, cell in sorted(record.values.items()) if name != FINDINGS]
    return int.from_bytes(blake2b("\x1f".join(cells).encode(), digest_size=32).digest())
