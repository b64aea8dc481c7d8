"""OMOP CDM 5.4: a table as CSV or TSV, as Parquet, or in a database; the same records from each.

Names of columns are in small letters. A `..._datetime` at midnight of its own `..._date` says that no time is known,
and is left out. Where the vocabulary is there (a file CONCEPT beside the table, or the database's own table) each
`..._concept_id` brings `..._concept.code`, `..._concept.name` and `..._concept.vocabulary`; concept 0 (unmapped) brings
none. Options: table (for databases), schema, concepts (the file, where it lies elsewhere; `false`: do without), and
those of the csv reader.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cart_fhir.mappers.readers import Reading, Record, Unreadable, delimited, parquet, sql

_PARTS = {"code": "concept_code", "name": "concept_name", "vocabulary": "vocabulary_id"}
_TABLES = (".csv", ".tsv", ".txt", ".parquet", ".gz")

Concepts = dict[str, dict[str, str]]  # concept id -> its code, name and vocabulary


def read(path: Path, options: Mapping[str, Any]) -> Reading:
    """Read one table; columns that the vocabulary adds stand after those of the table."""
    if path.suffix.lower() in sql.FILES:
        source = sql.Database(path, options)
        joined = options.get("concepts") is not False and source.has("concept")
        return _reading(Reading(source.columns, _of_database(source) if joined else source.records()), joined)
    reading = _file(path, options)
    concepts = vocabulary(path, options)
    if concepts is None:
        return _reading(reading, False)
    used = {
        str(value)
        for record in reading.records
        for name, value in record.values.items()
        if name.lower().endswith("_concept_id")
    }
    known = _chosen(concepts, used)
    again = _file(path, options)
    return _reading(Reading(again.columns, _joined(again.records, known), again.doubts), True)


def _file(path: Path, options: Mapping[str, Any]) -> Reading:
    return parquet.read(path, options) if path.suffix.lower() == ".parquet" else delimited.read(path, options)


def _reading(reading: Reading, joined: bool) -> Reading:
    columns = [name.lower() for name in reading.columns or ()]
    if joined:
        columns += [f"{name.removesuffix('_id')}.{part}" for name in columns if _is_concept(name) for part in _PARTS]
    return Reading(columns, (_tidy(record) for record in reading.records), reading.doubts)


def _tidy(record: Record) -> Record:
    cells = {name if name.startswith("\0") else name.lower(): value for name, value in record.values.items()}
    for name in [name for name in cells if name.endswith("_datetime")]:
        day = cells.get(f"{name.removesuffix('time')}", "")
        if (
            day
            and cells[name]
            and str(cells[name])[:10] == str(day)[:10]
            and not str(cells[name])[10:].strip(" T0:.Z+")
        ):
            cells[name] = ""
    return Record(record.origin, cells, record.doubts)


def _is_concept(name: str) -> bool:
    return name.lower().endswith("_concept_id")


# -- the vocabulary ----------------------------------------------------------------------------------------------------


def _with(values: Mapping[str, Any], known: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The cells of a row with those of its concepts."""
    made = dict(values)
    for name, value in values.items():
        if _is_concept(name):
            found = known.get(str(value), {})
            made.update({f"{name.lower().removesuffix('_id')}.{part}": found.get(part, "") for part in _PARTS})
    return made


def _joined(records: Iterable[Record], known: Concepts) -> Iterator[Record]:
    for record in records:
        yield Record(record.origin, _with(record.values, known), record.doubts)


def _of_database(source: sql.Database) -> Iterator[Record]:
    known: Concepts = {"0": {}}
    number = 0
    with source.connect() as connection:
        concept = source.find(connection, "concept")
        for batch in source.batches(connection):
            if concept is not None:
                _learn(connection, concept, batch, known)
            for values in batch:
                number += 1
                yield Record(source.origin(number), _with(values, known))


def _learn(connection: sa.Connection, concept: sa.Table, batch: list[dict[str, str]], known: Concepts) -> None:
    """Look up the concepts of some rows that are not known yet."""
    names = {name.lower(): column for name, column in concept.columns.items()}
    used = {value for row in batch for name, value in row.items() if _is_concept(name) and value.isdigit()}
    wanted = sorted(used - known.keys())
    known.update({one: {} for one in wanted})
    for start in range(0, len(wanted), 500):
        some = [int(one) for one in wanted[start : start + 500]]
        chosen = sa.select(names["concept_id"], *(names[column] for column in _PARTS.values()))
        for id, *cells in connection.execute(chosen.where(names["concept_id"].in_(some))):
            known[str(id)] = {part: str(value or "") for part, value in zip(_PARTS, cells, strict=True)}


def vocabulary(path: Path, options: Mapping[str, Any]) -> Path | None:
    """The file of the vocabulary: as the map names it, or CONCEPT in the folder of the table."""
    given = options.get("concepts")
    if given is False:
        return None
    if given:
        named = Path(str(given))
        return named if named.exists() else path.parent / named
    prefix = path.name.upper().split(".")[0].rpartition("_")[0]
    names = {"CONCEPT", f"{prefix}_CONCEPT"}
    found = (one for one in sorted(path.parent.iterdir()) if one.suffix.lower() in _TABLES)
    return next((one for one in found if one.name.upper().split(".")[0] in names and one != path), None)


def _chosen(path: Path, used: set[str]) -> Concepts:
    """Of a vocabulary of millions, the concepts that are used."""
    made: Concepts = {}
    rows = (record.values for record in parquet.read(path, {}).records) if path.suffix == ".parquet" else _lines(path)
    for row in rows:
        cells = {str(name).lower(): value for name, value in row.items()}
        if (id := str(cells.get("concept_id", ""))) in used:
            made[id] = {part: str(cells.get(column) or "") for part, column in _PARTS.items()}
    return made


def _lines(path: Path) -> Iterator[dict[str, str]]:
    """CONCEPT.csv: Athena writes it with tabs and without quotes, others with commas and quotes."""
    try:
        with (gzip.open(path, "rt", encoding="utf-8-sig", newline="") if path.suffix == ".gz"
              else path.open(encoding="utf-8-sig", newline="")) as stream:  # fmt: skip
            head = stream.readline()
            tabs = "\t" in head
            names = next(csv.reader([head], delimiter="\t" if tabs else ","))
            plain = csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
            for row in plain if tabs else csv.reader(stream):
                yield dict(zip(names, row, strict=False))
    except (OSError, UnicodeDecodeError, csv.Error, StopIteration, EOFError):
        raise Unreadable(f"The vocabulary {path.name} cannot be read.") from None
