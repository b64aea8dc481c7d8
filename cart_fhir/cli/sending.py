"""Files of resources as transactions: what `load` stores and `push` sends, and the report of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from cart_fhir.errors import BadRequest, CartFHIRError, TooLarge
from cart_fhir.formats import is_xml, json, read
from cart_fhir.validator import sources

Json = dict[str, Any]

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True, path_type=Path))
BATCH_SIZE = click.option(
    "--batch-size", default=500, show_default=True, type=click.IntRange(1, 10_000), help="Entries at once (NDJSON)."
)


@dataclass
class Report:
    """What became of the entries: how many were written, how many refused, and what was said of those."""

    done: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    unread: int = 0

    def add(self, file: Path, response: Json) -> None:
        """Count a transaction-response or batch-response."""
        for index, entry in enumerate(response.get("entry", ())):
            answer = entry.get("response", {})
            status = str(answer.get("status", ""))[:3]
            if status.startswith("2"):
                self.done["created" if status == "201" else "updated or unchanged"] += 1
            else:
                issues = answer.get("outcome", {}).get("issue") or [{}]
                text = issues[0].get("details", {}).get("text", "no reason given")
                self.refuse(file, 1, [f"entry {index}: status {status}: {text}"])

    def refuse(self, file: Path, entries: int, said: Iterable[str]) -> None:
        """Count entries that were refused and say why."""
        self.refused += entries
        for each in said:
            click.echo(f"{file}: {each}", err=True)

    def finish(self, url: str) -> int:
        """Tell the counts; the exit status."""
        counts = ", ".join(f"{number} {what}" for what, number in sorted(self.done.items())) or "nothing done"
        unread = f", {self.unread} file{'' if self.unread == 1 else 's'} not read" if self.unread else ""
        click.echo(f"{url}: {counts}; {self.refused} refused{unread}.")
        return 1 if self.refused or self.unread else 0


def each_bundle(paths: tuple[Path, ...], size: int, report: Report) -> Iterator[tuple[Path, Json]]:
    """The transactions of files and folders; a file that cannot be read is told, and the next one is taken."""
    for file in sources.files(paths):
        try:
            yield from ((file, bundle) for bundle in bundles(file, size))
        except Unreadable as problem:
            report.unread += 1
            click.echo(f"{file}: {problem.message} {problem.advice}".rstrip(), err=True)


class Unreadable(BadRequest):
    """A file that holds no resources, or not only."""


def bundles(file: Path, size: int) -> Iterator[Json]:
    """The transactions to send for a file: as they stand, or made of its resources, `size` entries each.

    JSON, XML, NDJSON, and .gz of each. Raises Unreadable, with the line where it is known.
    """
    resources = _resources(file)
    if file.name.endswith((".ndjson", ".ndjson.gz")):
        yield from _transactions(resources, size)
        return
    for value in resources:
        if value["resourceType"] != "Bundle":
            yield from _transactions([value], size)
        elif value.get("type") in ("transaction", "batch"):
            yield value
        else:
            yield from _transactions(
                (entry["resource"] for entry in value.get("entry", ()) if "resource" in entry), size
            )


def _resources(file: Path) -> Iterator[Json]:
    try:
        for source in sources.read(file):
            try:
                value = _resource(source.data)
            except CartFHIRError as problem:
                issue = problem.issues[0]
                line = source.line or issue.line
                place = f"line {line}: " if line else ""
                raise Unreadable(f"{place}{issue.text}", advice=issue.advice) from problem
            yield value
    except Unreadable:
        raise
    except (BadRequest, TooLarge) as problem:
        raise Unreadable(problem.message, advice=problem.advice) from problem


def _resource(data: bytes) -> Json:
    if is_xml(data):
        from cart_fhir.definitions import Registry

        return read(data, Registry.default().types)
    value = json.loads(data)
    if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
        raise BadRequest("This is no FHIR resource.")
    return value


def _transactions(resources: Iterable[Json], size: int) -> Iterator[Json]:
    entries: list[Json] = []
    for resource in resources:
        type = resource["resourceType"]
        request = (
            {"method": "PUT", "url": f"{type}/{resource['id']}"}
            if "id" in resource
            else {"method": "POST", "url": type}
        )
        entries.append({"resource": resource, "request": request})
        if len(entries) == size:
            yield {"resourceType": "Bundle", "type": "transaction", "entry": entries}
            entries = []
    if entries:
        yield {"resourceType": "Bundle", "type": "transaction", "entry": entries}
