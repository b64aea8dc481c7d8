"""`cart-fhir validate`: files in, findings out; exit status 0 without errors, 1 with, 2 when it could not run."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cart_fhir.cli.paths import DEFINITIONS
from cart_fhir.errors import BadRequest, TooLarge
from cart_fhir.issues import Issue
from cart_fhir.validator.reports import REPORTS, Checked, Run
from cart_fhir.validator.sources import Source, files, read

if TYPE_CHECKING:
    from multiprocessing.pool import Pool

    from cart_fhir.validator import Validator

_ORDER = ("information", "warning", "error", "fatal")
_WORKER: dict[str, Validator] = {}


@click.command("validate")
@click.argument("paths", nargs=-1, metavar="FILE...", type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option("--profile", metavar="URL", help="Check against this profile besides those the resources claim.")
@DEFINITIONS
@click.option("--output", type=click.Choice(list(REPORTS)), default="text", show_default=True, help="How to report.")
@click.option("--best-practice", is_flag=True, help="Also warn where good practice is not followed.")
@click.option(
    "--allow-extensions", multiple=True, metavar="URL", help="Accept unknown extensions that start so, or 'any'."
)
@click.option(
    "--fail-on",
    type=click.Choice(_ORDER[:3]),
    default="error",
    show_default=True,
    help="The least severity that makes the exit status 1.",
)
@click.option(
    "--ignore", type=click.Path(exists=True, path_type=Path), help="YAML of findings to leave out, with reasons."
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes to use.")
@click.option("--explain", metavar="PATH", help="Show what is checked at an element, e.g. Observation.value[x].")
def command(
    *,
    paths: tuple[Path, ...],
    profile: str | None,
    definitions: tuple[Path, ...],
    output: str,
    best_practice: bool,
    allow_extensions: tuple[str, ...],
    fail_on: str,
    ignore: Path | None,
    jobs: int,
    explain: str | None,
) -> int:
    """Check resources against R4, the guide and other profiles.

    FILE is JSON, XML or NDJSON, also as .gz, or a folder of them; - is standard input, one resource.
    """
    _WORKER.clear()
    settings = (definitions, best_practice, allow_extensions, profile)
    if explain:
        from cart_fhir.validator.explain import explain as words

        _start(*settings)
        click.echo(words(_WORKER["validator"].registry, explain, profile))
        return 0
    if profile is not None and not profile.strip():
        raise click.UsageError("--profile is empty: name the URL of a profile, or leave it out.")
    if not paths:
        raise click.UsageError("Name at least one FILE, or an element with --explain.")
    run = _run(paths, settings, jobs, ignore)
    report = REPORTS[output](run)
    click.echo(report, nl=not report.endswith("\n"))
    worst = max((_ORDER.index(issue.severity) for each in run.found for issue in each.issues), default=-1)
    return 1 if worst >= _ORDER.index(fail_on) else 0


Settings = tuple[tuple[Path, ...], bool, tuple[str, ...], str | None]


def _run(paths: tuple[Path, ...], settings: Settings, jobs: int, ignore: Path | None) -> Run:
    """Check everything, and say what is wrong with the definitions that were named."""
    ignored = None
    if ignore is not None:
        from cart_fhir.validator.ignore import Ignored

        ignored = Ignored.read(ignore)
    run = Run()
    for each in _progress(_checked(files(paths), settings, jobs), len(paths)):
        kept = tuple(ignored.keep(each.issues)) if ignored is not None else each.issues
        run.add(Checked(each.path, kept, each.line))
    if definitions := settings[0]:
        told = _definition_issues(settings)
        run.tell(Checked(_name(definitions), tuple(ignored.keep(told)) if ignored is not None else told))
    _tell_idle(ignored.idle() if ignored is not None else [])
    return run


def _start(
    definitions: tuple[Path, ...], best_practice: bool, allow_extensions: tuple[str, ...], profile: str | None
) -> None:
    """Make this process's validator."""
    from cart_fhir.validator import Validator

    made = Validator(definitions, best_practice=best_practice, allow_extensions=allow_extensions)
    _WORKER["validator"] = made


def _definition_issues(settings: Settings) -> tuple[Issue, ...]:
    """What is wrong with the definitions themselves; with --jobs they are read once more, as workers keep theirs."""
    if "validator" not in _WORKER:
        _start(*settings)
    return tuple(_WORKER["validator"].definition_issues)


def _name(definitions: tuple[Path, ...]) -> Path:
    """The definitions as the place of findings: which of several brought a problem is in its text."""
    return definitions[0] if len(definitions) == 1 else Path("--definitions")


def _checked(names: list[Path], settings: Settings, jobs: int) -> Iterator[Checked]:
    """Each resource checked, in the order of the files."""
    sources = ((source, settings[3]) for name in names for source in _read(name))
    if jobs == 1:
        _start(*settings)
        yield from map(_check, sources)
        return
    with _workers(jobs, settings) as pool:
        yield from pool.imap(_check, sources, chunksize=64)


def _workers(jobs: int, settings: Settings) -> Pool:
    """Processes with a validator each. Ctrl-C is for this one to answer: they are started deaf to it, and ended."""
    from multiprocessing import get_context

    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return get_context("spawn").Pool(jobs, initializer=_start, initargs=settings)
    finally:
        signal.signal(signal.SIGINT, heard)


def _read(name: Path) -> Iterator[Source | Checked]:
    """The resources of a file; what could not be read of it is a finding too, and the next file is taken."""
    try:
        yield from read(name)
    except (BadRequest, TooLarge) as problem:
        yield Checked(name, (Issue("fatal", problem.issue_code, "syntax", problem.message, advice=problem.advice),))


def _check(task: tuple[Source | Checked, str | None]) -> Checked:
    source, profile = task
    if isinstance(source, Checked):
        return source
    issues = _WORKER["validator"].validate(source.data, profile)
    if source.line is not None:
        issues = [replace(issue, line=source.line) for issue in issues]
    return Checked(source.path, tuple(issues), source.line)


def _progress(checked: Iterator[Checked], count: int) -> Iterator[Checked]:
    """Count on stderr while it takes long, when somebody is looking."""
    if not sys.stderr.isatty():
        yield from checked
        return
    with click.progressbar(checked, label="Checking", file=sys.stderr, show_pos=True) as bar:
        yield from bar


def _tell_idle(names: list[str]) -> None:
    for name in names:
        click.echo(f"cart-fhir: the ignore file's entry '{name}' matched nothing.", err=True)
