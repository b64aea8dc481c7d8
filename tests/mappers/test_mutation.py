"""Single cells of good exports are corrupted: each is harmless, warned of, or refuses its row by name - never silent.

Silent would be: the result is other than before although nothing was told. A changed value that is as plausible as the
old one is not a fault that any mapper could see; it must show in the resources of that row and nowhere else.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from cart_fhir.formats import json
from cart_fhir.issues import Origin
from cart_fhir.mappers import Map, load_map

EXAMPLES = Path(__file__).parents[2] / "examples"
CORRUPTIONS = ["", "???", "31.02.2024", "-1", "1e99", "<5", "99999999", "01.01.1899", "20240231", "2024-02-30"]
CORRUPTIONS += ["x", "+", "µ", "1.5", "D-3", "k.A.", "A0002"]
# rules that tell of a whole row, or of one that another row leans on
ABOUT_ROWS = {"duplicate-key", "reference-missing", "lookup-ambiguous", "bsa-missing", "reader", "row-length"}
FORMATS = {"centre-a": "iso-8859-1", "redcap": "utf-8", "odm": "utf-8", "hl7v2": "utf-8"}
ROUNDS = 125 if os.environ.get("CART_FHIR_REQUIRE_ALL") == "1" else 25  # of each format; 500 in CI


@dataclass(frozen=True)
class Cell:
    """Where a cell stands in a file (`start` to `end`), its column, and the lines of its row."""

    file: str
    start: int
    end: int
    column: str
    lines: range


def cells(path: Path, text: str) -> Iterator[Cell]:
    """Every cell of an export that may be corrupted: of a CSV, the items of ODM, the fields of HL7 v2."""
    if path.suffix == ".csv":
        yield from _csv(path.name, text)
    elif path.suffix == ".xml":
        for form in re.finditer(r"<FormData.*?</FormData>", text, re.DOTALL):
            first = text.count("\n", 0, form.start()) + 1
            lines = range(first, first + form[0].count("\n") + 1)
            for item in re.finditer(r'ItemOID="([^"]+)" Value="([^"]*)"', form[0]):
                yield Cell(path.name, form.start() + item.start(2), form.start() + item.end(2), item[1], lines)
    else:
        yield from _fields(path.name, text)


def _csv(name: str, text: str) -> Iterator[Cell]:
    place = 0
    lines = text.splitlines(keepends=True)
    mark = ";" if ";" in lines[0] else ","
    header = lines[0].rstrip("\r\n").split(mark)
    for number, line in enumerate(lines, 1):
        start = place
        for column, part in zip(header, line.rstrip("\r\n").split(mark), strict=False):
            if number > 1 and '"' not in line:
                yield Cell(name, start, start + len(part), column, range(number, number + 1))
            start += len(part) + 1
        place += len(line)


def _fields(name: str, text: str) -> Iterator[Cell]:
    """Fields behind the second of each segment but MSH; the row is the message."""
    place = 0
    for message in re.split(r"(?=MSH\|)", text):
        first = text.count("\r", 0, place) + 1
        lines = range(first, first + message.count("\r") + 1)
        for segment in re.finditer(r"(?:^|(?<=\r))[A-Z][A-Z0-9]{2}\|[^\r]*", message):
            at = place + segment.start()
            for number, field in enumerate(segment[0].split("|")):
                if number > 1 and not segment[0].startswith("MSH") and field:
                    yield Cell(name, at, at + len(field), f"{segment[0][:3]}-{number}", lines)
                at += len(field) + 1
        place += len(message)


def run(mapping: Map, folder: Path) -> tuple[dict[str, bytes], list[tuple[str, Origin]], int]:
    """(resources by reference, what was told with its place, rows refused)."""
    with mapping.run([folder]) as mapped:
        made = {
            f"{one['resourceType']}/{one['id']}": json.dumps(one)
            for one in mapped
            if one["resourceType"] != "Provenance"
        }
        told = [(issue.rule, issue.origin) for issue in mapped.issues if issue.origin]
        assert all(total.read == total.mapped + total.skipped + total.refused for total in mapped.totals)
        return made, told, mapped.refused


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", FORMATS)
def test_no_corrupt_cell_passes_in_silence_or_harms_another_row(name: str, tmp_path: Path) -> None:
    mapping, encoding = load_map(EXAMPLES / name / "map.yaml"), FORMATS[name]
    shutil.copytree(EXAMPLES / name / "export", tmp_path, dirs_exist_ok=True)
    files = {path.name: path.read_bytes().decode(encoding) for path in sorted(tmp_path.iterdir())}
    good, quiet, refused = run(mapping, tmp_path)
    assert refused == 0
    with mapping.run([tmp_path]) as again:
        origins = {ref: {(one.file, one.row) for one in places} for ref, places in again.trace.items()}
    infusions = {place for ref in good if b"cart-infusion|" in good[ref] for place in origins[ref]}
    choices = [cell for file, text in files.items() for cell in cells(tmp_path / file, text)]
    assert len(choices) > 700
    chance = random.Random(f"{name} 20260310")
    for _ in range(ROUNDS):
        cell, word = chance.choice(choices), chance.choice(CORRUPTIONS)
        text = files[cell.file]
        if word == text[cell.start : cell.end]:
            continue
        typed = escape(word) if cell.file.endswith(".xml") else word
        (tmp_path / cell.file).write_bytes((text[: cell.start] + typed + text[cell.end :]).encode(encoding))
        made, told, refused = run(mapping, tmp_path)
        (tmp_path / cell.file).write_bytes(text.encode(encoding))
        place = f"{cell.file} line {cell.lines.start} {cell.column} = {word!r} (was {text[cell.start : cell.end]!r})"
        news = [one for one in told if one not in quiet]
        here = {(cell.file, line) for line in cell.lines}
        differing = {ref for ref in good.keys() | made.keys() if good.get(ref) != made.get(ref)}
        others = {ref for ref in differing if ref in good and not origins[ref] & here}
        # rows that lean on this one, or collide with it now, are refused by name; a moved day 0 moves the days
        silent = {ref for ref in others if not origins[ref] & {(one.file, one.row) for _, one in news}}
        assert not silent or here & infusions, f"{place}: {sorted(silent)[:2]}"
        if refused:
            named = {re.sub(r"[#~.]\d+", "", one.column) for _, one in news if (one.file, one.row) in here}
            rows = any(rule in ABOUT_ROWS for rule, _ in news)
            assert rows or any(cell.column in column for column in named), f"{place}: {news[:3]}"
        if good.keys() - made.keys() and word not in ("", "k.A.") and made.keys() <= good.keys():
            assert news, f"{place}: resources vanished and nothing was told"
