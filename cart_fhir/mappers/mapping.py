"""Maps and what they give: `load_map(path).run(exports)` -> Mapped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from cart_fhir.errors import ConfigError
from cart_fhir.formats import json
from cart_fhir.formats.whole import whole
from cart_fhir.issues import Issue, Origin, has_errors
from cart_fhir.mappers import refused
from cart_fhir.mappers.bundle import conditional as by_identifiers
from cart_fhir.mappers.bundle import transaction
from cart_fhir.mappers.compiled import Compiled, Make, compile_table
from cart_fhir.mappers.deid import DEFAULT, Deid
from cart_fhir.mappers.derive import Arithmetic
from cart_fhir.mappers.explain import explained
from cart_fhir.mappers.feeds import Source, Totals
from cart_fhir.mappers.filling import Filler
from cart_fhir.mappers.functions import Site
from cart_fhir.mappers.identity import Identity, read_secret
from cart_fhir.mappers.leaning import leaned_on
from cart_fhir.mappers.mapspec import MapSpec, Parser, beside, codes_system
from cart_fhir.mappers.provenance import check_stated, provenance, recorded_of, sha256
from cart_fhir.mappers.rules import finding
from cart_fhir.mappers.run import Progress, Run
from cart_fhir.mappers.settle import Known, settle
from cart_fhir.mappers.shapes import Shapes
from cart_fhir.mappers.spool import REFUSED
from cart_fhir.mappers.state import State
from cart_fhir.mappers.submissions import strays, submissions
from cart_fhir.mappers.units import Units
from cart_fhir.mappers.withdrawn import withdrawn
from cart_fhir.profiles import canonical

_TARGETS = 10_000  # of one Provenance; a resource with a million references helps nobody


class Map:
    """A map file with its tables, ready to run as often as wanted."""

    def __init__(
        self, spec: MapSpec, registry: Any, secret: bytes | None = None, problems: Sequence[Issue] = ()
    ) -> None:
        self.spec = spec
        source = spec.source
        system = str(source.get("system") or "")
        if spec.private and secret is None:
            secret = read_secret()
        identity = Identity(
            system, str(source.get("records") or beside(source, "records")), secret if spec.private else None
        )
        self.site = Site(identity, Units(spec.units), spec.code_tables, canonical.system, codes_system(source))
        if spec.deid:
            assert secret is not None  # de-identified ids are private ids, which need one
            self.site.deid = Deid(spec.deid, secret, self.site.codes)
        self.arithmetic = Arithmetic(spec.derive, identity, self.uri, registry)
        self.tables: list[Compiled] = []
        self.warnings: list[Issue] = []  # of what may be meant otherwise, with lines of the map
        self._compile(Shapes(registry), registry, list(problems))
        self.makes: list[Make] = [make for compiled in self.tables for make in compiled.makes]
        for number, make in enumerate(self.makes):
            make.number = number

    def _compile(self, shapes: Shapes, registry: Any, problems: list[Issue]) -> None:
        for table in self.spec.tables:
            compiled, found = compile_table(
                table, self.spec, self.site, shapes, partial(Filler, registry=registry, source=self.uri)
            )
            self.tables.append(compiled)
            problems += found
        in_order = sorted(dict.fromkeys(problems), key=lambda issue: issue.line or 0)
        if has_errors(in_order):
            raise ConfigError(f"The map {self.spec.path.name} is wrong.", issues=in_order)
        self.warnings = in_order

    @property
    def uri(self) -> str:
        """What `meta.source` of every resource says: the URI of the system the export came from."""
        return str(self.spec.source.get("uri") or "")

    def run(
        self,
        exports: Sequence[Path | str],
        *,
        show_values: bool = False,
        exported: str = "",
        progress: Progress | None = None,
        limit: int | None = None,
        known: Known | None = None,
        whole_patient: bool = False,
    ) -> Mapped:
        """Map the files of an export (folders stand for the files in them).

        `exported` is the instant or day of the export, for Provenance; `show_values` lets findings quote cells;
        `progress` is called with numbers of rows; with `limit` only so many rows of each file are read and references
        between tables are not checked. `known` tells of a "Type/id" that need not be in the export, as it was stored
        before; with `whole_patient` a refused row refuses all rows of its patient. Raises Unreadable where a file is
        not there, ConfigError where `exported` is no such time.
        """
        stated = exported or str(self.spec.source.get("exported") or "")
        if stated:
            check_stated(stated)
        run = Run(self, show_values, progress, limit, known or (lambda ref: False), whole_patient)
        run.read([Path(export) for export in exports])
        return Mapped(self, run, stated)


# why `--full` withdraws something not
_UNKEPT = ": it is not withdrawn, as the state holds what was given only from the first run with --full on"
_NO_STATUS = ": it is not withdrawn, as its type has no status that says so"


class Mapped:
    """The outcome of a run. Resources wait on disk until asked for; `close` (or `with`) gives the space back."""

    def __init__(self, map: Map, run: Run, exported: str) -> None:
        self._map = map
        self._run = run
        self._exported = exported
        for source in run.sources:
            if source.failed:
                run.spool.refuse(run.spool.source_rows(source.number))
        self.issues: list[Issue] = run.issues
        self._barred: set[str] = set()  # derived resources that a validator found wrong
        self._doubts: set[Issue] = set()
        self._settle()

    def _settle(self) -> None:
        run = self._run
        types = {
            make.resource for source in run.sources if source.rows or source.failed for make in source.compiled.makes
        }
        if run.limit is not None:
            types = set()
        self.issues += settle(run.spool, self._map.makes, types, self._place, run.known)
        if run.whole_patient and (fellows := run.spool.fellows()):
            text = "Another row of this patient is refused, and patients are taken whole or not at all."
            for _, source, sheet, number in fellows:
                self.issues.append(finding("patient-refused", text, self._place(source, sheet, number)))
            run.spool.refuse(row for row, *_ in fellows)
            self._settle()
            return
        doubts = [one for one in self._map.arithmetic(run.spool, self._where, self._barred) if one not in self._doubts]
        self._doubts.update(doubts)
        self.issues += doubts
        self.__dict__.pop("resources", None)

    def _where(self, ref: str, expression: str) -> Origin | None:
        """The first row that made a resource, with the columns behind an element."""
        for _, source, sheet, number, make in self._run.spool.makers(ref)[:1]:
            return replace(self._place(source, sheet, number), column=self._map.makes[make].columns_of(expression))
        return None

    def _place(self, source: int, sheet: str, number: int) -> Origin:
        return Origin(self._run.sources[source].path.name, sheet, number)

    def __enter__(self) -> Mapped:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The resources one by one, in the order of type and id, the Provenance of each file at the end."""
        for _, content in self._run.spool.resources():
            yield json.loads(content)
        yield from self.provenance()

    @cached_property
    def resources(self) -> list[dict[str, Any]]:
        """All resources; references say "Type/id"."""
        return list(self)

    def bundle(self, state: State | None = None, *, full: bool = False, conditional: bool = False) -> dict[str, Any]:
        """A transaction Bundle of PUTs, each resource once; with `state` only what is new or changed since.

        `full`: the export is complete, so what is gone is entered in error. `conditional`: for a server that gives
        its own ids, PUT by identifier.
        """
        resources = self.resources if state is None else self.changed(state, full=full)
        return by_identifiers(resources, self._resource) if conditional else transaction(resources)

    def _resource(self, ref: str) -> dict[str, Any] | None:
        content = self._run.spool.content(ref)
        return json.loads(content) if content else None

    def changed(self, state: State, *, full: bool = False) -> list[dict[str, Any]]:
        """The resources that `state` does not know as they are, with their Provenance; vanished ones are told.

        With `full` a vanished one comes once more, entered in error, where its type can say so; not after an error or
        with a file missing, when what seems gone may only be unread.
        """
        found, present = [], set()
        for ref, content in self._run.spool.resources():
            present.add(ref)
            if state.is_new(ref, content):
                found.append(json.loads(content))
        news = {f"{one['resourceType']}/{one['id']}" for one in found}
        found += self._vanished(state, sorted(state.digests.keys() - present), full)
        for origin in self.provenance() if news else ():
            targets = [target for target in origin["target"] if target["reference"] in news]
            if targets:
                found.append({**origin, "target": targets})
        return found

    def _vanished(self, state: State, gone: Sequence[str], full: bool) -> Iterator[dict[str, Any]]:
        """What was sent before and is in the export no more: told, and with `full` entered in error."""
        if gone and full and (has_errors(self.issues) or any(one.rule == "file-absent" for one in self.issues)):
            self.issues.append(finding("full-unsafe", "Rows were refused or files are missing: nothing is withdrawn."))
            full = False
        for ref in gone:
            last = state.kept(ref) if full else None
            error = withdrawn(last) if last else None
            if error is None:
                why = _UNKEPT if full and not last else _NO_STATUS if full else ""
                self.issues.append(finding("vanished", f"{ref} was sent before, and the export holds it no more{why}."))
                continue
            told = f"{ref} was sent before, and the export holds it no more: it is entered in error."
            self.issues.append(finding("withdrawn", told))
            state.forget(ref)
            yield error

    def submissions(self) -> Iterator[dict[str, Any]]:
        """One transaction Bundle a patient, as it would be sent."""
        return submissions(self._run.spool, self.provenance())

    def strays(self) -> Iterator[dict[str, Any]]:
        """The resources that stand in no submission: results of patients whom another export described."""
        return strays(self._run.spool)

    def provenance(self) -> Iterator[dict[str, Any]]:
        """One Provenance for each file of which something was made; a further one after every 10,000 resources."""
        # of a de-identified export not even the newest day is told
        recorded = recorded_of(self._exported, self._run.newest[: 4 if self._map.spec.deid else None])
        spec = self._map.spec
        map_digest = sha256(spec.path.read_bytes())
        by_file: dict[Path, list[Source]] = {}
        for source in self._run.sources:
            by_file.setdefault(source.path, []).append(source)
        for number, (path, sources) in enumerate(sorted(by_file.items()), start=1):  # a name may be a patient's
            digest = sha256("|".join(str(source.digest) for source in sources).encode())
            targets = self._run.spool.targets([source.number for source in sources])
            part = 0
            while some := list(islice(targets, _TARGETS)):
                part += 1
                yield provenance(
                    system=self._map.site.identity.system, sender=str(spec.source.get("name") or ""), recorded=recorded,
                    file=f"file {number}" if spec.deid else path.name, digest=digest, map_digest=map_digest,
                    mapping=f"{spec.name} {spec.version}", targets=some, part=part,
                )  # fmt: skip

    @property
    def totals(self) -> list[Totals]:
        """Rows read, mapped, skipped and refused, for each table in each file."""
        counts = self._run.spool.totals()
        made = []
        for source in self._run.sources:
            skipped, mapped, gone = counts.get(source.number, (0, 0, 0))
            made.append(Totals(source.path.name, source.compiled.table.name, source.rows, mapped, skipped, gone))
        return made

    @property
    def count(self) -> int:
        """How many resources there are, Provenance not counted."""
        return self._run.spool.count()

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return sum(total.refused for total in self.totals)

    @property
    def dropped(self) -> int:
        """How many rows only repeated, equally, a resource that another row made."""
        return self._run.spool.dropped()

    def origins(self, ref: str) -> list[Origin]:
        """The cells that a resource ("Type/id") was made of: one origin for each row, with the columns used."""
        made = []
        for _, source, sheet, number, make in self._run.spool.makers(ref):
            one = self._map.makes[make]
            columns = ", ".join(sorted(one.cells(one.columns)))
            made.append(Origin(self._run.sources[source].path.name, sheet, number, columns))
        return made

    def explain(self, ref: str, *, show_values: bool = False) -> list[str]:
        """For a person: each row that made a resource, and for each element the cells behind it."""
        return list(explained(self._run, self._map.makes, ref, show=show_values))

    @property
    def trace(self) -> Mapping[str, list[Origin]]:
        """Resource ("Type/id") -> where it came from."""
        return {ref: self.origins(ref) for ref, _ in self._run.spool.resources()}

    @property
    def unmapped(self) -> list[tuple[str, str, str, int]]:
        """(table, column, code as written, how often) of codes that no code table translates."""
        return sorted((*name, count) for name, count in self._run.unmapped.counts.items())

    def write_unmapped(self, path: Path) -> None:
        """Write the codes that no table translates as a table to fill in and give back."""
        self._run.unmapped.write(path)

    def refuse(self, findings: Mapping[str, Sequence[Issue]]) -> None:
        """Refuse the rows of resources ("Type/id") that a validator found wrong; what leans on them goes too.

        A derived resource that is wrong is left out, told, and costs no row.
        """
        if not findings:
            return
        rows: set[int] = set()
        for ref, issues in findings.items():
            if self._run.spool.is_derived(ref):
                self._barred.add(ref)
                told = (
                    finding("derived-invalid", one.text, self._where(ref, ""), expression=one.expression)
                    for one in issues
                )
                self.issues += told
                continue
            makers = self._run.spool.makers(ref)
            rows |= {row for row, *_ in makers}
            self.issues += self.blamed(ref, issues)
            if not makers:  # a Provenance, which no row makes
                self.issues += issues
        self._run.spool.refuse(rows)
        self._settle()

    def blamed(self, ref: str, issues: Sequence[Issue]) -> Iterator[Issue]:
        """What a validator says of a resource, said of each row that made it and of the columns behind the element."""
        for _, source, sheet, number, make in self._run.spool.makers(ref):
            made = self._map.makes[make]
            for issue in issues:
                lacks = issue.rule == "min"  # said of the object around what is not there
                column = made.columns_of(issue.definition if lacks else issue.expression)
                text = f"{issue.text} {made.lacking(issue.definition)}" if lacks else issue.text
                place = replace(self._place(source, sheet, number), column=column)
                yield finding("profile-invalid", text, place, expression=issue.expression)

    def write_refused(self, folder: Path) -> list[Path]:
        """Write what was refused of each file, in its own format, with the findings; the files written.

        What refused rows look into stands with them, so that the folder can be run alone.
        """
        by_file: dict[Path, list[refused.Refusal]] = {}
        gone = {source.number: self._run.spool.rows_of(source.number, REFUSED) for source in self._run.sources}
        asked = leaned_on(gone, self._run.sources, self._run.typed)
        for feed in self._run.feeds:
            numbers = [source.number for source in feed.sources]
            rows = set().union(*(gone[number] | asked.get(number, set()) for number in numbers))
            by_file.setdefault(feed.path, []).append(refused.Refusal(feed.options, rows))
        written: list[Path] = []
        for path, found in by_file.items():
            if any(one.rows for one in found):
                written += refused.write(folder, path, found, self.issues)
        return written

    def write_ndjson(self, folder: Path) -> dict[str, int]:
        """Write one NDJSON file a resource type (Bulk Data's shape); how many resources each holds."""
        folder.mkdir(parents=True, exist_ok=True)
        counts: dict[str, int] = {}
        streams: dict[str, BinaryIO] = {}
        with ExitStack() as stack:
            for ref, content in self._serialized():
                kind = ref.split("/")[0]
                if kind not in streams:
                    streams[kind] = stack.enter_context(whole(folder / f"{kind}.ndjson"))
                streams[kind].write(content + b"\n")
                counts[kind] = counts.get(kind, 0) + 1
        return counts

    def write_trace(self, path: Path) -> None:
        """Write trace.ndjson: for each resource the file, sheet, row and columns it was made of."""
        with whole(path) as stream:
            for ref, _ in self._run.spool.resources():
                rows = [
                    {"file": one.file, "sheet": one.sheet, "row": one.row, "columns": one.column.split(", ")}
                    for one in self.origins(ref)
                ]
                stream.write(json.dumps({"resource": ref, "rows": rows}) + b"\n")

    def _serialized(self) -> Iterator[tuple[str, bytes]]:
        yield from self._run.spool.resources()
        for resource in self.provenance():
            yield f"Provenance/{resource['id']}", json.dumps(resource)

    def close(self) -> None:
        """Give back the memory and disk that the resources wait in."""
        self._run.spool.close()


def load_map(path: Path | str, *, registry: Any = None, secret: bytes | None = None, pseudonyms: bool = False) -> Map:
    """Read a map file (docs/mapping.md); ConfigError tells everything wrong in it, with lines.

    `registry` are the definitions it is checked by (default: R4 and the guide); `secret` makes private ids;
    `pseudonyms` de-identifies what is made, though the map does not say so.
    """
    if registry is None:
        from cart_fhir.definitions import Registry

        registry = Registry.default()
    parser = Parser(Path(path), canonical.system)
    spec = parser.parse()
    if pseudonyms:
        spec = replace(spec, private=True, deid=spec.deid or DEFAULT)
    return Map(spec, registry, secret, parser.problems)
