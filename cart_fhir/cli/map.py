"""`cart-fhir map`: exports in, resources out; `new`, `check` and `explain` help to write the map."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cart_fhir.cli.paths import Target, with_standard_input
from cart_fhir.issues import Issue

if TYPE_CHECKING:
    from cart_fhir.mappers import Mapped

_FILE = click.Path(exists=True, path_type=Path)
_EXPORT = click.Path(exists=True, allow_dash=True, path_type=Path)
_OUT = Target()
_FOLDER = Target(file_okay=False)


class _MainJob(click.Context):
    """The context of the main job, which has no name of its own: messages say `cart-fhir map`."""

    @property
    def command_path(self) -> str:
        """The path of the group."""
        return self.parent.command_path if self.parent else super().command_path


class MapGroup(click.Group):
    """A group that maps when its first argument is no sub-command: `cart-fhir map EXPORT... --map MAP`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the main job where no other is named."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The sub-commands that are named; the main job has no name."""
        return [name for name in super().list_commands(ctx) if name != "run"]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Both ways to call it."""
        formatter.write_usage("cart-fhir map", "EXPORT... --map MAP.yaml [-o bundle.json | --ndjson DIR] [OPTIONS]")
        formatter.write_usage("cart-fhir map", "new|check|explain|codes ...")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options of the main job, then the sub-commands."""
        run.format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


@click.group("map", cls=MapGroup)
def command() -> None:
    """Turn hospital exports into FHIR resources, as a map file says (docs/mapping.md)."""


@command.command("run", hidden=True)
@click.argument("exports", nargs=-1, required=True, type=_EXPORT)
@click.option("--map", "map_file", required=True, type=_FILE, help="The map of this export.")
@click.option("--stdin-name", default="", metavar="NAME", help="The name of the file that comes by standard input (-).")
@click.option("-o", "--output", type=_OUT, help="Write a transaction Bundle here (- for the screen).")
@click.option("--ndjson", type=_FOLDER, help="Write one NDJSON file a resource type into this folder.")
@click.option("--report", type=_OUT, help="Write totals and findings: .txt, .csv, .html, .json.")
@click.option("--refused", type=_FOLDER, help="Write refused rows, with the reasons, into this folder.")
@click.option("--unmapped", type=_OUT, help="Write codes that no table translates, as a table to fill in.")
@click.option("--trace", type=_OUT, help="Write which cells each resource was made of (NDJSON).")
@click.option("--state", type=_OUT, help="Remember here what was given; give only what is new or changed since.")
@click.option(
    "--full", is_flag=True, help="The export is complete: what it holds no more is entered in error (--state)."
)
@click.option("--whole-patient", is_flag=True, help="A refused row refuses all rows of its patient.")
@click.option("--conditional", is_flag=True, help="For servers that give ids: PUT by identifier, without ids.")
@click.option("--exported", default="", metavar="DATE", help="When the export was made, for Provenance.")
@click.option("--secret-file", type=_FILE, help="The site's secret, for maps with private ids.")
@click.option(
    "--pseudonyms", is_flag=True, help="De-identify: private ids, shifted dates, no free text (needs a secret)."
)
@click.option("--show-values", is_flag=True, help="Quote cells in findings, which are else shown as xx99.")
@click.option("--validate/--no-validate", default=True, show_default=True, help="Check what was made by the guide.")
def run(
    *,
    exports: tuple[Path, ...],
    map_file: Path,
    stdin_name: str,
    output: Path | None,
    ndjson: Path | None,
    report: Path | None,
    refused: Path | None,
    unmapped: Path | None,
    trace: Path | None,
    state: Path | None,
    full: bool,
    whole_patient: bool,
    conditional: bool,
    exported: str,
    secret_file: Path | None,
    pseudonyms: bool,
    show_values: bool,
    validate: bool,
) -> int:
    """Map exports; a folder stands for the files in it, - for standard input. Exit status 1 when rows were refused."""
    from cart_fhir.mappers import load_map
    from cart_fhir.mappers.identity import read_secret
    from cart_fhir.mappers.report import FORMS
    from cart_fhir.mappers.state import State

    if report and report.suffix.lower() not in FORMS:
        raise click.UsageError(f"A report is written as {', '.join(sorted(FORMS))}; {report.name} ends otherwise.")
    if full and not (state and output):
        raise click.UsageError("--full needs --state and -o: it withdraws what an earlier run gave.")
    mapping = load_map(map_file, secret=read_secret(secret_file) if secret_file else None, pseudonyms=pseudonyms)
    patterns = (pattern for compiled in mapping.tables for pattern in compiled.table.files)
    with ExitStack() as stack:
        paths = stack.enter_context(with_standard_input(exports, stdin_name, patterns))
        with click.progressbar(length=0, label="Rows", file=sys.stderr, show_pos=True, show_eta=False) as bar:
            mapped = stack.enter_context(mapping.run(
                paths, show_values=show_values, exported=exported, progress=bar.update, whole_patient=whole_patient,
                known=State.read(state).digests.__contains__ if state else None,
            ))  # fmt: skip
        if validate:
            mapped.refuse(_wrong(mapped))
        _write(mapped, {"-o": output, "--ndjson": ndjson, "--trace": trace, "--state": state}, full, conditional)
        return _tell(mapped, report, refused, unmapped)


