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


# -- what senders do -------------------------------------------------------------------------------------------------


def test_a_note_belongs_to_the_segment_that_it_follows(tmp_path: Path) -> None:
    text = [HEAD, PID, "NTE|1||of the patient", "ORC|RE", "OBR|1", "NTE|1||of the order", "OBX|1|ST|A||1"]
    text += ["OBX|2|ST|B||2", "NTE|1||of the result", "SPM|1|S1", "NTE|1||of the specimen"]
    first, second = rows(tmp_path, "\r".join(text).encode())
    assert "NTE-3" not in first
    assert second["NTE-3"] == "of the result"
    for row in (first, second):
        assert (row["PID/NTE-3"], row["OBR/NTE-3"]) == ("of the patient", "of the order")
        assert row["SPM-2"] == "S1", "the specimen is that of all results"


def test_what_comes_again_above_a_row_takes_the_place_of_the_first(tmp_path: Path) -> None:
    text = [HEAD, PID, "ORC|RE|1", "RXA|0|1|20260101||A", "RXR|IV", "OBX|1|ST|X||1", "RXA|0|2|20260102||B"]
    text += ["OBX|1|ST|X||2", "OBX|2|ST|Y||3"]
    found = rows(tmp_path, "\r".join(text).encode())
    assert [(row["OBX-5"], row["RXA-5.1"], row.get("RXR-1")) for row in found] == [
        ("1", "A", "IV"), ("2", "B", None), ("3", "B", None),
    ]  # fmt: skip


def test_null_is_no_text_and_is_told_from_empty(tmp_path: Path) -> None:
    (found,) = rows(tmp_path, f'{HEAD}\r{PID}||""|\r'.encode(), "PID")
    assert "PID-7" not in found
    assert found["PID-7@null"] == "true"
    assert "PID-8@null" not in found


def test_a_text_of_several_lines_stays_in_its_field(tmp_path: Path) -> None:
    path = tmp_path / "m.hl7"
    path.write_bytes(f"{HEAD}\r{PID}\rOBX|1|TX|T||one\nAND two\n|three|F\rNTE|1||x\r".encode())
    reading = hl7v2.read(path, {"rows": "OBX"})
    (record,) = reading.records
    assert (record.values["OBX-5"], record.values["OBX-6"]) == ("one\nAND two\n", "three")
    assert record.values["NTE-3"] == "x"
    assert [doubt.row for doubt in reading.doubts] == [4]


def test_other_marks_and_a_fifth_for_truncation(tmp_path: Path) -> None:
    text = "MSH*:/?%#*A*B*C*D*20260101**ORU:R01*1*P*2.7\rPID*1**P1:::H/P2**DOE:JO%SUB\rOBX*1*ST*T**a?F?b?S?c?T?d|"
    (found,) = rows(tmp_path, text.encode())
    assert found["OBX-5"] == "a*b:c%d|"
    assert (found["PID-3~2.1"], found["PID-5.2.2"]) == ("P2", "SUB")


@pytest.mark.parametrize(
    ("named", "codec"),
    [("GB 18030-2000", "gb18030"), ("BIG-5", "big5"), ("KS X 1001", "euc_kr"), ("ISO IR6~ISO IR87", "iso2022_jp_ext"),
     ("ISO-8859-1", "latin-1"), ("UTF-8", "utf-8"), ("windows-1252", "cp1252"), ("8859/5", "iso8859_5")],
)  # fmt: skip
def test_names_in_the_set_of_the_message_may_hold_bytes_that_look_like_marks(
    tmp_path: Path, named: str, codec: str
) -> None:
    words = {
        "gb18030": "錦|張凱",
        "big5": "許功蓋",
        "euc_kr": "김철수",
        "iso2022_jp_ext": "ア山田｜乗",
        "iso8859_5": "Иванов",
    }
    word = words.get(codec, "Müller µg").replace("|", "")
    head = HEAD.replace("|A|B|", f"|{word}|B|")
    (found,) = rows(tmp_path, f"{head}||||||{named}\r{PID}\rOBX|1|ST|T||{word}".encode(codec))
    assert (found["MSH-3"], found["OBX-5"], found["PID-3"]) == (word, word, "P1^^^H^MR")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_seen_in_the_first_bytes(tmp_path: Path, codec: str) -> None:
    (found,) = rows(tmp_path, f"{HEAD}||||||UNICODE UTF-16\r{PID}\rOBX|1|ST|T||Größe µ\r".encode(codec))
    assert found["OBX-5"] == "Größe µ"


