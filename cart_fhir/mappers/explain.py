"""`cart-fhir map explain`: the rows that made a resource, and for each of its elements the cells behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cart_fhir.issues import Origin
from cart_fhir.mappers.compiled import Make
from cart_fhir.mappers.readers import Unreadable
from cart_fhir.mappers.rules import shape

if TYPE_CHECKING:
    from cart_fhir.mappers.run import Run


def explained(run: Run, makes: Sequence[Make], ref: str, *, show: bool) -> Iterator[str]:
    """Lines of text; cells by their shape (xx99) unless `show`."""
    for _, number, sheet, row, made in run.spool.makers(ref):
        source, make = run.sources[number], makes[made]
        origin = Origin(source.path.name, sheet, row)
        yield f"{origin} (table {source.compiled.table.name}, line {make.line} of the map)"
        cells = _cells(run, number, sheet, row)
        for element, names in {"key": make.keys, **make.elements}.items():
            columns = sorted(make.cells(names))
            if columns:
                yield f"  {element}: {', '.join(_told(column, cells, show) for column in columns)}"


def _told(column: str, cells: Mapping[str, Any], show: bool) -> str:
    cell = cells.get(column)
    return f"{column} '{shape(cell, show)}'" if cell not in ("", None) else f"{column} (empty)"


def _cells(run: Run, number: int, sheet: str, row: int) -> Mapping[str, Any]:
    """The cells of a row, read again."""
    feed = next(feed for feed in run.feeds if any(source.number == number for source in feed.sources))
    records: Iterable[Any] = ()
    with suppress(Unreadable):
        records = feed.open().records
        for record in records:
            if (record.origin.sheet, record.origin.row or 0) == (sheet, row):
                return dict(record.values)
    return {}