run.context_class = _MainJob


@command.command("check")
@click.argument("map_file", metavar="MAP", type=_FILE)
@click.argument("exports", nargs=-1, type=_FILE)
@click.option(
    "--rows", default=3, show_default=True, type=click.IntRange(1), help="How many rows of each file to show as FHIR."
)
@click.option("--show-values", is_flag=True, help="Quote cells in findings.")
def check(map_file: Path, exports: tuple[Path, ...], rows: int, show_values: bool) -> int:
    """Check a map, and show the first rows of an export as FHIR."""
    from cart_fhir.formats import json
    from cart_fhir.mappers import load_map
    from cart_fhir.mappers.report import as_text

    mapping = load_map(map_file)
    makes = sum(len(table.makes) for table in mapping.tables)
    click.echo(f"{map_file.name}: {len(mapping.tables)} tables, {makes} kinds of resource, no errors.", err=True)
    for told in mapping.warnings if not exports else ():  # with exports they stand in the report
        click.echo(f"{told.severity}: {map_file.name} line {told.line}: {told.text} {told.advice}", err=True)
    if not exports:
        return 0
    with mapping.run(exports, show_values=show_values, limit=rows) as mapped:
        found = _wrong(mapped)
        for resource in mapped.resources:
            ref = f"{resource['resourceType']}/{resource['id']}"
            for origin in mapped.origins(ref):
                click.echo(f"# {origin}")
            click.echo(json.dumps(resource, pretty=True).decode())
            for issue in list(mapped.blamed(ref, found.get(ref, ()))) or found.get(ref, ()):
                place = f"{issue.origin}: " if issue.origin else ""
                click.echo(f"# {issue.severity}: {place}{issue.expression}: {issue.text}")
        click.echo(as_text(mapped), err=True)
        return 1 if found or mapped.refused else 0


@command.command("new")
@click.argument("exports", nargs=-1, required=True, type=_FILE)
@click.option("-o", "--output", type=_OUT, help="Where to write the map  [default: the screen]")
def new(exports: tuple[Path, ...], output: Path | None) -> int:
    """Write a commented skeleton of a map from an export, guessing what its columns hold."""
    from cart_fhir.formats.whole import whole
    from cart_fhir.mappers.skeleton import skeleton

    text, words = skeleton(exports)
    if output is None or str(output) == "-":
        click.echo(text, nl=False)
        return 0
    folder = output.parent / "codes"
    for path in (output, *(folder / name for name in words)):
        if path.exists():
            raise click.UsageError(f"{path} exists already; it is not overwritten.")
    with whole(output) as stream:
        stream.write(text.encode())
    _write_code_tables(folder, words)
    tables = f" and {len(words)} code tables to fill in, in {folder}" if words else ""
    click.echo(f"Wrote {output}{tables}.", err=True)
    click.echo(f"Read it through, then: cart-fhir map check {output} EXPORT...", err=True)
    return 0


