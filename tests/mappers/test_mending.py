"""Refused rows come back in their own format: mended and run again they are mapped as if nothing had been."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from cart_fhir.issues import Issue
from cart_fhir.mappers import Mapped, load_map

EXAMPLES = Path(__file__).parents[2] / "examples"
MAP = """map: 1
source: {{system: https://a.example/patients, {source}}}
tables:
  labs:
    file: labs*
    read: {{{read}}}
    columns: {{PAT: {{type: id, required: true}}, DAY: date, HB: {{type: number, min: 0}}}}
    make:
      - resource: Observation
        key: [=PAT, =DAY]
        body: {{status: final, code: {{text: Hb}}, subject: {{display: =PAT}}, valueQuantity: '=quantity(HB, "g/dL")'}}
"""


def mend(folder: Path, name: str, change: Callable[[Path], None], options: tuple[str, str]) -> tuple[Path, Mapped]:
    """Run, write what was refused, mend that, run it alone."""
    (folder / "map.yaml").write_text(MAP.format(source=options[0], read=options[1]), encoding="utf-8")
    mapping = load_map(folder / "map.yaml")
    with mapping.run([folder / name]) as first:
        assert first.refused == 1, first.issues
        (path, *_) = first.write_refused(folder / "mend")
    assert path.name == name
    change(path)
    return path, mapping.run([folder / "mend"])


def replaced(old: str, new: str, encoding: str = "utf-8") -> Callable[[Path], None]:
    def change(path: Path) -> None:
        text = path.read_bytes().decode(encoding)
        assert old in text
        path.write_bytes(text.replace(old, new).encode(encoding))

    return change


@pytest.mark.parametrize(
    ("content", "options", "encoding"),
    [
        ("PAT;DAY;HB\n1;2024-01-01;9,5\n2;2024-01-01;x9\n", ('delimiter: ";", decimal: ","', ""), "utf-8"),
        (
            "Ward Ä\n\nPAT,DAY,HB\n(id),(date),(g/dl)\n1,2024-01-01,9\n2,2024-01-01,x9\n",
            ("encoding: latin-1", "header: 3, skip: 1"), "latin-1",
        ),
        ("PAT,DAY,HB\n1,2024-01-01,9\n,2024-01-02,x9\n", ("a: 1", "fill: PAT"), "utf-8"),
        (",a,b\nPAT,1,2\nDAY,2024-01-01,2024-01-01\nHB,9,x9\n", ("a: 1", "transpose: true, header: 1"), "utf-8"),
        ("1,2024-01-01,9\n2,2024-01-01,x9\n", ("a: 1", "names: [PAT, DAY, HB]"), "utf-8"),
        ("PAT\tDAY\tHB\r\n1\t2024-01-01\t9\r\n2\t2024-01-01\tx9\r\n", ('delimiter: "\\t"', ""), "utf-16"),
    ],
    ids=["semicolons", "a header below a title", "merged cells", "transposed", "no header", "utf-16 with tabs"],
)  # fmt: skip
def test_a_table_keeps_its_header_and_runs_again(
    tmp_path: Path, content: str, options: tuple[str, str], encoding: str
) -> None:
    source = options[0].replace("a: 1", "name: Ward")
    (tmp_path / "labs.csv").write_bytes(content.encode(encoding))
    read = "utf-8" if encoding == "utf-16" else encoding
    path, mapped = mend(tmp_path, "labs.csv", replaced("x9", "9", read), (source, options[1]))
    with mapped:
        assert [(one.read, one.mapped) for one in mapped.totals] == [(1, 1)], mapped.issues
        assert not [issue for issue in mapped.issues if issue.rule != "column-unknown"]
        if "names" not in options[1]:
            assert "This is not a number" in path.read_bytes().decode(read)


def test_a_workbook_keeps_its_sheets_and_its_kinds_of_cells(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Cover"  # type: ignore[union-attr]  # a new workbook has a sheet
    sheet = book.create_sheet("Labs")
    for row in (["PAT", "DAY", "HB"], ["001", "2024-01-01", 9.5], ["=002", "2024-01-01", -1]):
        sheet.append(row)
    sheet["A3"].data_type = "s"
    book.save(tmp_path / "labs.xlsx")

    def change(path: Path) -> None:
        found = load_workbook(path)
        assert found.sheetnames == ["Cover", "Labs"]
        rows = list(found["Labs"].iter_rows(values_only=True))
        assert rows[0] == ("PAT", "DAY", "HB", "cart_fhir_findings")
        assert rows[1][:3] == ("=002", "2024-01-01", -1)
        assert "outside" in str(rows[1][3])
        found["Labs"]["C2"] = 8
        found.save(path)

    _, mapped = mend(tmp_path, "labs.xlsx", change, ("name: Ward", "sheet: Labs"))
    with mapped:
        assert [(one.read, one.mapped) for one in mapped.totals] == [(1, 1)], mapped.issues


def test_lines_of_fixed_width_come_back_as_lines(tmp_path: Path) -> None:
    (tmp_path / "labs.txt").write_text("01 2024-01-01 9.5\n02 2024-01-01 x.5\n", encoding="utf-8")
    options = ("format: fixed", 'widths: {PAT: "1-2", DAY: "4-13", HB: "15-17"}')
    path, mapped = mend(tmp_path, "labs.txt", replaced("x", "9"), options)
    with mapped:
        assert path.read_text(encoding="utf-8") == "02 2024-01-01 9.5\n"
        assert "row 2" in (tmp_path / "mend" / "labs.txt.findings.txt").read_text(encoding="utf-8")
        assert [(one.read, one.mapped) for one in mapped.totals] == [(1, 1)], mapped.issues


def test_two_tables_on_one_file_give_one_file_with_the_rows_of_both(tmp_path: Path) -> None:
    text = MAP.format(source="name: Ward", read="")
    second = (
        text.split("tables:\n")[1].replace("labs:", "more:").replace("min: 0", "max: 20").replace("text: Hb", "text: X")
    )
    (tmp_path / "map.yaml").write_text(text + second.replace("[=PAT, =DAY]", "[=PAT, =DAY, more]"), encoding="utf-8")
    (tmp_path / "labs.csv").write_text(
        "PAT,DAY,HB\n1,2024-01-01,-1\n2,2024-01-01,99\n3,2024-01-01,9\n", encoding="utf-8"
    )
    with load_map(tmp_path / "map.yaml").run([tmp_path / "labs.csv"]) as mapped:
        (path,) = mapped.write_refused(tmp_path / "mend")
    assert [line[:2] for line in path.read_text(encoding="utf-8-sig").splitlines()] == ["PA", "1,", "2,"]


@pytest.mark.parametrize("name", ["hl7v2", "odm", "cda-cart", "redcap", "omop-cart"])
def test_other_formats_come_back_as_themselves_and_run_alone(tmp_path: Path, name: str) -> None:
    """Rows are refused for an invented reason: what is written must be read as before, and less must be there."""
    mapping = load_map(EXAMPLES / name / "map.yaml")
    with mapping.run([EXAMPLES / name / "export"]) as whole:
        ref = next(ref for ref in whole.trace if ref.startswith("Observation/"))
        files = {origin.file for origin in whole.origins(ref)}
        whole.refuse({ref: [Issue("error", "invalid", "x", "Made up.", "Observation.value")]})
        assert whole.refused
        written = {path.name for path in whole.write_refused(tmp_path / "mend")}
        count, stored = whole.count, {found for found, _ in whole.trace.items()}
    assert files & written
    with mapping.run([tmp_path / "mend"], known=stored.__contains__) as again:
        assert ref in again.trace
        assert again.refused == 0, again.issues
        assert again.count < count or name == "cda-cart", "a document is one"


DAYS = """map: 1
source: {system: "https://a.example/patients"}
lookup: {INFUSION: {table: infusions, take: WHEN, on: PAT}}
tables:
  infusions:
    file: infusions.csv
    columns: {PAT: id, WHEN: date}
    make: [{resource: Patient, profile: cart-patient, key: [=PAT], body: {gender: unknown, birthDate: "1980"}}]
  labs:
    file: labs.csv
    columns: {PAT: id, DAY: {type: relative-day, anchor: INFUSION}, HB: number}
    make:
      - resource: Observation
        key: [=PAT, =DAY]
        body:
          {status: final, code: {text: Hb}, subject: "=ref(Patient, PAT)", effectiveDateTime: =DAY,
           valueQuantity: '=quantity(HB, "g/dL")'}
"""


def test_what_refused_rows_look_into_comes_with_them(tmp_path: Path) -> None:
    """Of an export with a bad infusion and a bad result, mended and run alone, all that was missing is made."""
    (tmp_path / "map.yaml").write_text(DAYS, encoding="utf-8")
    mapping, good, bad = load_map(tmp_path / "map.yaml"), tmp_path / "good", tmp_path / "bad"
    for folder, day, value in ((good, "2025-06-01", "9.5"), (bad, "2025-06-31", "9x5")):
        folder.mkdir()
        (folder / "infusions.csv").write_text(f"PAT,WHEN\n1,2025-03-01\n2,{day}\n", encoding="utf-8")
        (folder / "labs.csv").write_text(f"PAT,DAY,HB\n1,D1,9\n1,D7,{value}\n2,D7,8\n", encoding="utf-8")
    with mapping.run([good]) as mapped:
        expected = {ref: mapped.trace[ref] for ref in mapped.trace}
    with mapping.run([bad]) as mapped:
        first = set(mapped.trace)
        written = mapped.write_refused(tmp_path / "mend")
    assert {path.name: path.read_text(encoding="utf-8").count("\n") for path in written} == {
        "infusions.csv": 3, "labs.csv": 3
    }  # fmt: skip
    for path in written:
        text = path.read_text(encoding="utf-8").replace("2025-06-31", "2025-06-01").replace("9x5", "9.5")
        path.write_text(text, encoding="utf-8")
    with mapping.run([tmp_path / "mend"]) as again:
        assert again.refused == 0, again.issues
        assert set(again.trace) | first == set(expected)
        assert len(set(again.trace) - first) == 3, "a patient and two results"
