"""HL7 v2: messages as they come (line ends, marks, character sets), rows by segment, and RAS^O17 to resources."""

from __future__ import annotations

from pathlib import Path

import pytest

from cart_fhir.mappers import Unreadable, load_map
from cart_fhir.mappers.readers import hl7v2
from cart_fhir.validator import Validator

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / ".." / "shared" / "samples" / "hl7v2"
HEAD = "MSH|^~\\&|A|B|C|D|20260101||ORU^R01|1|P|2.5"
PID = "PID|1||P1^^^H^MR~P2||DOE^JO&SUB"


def rows(tmp_path: Path, data: bytes, segment: str = "OBX", **options: str) -> list[dict[str, str]]:
    path = tmp_path / "m.hl7"
    path.write_bytes(data)
    return [dict(record.values) for record in hl7v2.read(path, {"rows": segment, **options}).records]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\x0b"])
def test_any_line_end_and_any_mark_before_it(tmp_path: Path, end: str, mark: bytes) -> None:
    text = end.join([HEAD, PID, "OBX|1|NM|PLT^Platelets^L||88|G/l"])
    (found,) = rows(tmp_path, mark + text.encode())
    assert found["OBX-3.2"] == "Platelets"
    assert (found["OBX-5"], found["OBX-5.1"]) == ("88", "88")
    assert (found["PID-3.1"], found["PID-3~2.1"], found["PID-5.2.2"]) == ("P1", "P2", "SUB")


def test_escapes_are_resolved_and_z_segments_kept(tmp_path: Path) -> None:
    text = "\r".join([HEAD, PID, "ZCT|1|own", "OBX|1|ST|T||a\\F\\b\\S\\c\\X41\\\\.br\\d\\Zx\\"])
    (found,) = rows(tmp_path, text.encode())
    assert found["OBX-5"] == "a|b^cA\nd\\Zx\\"
    assert found["ZCT-2"] == "own"


@pytest.mark.parametrize(
    ("named", "codec"),
    [("8859/1", "latin-1"), ("UNICODE UTF-8", "utf-8"), ("~ISO IR87", "iso2022_jp_2"), ("8859/7", "iso8859_7")],
)
def test_msh_18_says_how_to_read_the_bytes(tmp_path: Path, named: str, codec: str) -> None:
    word = {"latin-1": "Müller µ", "utf-8": "Müller µ", "iso2022_jp_2": "山田太郎", "iso8859_7": "Παπάς"}[codec]
    text = f"{HEAD}||||||{named}\r{PID}\rOBX|1|ST|T||{word}"
    (found,) = rows(tmp_path, text.encode(codec))
    assert found["OBX-5"] == word


def test_bytes_of_another_character_set_are_told_with_their_line(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as told:
        rows(tmp_path, f"{HEAD}\r{PID}\rOBX|1|ST|T||Müller".encode("latin-1"))
    assert told.value.row == 3
    (found,) = rows(tmp_path, f"{HEAD}\r{PID}\rOBX|1|ST|T||Müller".encode("latin-1"), encoding="latin-1")
    assert found["OBX-5"] == "Müller"


def test_a_batch_that_counts_otherwise_is_cut_short(tmp_path: Path) -> None:
    batch = ["FHS|^~\\&", "BHS|^~\\&", HEAD, PID, "OBX|1|ST|T||x", "BTS|2", "FTS|1"]
    with pytest.raises(Unreadable, match="2 messages and holds 1"):
        rows(tmp_path, "\r".join(batch).encode())


@pytest.mark.parametrize("data", [b"", b"hello\rworld", b"MSH|^", b"\x00\x01"])
def test_what_is_no_message_is_told(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Unreadable):
        rows(tmp_path, data)


def test_orders_do_not_mix_and_one_route_serves_all_doses(tmp_path: Path) -> None:
    doses = ["ORC|RE|1|F1", "RXA|0|1|20260101|20260101|A", "RXA|0|2|20260102|20260102|A", "RXR|IV"]
    other = ["ORC|RE|2|F2", "RXA|0|1|20260103|20260103|B", "RXR|PO", "RXA|0|2|20260104|20260104|B", "RXR|SC"]
    found = rows(tmp_path, "\r".join([HEAD, PID, *doses, *other]).encode(), "RXA")
    assert [(row["ORC-3.1"], row["RXA-5.1"], row["RXR-1.1"]) for row in found] == [
        ("F1", "A", "IV"), ("F1", "A", "IV"), ("F2", "B", "PO"), ("F2", "B", "SC"),
    ]  # fmt: skip


def test_results_of_a_second_patient_are_the_second_patients(tmp_path: Path) -> None:
    text = [HEAD, PID, "ORC|RE", "OBR|1||1", "OBX|1|ST|T||a", "PID|2||Q9", "ORC|RE", "OBR|1||2", "OBX|1|ST|T||b"]
    assert [row["PID-3.1"] for row in rows(tmp_path, "\r".join(text).encode())] == ["P1", "Q9"]


def test_a_pharmacy_feed_becomes_medication_administrations() -> None:
    folder = ROOT / "examples" / "hl7v2-pharmacy"
    with load_map(folder / "map.yaml").run([folder / "export"]) as mapped:
        assert mapped.refused == 0
        assert not [issue for issue in Validator().validate(mapped.bundle()) if issue.is_error]
        given = [one for one in mapped.resources if one["resourceType"] == "MedicationAdministration"]
    assert sorted((one["status"], one["medicationCodeableConcept"]["coding"][0]["code"]) for one in given) == [
        ("completed", "L01AA01"), ("completed", "L01BB05"), ("completed", "L01BB05"), ("completed", "L01BB05"),
        ("completed", "L04AC07"), ("completed", "zorpocabtagene-autoleucel"), ("not-done", "L04AC07"),
        ("stopped", "L01AA01"),
    ]  # fmt: skip
    days = [one["extension"][0]["extension"][0]["valueInteger"] for one in given]
    assert sorted(days) == [-5, -4, -4, -3, -3, 0, 4, 5]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/samples is absent")
@pytest.mark.parametrize("segment", ["MSH", "PID", "OBX", "ORC", "OBR", "DG1", "AL1"])
def test_the_shared_messages_are_read(segment: str) -> None:
    found = [record for path in sorted(SAMPLES.glob("*.hl7")) for record in hl7v2.read(path, {"rows": segment}).records]
    assert found
    assert all(record.values.get("PID-5.1") for record in found)
    if segment == "MSH":
        assert len(found) == len(list(SAMPLES.glob("*.hl7")))
