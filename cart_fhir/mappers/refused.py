"""Refused rows, written back as they came with the findings beside them: mend them and run the file again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cart_fhir.issues import Issue
from cart_fhir.mappers import readers
from cart_fhir.mappers.fields import as_text
from cart_fhir.mappers.readers import Unreadable
from cart_fhir.mappers.readers.table import OVERLONG

FINDINGS = "cart_fhir_findings"  # the column that a refused row carries; maps need not name it


def write(
    folder: Path, path: Path, options: Mapping[str, Any], rows: set[tuple[str, int]], issues: Iterable[Issue]
) -> Path:
    """Write the rows (sheet, number) of a file that were refused; the file written, as the source's own kind of CSV."""
    told: dict[tuple[str, int], list[str]] = {}
    for issue in issues:
        if issue.origin and issue.origin.file == path.name and issue.is_error:
            column = f"{issue.origin.column}: " if issue.origin.column else ""
            told.setdefault((issue.origin.sheet, issue.origin.row or 0), []).append(
                f"{column}{issue.text} {issue.advice}"
            )
    sheet = str(options.get("sheet") or "")
    is_text = path.suffix.lower() in (".csv", ".tsv", ".txt", ".tab")
    name = path.name if is_text else f"{path.stem}{'.' + sheet if sheet else ''}.csv"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / name
    encoding = str(options.get("encoding") or "utf-8-sig") if is_text else "utf-8-sig"
    with target.open("w", encoding=encoding, errors="xmlcharrefreplace", newline="") as stream:
        reading = readers.read(path, options)
        columns = [column for column in reading.columns or () if column != FINDINGS]
        writer = csv.writer(stream, delimiter=str(options.get("delimiter") or ("\t" if path.suffix == ".tsv" else ",")))
        if columns:
            writer.writerow([*columns, FINDINGS])
        try:
            for record in reading.records:
                place = (record.origin.sheet, record.origin.row or 0)
                if place in rows:
                    columns = columns or list(record.values)
                    reasons = told.get(place) or told.get((record.origin.sheet, 0), [])
                    writer.writerow([*_cells(record.values, columns), " | ".join(reasons)])
        except Unreadable:
            pass  # what could be read is written; the finding of the file says where it ends
    return target


def _cells(values: Mapping[str, Any], columns: list[str]) -> list[str]:
    beyond = values.get(OVERLONG, [])
    return [*(as_text(values.get(column, "")) for column in columns), *beyond]
