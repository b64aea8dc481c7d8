"""The HL7 v2 feeds: every message can be taken apart again, and tells every fact of the journey."""

from __future__ import annotations

from pathlib import Path

import pytest

from cart_fhir.synth import journeys, write
from cart_fhir.synth.exports import hl7v2

PATIENTS = 15


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[list[str]]]]:
    """Feed -> messages -> segments -> fields; field n of a segment stands at place n (of MSH at n-1)."""
    made = {}
    for path in write("hl7v2", tmp_path_factory.mktemp("hl7"), PATIENTS, seed=4):
        segments = [line.split("|") for line in path.read_bytes().decode().split("\r") if line]
        messages: list[list[list[str]]] = []
        for segment in segments:
            if segment[0] == "MSH":
                messages.append([])
            messages[-1].append(segment)
        made[path.stem] = messages
    return made


def _one(message: list[list[str]], name: str) -> list[str]:
    (found,) = [segment for segment in message if segment[0] == name]
    return found


def test_headers(feeds: dict[str, list[list[list[str]]]]) -> None:
    controls = []
    for messages in feeds.values():
        for message in messages:
            header = message[0]
            assert header[1] == "^~\\&"
            assert header[11] == "2.5.1"
            assert header[17] == "UNICODE UTF-8"
            controls.append(header[9])
    assert len(set(controls)) == len(controls), "a control id names one message"


def test_every_administration_is_told(feeds: dict[str, list[list[list[str]]]]) -> None:
    told = []
    for message in feeds["ras"]:
        given = _one(message, "RXA")
        told.append((_one(message, "PID")[3].partition("^")[0], given[3], given[5].partition("^")[0], given[6]))
        assert given[20] == ("NA" if given[6] == "0" else "CP")
    expected = []
    for journey in journeys(PATIENTS, 4):
        number = journey.person.number
        doses = [(dose.on, dose.atc, dose.milligrams) for dose in journey.lymphodepletion]
        cells = [(given.on, journey.product.code, given.millions) for given in journey.infusions]
        support = [(given.on, given.atc, given.value) for given in journey.support]
        expected += [(number, f"{on:%Y%m%d}", code, str(value)) for on, code, value in [*doses, *cells, *support]]
    assert told == expected


def test_the_cells_carry_their_lot(feeds: dict[str, list[list[list[str]]]]) -> None:
    lots = [_one(message, "RXA")[15] for message in feeds["ras"] if "cart-infusion" in _one(message, "RXA")[19]]
    assert lots == [journey.product.lot for journey in journeys(PATIENTS, 4)]


def test_every_result_is_told(feeds: dict[str, list[list[list[str]]]]) -> None:
    numbers = [segment for message in feeds["oru"] for segment in message if segment[0] == "OBX"]
    labs = [segment for segment in numbers if segment[3].endswith("^LN") and segment[2] == "NM"]
    sizes = 3 * PATIENTS
    temperatures = sum(
        grading.temperature is not None for journey in journeys(PATIENTS, 4) for grading in journey.gradings
    )
    assert len(labs) == sum(len(journey.labs) for journey in journeys(PATIENTS, 4)) + sizes + temperatures


def test_delimiters_in_text_are_escaped() -> None:
    assert hl7v2._text("a|b^c&d~e\\f") == "a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f"


def test_death_is_told(tmp_path: Path) -> None:
    (dead,) = [journey for journey in journeys(400, 4) if journey.person.died][:1]
    number = int(dead.person.number[1:])
    adt, *_ = write("hl7v2", tmp_path, number, seed=4)
    last = [line for line in adt.read_bytes().decode().split("\r") if line.startswith("PID")][-1].split("|")
    assert last[29] == f"{dead.person.died:%Y%m%d}"
    assert last[30] == "Y"
