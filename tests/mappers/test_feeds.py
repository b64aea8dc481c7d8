"""Files and tables: each file is read once, columns are told once, and nothing in them is lost unsaid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cart_fhir.mappers import Map, Mapped, load_map, readers
from cart_fhir.mappers.readers import Reading

MAP = """map: 1
source: {system: https://a.example/patients}
lookup:
  DAY0: {table: people, take: INFUSED, on: PAT}
  SEX0: {table: people, take: SEX, on: PAT}
tables:
  people:
    file: all.csv
    columns: {PAT: {type: id, required: true}, SEX: text, INFUSED: date}
    make:
      - {resource: Patient, key: [=PAT], when: =SEX, body: {gender: =SEX}}
  labs:
    file: all.csv
    columns: {PAT: {type: id, required: true}, HB: number, DAY: {type: relative-day, anchor: DAY0}}
    make:
      - resource: Observation
        key: [=PAT, =DAY]
        when: =all(present(HB), present(SEX0))
        body:
          status: final
          code: {text: Hb}
          subject: =ref(Patient, PAT)
          effectiveDateTime: =DAY
          valueQuantity: =quantity(HB, "g/dL")
"""


def mapping(folder: Path, text: str = MAP) -> Map:
    (folder / "map.yaml").write_text(text, encoding="utf-8")
    return load_map(folder / "map.yaml")


def run(folder: Path, content: str, text: str = MAP) -> Mapped:
    (folder / "all.csv").write_text(content, encoding="utf-8")
    return mapping(folder, text).run([folder / "all.csv"])


def told(mapped: Mapped, rule: str) -> list[str]:
    return [
        f"{issue.origin.column if issue.origin else ''}|{issue.text}" for issue in mapped.issues if issue.rule == rule
    ]


def test_a_file_is_read_once_for_its_tables_and_once_for_what_they_look_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: Counter[str] = Counter()

    read = readers.read

    def counted(path: Path, options: Mapping[str, Any]) -> Reading:
        opened[path.name] += 1
        return read(path, options)

    monkeypatch.setattr(readers, "read", counted)
    with run(tmp_path, "PAT,SEX,INFUSED,HB,DAY\n1,male,2024-01-10,9.5,D3\n") as mapped:
        assert mapped.count == 2
        assert [(one.read, one.mapped) for one in mapped.totals] == [(1, 1), (1, 1)]
    assert opened == {"all.csv": 2}


def test_a_column_of_another_table_is_not_called_unused(tmp_path: Path) -> None:
    with run(tmp_path, "PAT,SEX,INFUSED,HB,DAY,NOTE\n1,male,2024-01-10,9.5,D3,x\n") as mapped:
        assert told(mapped, "column-unknown") == ["|The map does not use: NOTE."]


def test_a_nameless_column_is_told_when_it_holds_something(tmp_path: Path) -> None:
    for cell, count in (("", 0), ("x", 1)):
        with run(tmp_path, f"PAT,SEX,INFUSED,HB,DAY,\n1,male,2024-01-10,9.5,D3,{cell}\n2,male,,,,{cell}\n") as mapped:
            assert len(told(mapped, "column-unknown")) == count
            assert not mapped.refused


def test_a_name_in_another_case_or_with_spaces_is_taken_and_two_alike_are_not(tmp_path: Path) -> None:
    with run(tmp_path, "pat,Sex,INFUSED , hb,DAY\n1,male,2024-01-10,9.5,D3\n") as mapped:
        assert mapped.count == 2
    with run(tmp_path, "pat,Pat,SEX,INFUSED,HB,DAY\n1,2,male,2024-01-10,9.5,D3\n") as mapped:
        assert {text.split("|")[0] for text in told(mapped, "column-missing")} == {"PAT"}
        assert mapped.count == 0


def test_a_missing_column_fails_its_table_alone(tmp_path: Path) -> None:
    with run(tmp_path, "PAT,SEX,INFUSED\n1,male,2024-01-10\n") as mapped:
        assert [(one.mapped, one.refused) for one in mapped.totals] == [(1, 0), (0, 1)]


def test_messages_without_the_rows_asked_for_are_told_once(tmp_path: Path) -> None:
    tables = "".join(
        f"  {name}:\n    file: '*.hl7'\n    read: {{rows: {name}}}\n    columns: {{PID-3.1: id}}\n"
        f"    make:\n      - {{resource: Patient, key: [=PID-3.1], body: {{active: true}}}}\n"
        for name in ("RXA", "OBX")
    )
    text = f"map: 1\nsource: {{system: https://a.example/patients, format: hl7v2}}\ntables:\n{tables}"
    (tmp_path / "adt.hl7").write_text("MSH|^~\\&|A|B|C|D|20240101||ADT^A01|1|P|2.5\rPID|1||42\r", encoding="utf-8")
    with mapping(tmp_path, text).run([tmp_path / "adt.hl7"]) as mapped:
        assert len(told(mapped, "file-empty")) == 1


JOINED = """map: 1
source: {system: https://a.example/patients}
tables:
  people:
    file: people.csv
    columns: {PAT: {type: id, required: true}, INSURANCE: id}
    make:
      - {resource: Patient, key: [=PAT], body: {active: true}}
  claims:
    file: claims.csv
    columns: {INSURANCE: {type: id, required: true}, DRUG: text}
    lookup:
      PAT: {table: people, take: PAT, on: INSURANCE}
    make:
      - resource: MedicationStatement
        key: [=PAT, =DRUG]
        body: {status: unknown, subject: '=ref(Patient, PAT)', medicationCodeableConcept: {text: =DRUG}}
"""


def test_files_are_joined_by_keys_that_the_map_declares_and_by_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(JOINED, encoding="utf-8")
    (tmp_path / "people.csv").write_text("PAT,INSURANCE\n1,A7\n2,B8\n3,C9\n4,C9\n", encoding="utf-8")
    (tmp_path / "claims.csv").write_text("INSURANCE,DRUG\nA7,x\nb8,x\nC9,x\n1,x\n", encoding="utf-8")
    with load_map(tmp_path / "map.yaml").run([tmp_path / "people.csv", tmp_path / "claims.csv"]) as mapped:
        (one,) = [one for one in mapped if one["resourceType"] == "MedicationStatement"]
        (patient,) = [p["id"] for p in mapped if p.get("identifier", [{}])[0].get("value") == "1"]
        assert one["subject"]["reference"] == f"Patient/{patient}"
        told = {issue.origin.row: issue.rule for issue in mapped.issues if issue.is_error and issue.origin}
    assert told == {3: "value-required", 4: "lookup-ambiguous", 5: "value-required"}, "another case is another number"
