"""What a run did, for people and programs: text, CSV, an HTML page, an OperationOutcome. One list, one shape."""

from __future__ import annotations

import csv
import html
import io
from collections import Counter
from collections.abc import Callable, Sequence

from cart_fhir.formats import json
from cart_fhir.issues import Issue, Origin, operation_outcome, worst_first
from cart_fhir.mappers.mapping import Mapped

_HEADER = ("severity", "rule", "file", "sheet", "row", "column", "value", "message", "advice", "expression")
_SHOWN = 50


def row(issue: Issue) -> tuple[str, ...]:
    """A finding as the cells of a table."""
    origin = issue.origin
    place = (origin.file, origin.sheet, str(origin.row or ""), origin.column, origin.value) if origin else ("",) * 5
    return (issue.severity, issue.rule, *place, issue.text, issue.advice, issue.expression)


def as_csv(mapped: Mapped) -> str:
    """The findings as CSV, worst first."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_HEADER)
    writer.writerows(row(issue) for issue in worst_first(mapped.issues))
    return stream.getvalue()


def as_json(mapped: Mapped) -> str:
    """The findings as an OperationOutcome, and what became of the rows of each table."""
    totals = [
        Issue("information", "informational", "totals", " ".join(_total_line(cells).split()), origin=Origin(cells[0]))
        for cells in _totals(mapped)
    ]
    return json.dumps(operation_outcome([*worst_first(mapped.issues), *totals]), pretty=True).decode() + "\n"


def as_text(mapped: Mapped, shown: int = _SHOWN) -> str:
    """Totals of each file, then the findings, worst first: the first `shown`, then how many more of each rule."""
    lines = [_total_line(cells) for cells in _totals(mapped)]
    issues = worst_first(mapped.issues)
    for issue in issues[:shown]:
        place = f" {issue.origin}:" if issue.origin else f" line {issue.line} of the map:" if issue.line else ""
        lines.append(f"{issue.severity}:{place} {issue.text} {issue.advice} [{issue.rule}]")
    more = Counter(issue.rule for issue in issues[shown:])
    lines += [f"... and {count} more of {rule}" for rule, count in more.most_common()]
    return "\n".join(lines) + "\n"


def as_html(mapped: Mapped) -> str:
    """One page that needs nothing else: totals and findings as tables."""
    head = "<!doctype html><html lang=en><meta charset=utf-8><title>Mapping report</title><style>" + _STYLE + "</style>"
    totals = _html_table(("file", "table", "read", "mapped", "skipped", "refused"), _totals(mapped))
    findings = _html_table(_HEADER, [row(issue) for issue in worst_first(mapped.issues)])
    summary = f"{mapped.count} resources; {mapped.dropped} repeated rows dropped; {len(mapped.issues)} findings."
    return f"{head}<h1>Mapping report</h1><p>{summary}</p><h2>Rows</h2>{totals}<h2>Findings</h2>{findings}</html>\n"


FORMS: dict[str, Callable[[Mapped], str]] = {".csv": as_csv, ".json": as_json, ".html": as_html, ".txt": as_text}
"""The forms of a report by the end of a file's name."""

_STYLE = (
    "body{font:15px/1.4 system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}"
    "td,th{border:1px solid #ccc;padding:.25rem .5rem;text-align:left;vertical-align:top}th{background:#f3f3f3}"
)


def _totals(mapped: Mapped) -> list[tuple[str, ...]]:
    """The cells of each total; a table that found no row in a file is left out where another table found some."""
    found = {total.file for total in mapped.totals if total.read}
    return [
        (total.file, total.table, *map(str, (total.read, total.mapped, total.skipped, total.refused)))
        for total in mapped.totals
        if total.read or total.file not in found
    ]


def _total_line(cells: Sequence[str]) -> str:
    file, table, read, mapped, skipped, refused = cells
    name = file if file.startswith(table) else f"{file} ({table})"
    return f"{name:<44} {read:>8} rows = {mapped:>8} mapped + {skipped:>6} skipped + {refused:>6} refused"


def _html_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{html.escape(cell)}" for cell in header)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}" for cell in cells) for cells in rows)
    return f"<table><tr>{head}{body}</table>"
