"""`cart-fhir validate`: files in, findings out; exit status 0 without errors, 1 with, 2 when it could not run."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cart_fhir.validator.reports import REPORTS, Checked


@click.command("validate")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--profile", metavar="URL", help="Check against this profile besides those the resources claim.")
@click.option(
    "--definitions",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="A package (.tgz or folder) or definition file to know; may be given again.",
)
@click.option("--output", type=click.Choice(list(REPORTS)), default="text", show_default=True, help="How to report.")
@click.option("--best-practice", is_flag=True, help="Also warn where good practice is not followed.")
@click.option(
    "--allow-extensions", multiple=True, metavar="URL", help="Accept unknown extensions that start so, or 'any'."
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "information"]),
    default="error",
    show_default=True,
    help="The least severity that makes the exit status 1.",
)
def command(
    *,
    files: tuple[Path, ...],
    profile: str | None,
    definitions: tuple[Path, ...],
    output: str,
    best_practice: bool,
    allow_extensions: tuple[str, ...],
    fail_on: str,
) -> int:
    """Check resources against R4, the guide and other profiles."""
    from cart_fhir.validator import Validator

    validator = Validator(definitions, best_practice=best_practice, allow_extensions=allow_extensions)
    checked = [Checked(path, tuple(validator.validate(path, profile))) for path in files]
    report = REPORTS[output](checked)
    click.echo(report, nl=not report.endswith("\n"))
    sys.stdout.flush()
    order = ("information", "warning", "error", "fatal")
    least = order.index(fail_on)
    worst = max((order.index(issue.severity) for each in checked for issue in each.issues), default=-1)
    return 1 if worst >= least else 0
