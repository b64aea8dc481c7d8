"""The data dictionary and the coverage of registry forms, as rows for pages, CSV and Excel."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import profile_view

Json = dict[str, Any]

DICTIONARY = (
    "profile",
    "element",
    "cardinality",
    "must support",
    "type",
    "what it is for",
    "fixed",
    "value set",
    "strength",
)


def dictionary(profiles: list[Json]) -> list[tuple[str, ...]]:
    """One row for every element that is a must-have or must-support, for people who never read a profile."""
    found = []
    for profile in profiles:
        for row in profile_view.rows(profile, "key"):
            types = ", ".join(label for label, _ in row.types)
            strength, value_set = row.binding
            flag = "yes" if row.must_support else ""
            found.append(
                (profile["title"], row.id, row.cardinality, flag, types, row.short, row.fixed, value_set, strength)
            )
    return found


def write_csv(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Write rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_xlsx(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> bool:
    """Write rows as Excel, where openpyxl is installed; whether it was."""
    try:
        from openpyxl import Workbook
    except ImportError:
        return False
    book = Workbook()
    sheet = book.active
    sheet.title = "Data dictionary"
    sheet.append(header)
    for row in rows:
        sheet.append(row)
    sheet.freeze_panes = "A2"
    book.save(path)
    return True


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def registry_coverage(items: list[dict[str, str]], examples: list[Json]) -> list[dict[str, str]]:
    """Each item of a registry form with the element that keeps it and an example of its profile."""
    by_profile: dict[str, str] = {}
    for example in examples:
        for url in example.get("meta", {}).get("profile", []):
            by_profile.setdefault(url.rsplit("/", 1)[-1], f"{example['resourceType']}-{example['id']}")
    return [{**item, "example": by_profile.get(item["profile"], "")} for item in items]
