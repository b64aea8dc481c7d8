"""OMOP tables as CSV, Parquet, in SQLite and in PostgreSQL: the same records; secrets of databases stay secret."""

from __future__ import annotations

import csv
import os
import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cart_fhir.errors import ConfigError
from cart_fhir.mappers import Unreadable, load_map
from cart_fhir.mappers.readers import omop, parquet, sql

ROOT = Path(__file__).parents[2]
POSTGRES = os.environ.get("CART_FHIR_TEST_POSTGRES", "")
SAMPLES = ROOT / ".." / "shared" / "samples" / "omop"

MEASUREMENTS: list[tuple[Any, ...]] = [
    (1, 7, 3000963, date(2026, 3, 1), datetime(2026, 3, 1), 4172703, 8.5, 8713, "Hb; g/dl"),
    (2, 7, 0, date(2026, 3, 2), datetime(2026, 3, 2, 8, 30), None, 70.0, None, 'the "odd", one'),
    (3, 8, 3000963, date(2026, 3, 3), None, None, None, 8713, "Größe µ"),
]
NAMES = ("measurement_id", "person_id", "measurement_concept_id", "measurement_date", "measurement_datetime",
         "operator_concept_id", "value_as_number", "unit_concept_id", "measurement_source_value")  # fmt: skip
CONCEPTS = [(3000963, "Hemoglobin", "LOINC", "718-7"), (8713, "gram per deciliter", "UCUM", "g/dL"),
            (4172703, "=", "SNOMED", "276136004")]  # fmt: skip
CONCEPT_NAMES = ("concept_id", "concept_name", "vocabulary_id", "concept_code")


def as_csv(folder: Path, name: str, names: tuple[str, ...], rows: list[tuple[Any, ...]], **form: Any) -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, **form)
        writer.writerow([column.upper() for column in names])
        writer.writerows(["" if one is None else 70 if one == 70.0 else one for one in row] for row in rows)
    return path


def as_parquet(folder: Path, name: str, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Path:
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow.parquet import write_table

    write_table(pa.table({column: [row[at] for row in rows] for at, column in enumerate(names)}), folder / name)
    return folder / name


def fill(url: str) -> None:
    """Both tables in a database; the schema is that of the CDM, as far as it matters here."""
    engine = sa.create_engine(url)
    types = [
        sa.Integer,
        sa.Integer,
        sa.Integer,
        sa.Date,
        sa.DateTime,
        sa.Integer,
        sa.Numeric,
        sa.Integer,
        sa.String(50),
    ]
    meta = sa.MetaData()
    columns = [
        sa.Column(name, kind, primary_key=at == 0) for at, (name, kind) in enumerate(zip(NAMES, types, strict=True))
    ]
    one = sa.Table("measurement", meta, *columns)
    other = sa.Table("concept", meta, sa.Column("concept_id", sa.Integer, primary_key=True),
                     *(sa.Column(name, sa.String(255)) for name in CONCEPT_NAMES[1:]))  # fmt: skip
    meta.drop_all(engine)
    meta.create_all(engine)
    with engine.begin() as connection:
        rows = [
            tuple(Decimal(f"{cell:g}") if isinstance(cell, float) else cell for cell in row) for row in MEASUREMENTS
        ]
        connection.execute(one.insert(), [dict(zip(NAMES, row, strict=True)) for row in reversed(rows)])
        connection.execute(other.insert(), [dict(zip(CONCEPT_NAMES, row, strict=True)) for row in CONCEPTS])
    engine.dispose()


@pytest.fixture
def sqlite(tmp_path: Path) -> Path:
    fill(f"sqlite:///{tmp_path / 'omop.sqlite'}")
    return tmp_path / "omop.sqlite"


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Path]:
    if not POSTGRES:
        pytest.skip("no PostgreSQL server is named (CART_FHIR_TEST_POSTGRES)")
    url = sa.make_url(POSTGRES).set(drivername="postgresql+psycopg")
    text = url.render_as_string(hide_password=False)
    fill(text)
    path = tmp_path / "omop.url"
    path.write_text(text.replace("postgresql+psycopg", "postgresql"), encoding="utf-8")
    yield path
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE measurement, concept"))
    engine.dispose()


