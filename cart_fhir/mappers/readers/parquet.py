"""Parquet files, read batch by batch with pyarrow (the extra `parquet`); cells are as a CSV export would write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cart_fhir.errors import ConfigError
from cart_fhir.issues import Origin
from cart_fhir.mappers.readers import Reading, Record, Unreadable
from cart_fhir.mappers.readers.native import cell

_BATCH = 5000


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read a file; row numbers count its rows from 1."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise ConfigError("Parquet files need pyarrow.", advice="pip install 'cart-fhir[parquet]'") from None
    try:
        with ParquetFile(path) as file:
            columns = tuple(file.schema_arrow.names)
    except OSError as problem:
        raise Unreadable(f"The file cannot be read: {problem.strerror or 'it is no whole Parquet file'}.") from None
    except (ArrowException, ValueError):
        raise Unreadable("This is no whole Parquet file: it is cut short or of another kind.") from None
    return Reading(columns, _records(path))


def _records(path: Path) -> Iterator[Record]:
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    number = 0
    try:
        with ParquetFile(path) as file:
            for batch in file.iter_batches(_BATCH):
                for row in batch.to_pylist():
                    number += 1
                    yield Record(Origin(path.name, row=number), {name: cell(value) for name, value in row.items()})
    except (ArrowException, OSError, ValueError):
        raise Unreadable("The file is damaged from here on.", row=number + 1) from None
