"""`cart-fhir guide`: check the implementation guide, or list what it defines."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cart_fhir.guide.rules import RULES, Breach, Guide


@click.group(help="Check the implementation guide, or list what it defines.")
def command() -> None:
    """The guide that cart_fhir ships."""


@command.command()
@click.option(
    "--source",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder implementation_guide/ of a checkout: its sources, pages and table of codes are checked too.",
)
def check(source: Path | None) -> int:
    """Check names, texts, codes, examples, references and validity; exit 1 when a rule is broken."""
    guide = Guide(source or _checkout())
    broken: list[Breach] = []
    with click.progressbar(length=len(RULES), label="Checking the guide", file=sys.stderr) as bar:
        for rule in RULES:
            broken += rule(guide)
            bar.update(1)
    for breach in broken:
        click.echo(f"{breach.rule}: {breach.where}: {breach.text}")
    count = f"{len(guide.definitions)} definitions, {len(guide.examples)} examples"
    sources = "sources included" if guide.source else "without the sources, which are not here"
    click.echo(f"{count}, {sources}: {len(broken)} problems.", err=True)
    return 1 if broken else 0


@command.command("list")
@click.option("--kind", default="StructureDefinition", show_default=True, help="Resource type of the definitions.")
def list_(kind: str) -> int:
    """List definitions of the guide: id, canonical, title."""
    definitions = Guide().definitions
    kinds = sorted({resource["resourceType"] for resource in definitions})
    if kind not in kinds:
        raise click.UsageError(f"The guide defines no {kind}; it has {', '.join(kinds)}.")
    for resource in definitions:
        if resource["resourceType"] == kind:
            click.echo(f"{resource['id']:<40} {resource['url']:<80} {resource.get('title', '')}")
    return 0


def _checkout() -> Path | None:
    """The sources of the guide beside the package, when it runs from a checkout."""
    folder = Path(__file__).parents[2] / "implementation_guide"
    return folder if (folder / "input" / "fsh").is_dir() else None