def records(path: Path, **options: Any) -> list[dict[str, Any]]:
    return [dict(record.values) for record in omop.read(path, {"table": "MEASUREMENT", **options}).records]


@pytest.fixture
def expected(tmp_path: Path) -> list[dict[str, Any]]:
    folder = tmp_path / "csv"
    folder.mkdir()
    as_csv(folder, "CONCEPT.csv", CONCEPT_NAMES, CONCEPTS, delimiter="\t", quoting=csv.QUOTE_NONE)
    return records(as_csv(folder, "measurement.csv", NAMES, MEASUREMENTS))


def test_csv_gives_small_letters_concepts_and_no_midnights(expected: list[dict[str, Any]]) -> None:
    first, second, third = expected
    assert first["measurement_datetime"] == third["measurement_datetime"] == "", "midnight: no time is known"
    assert second["measurement_datetime"] == "2026-03-02 08:30:00"
    assert (first["measurement_concept.code"], first["measurement_concept.vocabulary"]) == ("718-7", "LOINC")
    assert (first["unit_concept.code"], first["operator_concept.name"]) == ("g/dL", "=")
    assert second["measurement_concept.code"] == "", "concept 0 is no concept"
    assert (first["value_as_number"], second["value_as_number"]) == ("8.5", "70")


def test_parquet_gives_the_same_records(expected: list[dict[str, Any]], tmp_path: Path) -> None:
    as_parquet(tmp_path, "concept.parquet", CONCEPT_NAMES, CONCEPTS)
    assert records(as_parquet(tmp_path, "measurement.parquet", NAMES, MEASUREMENTS)) == expected