def test_bytes_in_an_escape_are_in_the_set_of_the_message(tmp_path: Path) -> None:
    text = (
        f"{HEAD}||||||UNICODE UTF-8\r{PID}\rOBX|1|FT|T||\\XC3BC\\ \\H\\bold\\N\\\\.sp2\\x\\.in+4\\y\\.sk3\\z\\X0D0A\\"
    )
    (found,) = rows(tmp_path, text.encode())
    assert found["OBX-5"] == "ü bold\n\nxy   z\r\n"


@pytest.mark.parametrize(
    ("lines", "told"),
    [(["BHS|^~\\&", HEAD, PID], "no trailer"), (["FHS|^~\\&", "BHS|^~\\&", HEAD, PID, "BTS|1"], "FHS have no trailer")],
)
def test_a_batch_without_its_end_is_doubted(tmp_path: Path, lines: list[str], told: str) -> None:
    path = tmp_path / "m.hl7"
    path.write_bytes("\r".join(lines).encode())
    reading = hl7v2.read(path, {"rows": "PID"})
    assert len(list(reading.records)) == 1
    assert told in reading.doubts[0].text


@pytest.mark.parametrize("trailer", ["FTS|2", "FTS|1", "FTS|", "FTS"])
def test_a_file_trailer_counts_batches_or_messages(tmp_path: Path, trailer: str) -> None:
    lines = ["FHS|^~\\&", "BHS|^~\\&", HEAD, PID, HEAD, PID, "BTS|2", trailer]
    assert len(rows(tmp_path, "\r".join(lines).encode(), "PID")) == 2
    with pytest.raises(Unreadable, match="5 batches and holds 1"):
        rows(tmp_path, "\r".join([*lines[:-1], "FTS|5"]).encode(), "PID")


@pytest.mark.parametrize("named", ["KLINGON", "HEX", "UNDEFINED", "A\0B"])
def test_an_unknown_character_set_is_told_by_name(tmp_path: Path, named: str) -> None:
    with pytest.raises(Unreadable, match=named):
        rows(tmp_path, f"{HEAD}||||||{named}\r{PID}".encode(), "PID")


def test_each_dose_may_have_its_route_before_it(tmp_path: Path) -> None:
    text = [
        HEAD,
        PID,
        "ORC|RE|1",
        "RXR|IV",
        "RXA|0|1|||A",
        "NTE|1||x",
        "RXR|PO",
        "RXA|0|2|||B",
        "ORC|RE|2",
        "RXO|C",
        "RXR|SC",
    ]
    text += ["RXA|0|1|||C", "RXR|IM", "RXA|0|2|||D"]
    found = rows(tmp_path, "\r".join(text).encode(), "RXA")
    assert [(row["RXA-5"], row["RXR-1"]) for row in found] == [("A", "IV"), ("B", "PO"), ("C", "IM"), ("D", "SC")]


def test_orders_by_specimen_have_their_orc_behind_obr(tmp_path: Path) -> None:
    text = [
        HEAD.replace("ORU^R01", "OUL^R22"),
        PID,
        "OBX|1|ST|own||0",
        "PV1|1|O",
        "SPM|1|S1",
        "OBX|1|ST|a||1",
        "SAC|c1",
    ]
    text += [
        "OBR|1||R1",
        "ORC|SC|O1",
        "OBX|1|ST|b||2",
        "OBR|2||R2",
        "ORC|SC|O2",
        "OBX|1|ST|c||3",
        "SPM|2|S2",
        "OBR|3||R3",
    ]
    text += ["OBX|1|ST|d||4"]
    found = rows(tmp_path, "\r".join(text).encode())
    cells = ("OBX-5", "PV1-2", "SPM-2", "OBR-3", "ORC-2")
    assert [tuple(row.get(name) for name in cells) for row in found] == [
        ("0", "O", None, None, None), ("1", "O", "S1", None, None), ("2", "O", "S1", "R1", "O1"),
        ("3", "O", "S1", "R2", "O2"), ("4", "O", "S2", "R3", None),
    ]  # fmt: skip


