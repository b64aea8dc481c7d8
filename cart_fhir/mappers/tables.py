"""The CSV side tables of a map: small files that a data manager edits in Excel, read forgivingly, wrong ones told.

Delimiter `,` or `;` (the one the header line uses), UTF-8 with or without a byte order mark.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from cart_fhir.errors import ConfigError


def rows(
    path: Path, required: tuple[str, ...], known: tuple[str, ...] | None = None
) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, cells by column) of a side table; ConfigError where it lacks a column or has a strange one."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise ConfigError(f"The table {path.name} cannot be read: {problem.strerror}.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"The table {path.name} is not in UTF-8.", advice="Save it as 'CSV UTF-8'.") from None
    head = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = names
    lacking = [name for name in required if name not in names]
    if lacking:
        raise ConfigError(f"The table {path.name} has no column '{lacking[0]}'; it has {', '.join(names) or 'none'}.")
    strange = [name for name in names if known is not None and name not in known]
    if strange:
        raise ConfigError(
            f"The table {path.name} has a column '{strange[0]}', which is none of {', '.join(known or ())}."
        )
    for row in reader:
        yield reader.line_num, {key: (value or "").strip() for key, value in row.items() if key is not None}