def test_sqlite_gives_the_same_records_by_file_and_by_url(
    expected: list[dict[str, Any]], sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tidied(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:  # SQLite has no times of its own: its texts stay
        return [{name: cell.replace(".000000", "") for name, cell in row.items()} for row in rows]

    assert tidied(records(sqlite)) == expected
    address = tmp_path / "a.url"
    address.write_text("sqlite:///omop.sqlite\n", encoding="utf-8")
    assert tidied(records(address)) == expected, "a relative file stands beside the .url"
    address.write_text("env:CART_TEST_OMOP", encoding="utf-8")
    with pytest.raises(ConfigError, match="CART_TEST_OMOP"):
        records(address)
    monkeypatch.setenv("CART_TEST_OMOP", f"sqlite:///{sqlite}")
    assert tidied(records(address)) == expected
    found = list(omop.read(sqlite, {"table": "measurement"}).records)
    assert [(one.origin.sheet, one.origin.row) for one in found] == [
        ("measurement", 1),
        ("measurement", 2),
        ("measurement", 3),
    ]


@pytest.mark.postgres
def test_postgresql_gives_the_same_records(expected: list[dict[str, Any]], postgres: Path) -> None:
    assert records(postgres) == expected
    assert records(postgres, schema="public") == expected
    with pytest.raises(Unreadable, match="no table 'nothing'"):
        omop.read(postgres, {"table": "nothing"})


def test_the_vocabulary_is_optional_and_can_be_left_out(
    expected: list[dict[str, Any]], sqlite: Path, tmp_path: Path
) -> None:
    plain = [{name: cell for name, cell in row.items() if "." not in name} for row in expected]
    alone = tmp_path / "alone"
    alone.mkdir()
    path = as_csv(alone, "x_MEASUREMENT.csv", NAMES, MEASUREMENTS)
    assert records(path) == plain
    assert "measurement_concept.code" not in (omop.read(path, {}).columns or ())
    as_csv(alone, "x_CONCEPT.csv", CONCEPT_NAMES, CONCEPTS)
    assert records(path) == expected, "the file of the same prefix is found"
    assert records(path, concepts=False) == plain
    assert "measurement_concept.code" not in records(sqlite, concepts=False)[0]


def test_nothing_is_written(sqlite: Path) -> None:
    before = sqlite.read_bytes()
    records(sqlite)
    assert sqlite.read_bytes() == before
    assert sorted(one.name for one in sqlite.parent.glob("omop.sqlite*")) == ["omop.sqlite"]


@pytest.mark.parametrize(
    "url",
    ["postgresql://ada:hunter2@127.0.0.1:1/omop", "nosuch://ada:hunter2@host/x", "hunter2", "sqlite:///hunter2.sqlite",
     "postgresql://ada:hunter2@127.0.0.1:port/omop", "mysql+nosuch://ada:hunter2@host/x", "postgresql://ada:hunter2@a..b/omop"],
)  # fmt: skip
def test_what_a_url_holds_is_never_told(tmp_path: Path, url: str) -> None:
    path = tmp_path / "a.url"
    path.write_text(url, encoding="utf-8")
    with pytest.raises((Unreadable, ConfigError)) as told:
        records(path)
    assert "hunter2" not in f"{told.value} {told.value.advice} {told.value.issues} {told.value.__cause__}"
    assert "ada" not in str(told.value)
    assert not (tmp_path / "hunter2.sqlite").exists()


def test_a_database_needs_a_table_and_a_real_file(sqlite: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="name of a table"):
        sql.read(sqlite, {})
    (tmp_path / "b.sqlite").write_bytes(b"this is no database, and long enough to be read as one " * 20)
    with pytest.raises(Unreadable, match="DatabaseError"):
        sql.read(tmp_path / "b.sqlite", {"table": "x"})
    with sqlite3.connect(tmp_path / "c.db") as made:
        made.execute('CREATE TABLE "odd name" ("a b" INTEGER, c BLOB)')
        made.execute("INSERT INTO \"odd name\" VALUES (1, x'41')")
    made.close()
    (row,) = [dict(one.values) for one in sql.read(tmp_path / "c.db", {"table": "ODD NAME"}).records]
    assert row == {"a b": "1", "c": "A"}


def test_parquet_that_is_none_or_cut_short_is_told(tmp_path: Path) -> None:
    whole = as_parquet(tmp_path, "a.parquet", NAMES, MEASUREMENTS).read_bytes()
    for data in (b"", b"PAR1", b"a,b\n1,2\n", whole[: len(whole) // 2]):
        (tmp_path / "b.parquet").write_bytes(data)
        with pytest.raises(Unreadable):
            list(parquet.read(tmp_path / "b.parquet", {}).records)


def test_parquet_cells_are_as_in_csv(tmp_path: Path) -> None:
    values = [True, 1e-7, float("nan"), Decimal("1.50"), ["a"], b"x", 12345678901234567890.0, -0.5]
    names = tuple(f"c{at}" for at in range(len(values)))
    (row,) = [
        dict(one.values) for one in parquet.read(as_parquet(tmp_path, "a.parquet", names, [tuple(values)]), {}).records
    ]
    assert list(row.values()) == ["true", "0.0000001", "", "1.50", '["a"]', "x", "12345678901234567000", "-0.5"]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/samples is absent")
def test_a_map_of_csv_reads_a_database_too(tmp_path: Path) -> None:
    """The shipped map, its three tables asked for in a database made of the shared CSV."""
    database = sqlite3.connect(tmp_path / "cdm.sqlite")
    for path in sorted(SAMPLES.glob("*.csv")):
        name = path.stem.split("_", 2)[2].lower()
        with path.open(encoding="utf-8", newline="") as stream:
            head, *rows = list(csv.reader(stream))[:200]
        database.execute(f"CREATE TABLE {name} ({', '.join(head)})")
        database.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(head))})", rows)
        with (tmp_path / f"{name.upper()}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([head, *rows])
    database.commit()
    database.close()
    text = (ROOT / "examples" / "omop" / "map.yaml").read_text(encoding="utf-8")
    for name in ("person", "measurement", "drug_exposure"):
        text = text.replace(
            f'"*{name.upper()}.csv"\n',
            f'["*{name.upper()}.csv", "*.sqlite"]\n    read: {{format: omop, table: {name}}}\n',
        )
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "units.csv").write_bytes((ROOT / "examples" / "omop" / "units.csv").read_bytes())
    mapping = load_map(tmp_path / "map.yaml")
    with mapping.run(sorted(tmp_path.glob("[A-Z]*.csv"))) as one, mapping.run([tmp_path / "cdm.sqlite"]) as other:
        assert one.count > 300
        assert [issue.text for issue in other.issues if issue.is_error] == []
        assert [one for one in one if one["resourceType"] != "Provenance"] == [
            one for one in other if one["resourceType"] != "Provenance"
        ]
