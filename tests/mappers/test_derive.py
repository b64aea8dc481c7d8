"""Clinical arithmetic in a run: added where absent, compared where reported, gone with the rows it came from."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cart_fhir.errors import ConfigError
from cart_fhir.mappers import Map, Mapped, load_map
from cart_fhir.synth.writers import write
from cart_fhir.validator import Validator

CENTRE = Path(__file__).parents[2] / "examples" / "centre-a"
ALL = "{totals: true, expansion: true, persistence: 10, b-cells: 10, vein-to-vein: true}"
Edit = Callable[[list[list[str]]], object]


def mapping(folder: Path, derive: str = ALL) -> Map:
    shutil.copytree(CENTRE / "codes", folder / "codes", dirs_exist_ok=True)
    shutil.copy(CENTRE / "units.csv", folder)
    text = (CENTRE / "map.yaml").read_text(encoding="utf-8")
    text = re.sub(r"(Summe: .*), required: true", r"\1", text)  # a total may be lacking
    lines = [line for line in text.splitlines() if not line.startswith("derive:")]
    (folder / "map.yaml").write_text("\n".join([*lines, f"derive: {derive}"]), encoding="utf-8")
    return load_map(folder / "map.yaml")


def export(folder: Path, **edits: Edit) -> Path:
    """A copy of the export, each named file changed: `edits` gets the rows as lists of cells."""
    if "mg_adl" in edits and len(edits) == 1:
        write("csv-centre-a", folder / "export", patients=6, seed=1)  # the example has no patient with myasthenia
    else:
        shutil.copytree(CENTRE / "export", folder / "export")
    for name, edit in edits.items():
        path = folder / "export" / f"{name}.csv"
        rows = [line.split(";") for line in path.read_bytes().decode("latin-1").splitlines()]
        edit(rows)
        path.write_bytes("\r\n".join(";".join(row) for row in rows).encode("latin-1"))
    return folder / "export"


def set_cell(row: int, column: int, text: str) -> Edit:
    return lambda rows: rows[row].__setitem__(column, text)


def coded(mapped: Mapped, code: str) -> list[dict[str, Any]]:
    return [one for one in mapped.resources if one.get("code", {}).get("coding", [{}])[0].get("code") == code]


def test_what_follows_is_added_says_from_what_and_is_valid(tmp_path: Path) -> None:
    with mapping(tmp_path).run([CENTRE / "export"]) as mapped:
        peaks = coded(mapped, "cart-peak")
        assert peaks
        ids = {f"{one['resourceType']}/{one['id']}" for one in mapped.resources}
        for peak in peaks:
            sources = [one["reference"] for one in peak["derivedFrom"]]
            assert ids.issuperset(sources)
            assert peak["method"]["text"] == "Highest sample"
        for code in ("cart-time-to-peak", "cart-persistence", "b-cell-aplasia", "vein-to-vein-time"):
            assert coded(mapped, code), code
        ref = f"Observation/{peaks[0]['id']}"
        assert {origin.file for origin in mapped.origins(ref)} == {"cart_monitoring.csv"}
        targets = [one["reference"] for each in mapped.provenance() for one in each["target"]]
        assert ref in targets
        errors = [issue for bundle in mapped.submissions() for issue in Validator().validate(bundle) if issue.is_error]
        assert not errors
        assert all(total.read == total.mapped + total.skipped + total.refused for total in mapped.totals)
        assert mapped.count == len([one for one in mapped.resources if one["resourceType"] != "Provenance"])


def test_only_what_the_map_asks_for_is_derived(tmp_path: Path) -> None:
    with mapping(tmp_path, "[vein-to-vein]").run([CENTRE / "export"]) as mapped:
        assert coded(mapped, "vein-to-vein-time")
        assert not coded(mapped, "cart-peak")


def test_rows_in_another_order_give_the_same(tmp_path: Path) -> None:
    def turned(rows: list[list[str]]) -> None:
        rows[1:] = rows[:0:-1]

    files = dict.fromkeys(("cart_monitoring", "mg_adl", "labor", "infusion"), turned)
    ours = mapping(tmp_path)
    with ours.run([CENTRE / "export"]) as one, ours.run([export(tmp_path, **files)]) as other:
        assert one.resources == other.resources


def test_a_missing_total_is_summed_and_a_reported_one_kept_and_compared(tmp_path: Path) -> None:
    told_by: list[tuple[str, int]] = []  # (date, total) of the first two rows

    def edit(rows: list[list[str]]) -> None:
        told_by.extend(("-".join(reversed(row[2].split("."))), int(row[-1])) for row in rows[1:3])
        rows[1][-1], rows[2][-1] = "", str(told_by[1][1] + 1)

    path = export(tmp_path, mg_adl=edit)
    with mapping(tmp_path).run([path]) as mapped:
        by_day = {one["effectiveDateTime"]: one for one in coded(mapped, "mg-adl")}
        told = [issue for issue in mapped.issues if issue.rule == "score-disagrees"]
    summed, reported = by_day[told_by[0][0]], by_day[told_by[1][0]]
    assert summed["valueQuantity"]["value"] == told_by[0][1]
    assert "summed" in summed["method"]["text"]
    assert reported["valueQuantity"]["value"] == told_by[1][1] + 1
    (issue,) = told
    assert issue.origin
    assert (issue.severity, issue.origin.file, issue.origin.row) == ("warning", "mg_adl.csv", 3)
    assert "Summe" in issue.origin.column


def test_an_incomplete_score_gets_no_total(tmp_path: Path) -> None:
    path = export(tmp_path, mg_adl=lambda rows: (rows[1].__setitem__(-1, ""), rows[1].__setitem__(5, "")))
    with mapping(tmp_path).run([path]) as mapped:
        (score,) = [one for one in coded(mapped, "mg-adl") if len(one["component"]) < 8]
    assert "valueQuantity" not in score


def test_without_the_switch_nothing_is_added(tmp_path: Path) -> None:
    path = export(tmp_path, mg_adl=set_cell(1, -1, ""))
    with mapping(tmp_path, "[]").run([path]) as mapped:
        assert not coded(mapped, "cart-peak")
        assert sum("valueQuantity" in one for one in coded(mapped, "mg-adl")) == 3


@pytest.mark.parametrize(
    ("file", "cell", "text", "said"),
    [
        ("lymphodepletion", (2, 5), "8850", "times the planned"),
        ("lymphodepletion", (2, 5), "500", "planned dose per m2"),
        ("lymphodepletion", (2, 2), "5000", "published regimens"),
        ("infusion", (1, 3), "100", "published regimens"),
        ("infusion", (1, 6), "6870", "times the planned"),
    ],
)
def test_a_slip_in_a_dose_is_told_with_its_row(
    tmp_path: Path, file: str, cell: tuple[int, int], text: str, said: str
) -> None:
    with mapping(tmp_path).run([export(tmp_path, **{file: set_cell(*cell, text)})]) as mapped:
        told = [issue for issue in mapped.issues if issue.rule == "implausible" and said in issue.text]
        assert told
        assert mapped.refused == 0
    origin = told[0].origin
    assert origin
    assert (origin.file, origin.row) == (f"{file}.csv", cell[0] + 1)
    assert origin.column


def test_the_export_of_the_example_gives_no_doubt(tmp_path: Path) -> None:
    with mapping(tmp_path).run([CENTRE / "export"]) as mapped:
        assert not {issue.rule for issue in mapped.issues} & {"implausible", "score-disagrees"}


def test_a_refused_row_takes_what_was_derived_of_it(tmp_path: Path) -> None:
    with mapping(tmp_path).run([CENTRE / "export"]) as mapped:
        peak = coded(mapped, "cart-peak")[0]
        sample = peak["derivedFrom"][0]["reference"]
        finding = Validator().validate({"resourceType": "Observation"})[0]
        mapped.refuse({sample: [finding]})
        again = [one for one in coded(mapped, "cart-peak") if one["subject"] == peak["subject"]]
        assert all(sample != part["reference"] for one in again for part in one["derivedFrom"])
        assert peak["id"] in {one["id"] for one in again}, "the curve keeps its name as it grows"
        everyone = {ref for origin in mapped.provenance() for ref in (one["reference"] for one in origin["target"])}
        assert sample not in everyone
        assert all(total.read == total.mapped + total.skipped + total.refused for total in mapped.totals)


def test_a_derived_resource_that_is_wrong_is_left_out_and_costs_no_row(tmp_path: Path) -> None:
    with mapping(tmp_path).run([CENTRE / "export"]) as mapped:
        peak = coded(mapped, "cart-peak")[0]
        before = [(total.mapped, total.refused) for total in mapped.totals]
        mapped.refuse({f"Observation/{peak['id']}": Validator().validate({"resourceType": "Observation"})[:1]})
        assert peak["id"] not in {one["id"] for one in mapped.resources}
        assert [(total.mapped, total.refused) for total in mapped.totals] == before
        assert mapped.issues[-1].rule == "derived-invalid"


@pytest.mark.parametrize("wrong", ["[peaks]", "{b-cells: true}", "[persistence]", "{totals: 3}"])
def test_what_cannot_be_derived_is_told(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ConfigError, match="wrong") as told:
        mapping(tmp_path, wrong)
    assert told.value.issues[0].line
