"""The `cart-fhir` command: one file per sub-command, loaded only when it is called.

Exit status: 0 all is well, 1 findings (errors in the data, refused rows), 2 the command could not run.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from cart_fhir import __version__
from cart_fhir.errors import CartFHIRError, fault

# name of the command -> what `cart-fhir --help` says of it; the command itself is `cart_fhir.cli.<name>.command`
COMMANDS = {
    "demo": "Run the main job on synthetic data and open it in a browser.",
    "serve": "Serve a store over HTTP as a FHIR R4 server.",
    "map": "Turn hospital exports into a conformant bundle.",
    "listen": "Store an HL7 v2 feed (MLLP), each message acknowledged once it is stored.",
    "validate": "Check resources against R4 and the guide.",
    "load": "Validate bundles or NDJSON and put them into a store.",
    "reindex": "Bring a store's search index up to the definitions in use.",
    "push": "Send bundles to another FHIR server.",
    "pull": "Fetch patients' records from another FHIR server.",
    "synth": "Write synthetic CAR-T journeys, as FHIR or as exports.",
    "guide": "Check the implementation guide, or list what it defines.",
}


class Lazy(click.Group):
    """A group whose commands are imported when they run: `cart-fhir validate` does not pay for the web server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = import_module(f"cart_fhir.cli.{name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cart-fhir")
def group() -> None:
    """CAR-T cell therapy in autoimmune disease on FHIR R4."""


def main() -> None:
    """Run the command line; what cannot run is told in one sentence, never as a traceback."""
    try:
        status = group(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(2)
    except click.ClickException as problem:
        problem.show()
        sys.exit(2)
    except CartFHIRError as problem:
        for issue in problem.issues:
            place = f" (line {issue.line}, column {issue.column})" if issue.line else ""
            click.echo(f"cart-fhir: {issue.text}{place} {issue.advice}".rstrip(), err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(2)
    except OSError as problem:  # no such folder, no right to write there, a full disk
        place = f"{problem.filename}: " if problem.filename else ""
        click.echo(f"cart-fhir: {place}{problem.strerror or problem}.", err=True)
        sys.exit(2)
    except Exception as problem:
        if "CART_FHIR_TRACEBACK" in os.environ:
            raise
        click.echo(
            f"cart-fhir: this is a fault of the program: {fault(problem)}. Please report it. "
            "With CART_FHIR_TRACEBACK=1 in the environment it tells more, which may quote data.",
            err=True,
        )
        sys.exit(2)  # 1 would say that there are findings
    sys.exit(status if isinstance(status, int) else 0)