@pytest.mark.parametrize("signs", ["^~\\\\&", "^~\\\\"], ids=["whole", "cut short"])
def test_a_backslash_written_twice_is_one(tmp_path: Path, signs: str) -> None:
    text = f"{HEAD}\r{PID}\rOBX|1|ST|T||a\\T\\b&c".replace("^~\\&", signs)
    (found,) = rows(tmp_path, text.encode())
    assert (found["OBX-5"], found["OBX-5.1.2"]) == ("a&b&c", "c")


def test_texts_of_several_repetitions_and_segments_are_there_whole(tmp_path: Path) -> None:
    lines = ["MSH|^~\\&|A|B|C|D|20240101||ORU^R01|1|P|2.5", "PID|1||P1", "OBR|1||F1"]
    lines += ["OBX|1|TX|X||one~two", "NTE|1||first", "NTE|2||second"]
    path = tmp_path / "m.hl7"
    path.write_text("\r".join(lines))
    reading = hl7v2.read(path, {"rows": "OBX"})
    (record,) = reading.records
    assert record.values["OBX-5~*"] == "one\ntwo"
    assert record.values["NTE#*-3"] == "first\nsecond"
    assert reading.held == {"PID": 1, "OBR": 1, "OBX": 1, "NTE": 2}
    assert [reading.kind_of(column) for column in ("PID-3.1", "NTE#*-3", "OBR/NTE-3")] == ["PID", "NTE", "NTE"]


def test_a_document_has_the_lines_that_follow_its_header(tmp_path: Path) -> None:
    lines = [
        "MSH|^~\\&|A|B|C|D|20240101||MDM^T02|1|P|2.5",
        "PID|1||P1",
        "TXA|1|DS",
        "OBX|1|TX|X||one",
        "OBX|2|TX|X||two",
    ]
    path = tmp_path / "m.hl7"
    path.write_text("\r".join(lines))
    (record,) = hl7v2.read(path, {"rows": "TXA"}).records
    assert record.values["OBX#*-5"] == "one\ntwo"


@pytest.mark.parametrize(("sent", "zone"), [("20240101100000-0500", "-05:00"), ("20240101100000", "+01:00")])
def test_times_have_the_offset_of_the_message_else_that_of_the_map(tmp_path: Path, sent: str, zone: str) -> None:
    (tmp_path / "map.yaml").write_text(
        "map: 1\n"
        "source: {system: https://a.example/patients, format: hl7v2, zone: Europe/Berlin, dates: ['%Y%m%d%H%M']}\n"
        "file: '*.hl7'\nread: {rows: PV1}\n"
        "columns: {PAT: {from: PID-3.1, type: id}, IN: {from: PV1-44, type: datetime}}\n"
        "make: [{resource: Patient, key: [=PAT], body: {deceasedDateTime: =IN}}]\n"
    )
    (tmp_path / "m.hl7").write_text(
        f"MSH|^~\\&|A|B|C|D|{sent}||ADT^A01|1|P|2.5\rPID|1||P1\rPV1|1|I{'|' * 42}202401010955\rNK1|1"
    )
    with load_map(tmp_path / "map.yaml").run([tmp_path / "m.hl7"]) as mapped:
        assert mapped.resources[0]["deceasedDateTime"] == f"2024-01-01T09:55:00{zone}"
        assert [issue.text for issue in mapped.issues] == ["The map makes nothing of: NK1 (1)."]