def _write_code_tables(folder: Path, words: Mapping[str, Sequence[Sequence[str]]]) -> None:
    """One CSV for each code column, with the words of the export and what could be guessed of their translation."""
    from cart_fhir.mappers.skeleton import HEADER

    for name, found in words.items():
        folder.mkdir(exist_ok=True)
        with (folder / name).open("x", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(HEADER)
            writer.writerows(found)


@command.command("explain")
@click.argument("reference", metavar="TYPE/ID")
@click.argument("exports", nargs=-1, required=True, type=_FILE)
@click.option("--map", "map_file", required=True, type=_FILE, help="The map of this export.")
@click.option("--secret-file", type=_FILE, help="The site's secret, for maps with private ids.")
@click.option("--show-values", is_flag=True, help="Quote cells, which are else shown as xx99.")
def explain(
    reference: str, exports: tuple[Path, ...], map_file: Path, secret_file: Path | None, show_values: bool
) -> int:
    """Show which rows made one resource, and for each of its elements the cells behind it."""
    from cart_fhir.mappers import load_map
    from cart_fhir.mappers.identity import read_secret

    mapping = load_map(map_file, secret=read_secret(secret_file) if secret_file else None)
    with mapping.run(exports) as mapped:
        lines = mapped.explain(reference, show_values=show_values)
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo(f"No row of the export makes {reference}.", err=True)
    return 0 if lines else 1


@command.command("codes")
@click.argument("map_file", metavar="MAP", type=_FILE)
@click.option("-o", "--output", type=_FOLDER, required=True, help="Write one ConceptMap a code table into this folder.")
def codes(map_file: Path, output: Path) -> int:
    """Write the code tables of a map as ConceptMaps, for a terminology server (maps take them back as they are)."""
    from cart_fhir.formats import json
    from cart_fhir.mappers import load_map
    from cart_fhir.mappers.conceptmaps import of_map

    output.mkdir(parents=True, exist_ok=True)
    for name, made in of_map(load_map(map_file)):
        (output / f"{name}.json").write_bytes(json.dumps(made, pretty=True) + b"\n")
        click.echo(f"Wrote {output / name}.json", err=True)
    return 0


def _wrong(mapped: Mapped) -> Mapping[str, Sequence[Issue]]:
    """Resource ("Type/id") -> the errors that the validator finds in it."""
    from cart_fhir.validator import Validator

    validator = Validator()
    found = {}
    with click.progressbar(mapped, length=mapped.count, label="Checking", file=sys.stderr) as resources:
        for resource in resources:
            errors = [issue for issue in validator.validate(resource) if issue.is_error]
            if errors:
                found[f"{resource['resourceType']}/{resource['id']}"] = errors
    return found


def _write(mapped: Mapped, targets: Mapping[str, Any], full: bool, conditional: bool) -> None:
    from cart_fhir.formats import json
    from cart_fhir.formats.whole import whole
    from cart_fhir.mappers.state import State

    state = State.read(targets["--state"], keep=full) if targets["--state"] else None
    if targets["-o"]:
        content = json.dumps(mapped.bundle(state, full=full, conditional=conditional)) + b"\n"
        if str(targets["-o"]) == "-":
            sys.stdout.buffer.write(content)
        else:
            with whole(targets["-o"]) as stream:
                stream.write(content)
    if targets["--ndjson"]:
        mapped.write_ndjson(targets["--ndjson"])
    if targets["--trace"]:
        mapped.write_trace(targets["--trace"])
    if state and targets["-o"]:
        state.write(targets["--state"])  # after the bundle, so that nothing counts as given that was not
    if not (targets["-o"] or targets["--ndjson"]):
        click.echo("Nothing was written: name a file with -o, or a folder with --ndjson.", err=True)


def _tell(mapped: Mapped, report: Path | None, refused: Path | None, unmapped: Path | None) -> int:
    from cart_fhir.formats.whole import whole
    from cart_fhir.issues import has_errors
    from cart_fhir.mappers.report import FORMS, as_text

    click.echo(as_text(mapped), err=True, nl=False)
    click.echo(f"{mapped.count} resources.", err=True)
    if report:
        with whole(report) as stream:
            stream.write(FORMS[report.suffix.lower()](mapped).encode())
    if refused:
        for path in mapped.write_refused(refused):
            click.echo(f"Refused rows: {path}", err=True)
    if unmapped:
        mapped.write_unmapped(unmapped)
    if not mapped.totals:
        click.echo("No file belongs to a table of the map: compare its `file` names with the export.", err=True)
    elif not mapped.count and not mapped.refused:
        click.echo("The map makes nothing of these rows: say under `make` of its tables what each becomes.", err=True)
    return 1 if mapped.refused or has_errors(mapped.issues) or not mapped.totals else 0
