"""Of rows that tell one resource differently the newest stands, whatever their order; of equally new ones none."""

from __future__ import annotations

from pathlib import Path

import pytest

from cart_fhir.mappers import load_map

MAP = """map: 1
source:
  {system: https://a.example/patients, format: hl7v2, dates: ["%Y%m%d%H%M%S%z", "%Y%m%d%H%M%S"], zone: Europe/Berlin}
tables:
  patients:
    file: "*.hl7"
    read: {rows: PID}
    columns: &who
      PAT: {from: PID-3.1, type: id, required: true}
      SENT: {from: MSH-7, type: datetime}
      SEX: {from: PID-8, type: code, map: {F: female, M: male}}
    make: [{resource: Patient, key: [=PAT], newest: =SENT, body: {gender: =SEX}}]
  reports:
    file: "*.hl7"
    read: {rows: OBX}
    columns:
      <<: *who
      SEX: text  # one that is said otherwise
      WORD: {from: OBX-5, type: text}
      STATUS: {from: OBX-11, type: code, map: {F: final, C: corrected}}
    make:
      - resource: DiagnosticReport
        key: [=PAT]
        newest: [=SENT]
        collect: conclusionCode
        body: {status: =STATUS, code: {text: Smear}, subject: "=ref(Patient, PAT)", conclusionCode: {text: =WORD}}
"""


def message(sent: str, sex: str, *words: str) -> str:
    lines = [f"MSH|^~\\&|A|B|C|D|{sent}||ORU^R01|1|P|2.5", f"PID|1||P1||||19700101|{sex}"]
    return "\n".join([*lines, *(f"OBX|1|TX|X||{word}||||||{'C' if 'new' in words else 'F'}" for word in words)])


def run(tmp_path: Path, *messages: str) -> tuple[list[dict[str, object]], list[str]]:
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    for number, text in enumerate(messages):
        (tmp_path / f"{number}.hl7").write_text(text, encoding="utf-8")
    with load_map(tmp_path / "map.yaml").run(sorted(tmp_path.glob("*.hl7"))) as mapped:
        made = [one for one in mapped if one["resourceType"] != "Provenance"]
        return made, [issue.rule for issue in mapped.issues if issue.is_error]


@pytest.mark.parametrize("turned", [False, True])
def test_the_newest_stands_by_the_instant_and_keeps_what_is_collected(tmp_path: Path, turned: bool) -> None:
    # ten o'clock in Berlin is before nine in London, though the text sorts after it
    older, newer = message("20240103100000+0100", "M", "old"), message("20240103093000+0000", "F", "new")
    report, patient = run(tmp_path, *([newer, older] if turned else [older, newer]))[0]
    assert patient["gender"] == "female"
    assert report["status"] == "corrected"
    assert report["conclusionCode"] == [{"text": "new"}, {"text": "old"}]


def test_what_was_said_again_later_stands(tmp_path: Path) -> None:
    said = [message(f"2024010{day}100000", sex) for day, sex in ((1, "F"), (2, "M"), (3, "F"))]
    assert run(tmp_path, *said)[0][0]["gender"] == "female"


def test_two_that_are_equally_new_must_agree(tmp_path: Path) -> None:
    made, rules = run(tmp_path, message("20240101100000", "F"), message("20240101100000", "M"))
    assert made == []
    assert rules == ["duplicate-key", "duplicate-key"]


PARTS = """map: 1
source: {system: https://a.example/patients}
file: a.csv
columns: {PAT: {type: id, required: true}, TEST: text, VALUE: {type: number, unit: g/L}}
make:
  - resource: Observation
    key: [=PAT, =TEST]
    body: {status: final, code: {text: =TEST}, valueQuantity: =quantity(VALUE)}
  - resource: DiagnosticReport
    key: [=PAT, report]
    collect: result
    body: {status: final, code: {text: Panel}, result: "=ref(Observation, PAT, TEST)"}
"""


def test_a_refused_part_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(PARTS, encoding="utf-8")
    (tmp_path / "a.csv").write_text("PAT,TEST,VALUE\nP1,A,1\nP1,B,2\nP1,B,3\nP1,C,4\n", encoding="utf-8")
    with load_map(tmp_path / "map.yaml").run([tmp_path / "a.csv"]) as mapped:
        assert [(issue.rule, issue.origin.row) for issue in mapped.issues if issue.is_error and issue.origin] == [
            ("duplicate-key", 3), ("duplicate-key", 4),
        ]  # fmt: skip
        (report,) = [one for one in mapped if one["resourceType"] == "DiagnosticReport"]
        assert len(report["result"]) == 2
